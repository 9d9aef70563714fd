"""Filters of the list: declared once, read from the address, the same for page, map, export and API.

Each works on columns that mirror public fields only, so no reader can find a hidden value by filtering.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import access_of
from boget.portal.core.errors import refuse
from boget.portal.core.levels import LABELS, Level
from boget.portal.registry import choices as c
from boget.portal.registry.fields import find_field
from boget.portal.registry.fields.inputs import INPUTS
from boget.portal.registry.places import COUNTRIES, name_place, read_places
from boget.portal.registry.selectors.quintiles import Quintiles

Choices = list[tuple[str, Any]]
UNKNOWN = "unknown"
NO_OPERATOR = "none"
MOST_VALUES = 60
FARTHEST = 720  # degrees: a map that was turned round the world once more
BOX_DIGITS = 2  # a reader below the authority sees points rounded to 0.01 degree, and asks for areas on the same grid


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the person, the language of names, the fifths of the index as this person sees them."""

    user: Any
    quintiles: Quintiles
    language: str = "ru"


Select = Callable[[tuple[str, ...], Reader], Q]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. choices: of a closed list, read when needed; check: raises ValueError for a value of an open one."""

    code: str
    label: str | Promise
    select: Select
    choices: Callable[[], Choices] | None = None
    check: Callable[[str], Any] | None = None
    allowed: str | Promise = ""
    is_main: bool = False  # a menu of its own on the page

    def read(self, values: Iterable[str]) -> tuple[str, ...]:
        """The values as typed, without repeats, or InvalidInput that names what is allowed."""
        given = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
        if len(given) > MOST_VALUES:
            raise refuse("bad_filter", where=self.label, value=len(given), allowed=f"≤ {MOST_VALUES}")
        known = {value for value, _label in self.choices()} if self.choices and given else set()
        for value in given:
            self._check(value, known)
        return given

    def _check(self, value: str, known: set[str]) -> None:
        if self.choices is not None:
            if value not in known:
                raise refuse("bad_filter", where=self.label, value=value[:80], allowed=", ".join(sorted(known)[:MOST_VALUES]))
        elif self.check is not None:
            try:
                self.check(value)
            except (ValueError, OverflowError):
                raise refuse("bad_filter", where=self.label, value=value[:80], allowed=self.allowed) from None


# --- choices -------------------------------------------------------------------------------------------------------


def _enumerate(words: type[TextChoices]) -> Callable[[], Choices]:
    return lambda: list(words.choices)


def list_places(kind: str) -> Choices:
    """Codes and names of the places of a table, with the unknown place last."""
    language = (get_language() or "ru")[:2]
    places = [(code, name_place(kind, code, language=language)) for code in read_places(kind) if code != UNKNOWN]
    return [*places, (UNKNOWN, gettext("unknown"))]


def _list_operators() -> Choices:
    owners = Organisation.objects.filter(kind="operator").order_by("code")
    return [
        *((row.code, row.short_in((get_language() or "ru")[:2])) for row in owners),
        (NO_OPERATOR, gettext("not registered")),
    ]


def _list_inputs() -> Choices:
    return [(code, find_field(of, code).label) for code, of in INPUTS.items()]


def _list_levels() -> Choices:
    return [(level.code, LABELS[level]) for level in Level]


def _list_classes() -> Choices:
    return [*((str(step), str(step)) for step in range(5, 0, -1)), (UNKNOWN, gettext("too little data"))]


# --- conditions ----------------------------------------------------------------------------------------------------


def _equals(column: str) -> Select:
    """Rows with one of the values; unknown is an empty column too."""

    def select(values: tuple[str, ...], reader: Reader) -> Q:
        return Q(**{f"{column}__in": [*values, *([""] if UNKNOWN in values else [])]})

    return select


def _select_operators(values: tuple[str, ...], reader: Reader) -> Q:
    """Facilities of the organisations under any name they had."""
    owners = Organisation.objects.filter(code__in=values).select_related("successor")
    ids: set[int] = set().union(*(owner.lineage() for owner in owners))
    wanted = Q(operator_organisation__in=ids)
    return wanted | Q(operator_organisation__isnull=True) if NO_OPERATOR in values else wanted


def _select_classes(values: tuple[str, ...], reader: Reader) -> Q:
    return _any(reader.quintiles.select(step) for step in values)


def _select_unknown(values: tuple[str, ...], reader: Reader) -> Q:
    """Rows where an input of the index is unknown; an input above the row's level is never asked."""
    levels = {code: int(find_field(of, code).level) for code, of in INPUTS.items()}
    return _any(Q(unknown_inputs__contains=f"|{code}|", level__gte=levels[code]) for code in values)


