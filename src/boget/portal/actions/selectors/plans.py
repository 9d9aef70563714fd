"""Versions of the action plan: rows as they were or as they are now, and what two differ in, as a reader may see them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.selectors import access_of, organisation_of, today
from boget.portal.actions.models import (
    Action,
    ActionKind,
    ActionState,
    Funding,
    Hold,
    PartyRole,
    PlanVersion,
    Priority,
)
from boget.portal.actions.selectors.bodies import LANGUAGES, Bodies, read_bodies
from boget.portal.actions.selectors.rows import say_due, say_origin, say_tenge
from boget.portal.core.formatting import current_language
from boget.portal.core.services import write_canonical
from boget.portal.registry.models import Facility

Frozen = dict[str, Any]
LIVE = "live"
"""Code of the rows as they are now, for a comparison."""
CHUNK = 500
PLAIN = (
    "level", "title", "language", "objective", "kind", "priority", "start", "due", "first_due", "funding", "resources",
    "expected_result", "indicator", "indicator_unit", "baseline", "target", "state", "hold", "percent",
)  # fmt: skip
COMPARED: dict[str, Any] = {
    "title": _("Action"),
    "area": _("Working area"),
    "objective": _("Objective"),
    "kind": _("Kind"),
    "priority": _("Priority"),
    "lead": _("Responsible"),
    "co": _("Co-responsible"),
    "support": _("With the support of"),
    "start": _("Start"),
    "due": _("Due"),
    "cost_kzt": _("Money"),
    "funding": _("Source of money"),
    "resources": _("Other resources"),
    "expected_result": _("Expected result"),
    "indicator": _("Indicator"),
    "baseline": _("Baseline"),
    "target": _("Target"),
    "state": _("Status"),
    "hold": _("Held"),
}
CHOICES = {"kind": ActionKind, "priority": Priority, "funding": Funding, "state": ActionState, "hold": Hold}


def plans_visible_to(user: Any) -> QuerySet[PlanVersion]:
    """Approved versions for everybody who is signed in, drafts for the authority; of their rows those the person may see."""
    access = access_of(user)
    if not getattr(user, "is_authenticated", False):
        return PlanVersion.objects.none()
    return PlanVersion.objects.all() if access.can_edit else PlanVersion.objects.filter(is_approved=True)


# --- content -----------------------------------------------------------------------------------------------------------


def build_content(day: dt.date | None = None) -> list[Frozen]:
    """Every action that is not cancelled, by working area and number, with the names that its bodies have on the day."""
    bodies = read_bodies(day)
    rows = Action.objects.exclude(state=ActionState.CANCELLED).select_related("facility")
    ordered = rows.prefetch_related("parties", "origins").order_by("working_area", "pk")
    return [freeze_action(action, bodies) for action in ordered.iterator(chunk_size=CHUNK)]


def freeze_action(action: Action, bodies: Bodies) -> Frozen:
    return {name: getattr(action, name) for name in PLAIN} | {
        "number": action.public_id,
        "area": action.working_area,
        "facility": action.facility.public_id if action.facility else "",
        "cost_kzt": None if action.cost_kzt is None else int(action.cost_kzt),
        "parties": [
            {"code": bodies.code(party.organisation_id), "role": party.role, **bodies.names(party.organisation_id)}
            for party in action.parties.all()
        ],
        "origins": [[origin.kind, origin.ref, origin.label] for origin in action.origins.all()],
    }


def hash_content(content: Iterable[Frozen]) -> str:
    """SHA-256 of the rows, as 64 hexadecimal digits."""
    return hashlib.sha256(write_canonical(list(content)).encode()).hexdigest()


def is_intact(plan: PlanVersion) -> bool:
    """Whether an approved version holds what was approved."""
    return plan.is_approved and hash_content(plan.content) == plan.sha256


# --- what a reader sees ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of a version in words."""

    number: str
    frozen: Frozen
    parties: Mapping[str, str]
    origins: str
    facility: str

    def say(self, name: str) -> str:
        """A value in words, empty for none."""
        return self.parties[name] if name in self.parties else say_value(name, self.frozen.get(name))

    @property
    def due(self) -> str:
        return say_due(self.frozen["due"])

    @property
    def first_due(self) -> str:
        """The first date where the current one is another."""
        first = self.frozen.get("first_due", "")
        return say_due(first) if first and first != self.frozen["due"] else ""

    @property
    def states(self) -> list[str]:
        return [word for word in (self.say("state"), self.say("hold")) if word]

    @property
    def is_unfunded(self) -> bool:
        return self.frozen["funding"] == Funding.UNFUNDED

    @property
    def money(self) -> str:
        amount, funding = self.say("cost_kzt"), self.say("funding")
        return ", ".join(part for part in (amount, funding) if part)


