"""A bar on the terminal. Nothing is written where standard error is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 40

Progress = Callable[..., None]


@contextmanager
def show_progress(label: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Yields what takes the share done, 0..1. The line is cleared at the end, whatever ended it."""
    target = stream or sys.stderr
    if not target.isatty():
        yield lambda _share, _step="": None
        return
    drawn = -1

    def draw(share: float, _step: str = "") -> None:
        nonlocal drawn
        percent = round(100 * min(max(share, 0.0), 1.0))
        if percent != drawn:
            drawn = percent
            done = WIDTH * percent // 100
            target.write(f"\r{label} [{'=' * done}{' ' * (WIDTH - done)}] {percent:3d} %")
            target.flush()

    try:
        draw(0.0)
        yield draw
    finally:
        target.write("\r\x1b[K")
        target.flush()
