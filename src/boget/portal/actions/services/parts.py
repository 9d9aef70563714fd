"""What an action is made of: bodies, origins, and the checks of its values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import LANGUAGES, Organisation
from boget.portal.actions.models import Action, ActionKind, Funding, OriginKind, PartyRole, Priority
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.partial_dates import end_of, parse_partial_date
from boget.portal.core.text import build_collation_key, fold_exact, fold_keyboard, fold_latin
from boget.portal.registry.checks import check_text
from boget.portal.registry.models import Facility

LONG = 4000
TEXTS = {
    "title": 500, "objective": LONG, "working_area": 120, "resources": 300, "expected_result": LONG, "indicator": 300,
    "indicator_unit": 40, "baseline": 60, "target": 60,
}  # fmt: skip
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(ActionKind.values),
    "priority": tuple(Priority.values),
    "funding": tuple(Funding.values),
    "language": LANGUAGES,
}
DATES = ("start", "due")
MOST_KZT = Decimal(10) ** 15
LONGEST_WAY = 100
"""Steps of a chain of dependences that are followed in search of a loop."""
MOST_PARTIES = 20
LONGEST_REF = 60
LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True)
class Party:
    """A body and its part: lead, co or support."""

    organisation: Organisation
    role: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action comes from: kind and code as the app above knows it, and the words it prints."""

    kind: str
    ref: str
    label: str = ""


def label_of(name: str) -> Any:
    """What the form calls a field, for errors."""
    return getattr(Action._meta.get_field(name), "verbose_name", name)


def check_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the form that is stored. Raises InvalidInput; names that are no field of an action are refused too."""
    checked = {}
    for name, value in values.items():
        check = CHECKS.get(name)
        if check is None:
            raise refuse("unknown_field", value=name, allowed=", ".join(CHECKS))
        checked[name] = check(name, value)
    if "title" in checked and not checked["title"]:
        raise refuse("required", where=label_of("title"))
    return checked


def _check_line(name: str, value: Any) -> str:
    return check_text(label_of(name), value or "", limit=TEXTS[name])


def _check_choice(name: str, value: Any) -> str:
    if value not in CHOICES[name]:
        raise refuse("not_in_list", where=label_of(name), value=str(value)[:40], allowed=", ".join(CHOICES[name]))
    return str(value)


def check_date(name: str, value: Any) -> str:
    """A date as people write it, in its stored form; empty stays empty."""
    return parse_partial_date(str(value), where=label_of(name)) if value else ""


def _check_cost(name: str, value: Any) -> Decimal | None:
    """Whole tenge from 0 on; None for not stated."""
    if value is None or value == "":
        return None
    try:
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise refuse("not_a_number", where=label_of(name), value=str(value)[:40]) from None
    if not amount.is_finite() or not 0 <= amount <= MOST_KZT:
        raise refuse("range", where=label_of(name), value=str(value)[:40], allowed=f"0–{MOST_KZT:f}")
    return amount.quantize(Decimal(1))


def _check_link(kind: type) -> Callable[[str, Any], Any]:
    def check(name: str, value: Any) -> Any:
        if value is not None and not isinstance(value, kind):
            raise refuse("malformed", where=label_of(name), value=str(value)[:40])
        return value

    return check


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(TEXTS, _check_line),
    **dict.fromkeys(CHOICES, _check_choice),
    **dict.fromkeys(DATES, check_date),
    "cost_kzt": _check_cost,
    "facility": _check_link(Facility),
    "depends_on": _check_link(Action),
}


def check_together(action: Action) -> None:
    """What two values must not say at once. Raises InvalidInput."""
    if action.start and action.due_end and start_of(action.start) > action.due_end:
        raise refuse("date_order", where=label_of("due"), value=say(action.due), allowed=say(action.start))
    _check_way(action)


def start_of(text: str) -> dt.date:
    """The first day of a stored partial date."""
    year, _dash, rest = text.partition("-")
    if rest.startswith("Q"):
        return dt.date(int(year), 3 * int(rest[1]) - 2, 1)
    parts = [int(part) for part in rest.split("-") if part]
    return dt.date(int(year), *[*parts, 1, 1][:2])


def say(iso: str) -> str:
    return format_partial_date(iso, short=True)


def _check_way(action: Action) -> None:
    """No action waits for itself, over however many others."""
    step = action.depends_on
    for _number in range(LONGEST_WAY):
        if step is None:
            return
        if step.pk == action.pk:
            raise refuse("loop", where=label_of("depends_on"), value=str(action.depends_on))
        step = step.depends_on
    raise refuse("loop", where=label_of("depends_on"), value=str(action.depends_on))


def check_parties(parties: Sequence[Party]) -> list[Party]:
    """Each body once, under one of its names; the responsible ones first. Raises InvalidInput."""
    taken: set[int] = set()
    if len(parties) > MOST_PARTIES:
        raise refuse("range", where=_("Bodies"), value=len(parties), allowed=f"≤ {MOST_PARTIES}")
    for party in parties:
        if party.role not in PartyRole.values:
            raise refuse("not_in_list", where=_("Part of a body"), value=party.role, allowed=", ".join(PartyRole.values))
        if party.organisation.pk in taken:
            raise refuse("body_twice", where=_("Bodies"), value=str(party.organisation))
        taken |= party.organisation.lineage()
    order = list(PartyRole.values)
    return sorted(parties, key=lambda party: order.index(party.role))


def check_origins(origins: Sequence[Origin]) -> list[Origin]:
    """Each origin once, with a code. Raises InvalidInput."""
    checked: dict[tuple[str, str], Origin] = {}
    for origin in origins:
        if origin.kind not in OriginKind.values:
            raise refuse("not_in_list", where=_("Origin"), value=origin.kind[:40], allowed=", ".join(OriginKind.values))
        ref = check_text(_("Origin"), origin.ref, limit=LONGEST_REF)
        if not ref:
            raise refuse("required", where=_("Origin"))
        label = check_text(_("Origin"), origin.label, limit=LONGEST_LABEL)
        checked.setdefault((origin.kind, ref), Origin(origin.kind, ref, label))
    return list(checked.values())


def require_commitment(action: Action, parties: Sequence[Any]) -> None:
    """An action that somebody agreed to has somebody responsible and a date. Raises InvalidInput."""
    if not any(party.role == PartyRole.LEAD for party in parties):
        raise refuse("required", where=PartyRole.LEAD.label)
    if not action.due:
        raise refuse("required", where=label_of("due"))


def fill_derived(action: Action, origins: Iterable[Any]) -> None:
    """Columns that follow from the others: the last day, the keys of search and order."""
    action.due_end = end_of(action.due) if action.due else None
    words = [action.public_id, action.title, action.working_area, *(origin.ref for origin in origins)]
    action.search_exact, action.search_keyboard, action.search_latin = (
        "|".join(filter(None, map(fold, words))) for fold in (fold_exact, fold_keyboard, fold_latin)
    )
    action.sort_text = build_collation_key(action.title, action.language)[:800]
