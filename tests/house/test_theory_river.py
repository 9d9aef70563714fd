"""The page on the river forecast prints the values and statuses that the tables hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOGET = ROOT / "src" / "boget"
FOLDERS = (BOGET / "science" / "river" / "tables", BOGET / "portal" / "scenarios" / "tables")
PAGE = (ROOT / "docs" / "theory" / "river.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\|(?P<what>[^|]+)\| (?P<value>[^|]+) \| `(?P<entry>[a-z0-9_.]+)` \| (?P<status>[a-z]+) \|", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer(PAGE)]
FILES = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|toml))`", PAGE)


@cache
def read_table(code: str) -> Mapping[str, Any]:
    path = next(folder / f"{code}.toml" for folder in FOLDERS if (folder / f"{code}.toml").exists())
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_entry(name: str) -> Mapping[str, Any]:
    """The row "table.section.name" of a table; KeyError or StopIteration if there is none."""
    code, *steps = name.split(".")
    node: Any = read_table(code)
    for step in steps:
        node = node[step]
    assert "value" in node
    return node


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["entry"])
def test_a_value_is_that_of_its_table(row: Mapping[str, str]) -> None:
    found = read_entry(row["entry"])
    assert float(row["value"].split()[0]) == found["value"]
    assert row["status"] == found["status"]


def test_the_page_has_the_spreads_of_the_ensemble() -> None:
    """Every row of the sections that decide the spread stands on the page."""
    sections = ("velocity", "dispersion", "discharge", "dead_zone", "structure", "readings")
    wanted = {f"priors.{section}.{name}" for section in sections for name in read_table("priors")[section]}
    assert wanted - {row["entry"] for row in ROWS} == set()


@pytest.mark.parametrize("name", sorted(set(FILES)))
def test_a_file_named_exists(name: str) -> None:
    places = (BOGET / "science" / "river", BOGET, ROOT)
    assert any((place / name).exists() for place in places)
