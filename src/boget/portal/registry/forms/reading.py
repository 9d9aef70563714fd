"""What people type into the forms of the register, read into claims. Nothing typed is changed or lost on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from boget.portal.core.errors import MESSAGES, refuse
from boget.portal.core.partial_dates import parse_partial_date
from boget.portal.registry.checks import check_claim
from boget.portal.registry.fields import Field
from boget.portal.registry.values import Claim
from boget.science.errors import BogetError, InvalidInput
from boget.science.units import DIMENSIONS, Quantity, convert, parse_quantity, unit_of

LONGEST_SHOWN = 80
SIGNIFICANT = 12  # digits kept when a unit is converted, so that 0.3 g stays 0.3 g
LARGEST_VERSION = 2**31
YEAR = re.compile(r"\s*([0-9]{4})\s*(?:г\.?|год|ж\.?|жыл)?\s*")


@dataclass(frozen=True, slots=True)
class Typed:
    """The inputs of one field as they were sent."""

    value: str = ""
    low: str = ""
    high: str = ""
    is_about: bool = False
    is_unknown: bool = False
    is_accepted: bool = False

    @classmethod
    def read(cls, data: Mapping[str, str], code: str) -> Typed:
        texts = (str(data.get(name, "")) for name in (f"f-{code}", f"f-{code}-low", f"f-{code}-high"))
        ticks = (bool(data.get(f"f-{code}-{name}")) for name in ("about", "unknown", "accept"))
        return cls(*texts, *ticks)

    @property
    def is_empty(self) -> bool:
        """Nothing asked for: the field stays as it is. A tick "about" alone says nothing."""
        return not (self.value.strip() or self.low.strip() or self.high.strip() or self.is_unknown)


def read_version(data: Mapping[str, str]) -> int:
    """The version of the record that the page was made from; 0, which is never current, for anything else."""
    text = str(data.get("version", ""))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    return number if number < LARGEST_VERSION else 0


def read_claim(field: Field, typed: Typed) -> Claim | None:
    """The claim that was typed, checked; None where the field is to become unknown. InvalidInput for anything else."""
    if typed.is_unknown:
        if typed.value.strip():
            raise refuse("value_and_unknown", where=field.label)
        return None
    if not typed.value.strip():
        raise refuse("required", where=field.label)
    return check_claim(field, READERS.get(field.kind, _read_plain)(field, typed))


def _read_plain(field: Field, typed: Typed) -> Claim:
    return Claim(typed.value.strip() if field.kind != "long_text" else typed.value.replace("\r\n", "\n"), about=typed.is_about)


def _read_date(field: Field, typed: Typed) -> Claim:
    return Claim(parse_partial_date(typed.value, where=field.label), about=typed.is_about)


def _read_year(field: Field, typed: Typed) -> Claim:
    found = YEAR.fullmatch(typed.value) if len(typed.value) <= LONGEST_SHOWN else None
    if not found:
        raise refuse("not_a_whole_number", where=field.label, value=typed.value[:LONGEST_SHOWN])
    return Claim(int(found[1]), about=typed.is_about)


def _read_number(field: Field, typed: Typed) -> Claim:
    found = read_quantity(field, typed.value)
    value, low, high = (_to_unit(field, number) for number in (found.value, found.low, found.high))
    claim = Claim(value, low=low, high=high, interval=found.interval, about=found.about or typed.is_about)
    if not (typed.low.strip() or typed.high.strip()):
        return claim
    ends = [_to_unit(field, read_quantity(field, end).value) if end.strip() else None for end in (typed.low, typed.high)]
    return replace(claim, low=ends[0], high=ends[1], interval="declared_range")


READERS = {"number": _read_number, "integer": _read_number, "year": _read_year, "date": _read_date}


def read_quantity(field: Field, text: str) -> Quantity:
    """A number with its unit in the dimension of the field; a text without unit is in the field's own unit."""
    unit = unit_of(field.unit or "1")
    try:
        return parse_quantity(text, unit.dimension, default_unit=unit.key)
    except BogetError as error:
        raise name_field(error, field.label, text) from None


def name_field(error: BogetError, where: Any, text: str) -> InvalidInput:
    """An error of the number reader with the name of the field and a value that fits on a line."""
    code = error.code if error.code in MESSAGES else "not_a_number"
    value = " ".join(text.split())[:LONGEST_SHOWN] if code != "too_long" else len(text)
    return refuse(code, where=where, value=value, allowed=error.allowed)


def _to_unit(field: Field, number: float | None) -> float | None:
    if number is None:
        return None
    unit = unit_of(field.unit or "1")
    return float(f"{convert(number, DIMENSIONS[unit.dimension], unit.key):.{SIGNIFICANT}g}")
