"""Names that say nothing are refused: modules are nouns of the trade, translations live in catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "boget"
EMPTY = {"utils", "util", "common", "helper", "helpers", "manager", "managers", "handler", "handlers", "misc"}
EMPTY |= {"info", "process"}
DATA_PACKAGE = SOURCE / "data"  # the embedded figures: the house plan names it so

NAMES = sorted(p for p in SOURCE.rglob("*") if (p.suffix == ".py" or p.is_dir()) and "__pycache__" not in p.parts)


@pytest.mark.parametrize("path", NAMES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_module_names_say_something(path: Path) -> None:
    words = set(path.stem.split("_"))
    assert not words & EMPTY
    assert "data" not in words or path.is_relative_to(DATA_PACKAGE)


def test_no_work_is_left_marked_in_the_sources() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = [p for p in SOURCE.rglob("*") if p.suffix in {".py", ".html", ".toml"}]
    assert [p.name for p in files if marks.search(p.read_text(encoding="utf-8"))] == []
