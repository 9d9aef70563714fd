"""The score tables in force, and each table as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from boget.science.errors import InvalidInput
from boget.science.hazard import ScoreTable, list_versions, load_table
from boget.science.provenance import Status

STANDINGS: tuple[Status, ...] = get_args(Status)
"""From the strongest to the weakest."""
CODES = ("thi", "tri", "gistm", "eu_category", "cis_class", "water_hazard")


@dataclass(frozen=True, slots=True)
class Tables:
    """The two tables that rate."""

    thi: ScoreTable
    tri: ScoreTable

    def of_index(self, index: str) -> tuple[ScoreTable, ...]:
        return (self.thi,) if index == "thi" else (self.thi, self.tri)

    def version_of(self, index: str) -> str:
        return "+".join(name_table(table) for table in self.of_index(index))

    def hash_of(self, index: str) -> str:
        return "+".join(table.content_hash for table in self.of_index(index))


def load_tables() -> Tables:
    """The newest tables of the package."""
    return Tables(load_table(), load_table(code="tri"))


def name_table(table: ScoreTable) -> str:
    """The name in addresses and results: ``thi-0.1``."""
    return f"{table.code}-{table.version}"


def find_table(name: str) -> ScoreTable | None:
    """The table of that name, None where the package has none."""
    code, _, version = name.partition("-")
    if code not in CODES:
        return None
    try:
        return load_table(version, code=code)
    except InvalidInput:
        return None


def weigh(names: str) -> Status:
    """The weakest standing of the tables of a result ("thi-0.1+tri-0.1"); a table that is gone counts as provisional."""
    found = [find_table(name) for name in names.split("+")]
    return max((table.status if table else "provisional" for table in found), key=STANDINGS.index)


def list_tables() -> list[ScoreTable]:
    """Every table of the package, newest version first within a code."""
    return [load_table(version, code=code) for code in CODES for version in reversed(list_versions(code))]
