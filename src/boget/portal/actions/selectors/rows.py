"""Rows of the action plan in words, for lists, papers and files: what a row says is read in few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from boget.portal.actions.models import Action, ActionState, Funding, Hold, OriginKind
from boget.portal.actions.selectors.filters import Reader
from boget.portal.actions.selectors.overview import days_late
from boget.portal.core.formatting import NO_BREAK, format_number, format_partial_date
from boget.portal.registry.models import Facility

CHIPS = {
    ActionState.PROPOSED: "neutral",
    ActionState.AGREED: "neutral",
    ActionState.APPROVED: "info",
    ActionState.IN_PROGRESS: "info",
    ActionState.DONE: "warn",
    ActionState.VERIFIED: "ok",
    ActionState.RETURNED: "bad",
    ActionState.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as a reader sees it. facility, depends_on: numbers where the reader may see what they name, else empty."""

    action: Action
    leads: list[str]
    partners: list[str]
    supports: list[str]
    origins: list[tuple[str, str, str]]
    facility: str
    depends_on: str
    days_late: int

    @property
    def chip(self) -> str:
        return CHIPS[ActionState(self.action.state)]

    @property
    def state(self) -> str:
        return str(self.action.get_state_display())

    @property
    def hold(self) -> str:
        return str(self.action.get_hold_display()) if self.action.hold else ""

    @property
    def is_blocked(self) -> bool:
        return self.action.hold == Hold.BLOCKED

    @property
    def late(self) -> str:
        return say_late(self.days_late)

    @property
    def is_moved(self) -> bool:
        return self.action.first_due not in ("", self.action.due)

    @property
    def money(self) -> str:
        return ", ".join(part for part in (self.amount, self.funding) if part)

    @property
    def amount(self) -> str:
        return say_tenge(self.action.cost_kzt) if self.action.cost_kzt is not None else ""

    @property
    def funding(self) -> str:
        """Source of the money; beside an amount without one it says that the source is missing."""
        is_half = self.action.cost_kzt is not None and self.action.funding == Funding.NOT_STATED
        return gettext("source not stated") if is_half else str(self.action.get_funding_display())

    @property
    def is_unfunded(self) -> bool:
        return self.action.funding == Funding.UNFUNDED and self.action.state != ActionState.CANCELLED

    @property
    def reported(self) -> str:
        moment = self.action.reported_at
        return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else ""


def say_late(days: int) -> str:
    if not days:
        return ""
    return ngettext("overdue by %(days)s day", "overdue by %(days)s days", days) % {"days": days}


def say_tenge(amount: Any) -> str:
    """Whole tenge with the sign, for tables."""
    return f"{format_number(int(amount), decimals=0)}{NO_BREAK}₸"


def say_due(iso: str) -> str:
    return format_partial_date(iso, short=True) if iso else gettext("no date")


def build_rows(actions: Sequence[Action], reader: Reader) -> list[ActionRow]:
    """The rows in the given order; four queries for all of them."""
    prefetch_related_objects(list(actions), "parties", "origins")
    places = read_facilities((action.facility_id for action in actions), reader.user)
    before = read_numbers((action.depends_on_id for action in actions), reader.user)
    return [_build(action, places, before, reader) for action in actions]


def read_facilities(pks: Iterable[int | None], user: Any) -> dict[int, str]:
    """Numbers of those facilities that the person may see."""
    wanted = {pk for pk in pks if pk is not None}
    if not wanted:
        return {}
    visible = Facility.objects.visible_to(user).filter(pk__in=wanted)
    return dict(visible.values_list("pk", "public_id"))


def read_numbers(pks: Iterable[int | None], user: Any) -> dict[int, str]:
    """Numbers of those actions that the person may see."""
    wanted = {pk for pk in pks if pk is not None}
    return dict(Action.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", "public_id")) if wanted else {}


def _build(action: Action, places: dict[int, str], before: dict[int, str], reader: Reader) -> ActionRow:
    names: dict[str, list[str]] = {"lead": [], "co": [], "support": []}
    for party in action.parties.all():
        names[party.role].append(reader.bodies.name(party.organisation_id))
    return ActionRow(
        action=action,
        leads=names["lead"],
        partners=names["co"],
        supports=names["support"],
        origins=[(origin.kind, say_origin(origin.kind, origin.ref), origin.label) for origin in action.origins.all()],
        facility=places.get(action.facility_id or 0, ""),
        depends_on=before.get(action.depends_on_id or 0, ""),
        days_late=days_late(action, reader.day),
    )


def say_origin(kind: str, ref: str) -> str:
    """The word and the code: "decision 5.3"."""
    label = OriginKind(kind).label if kind in OriginKind.values and kind != OriginKind.OTHER else ""
    return f"{label} {ref}".strip()
