"""What an agenda is made of, and what is known of each item before it is discussed: only what the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.models import Action, ActionState
from boget.portal.core.formatting import current_language, format_partial_date
from boget.portal.core.models import Revision
from boget.portal.core.templatetags.boget import FALLBACKS
from boget.portal.meetings.models import (
    AgendaItem,
    AgendaKind,
    Decision,
    DecisionOutcome,
    ItemState,
    Meeting,
    MeetingKind,
    MeetingState,
    PlanItem,
    Proposal,
)
from boget.portal.meetings.selectors.meetings import find_previous
from boget.portal.meetings.selectors.rights import plans_visible_to
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.reading import list_revisions

CLOSED_ACTIONS = (ActionState.VERIFIED, ActionState.CANCELLED)
OPEN_ITEMS = (ItemState.PLANNED, ItemState.IN_PROGRESS)
RECORDS = ("facility", "impoundment", "dam")
MOST_LINES = 12
MOST_REVISIONS = 5000
"""Entries of the log that are looked at for one agenda; more were an import, and the count says so."""


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One line: what, where it is shown, and what is to be noted about it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(slots=True)
class Briefing:
    """What is known of an item. ``more``: lines that are left out."""

    lines: list[BriefLine] = field(default_factory=list)
    more: int = 0


def list_items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.items.order_by("position", "pk"))


def title_of(record: Any, language: str = "") -> tuple[str, str]:
    """Title of an item and the language it is in: the one asked for, else another."""
    wanted = current_language(language or None)
    for code in FALLBACKS[wanted]:
        if text := getattr(record, f"title_{code}"):
            return text, code
    return "", wanted


def text_of(record: Any, language: str = "") -> tuple[str, str]:
    """Text of a decision or of a plan item and the language it is in."""
    wanted = current_language(language or None)
    for code in FALLBACKS[wanted]:
        if text := getattr(record, f"text_{code}"):
            return text, code
    return "", wanted


# --- what it is made of ------------------------------------------------------------------------------------------------


def list_open_decisions(meeting: Meeting) -> list[Decision]:
    """Decisions of earlier meetings whose action is not verified yet, or was not made yet."""
    earlier = Decision.objects.filter(
        outcome=DecisionOutcome.ACTION, meeting__kind=MeetingKind.SESSION, meeting__starts_at__lt=meeting.starts_at
    ).exclude(meeting__state=MeetingState.CANCELLED)
    rows = list(earlier.exclude(meeting=meeting).select_related("meeting").order_by("meeting__starts_at", "number"))
    numbers = [row.action_id for row in rows if row.action_id]
    closed = set(Action.objects.filter(public_id__in=numbers, state__in=CLOSED_ACTIONS).values_list("public_id", flat=True))
    return [row for row in rows if row.action_id not in closed]


def list_open_items(meeting: Meeting) -> list[PlanItem]:
    """Items of the plans up to the year of the meeting that are neither done nor carried on nor cancelled."""
    items = PlanItem.objects.filter(state__in=OPEN_ITEMS, plan__year__lte=meeting.day.year, plan__group=meeting.group)
    items = items.exclude(plan__state="draft").select_related("plan").order_by("plan__year", "number")
    own = {deliverable.item_id for deliverable in _list_meeting_deliverables(meeting)}
    return [item for item in items if item.pk not in own]


def _list_meeting_deliverables(meeting: Meeting) -> Sequence[Any]:
    """Links by which a plan item names this very meeting as what it produces: it is not discussed in itself."""
    from boget.portal.meetings.models import Deliverable, DeliverableKind

    return Deliverable.objects.filter(kind=DeliverableKind.MEETING, ref=str(meeting.number))


def list_open_proposals(meeting: Meeting) -> QuerySet[Proposal]:
    return Proposal.objects.filter(group=meeting.group, state__in=("open", "quiet")).order_by("number")


def find_since(meeting: Meeting) -> dt.datetime | None:
    """Since when changes are reported: the start of the meeting before."""
    previous = find_previous(meeting)
    return previous.starts_at if previous else None


def has_register_changes(meeting: Meeting) -> bool:
    since = find_since(meeting)
    changes = Revision.objects.filter(record_type__in=RECORDS)
    return (changes.filter(at__gt=since) if since else changes).exists()


# --- what is known of it -----------------------------------------------------------------------------------------------


def brief_items(meeting: Meeting, items: Sequence[AgendaItem], user: Any) -> dict[int, Briefing]:
    """What is known of each item, by its pk, as the reader may see it."""
    makers = {
        AgendaKind.EARLIER_DECISIONS: lambda item: _brief_decisions(meeting, user),
        AgendaKind.PLAN_ITEM: lambda item: _brief_plan_item(item, user),
        AgendaKind.REGISTER_CHANGES: lambda item: _brief_register(meeting, user),
        AgendaKind.PROPOSAL: _brief_proposal,
    }
    return {item.pk: makers[AgendaKind(item.kind)](item) for item in items if item.kind in makers}


def _cut(lines: list[BriefLine]) -> Briefing:
    return Briefing(lines[:MOST_LINES], max(len(lines) - MOST_LINES, 0))


def _brief_decisions(meeting: Meeting, user: Any) -> Briefing:
    rows = list_open_decisions(meeting)
    numbers = [row.action_id for row in rows if row.action_id]
    actions = {action.public_id: action for action in Action.objects.visible_to(user).filter(public_id__in=numbers)}
    lines = []
    for row in rows:
        action = actions.get(row.action_id)
        state = str(action.get_state_display()) if action else _("not made an action yet") if not row.action_id else ""
        due = format_partial_date(row.due, short=True) if row.due else ""
        note = " · ".join(part for part in (due, row.action_id if action else "", state) if part)
        url = reverse("meetings:decision", args=[row.meeting.number, row.number])
        lines.append(BriefLine(f"{row.ref}. {text_of(row)[0]}", url, note))
    return _cut(lines)


def _brief_plan_item(item: AgendaItem, user: Any) -> Briefing:
    found = find_plan_item(item.ref)
    if found is None or not plans_visible_to(user).filter(pk=found.plan_id).exists():
        return Briefing()
    due = _("due %(date)s") % {"date": format_partial_date(found.due, short=True)}
    lines = [BriefLine(f"{found.ref}. {found.get_state_display()}", _plan_url(found), due)]
    report = found.reports.order_by("-at", "-pk").first()
    if report is not None:
        day = format_partial_date(report.at.date().isoformat(), short=True)
        said = " ".join(part for part in (report.done, report.result) if part)
        lines.append(BriefLine(_("Last report, %(date)s: %(text)s") % {"date": day, "text": said}))
        if report.next_step:
            lines.append(BriefLine(_("Next step: %(text)s") % {"text": report.next_step}))
    else:
        lines.append(BriefLine(_("No report yet.")))
    return Briefing(lines)


def _plan_url(item: PlanItem) -> str:
    try:
        return f"{reverse('meetings:plan', args=[item.plan.year])}#item-{item.number}"
    except NoReverseMatch:
        return ""


def find_plan_item(ref: str) -> PlanItem | None:
    """The item that papers name 2022/3."""
    year, _slash, number = ref.partition("/")
    if not (year.isdecimal() and number.isdecimal()):
        return None
    return PlanItem.objects.filter(plan__year=int(year), number=int(number)).select_related("plan").first()


def _brief_proposal(item: AgendaItem) -> Briefing:
    found = Proposal.objects.filter(number=int(item.ref)).first() if item.ref.isdecimal() else None
    if found is None:
        return Briefing()
    try:
        url = reverse("meetings:proposal", args=[found.number])
    except NoReverseMatch:
        url = ""
    return Briefing([BriefLine(found.title, url, str(found.get_state_display()))])


def _brief_register(meeting: Meeting, user: Any) -> Briefing:
    """Facilities that changed since the last meeting, of those and in those fields that the reader may see."""
    level = max(int(access_of(user).level), 0)
    rows = Revision.objects.filter(record_type__in=RECORDS, at__lte=max(meeting.starts_at, meeting.updated_at))
    since = find_since(meeting)
    rows = (rows.filter(at__gt=since) if since else rows).order_by("-seq")[:MOST_REVISIONS]
    changed: dict[str, int] = {}
    created: set[str] = set()
    for revision, _changes in list_revisions(rows, level=level):
        changed[revision.root_id] = changed.get(revision.root_id, 0) + 1
        if revision.record_type == "facility" and revision.kind == "create":
            created.add(revision.root_id)
    visible = {f.public_id: f for f in Facility.objects.visible_to(user).filter(public_id__in=list(changed))}
    lines = [_say_changed(visible[key], changed[key], is_new=key in created) for key in sorted(visible)]
    if lines:
        new = len(created & set(visible))
        total = _("Facilities changed: %(changed)s, of them new: %(new)s") % {"changed": len(visible), "new": new}
        since_note = _("since %(date)s") % {"date": format_partial_date(since.date().isoformat(), short=True)} if since else ""
        lines.insert(0, BriefLine(total, "", since_note))
    return _cut(lines) if lines else Briefing([BriefLine(_("No change since the last meeting."))])


def _say_changed(facility: Facility, count: int, *, is_new: bool) -> BriefLine:
    name = next((n for code in FALLBACKS[current_language()] if (n := getattr(facility, f"name_{code}", ""))), "")
    note = _("new") if is_new else ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}
    return BriefLine(f"{facility.public_id} {name}".strip(), reverse("registry:facility", args=[facility.public_id]), note)
