"""Filters of the action plan: declared once, read from the address, the same for page, counts and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.models import (
    Action,
    ActionKind,
    ActionOrigin,
    ActionParty,
    ActionState,
    Funding,
    Hold,
    OriginKind,
    Priority,
)
from boget.portal.actions.selectors.bodies import Bodies
from boget.portal.actions.selectors.overview import LIVE, RESPONSIBLE, is_own, select_late
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility

MOST_VALUES = 60
LONGEST_VALUE = 120
ON = "1"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the person, the day that decides what is late, the names of the bodies."""

    user: Any
    day: dt.date
    bodies: Bodies
    language: str = "ru"


Select = Callable[[tuple[str, ...], Reader], Q]
Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. choices: of a closed list; None for one whose values depend on the rows."""

    code: str
    label: str | Promise
    select: Select
    choices: Callable[[], Choices] | None = None
    is_main: bool = False


# --- how a filter selects ----------------------------------------------------------------------------------------------


def _equals(column: str) -> Select:
    return lambda values, reader: Q(**{f"{column}__in": values})


def _select_bodies(values: tuple[str, ...], reader: Reader) -> Q:
    """A body is found under all its names; only where it is responsible or co-responsible."""
    wanted = reader.bodies.list_lineages(frozenset(values))
    parts = ActionParty.objects.filter(action=OuterRef("pk"), organisation__in=wanted, role__in=RESPONSIBLE)
    return Q(Exists(parts))


def _select_origins(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(Exists(ActionOrigin.objects.filter(action=OuterRef("pk"), kind__in=values)))


def _select_facilities(values: tuple[str, ...], reader: Reader) -> Q:
    """Only facilities that the reader may see: a filter must not tell that a hidden one has an action."""
    seen = Facility.objects.visible_to(reader.user).filter(public_id__in=values).values_list("pk", flat=True)
    return Q(facility__in=list(seen))


def _select_areas(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(working_area__in=values)


FLAGS: dict[str, tuple[str | Promise, Callable[[Reader], Q]]] = {
    "mine": (_("Mine"), lambda reader: is_own(reader.user)),
    "late": (_("Overdue"), lambda reader: select_late(reader.day)),
    "unfunded": (_("Unfunded"), lambda reader: LIVE & Q(funding=Funding.UNFUNDED)),
    "no_indicator": (_("No indicator"), lambda reader: LIVE & Q(indicator="")),
}
"""Views of the list, each an address of its own: ``?late=1``."""

FILTERS: dict[str, Filter] = {
    f.code: f
    for f in (
        Filter("responsible", _("Responsible"), _select_bodies, is_main=True),
        Filter("state", _("Status"), _equals("state"), lambda: list(ActionState.choices), is_main=True),
        Filter("origin", pgettext_lazy("action", "Origin"), _select_origins, lambda: list(OriginKind.choices), is_main=True),
        Filter("hold", _("Held"), _equals("hold"), lambda: list(Hold.choices)[1:]),
        Filter("kind", _("Kind"), _equals("kind"), lambda: list(ActionKind.choices)),
        Filter("priority", _("Priority"), _equals("priority"), lambda: list(Priority.choices)),
        Filter("funding", _("Source of money"), _equals("funding"), lambda: list(Funding.choices)),
        Filter("area", _("Working area"), _select_areas),
        Filter("facility", _("Facility"), _select_facilities),
    )
}


# --- the address -------------------------------------------------------------------------------------------------------


def read_filters(values: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Filters in force by code. Raises InvalidInput for a value that is not in its list."""
    read = {code: _read(FILTERS[code], given) for code, given in values.items() if code in FILTERS}
    return {code: given for code, given in read.items() if given}


def _read(spec: Filter, given: Iterable[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value.strip() for value in given if value.strip()))
    if len(values) > MOST_VALUES:
        raise refuse("bad_filter", where=spec.label, value=len(values), allowed=f"≤ {MOST_VALUES}")
    allowed = {str(value) for value, _word in spec.choices()} if spec.choices else None
    for value in values:
        is_unknown = value not in allowed if allowed is not None else len(value) > LONGEST_VALUE or "\x00" in value
        if is_unknown:
            listed = ", ".join(sorted(allowed)) if allowed else f"≤ {LONGEST_VALUE}"
            raise refuse("bad_filter", where=spec.label, value=value[:80], allowed=listed)
    return values


