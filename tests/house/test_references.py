"""Every work that a docstring, a table or a page of theory cites by its key stands in docs/references.bib."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCIENCE = ROOT / "src" / "boget" / "science"
BIBLIOGRAPHY = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{([a-z0-9_]+),$", BIBLIOGRAPHY, re.MULTILINE)
YEARED = re.compile(r"\b[a-z][a-z_]{2,}(?:18|19|20)\d\d(?:_\d+)?\b")
"""A key with its year, such as hack1957, ogata_banks1961 or unece2000_3."""
BRACKETED = re.compile(r"\[([a-z][a-z0-9_]{4,}(?:, [a-z][a-z0-9_]{4,})*)\](?!\()")
"""Keys in brackets as the pages write them; a link has its address behind it."""
REFERENCE = re.compile(r'^reference = "([^"]+)"', re.MULTILINE)
FILES = sorted(path for path in SCIENCE.rglob("*") if path.suffix in {".py", ".toml"})
PAGES = sorted((ROOT / "docs" / "theory").glob("*.md"))


def read_part_on_references(source: str) -> str:
    """What stands under "References" in the docstring of a module; empty without one."""
    return (ast.get_docstring(ast.parse(source)) or "").partition("References\n----------")[2]


def list_cited(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    cited = set(YEARED.findall(text)) | set(REFERENCE.findall(text))
    if path.suffix == ".py":
        cited |= {key for group in BRACKETED.findall(read_part_on_references(text)) for key in group.split(", ")}
    return cited


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SCIENCE).as_posix())
def test_sources_cite_known_works(path: Path) -> None:
    assert list_cited(path) - set(KEYS) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_of_theory_cite_known_works(page: Path) -> None:
    text = re.sub(r"^    .*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)  # examples of code hold lists
    cited = {key for group in BRACKETED.findall(text) for key in group.split(", ")}
    assert cited
    assert cited - set(KEYS) == set()


def test_keys_are_found_where_they_stand() -> None:
    """The patterns see what is cited, else the tests above would pass on nothing."""
    tables, ranking = SCIENCE / "river" / "tables", SCIENCE / "river" / "ranking.py"
    assert {"disley2015", "iwasa_aya1991"} <= list_cited(tables / "dispersion.toml")
    assert {"larrauri2018", "icpdr_wri"} <= list_cited(ranking)


def test_a_work_stands_once() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []
    assert BIBLIOGRAPHY.count("\n@") + BIBLIOGRAPHY.startswith("@") == len(KEYS)
