"""Names of regions and river basins: the records hold their codes, pages and files show the names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import gettext_lazy as _

TABLES = {"region": "data/kz/regions.csv", "basin": "data/kz/basins.csv"}
UNKNOWN = "unknown"
COUNTRIES = {
    "KZ": _("Kazakhstan"),
    "KG": _("Kyrgyzstan"),
    "TJ": _("Tajikistan"),
    "UZ": _("Uzbekistan"),
    "TM": _("Turkmenistan"),
    "CN": _("China"),
    "RU": _("Russian Federation"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a basin. names: full name by language; shorts: the short name, the full one where there is none."""

    code: str
    names: dict[str, str]
    shorts: dict[str, str]


@cache
def read_places(kind: str) -> dict[str, Place]:
    """Places by code in the order of the embedded table. kind: region or basin."""
    text = resources.files("boget").joinpath(TABLES[kind]).read_text(encoding="utf-8-sig")
    return {row["code"]: _build_place(row) for row in csv.DictReader(text.splitlines())}


def _build_place(row: dict[str, str]) -> Place:
    names = {language: row[f"name_{language}"] for language in ("ru", "kk", "en")}
    return Place(row["code"], names, {code: row.get(f"short_{code}") or names[code] for code in names})


def name_place(kind: str, code: str, *, language: str, is_short: bool = False) -> str:
    """The name of a region or basin; a code that is in no table stays as it is."""
    place = read_places(kind).get(code)
    if place is None:
        return code
    return (place.shorts if is_short else place.names).get(language, place.names["ru"])
