"""The embedded table of organisations, and the accounts of a demonstration."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

TABLE = "data/kz/organisations.toml"
SOURCE = f"boget: {TABLE}"


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One row of the table. `values` are the fields of the model; `successor` is a code of the same table or empty."""

    code: str
    values: dict[str, Any]
    successor: str = ""
    is_example: bool = False


def read_organisations() -> list[OrganisationRow]:
    """Rows of the embedded table, in its order."""
    text = resources.files("boget").joinpath(TABLE).read_text(encoding="utf-8")
    return [_build_row(dict(row)) for row in tomllib.loads(text)["organisation"]]


def _build_row(row: dict[str, Any]) -> OrganisationRow:
    code, successor, is_example = row.pop("code"), row.pop("successor", ""), row.pop("example", False)
    return OrganisationRow(code=code, values=row, successor=successor, is_example=is_example)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that exists only in a demonstration."""

    email: str
    name: str
    role: str
    organisation: str


DEMO_FIRST_DAY = dt.date(2022, 1, 21)  # the order that set up the Working Group
DEMO_ACCOUNTS = (
    DemoAccount("secretary@demo.boget", "Демо Секретарь", "secretary", "mes"),
    DemoAccount("editor@demo.boget", "Демо Редактор", "editor", "menr"),
    DemoAccount("inspector@demo.boget", "Демо Инспектор", "inspector", "cis"),
    DemoAccount("operator@demo.boget", "Демо Оператор", "operator", "kazzinc"),
    DemoAccount("other-operator@demo.boget", "Демо Оператор Второй", "operator", "altay-polymetals"),
    DemoAccount("expert@demo.boget", "Демо Эксперт", "expert", "example-university"),
    DemoAccount("observer@demo.boget", "Демо Наблюдатель", "observer", "convention-secretariat"),
)
