"""The page of one action: its story, what was changed in its words, what waits for it; each as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import access_of, organisation_of
from boget.portal.actions.models import Action, ActionReport, ActionState, PartyRole, ReportKind
from boget.portal.actions.selectors.bodies import Bodies
from boget.portal.actions.selectors.filters import Reader
from boget.portal.actions.selectors.listing import order_by_due
from boget.portal.actions.selectors.plans import CHOICES, say_value
from boget.portal.actions.selectors.rows import CHIPS, say_due, say_origin
from boget.portal.core.levels import LABELS, Level
from boget.portal.core.models import Revision
from boget.portal.registry.models import Facility

MOST_CHANGES = 100
PARTS = {"parties": _("Bodies"), "origins": pgettext_lazy("action", "Origin")}
HIDDEN = ("report", "first_due", "closed_on", "hold_reason", "percent", "language")
"""Facts of a revision that the story says already or that follow from others."""


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One entry. who: the body, for the authority also the person; percent: of the whole, where it was reported."""

    report: ActionReport
    kind: str
    who: str
    state: str
    chip: str
    moved: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WordChange:
    """One change of the words of an action: when, by whom, why, and (field, before, after)."""

    at: Any
    who: str
    reason: str
    fields: list[tuple[Any, str, str]]


def read_story(action: Action, reader: Reader) -> list[StoryEntry]:
    """Entries, the newest first. Persons are named to the authority only; what was written for fewer readers stays theirs."""
    reports = action.reports.select_related("by")
    opening = find_opening(action, reader)
    if opening is not None:
        reports = reports.filter(at__gt=opening.at)
    is_told = is_told_names(reader.user)
    return [_describe(report, reader, is_told=is_told) for report in reports]


def is_told_names(user: Any) -> bool:
    return access_of(user).level >= Level.AUTHORITY


def _describe(report: ActionReport, reader: Reader, *, is_told: bool) -> StoryEntry:
    body = reader.bodies
    name = read_name(report, body) if report.organisation_id in body.rows else ""
    person = report.by.name if is_told and report.by is not None else ""
    moved = (say_due(report.old_due), say_due(report.new_due)) if report.new_due else ("", "")
    state = ActionState(report.state_after)
    who = ", ".join(part for part in (person, name) if part)
    return StoryEntry(report, str(ReportKind(report.kind).label), who, str(state.label), CHIPS[state], moved)


def read_name(report: ActionReport, bodies: Bodies) -> str:
    """The body as it is stored with the report: its name of that day."""
    row: Organisation = bodies.rows[report.organisation_id]
    return str(row)


def list_changes(action: Action, reader: Reader) -> list[WordChange]:
    """Changes of words, bodies and money since the action is open to the reader, the newest first; numbers of hidden records
    are left out."""
    revisions = _select_changes(action)
    opening = find_opening(action, reader)
    if opening is not None:
        revisions = revisions.filter(seq__gt=opening.seq)
    is_told, changes = is_told_names(reader.user), []
    for revision in revisions[:MOST_CHANGES]:
        fields = [
            (label_of(name), _say(name, old, reader), _say(name, new, reader))
            for name, (old, new) in revision.changes.items()
            if name not in HIDDEN and not ("report" in revision.changes and name in ("state", "hold", "due"))
        ]
        if fields:
            person = revision.actor_name if is_told else ""
            who = ", ".join(part for part in (person, revision.organisation) if part)
            changes.append(WordChange(revision.at, who, revision.reason, fields))
    return changes


def _select_changes(action: Action) -> QuerySet[Revision]:
    return Revision.objects.filter(record_type="action", record_id=action.public_id, kind="change").order_by("-seq")


def find_opening(action: Action, reader: Reader) -> Revision | None:
    """The change by which the action was opened to the reader last; None where it was open all the time.

    Whoever has a part in it reads it at any level.
    """
    level, body = access_of(reader.user).level, organisation_of(reader.user) if reader.user.is_authenticated else None
    if level >= Level.AUTHORITY or (body and action.parties.filter(organisation__in=body.lineage()).exists()):
        return None
    moves = _select_changes(action).filter(changes_text__contains='"level":')
    return next((row for row in moves if "level" in row.changes and int(row.changes["level"][0] or 0) > level), None)


def label_of(name: str) -> Any:
    return PARTS.get(name) or getattr(Action._meta.get_field(name), "verbose_name", name)


def _say(name: str, value: Any, reader: Reader) -> str:
    if value in (None, "", []):
        return "—"
    if name == "parties":
        codes = {row.code: str(row) for row in reader.bodies.rows.values()}
        return "; ".join(f"{codes.get(code, code)} ({PartyRole(role).label})" for code, role in value)
    if name == "origins":
        return "; ".join(say_origin(kind, ref) for kind, ref in value)
    if name == "level":
        return str(LABELS[Level(value)])
    if name in ("facility", "depends_on"):
        model = Facility if name == "facility" else Action
        return str(value) if model.objects.visible_to(reader.user).filter(public_id=value).exists() else "—"
    return say_value(name, value) if name in CHOICES or name in ("due", "start", "cost_kzt") else str(value)


def list_dependants(action: Action, user: Any) -> list[Action]:
    """Actions that wait for this one and that the person may see."""
    return list(Action.objects.visible_to(user).filter(depends_on=action).order_by("pk")[:50])


def list_of_facility(user: Any, facility: Facility) -> list[Action]:
    """Actions about a facility that the person may see, open ones first, the longest late on top."""
    return list(order_by_due(Action.objects.visible_to(user).filter(facility=facility)))
