"""Read the catalogue of substances and limit values; a fault is named by its section and number in the file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.substance import STATUSES, Limit, NoLimit, Substance

LANGUAGES = ("en", "ru", "kk")
SECTIONS = ("substance", "limit_document", "limit", "no_limit")
Row = Mapping[str, Any]


def name_place(section: str, number: int, field: str) -> str:
    """Where a fault lies: the section, its number counted from 1, and the field."""
    return f"[[{section}]] {number}, {field}"


def read_text(row: Row, field: str, place: tuple[str, int]) -> str:
    """A text that must be there; InvalidInput("empty")."""
    value = row.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidInput("empty", where=name_place(*place, field), hint="Fill the field.")
    return value


def read_number(row: Row, field: str, place: tuple[str, int]) -> float | None:
    """A number of zero or more, None where there is none; InvalidInput("not_a_number" or "range")."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput("not_a_number", where=name_place(*place, field), value=value)
    if not math.isfinite(value) or value < 0:
        raise InvalidInput("range", where=name_place(*place, field), value=value, allowed="0 or more")
    return float(value)


def read_choice(row: Row, field: str, allowed: Sequence[str], *, place: tuple[str, int]) -> str:
    """A text out of some; InvalidInput("unknown_choice")."""
    value = read_text(row, field, place)
    if value not in allowed:
        raise InvalidInput("unknown_choice", where=name_place(*place, field), value=value, allowed=", ".join(allowed))
    return value


def read_names(row: Row, field: str) -> Mapping[str, str]:
    """Texts by language; a language without a text is not there."""
    texts = row.get(field, {})
    return MappingProxyType({code: str(texts[code]) for code in LANGUAGES if texts.get(code)})


def make_limit(row: Row, documents: Mapping[str, Row], place: tuple[str, int]) -> Limit:
    document = documents[read_choice(row, "document", tuple(documents), place=place)]
    value, low, high = (read_number(row, field, place) for field in ("value", "value_min", "value_max"))
    if value is None and (low is None or high is None):
        raise InvalidInput("empty", where=name_place(*place, "value"), hint="Give value, or value_min and value_max.")
    return Limit(
        code=read_text(row, "code", place),
        substance=row["substance"],
        document=document["code"],
        titles=read_names(document, "title"),
        country=document["jurisdiction"],
        use=read_text(row, "use", place),
        unit=read_text(row, "unit", place),
        value=value,
        minimum=low,
        maximum=high,
        is_in_force=row.get("in_force") is True,
        status=read_choice(row, "status", STATUSES, place=place),
        source=read_text(row, "source", place),
        qualifier=row.get("qualifier", ""),
    )


def make_no_limit(row: Row, documents: Mapping[str, Row], place: tuple[str, int]) -> NoLimit:
    document = documents[read_choice(row, "document", tuple(documents), place=place)]
    return NoLimit(
        substance=row["substance"],
        document=document["code"],
        titles=read_names(document, "title"),
        country=document["jurisdiction"],
        use=document["use"],
        reasons=read_names(row, "reason"),
        source=read_text(row, "source", place),
    )


def make_substance(row: Row, limits: Sequence[Limit], no_limits: Sequence[NoLimit], *, place: tuple[str, int]) -> Substance:
    code = read_text(row, "code", place)
    kd = read_number(row, "log10_kd_suspended_median", place)
    if kd is not None and row.get("kd_unit") != "L/kg":
        raise InvalidInput("unknown_unit", where=name_place(*place, "kd_unit"), value=row.get("kd_unit"), allowed="L/kg")
    measure = row.get("compare_with", code)
    return Substance(
        code=code,
        symbol=row.get("symbol", ""),
        cas=row.get("cas", ""),
        kind=read_text(row, "kind", place),
        unit=read_text(row, "unit", place),
        names=read_names(row, "name"),
        notes=read_names(row, "note"),
        log10_kd=kd,
        log10_kd_sigma=read_number(row, "log10_kd_spread", place) or 0.0,
        kd_status=read_choice(row, "kd_status", STATUSES, place=place) if kd is not None else "",
        kd_source=row.get("kd_source", ""),
        aquatic_acute=row.get("aquatic_acute", ""),
        aquatic_chronic=row.get("aquatic_chronic", ""),
        limits=tuple(limit for limit in limits if limit.substance == measure),
        no_limits=tuple(rule for rule in no_limits if rule.substance == measure),
        status=read_choice(row, "status", STATUSES, place=place),
    )


def number_rows(content: Mapping[str, Any], section: str) -> list[tuple[Row, tuple[str, int]]]:
    """Rows of a section, each with its place."""
    return [(row, (section, number)) for number, row in enumerate(content.get(section, ()), start=1)]


def check_codes(content: Mapping[str, Any]) -> None:
    """Every code stands once in its section, and every limit and every comparison names a substance; else "repeated",
    "unknown_choice"."""
    for section in SECTIONS:
        seen: set[str] = set()
        for row, place in number_rows(content, section):
            code = read_text(row, "code", place)
            if code in seen:
                raise InvalidInput("repeated", where=name_place(*place, "code"), value=code, hint="Write each code once.")
            seen.add(code)
    known = tuple(row["code"] for row in content.get("substance", ()))
    for section in ("limit", "no_limit"):
        for row, place in number_rows(content, section):
            read_choice(row, "substance", known, place=place)
    for row, place in number_rows(content, "substance"):
        if "compare_with" in row:
            read_choice(row, "compare_with", known, place=place)


def read_substances(path: Path | str) -> Mapping[str, Substance]:
    """Substances by code, in the order of the file, each with its limits.

    Raises
    ------
    MissingData
        "file_missing".
    InvalidInput
        "table_invalid" if it is not TOML; "empty", "not_a_number", "range", "unknown_choice", "unknown_unit", "repeated".
    """
    file = Path(path)
    if not file.is_file():
        raise MissingData("file_missing", where="catalogue of substances", value=file.name, hint="Put the file there.")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("table_invalid", where=file.name, value=str(error)) from error
    check_codes(content)
    documents = {row["code"]: row for row in content.get("limit_document", ())}
    limits = [make_limit(row, documents, place) for row, place in number_rows(content, "limit")]
    no_limits = [make_no_limit(row, documents, place) for row, place in number_rows(content, "no_limit")]
    found = [make_substance(row, limits, no_limits, place=place) for row, place in number_rows(content, "substance")]
    return MappingProxyType({substance.code: substance for substance in found})