def _select_levels(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(level__in=[int(level) for level in Level if level.code in values])


def _select_disputed(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(is_disputed__in=[value == "yes" for value in values])


def _select_known(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(known_count__gte=max(map(_read_count, values)))


def _read_day(text: str) -> date:
    """A day that is one in every zone; ValueError for anything else."""
    day = date.fromisoformat(text)
    if not date.min < day < date.max:
        raise ValueError(text)
    return day


def _select_updated(values: tuple[str, ...], reader: Reader) -> Q:
    first = max(map(_read_day, values))
    return Q(updated_at__gte=datetime.combine(first, time(), tzinfo=timezone.get_default_timezone()))


def _select_box(values: tuple[str, ...], reader: Reader) -> Q:
    return _any(_overlap(read_box(value), reader) for value in values)


def _overlap(box: tuple[float, ...], reader: Reader) -> Q:
    west, south, east, north = box if access_of(reader.user).level >= Level.AUTHORITY else snap_box(box)
    return Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def snap_box(box: tuple[float, ...]) -> tuple[float, ...]:
    """The box on the grid of the points as the public sees them, so that it tells no more about a place than they do."""
    size = 10**BOX_DIGITS
    west, south, east, north = box
    lower = tuple((math.ceil(side * size - 1e-6) - 0.5) / size for side in (west, south))
    upper = tuple((math.floor(side * size + 1e-6) + 0.5) / size for side in (east, north))
    return lower + upper


def read_box(text: str) -> tuple[float, ...]:
    """West, south, east, north in degrees, cut at the edges of the world; ValueError for anything else."""
    sides = tuple(float(part) for part in text.split(","))
    if len(sides) != 4 or not all(math.isfinite(side) and abs(side) <= FARTHEST for side in sides):
        raise ValueError(text)
    west, east = (min(max(side, -180.0), 180.0) for side in sides[::2])
    south, north = (min(max(side, -90.0), 90.0) for side in sides[1::2])
    if west > east or south > north:
        raise ValueError(text)
    return west, south, east, north


def _read_count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def _any(conditions: Iterable[Q]) -> Q:
    """One of the conditions; an empty condition holds always."""
    joined: Q | None = None
    for condition in conditions:
        if not condition:
            return Q()
        joined = condition if joined is None else joined | condition
    return joined if joined is not None else Q()


# --- the list ------------------------------------------------------------------------------------------------------

YES_NO: Choices = [("yes", _("yes")), ("no", _("no"))]

FILTERS: dict[str, Filter] = {
    f.code: f
    for f in (
        Filter("status", _("Status"), _equals("status"), _enumerate(c.Status), is_main=True),
        Filter("region", _("Region"), _equals("region"), lambda: list_places("region"), is_main=True),
        Filter("basin", _("Basin"), _equals("basin"), lambda: list_places("basin"), is_main=True),
        Filter("class", _("Class"), _select_classes, _list_classes, is_main=True),
        Filter("country", _("Country"), _equals("country"), lambda: list(COUNTRIES.items())),
        Filter("operator", _("Operator"), _select_operators, _list_operators),
        Filter("type", _("Type"), _equals("facility_type"), _enumerate(c.FacilityType)),
        Filter("kind", _("Kind of record"), _equals("record_kind"), _enumerate(c.RecordKind)),
        Filter("unknown", _("Unknown input"), _select_unknown, _list_inputs),
        Filter("precision", _("What the point shows"), _equals("coordinate_precision"), _enumerate(c.CoordinatePrecision)),
        Filter("confidence", _("Confidence in the record"), _equals("confidence"), _enumerate(c.Confidence)),
        Filter("disputed", _("Sources differ"), _select_disputed, lambda: YES_NO),
        Filter("level", _("Open to you at the level"), _select_levels, _list_levels),
        Filter("disclosure", _("Disclosure"), _equals("disclosure"), _enumerate(c.Disclosure)),
        Filter("known_from", _("Known fields, at least"), _select_known, check=_read_count, allowed="0–9999"),
        Filter("updated_since", _("Updated since"), _select_updated, check=_read_day, allowed="2026-11-22"),
        Filter("bbox", _("Area"), _select_box, check=read_box, allowed=_("west,south,east,north in degrees")),
    )
}


def read_filters(values: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Filters in force by code, those without a value left out."""
    read = {code: FILTERS[code].read(given) for code, given in values.items() if code in FILTERS}
    return {code: given for code, given in read.items() if given}


def select_filters(filters: Mapping[str, tuple[str, ...]], reader: Reader) -> Q:
    """All filters together."""
    wanted = Q()
    for code, values in filters.items():
        wanted &= FILTERS[code].select(values, reader)
    return wanted


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter value in force, for the chips above the list."""

    code: str
    value: str
    label: str


def list_conditions(filters: Mapping[str, tuple[str, ...]], *, text: str = "") -> list[Condition]:
    """Every condition in force, the text first."""
    conditions = [Condition("q", text, gettext("text: %(text)s") % {"text": text})] if text else []
    for code, values in filters.items():
        spec = FILTERS[code]
        words = dict(spec.choices()) if spec.choices else {}
        conditions += [Condition(code, value, f"{spec.label}: {words.get(value, value)}") for value in values]
    return conditions


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter as a menu of the page: (value, word, is chosen, no count) and the words after the colon."""

    code: str
    label: Any
    choices: list[tuple[str, Any, bool, None]]
    chosen: str = ""
    values: tuple[str, ...] = field(default_factory=tuple)


def list_menus(filters: Mapping[str, tuple[str, ...]], *, is_main: bool) -> list[Menu]:
    return [_build_menu(spec, filters.get(spec.code, ())) for spec in FILTERS.values() if spec.is_main == is_main]


def _build_menu(spec: Filter, values: tuple[str, ...]) -> Menu:
    choices = [(value, str(word), value in values, None) for value, word in spec.choices()] if spec.choices else []
    chosen = [word for _value, word, is_chosen, _count in choices if is_chosen]
    text = chosen[0] if len(chosen) == 1 else str(len(chosen)) if chosen else ""
    return Menu(spec.code, spec.label, choices, text, values)