def read_flags(values: Mapping[str, str]) -> frozenset[str]:
    """Flags in force. Raises InvalidInput for anything but 1."""
    for name in FLAGS:
        if values.get(name, ON) not in (ON, ""):
            raise refuse("bad_filter", where=FLAGS[name][0], value=values[name][:80], allowed=ON)
    return frozenset(name for name in FLAGS if values.get(name) == ON)


def select_filters(filters: Mapping[str, tuple[str, ...]], reader: Reader) -> Q:
    wanted = Q()
    for code, values in filters.items():
        wanted &= FILTERS[code].select(values, reader)
    return wanted


def select_flags(flags: Iterable[str], reader: Reader) -> Q:
    wanted = Q()
    for name in flags:
        wanted &= FLAGS[name][1](reader)
    return wanted


# --- menus and chips ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter value in force, for the chips above the list."""

    code: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter as a menu of the page: (value, word, is chosen, no count) and the words after the colon."""

    code: str
    label: Any
    choices: list[tuple[str, Any, bool, None]]
    chosen: str = ""
    values: tuple[str, ...] = field(default_factory=tuple)


def list_conditions(filters: Mapping[str, tuple[str, ...]], reader: Reader, *, text: str = "") -> list[Condition]:
    """Every condition in force, the text first."""
    conditions = [Condition("q", text, gettext("text: %(text)s") % {"text": text})] if text else []
    for code, values in filters.items():
        words = dict(_say_values(FILTERS[code], reader))
        conditions += [Condition(code, value, f"{FILTERS[code].label}: {words.get(value, value)}") for value in values]
    return conditions


def _say_values(spec: Filter, reader: Reader) -> Choices:
    """Words of the values a filter may have, for those whose values are codes."""
    if spec.choices is not None:
        return spec.choices()
    return reader.bodies.sort_names(set(reader.bodies.rows)) if spec.code == "responsible" else []


def list_menus(filters: Mapping[str, tuple[str, ...]], reader: Reader, *, is_main: bool) -> list[Menu]:
    menus = [_build_menu(spec, filters.get(spec.code, ()), reader) for spec in FILTERS.values() if spec.is_main == is_main]
    return [menu for menu in menus if menu.choices]


def _build_menu(spec: Filter, values: tuple[str, ...], reader: Reader) -> Menu:
    choices = [(value, str(word), value in values, None) for value, word in _list_choices(spec, reader)]
    chosen = [word for _value, word, is_chosen, _count in choices if is_chosen]
    text = chosen[0] if len(chosen) == 1 else str(len(chosen)) if chosen else ""
    return Menu(spec.code, spec.label, choices, text, values)


def _list_choices(spec: Filter, reader: Reader) -> Choices:
    """Choices of a closed list, or the values that the rows open to the reader have."""
    if spec.choices is not None:
        return spec.choices()
    if spec.code == "responsible":
        return list(reader.bodies.sort_names(_list_bodies(reader)))
    if spec.code == "area":
        return [(area, area) for area in _list_areas(reader)]
    return []


def _list_bodies(reader: Reader) -> set[int]:
    """Bodies with a part in some action that the reader may see."""
    parts = ActionParty.objects.filter(role__in=RESPONSIBLE)
    if access_of(reader.user).level < Level.AUTHORITY:
        parts = parts.filter(action__in=Action.objects.visible_to(reader.user).values("pk"))
    return set(parts.order_by().values_list("organisation_id", flat=True).distinct())


def _list_areas(reader: Reader) -> list[str]:
    visible = Action.objects.visible_to(reader.user).exclude(working_area="").order_by("working_area")
    return list(visible.values_list("working_area", flat=True).distinct()[:MOST_VALUES])
