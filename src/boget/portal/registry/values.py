"""A value and its sources.

``record.values[code]`` is ``{"shown": claim | None, "others": [claim, …], "why": text}``. A claim is one source's word about
a field; when sources disagree their claims stay side by side and the shown one is chosen with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from boget.portal.registry.fields import Field
from boget.science.provenance import Figure

Stored = dict[str, Any]
NOT_COMPARED = ("by", "organisation", "at", "is_proposal")


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's value.

    value: number in the field's unit, text, ISO date, choice code, {"longitude", "latitude", "radius_m"} of a point or a
    GeoJSON geometry. low, high: the interval as the source gave it. date: ISO, may be partial. by, organisation, at: who
    entered it and when.
    """

    value: Any
    source: str = ""
    low: float | None = None
    high: float | None = None
    interval: str = "none"
    kind: str = "declared"
    about: bool = False
    source_id: str = ""
    date: str = ""
    confidence: str = ""
    by: str = ""
    organisation: str = ""
    at: str = ""
    is_proposal: bool = False

    def to_stored(self) -> Stored:
        """As JSON, parts that say nothing left out."""
        stored: Stored = {"value": self.value}
        for name, part in zip(OPTIONAL_PARTS, read_optional(self), strict=True):
            # 0 is a lower end like any other, so the emptiness of a number is not asked for
            if part is not None and part is not False and part != "":
                stored[name] = part
        if self.interval == "none":
            stored.pop("interval")
        return stored

    def sign(self, *, source: str, by: str, organisation: str, at: str) -> Claim:
        """The claim as entered by somebody; source: where it names none itself. Spelled out: an import makes many thousands."""
        return Claim(
            self.value, self.source or source, self.low, self.high, self.interval, self.kind, self.about,
            self.source_id, self.date, self.confidence, by, organisation, at, self.is_proposal,
        )  # fmt: skip

    @classmethod
    def from_stored(cls, stored: Stored) -> Claim:
        return cls(**stored)

    def says_the_same(self, other: Claim | None) -> bool:
        """Whether the other claim differs at most in who entered it and when."""
        if other is None:
            return False
        return all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__ if name not in NOT_COMPARED
        )


OPTIONAL_PARTS = tuple(name for name in Claim.__slots__ if name != "value")
read_optional = attrgetter(*OPTIONAL_PARTS)


@dataclass(frozen=True, slots=True)
class Value:
    """All that is known about one field of one record."""

    shown: Claim | None = None
    others: tuple[Claim, ...] = ()
    why: str = ""

    @classmethod
    def read(cls, stored: Stored | None) -> Value:
        if not stored:
            return cls()
        shown = stored.get("shown")
        return cls(
            Claim.from_stored(shown) if shown else None,
            tuple(Claim.from_stored(claim) for claim in stored.get("others", [])),
            stored.get("why", ""),
        )

    def to_stored(self) -> Stored:
        stored: Stored = {"shown": self.shown.to_stored() if self.shown else None}
        if self.others:
            stored["others"] = [claim.to_stored() for claim in self.others]
        if self.why:
            stored["why"] = self.why
        return stored

    @property
    def claims(self) -> tuple[Claim, ...]:
        return ((self.shown,) if self.shown else ()) + self.others

    def show(self, claim: Claim | None, *, why: str = "") -> Value:
        """The value with another claim shown; the claim shown so far stays beside it."""
        others = tuple(c for c in self.claims if not c.says_the_same(claim))
        return Value(replace(claim, is_proposal=False) if claim else None, others, why)

    def add(self, claim: Claim) -> Value:
        """The value with one more claim beside the shown one."""
        return replace(self, others=(*(c for c in self.others if not c.says_the_same(claim)), claim))

    def is_disputed(self, field: Field) -> bool:
        """Whether the sources differ by more than the field's tolerance. Proposals still open do not count."""
        values = [claim.value for claim in self.claims if not claim.is_proposal]
        return _numbers_differ(values, field.tolerance) if field.is_numeric else _words_differ(field, values)


def _numbers_differ(values: Iterable[Any], tolerance: float) -> bool:
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if len(numbers) < 2:
        return False
    largest = max(abs(n) for n in numbers)
    return max(numbers) - min(numbers) > tolerance * largest


def _words_differ(field: Field, values: Iterable[Any]) -> bool:
    if field.kind not in {"choice", "date"}:  # two wordings of a text are no contradiction
        return False
    return len({v for v in values if v != "unknown"}) > 1


def find_step(value: float) -> float:
    """The place of the last digit that is not zero, in the unit of the value: 50 000 000 has 10 000 000."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)))


def round_total(total: float, step: float | None) -> float:
    """A sum rounded half up to the place of its coarsest "about" term; as it is without such a term."""
    if step is None:
        return total
    place = Decimal(repr(step))
    return float((Decimal(repr(float(total))) / place).quantize(Decimal(1), ROUND_HALF_UP) * place)


def find_coarsest_step(claims: Iterable[Claim]) -> float | None:
    """The coarsest place among numbers that their sources call about, None when none does."""
    return max((find_step(claim.value) for claim in claims if claim.about), default=None)


def is_known(stored: Stored | None) -> bool:
    """Whether a field has a shown value that is not the choice "unknown"."""
    shown = (stored or {}).get("shown")
    return bool(shown) and shown["value"] != "unknown"


def build_figure(field: Field, claim: Claim | None) -> Figure:
    """The figure of a numeric field as science and pages take it."""
    if claim is None or not isinstance(claim.value, int | float) or not math.isfinite(claim.value):
        return Figure(None, field.unit or "1")
    return Figure(
        float(claim.value),
        field.unit or "1",
        low=claim.low,
        high=claim.high,
        interval=claim.interval,  # type: ignore[arg-type]  # checked when the claim was made
        kind=claim.kind,  # type: ignore[arg-type]
        source=claim.source,
        date=claim.date,
        status="verified",  # a declared value is what its source says; its quality is the claim's confidence
        about=claim.about,
    )
