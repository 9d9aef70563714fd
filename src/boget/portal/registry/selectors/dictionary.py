"""The field dictionary as rows of words: for its page, its downloads and the reference of the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from boget.portal.core.formatting import format_number, format_quantity, unit_symbol
from boget.portal.core.levels import LABELS
from boget.portal.core.text import fold_exact, fold_keyboard, fold_latin
from boget.portal.registry.fields import GROUPS, ORIGINS, Field, list_fields
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.values import is_known

COLUMNS = (
    "code", "record", "group", "label", "kind", "unit", "choices", "minimum", "maximum", "level", "tolerance", "origin",
    "used_by", "help",
)  # fmt: skip
RECORDS = {"facility": _("facility"), "impoundment": _("impoundment"), "dam": _("dam")}
KINDS = {
    "text": _("text"), "long_text": _("long text"), "number": _("number"), "integer": _("whole number"), "year": _("year"),
    "date": _("date"), "choice": _("choice"), "point": _("point"), "polygon": _("polygon"), "line": _("line"),
}  # fmt: skip
USES = {"thi": _("THI"), "tri": _("TRI"), "map": _("map")}
MODELS = {"facility": Facility, "impoundment": Impoundment, "dam": Dam}


@dataclass(frozen=True, slots=True)
class Filling:
    """How many of the visible records of a field's type have a value. None: not open to the reader."""

    known: int
    of: int


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    field: Field
    words: Mapping[str, str]
    origins: list[str]
    choices: list[tuple[str, Any]]
    filling: Filling | None

    @property
    def tolerance_percent(self) -> str:
        """Relative spread between sources that is still agreement, in the reader's writing."""
        return format_quantity(100 * self.field.tolerance, "percent")


def describe_field(field: Field) -> dict[str, str]:
    """A field in words of the current language, numbers with a point."""
    return {
        "code": field.code,
        "record": field.of,
        "group": str(GROUPS[field.group]),
        "label": str(field.label),
        "kind": field.kind,
        "unit": field.unit,
        "choices": ", ".join(field.choices.values) if field.choices else "",
        "minimum": _write(field.minimum),
        "maximum": _write(field.maximum),
        "level": field.level.code,
        "tolerance": _write(field.tolerance) if field.is_numeric else "",
        "origin": ", ".join(str(ORIGINS[letter]) for letter in field.origin),
        "used_by": ", ".join(field.used_by),
        "help": str(field.help),
    }


def _write(number: float | None) -> str:
    return "" if number is None else f"{number:.15g}"


def list_rows(*, text: str = "", fillings: Mapping[tuple[str, str], Filling] | None = None) -> list[DictionaryRow]:
    """Fields of the dictionary that hold a text, all fields without one, in the order of the dictionary."""
    rows = [_build_row(field, fillings or {}) for field in list_fields()]
    return [row for row in rows if _holds(row, text)] if text.strip() else rows


def _build_row(field: Field, fillings: Mapping[tuple[str, str], Filling]) -> DictionaryRow:
    words = {
        "record": str(RECORDS[field.of]),
        "group": str(GROUPS[field.group]),
        "kind": str(KINDS[field.kind]),
        "unit": unit_symbol(field.unit) if field.unit and field.unit != "1" else "",
        "level": str(LABELS[field.level]),
        "used_by": ", ".join(str(USES.get(use, use)) for use in field.used_by),
        "range": _say_range(field),
    }
    choices = list(field.choices.choices) if field.choices else []
    return DictionaryRow(
        field, words, [str(ORIGINS[letter]) for letter in field.origin], choices, fillings.get((field.of, field.code))
    )


def _say_range(field: Field) -> str:
    if field.minimum is None or field.maximum is None or field.kind == "year":
        return "" if field.minimum is None else f"{field.minimum:.0f}–{field.maximum:.0f}"
    low, high = (format_number(end) for end in (field.minimum, field.maximum))
    return gettext("from %(low)s to %(high)s") % {"low": low, "high": high}


def _holds(row: DictionaryRow, text: str) -> bool:
    """Whether label, code, group, help or a choice holds the text in one of the three spellings."""
    parts = [row.field.code.replace("_", " "), str(row.field.label), row.words["group"], str(row.field.help)]
    haystack = " | ".join([*parts, *(str(word) for _value, word in row.choices)])
    return any(fold(text) in fold(haystack) for fold in (fold_exact, fold_keyboard, fold_latin) if fold(text))


def count_known(facilities: Any) -> dict[tuple[str, str], Filling]:
    """For each field how many of the records of these facilities have a value, where the reader may see the field.

    Read in one pass over the records; the caller keeps the result.
    """
    found: dict[tuple[str, str], list[int]] = {}
    levels = dict(facilities.values_list("pk", "level"))
    for of, model in MODELS.items():
        fields = list_fields(of)
        owner = "pk" if of == "facility" else "facility_id"
        for pk, values in _read_values(model, owner, levels):
            _count_record(found, fields, values, levels[pk])
    return {key: Filling(known, of) for key, (known, of) in found.items()}


def _read_values(model: Any, owner: str, levels: Mapping[int, int]) -> Any:
    for pk, values in model.objects.values_list(owner, "values").iterator(chunk_size=500):
        if pk in levels:
            yield pk, values


def _count_record(found: dict[tuple[str, str], list[int]], fields: Sequence[Field], values: Any, level: int) -> None:
    for field in fields:
        if field.level <= level:
            counts = found.setdefault((field.of, field.code), [0, 0])
            counts[0] += is_known(values.get(field.code))
            counts[1] += 1
