"""The unknown inputs of a result as they are stored: ``input=least:worst``."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Gap(NamedTuple):
    """An unknown input with its least and its worst score; both None where the index cannot be computed without it."""

    code: str
    least: float | None
    worst: float | None

    @property
    def width(self) -> float:
        return 0.0 if self.least is None or self.worst is None else self.worst - self.least


@lru_cache(maxsize=4096)
def read_gaps(text: str) -> tuple[Gap, ...]:
    """The gaps in the order of the terms."""
    return tuple(_read_gap(part) for part in text.split())


def _read_gap(part: str) -> Gap:
    code, _, bounds = part.partition("=")
    if not bounds:
        return Gap(code, None, None)
    least, _, worst = bounds.partition(":")
    return Gap(code, float(least), float(worst))
