"""Tables of coefficients: each number with its unit, source, page and status, in a TOML file beside the code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from boget.science.errors import InvalidInput

FIELDS = ("unit", "source", "page", "status")
STATUSES = ("verified", "provisional", "placeholder")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One number. `source` begins with a key of docs/references.bib where it was published."""

    value: float
    unit: str
    source: str
    page: str
    status: str


@dataclass(frozen=True, slots=True)
class CoefficientTable:
    """Numbers by "section.name"; `texts` (title, formula, reference) by the same names."""

    code: str
    version: str
    title: str
    entries: Mapping[str, Coefficient]
    texts: Mapping[str, str]

    def entry(self, name: str) -> Coefficient:
        """One number with what is known of it; InvalidInput("unknown_choice") if the table has none of the name."""
        if name not in self.entries:
            section = name.partition(".")[0]
            allowed = ", ".join(key for key in self.entries if key.startswith(f"{section}."))
            raise InvalidInput("unknown_choice", where=f"table {self.code}", value=name, allowed=allowed or "a section of it")
        return self.entries[name]

    def number(self, name: str) -> float:
        """The value of one number."""
        return self.entry(name).value


def read_coefficient(name: str, row: Mapping[str, Any]) -> Coefficient:
    """One row of a table; InvalidInput("table_invalid") if it lacks a field or its status is none of the three."""
    is_number = isinstance(row.get("value"), int | float) and not isinstance(row.get("value"), bool)
    if not is_number or any(not row.get(field) for field in FIELDS) or row["status"] not in STATUSES:
        raise InvalidInput("table_invalid", where=name, allowed=f"value, {', '.join(FIELDS)}")
    return Coefficient(float(row["value"]), *(str(row[field]) for field in FIELDS))


def parse_coefficients(text: str) -> CoefficientTable:
    """Read a table from TOML: [table] with code, version and title, then sections of named rows."""
    content = tomllib.loads(text)
    head = content.pop("table")
    entries = {
        f"{section}.{name}": read_coefficient(f"{head['code']}: {section}.{name}", row)
        for section, rows in content.items()
        for name, row in rows.items()
        if isinstance(row, dict)
    }
    texts = {
        f"{section}.{name}": text for section, rows in content.items() for name, text in rows.items() if isinstance(text, str)
    }
    return CoefficientTable(head["code"], head["version"], head["title"], entries, texts)


@cache
def load_coefficients(code: str) -> CoefficientTable:
    """A table of `river/tables` by its code."""
    return parse_coefficients(resources.files(__package__).joinpath("tables", f"{code}.toml").read_text(encoding="utf-8"))