@dataclass(frozen=True, slots=True)
class PlanTable:
    """Rows of a version by working area."""

    plan: PlanVersion | None
    groups: list[tuple[str, list[PlanRow]]]

    @property
    def rows(self) -> list[PlanRow]:
        return [row for _area, rows in self.groups for row in rows]

    @property
    def cost_kzt(self) -> int:
        return sum(row.frozen["cost_kzt"] or 0 for row in self.rows)

    @property
    def cost_stated(self) -> int:
        return sum(row.frozen["cost_kzt"] is not None for row in self.rows)

    @property
    def unfunded(self) -> int:
        return sum(row.is_unfunded for row in self.rows)


def say_value(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in CHOICES:
        return str(CHOICES[name](value).label) if value in CHOICES[name].values else str(value)
    if name in ("due", "start", "first_due"):
        return say_due(value)
    return say_tenge(value) if name == "cost_kzt" else str(value)


def read_table(user: Any, plan: PlanVersion | None) -> PlanTable:
    """The rows of a version (None: as they are now) that the reader may see; a draft shows the rows as they are now."""
    content = plan.content if plan is not None and plan.is_approved else build_content()
    groups: dict[str, list[PlanRow]] = {}
    for row in _list_seen(user, content):
        groups.setdefault(row.frozen["area"] or gettext("Working area not stated"), []).append(row)
    return PlanTable(plan, list(groups.items()))


def _list_seen(user: Any, content: Iterable[Frozen]) -> list[PlanRow]:
    """A row is open where it was open when it was written, and where the action is open today."""
    rows, level = list(content), int(access_of(user).level)
    open_now = set(Action.objects.visible_to(user).values_list("public_id", flat=True))
    own = _list_own_codes(user)
    seen = [r for r in rows if r["number"] in open_now and (r["level"] <= level or own & {p["code"] for p in r["parties"]})]
    wanted = {row["facility"] for row in seen if row["facility"]}
    places = Facility.objects.visible_to(user).filter(public_id__in=wanted).values_list("public_id", flat=True)
    shown, language = set(places), current_language()
    return [_say_row(row, row["facility"] if row["facility"] in shown else "", language) for row in seen]


def _list_own_codes(user: Any) -> set[str]:
    body = organisation_of(user) if getattr(user, "is_authenticated", False) else None
    if body is None:
        return set()
    bodies = read_bodies(today())
    return {bodies.rows[pk].code for pk in body.lineage() if pk in bodies.rows}


def _say_row(frozen: Frozen, facility: str, language: str) -> PlanRow:
    order = (language, *LANGUAGES)
    parties = {
        role: "; ".join(next(p[code] for code in order if p.get(code)) for p in frozen["parties"] if p["role"] == role)
        for role in PartyRole.values
    }
    origins = "; ".join(say_origin(kind, ref) for kind, ref, _label in frozen["origins"])
    return PlanRow(frozen["number"], frozen, parties, origins, facility)


# --- comparison --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """What one action differs in: (field, before, after)."""

    row: PlanRow
    fields: list[tuple[Any, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlanComparison:
    added: list[PlanRow]
    removed: list[PlanRow]
    changed: list[Difference]
    same: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def compare_tables(older: PlanTable, newer: PlanTable) -> PlanComparison:
    before, after = ({row.number: row for row in table.rows} for table in (older, newer))
    changed = [_compare(before[number], row) for number, row in after.items() if number in before]
    return PlanComparison(
        added=[row for number, row in after.items() if number not in before],
        removed=[row for number, row in before.items() if number not in after],
        changed=[difference for difference in changed if difference.fields],
        same=sum(not difference.fields for difference in changed),
    )


def _compare(old: PlanRow, new: PlanRow) -> Difference:
    pairs = [(label, old.say(name), new.say(name)) for name, label in COMPARED.items()]
    return Difference(new, [(label, before, after) for label, before, after in pairs if before != after])
