"""The agenda: filled from what is open, then changed by hand; items move up and down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import LANGUAGES
from boget.portal.jobs import clock
from boget.portal.meetings.models import AgendaItem, AgendaKind, Meeting, MeetingKind, MeetingState, Proposal
from boget.portal.meetings.selectors.agenda import (
    has_register_changes,
    list_items,
    list_open_decisions,
    list_open_items,
    list_open_proposals,
)
from boget.portal.meetings.services.attendance import check_text
from boget.portal.meetings.services.locking import lock_meeting, lock_row, log_change
from boget.portal.meetings.services.meetings import check_state

FIELDS = ("kind", "title_ru", "title_kk", "title_en", "speaker", "minutes_planned")
OPEN = (MeetingState.PLANNED, MeetingState.INVITED)
LONGEST_TITLE, LONGEST_SPEAKER, LONGEST_MINUTES = 500, 300, 600
TITLES = {
    AgendaKind.OPENING: _("Opening of the meeting, adoption of the agenda"),
    AgendaKind.EARLIER_DECISIONS: _("Fulfilment of earlier decisions"),
    AgendaKind.REGISTER_CHANGES: _("Changes of the register of facilities since the last meeting"),
    AgendaKind.CROSS_BORDER: _("Cross-border matters"),
    AgendaKind.NEXT_MEETING: _("Date and agenda of the next meeting"),
}
MINUTES = {AgendaKind.OPENING: 10, AgendaKind.EARLIER_DECISIONS: 15, AgendaKind.NEXT_MEETING: 5}
USUAL_MINUTES = 15  # a start for the secretary, who corrects it


@transaction.atomic
def fill_agenda(meeting: Meeting, *, by: User | None, version: int) -> int:
    """Add what is open and not on the agenda yet; what stands there stays. Returns how many items were added.

    Opening, earlier decisions that are not fulfilled, one item for each open item of the plan, proposals that wait for a
    position, changes of the register, cross-border matters, the next meeting. Raises Conflict, InvalidInput (adopted).
    """
    current = _open(meeting, version)
    items = list_items(current)
    known = {(item.kind, item.ref) for item in items}
    added = [item for item in _propose(current) if (item.kind, item.ref) not in known]
    for item in added:
        item.meeting, item.position = current, 0
        item.save()
    order = [*items, *added] if items else added
    last = [item for item in order if item.kind == AgendaKind.NEXT_MEETING]
    _number([item for item in order if item.kind != AgendaKind.NEXT_MEETING] + last)
    if added:
        _touch(current)
        titles = [item.title_ru or item.title_en or item.title_kk for item in added]
        log_change(current, ("meeting", current.code), {"agenda": (len(items), len(order)), "added": (None, titles)}, by=by)
    return len(added)


def _propose(meeting: Meeting) -> Iterator[AgendaItem]:
    """The agenda as it would be, in its usual order."""
    yield _make(AgendaKind.OPENING)
    if list_open_decisions(meeting):
        yield _make(AgendaKind.EARLIER_DECISIONS)
    for item in list_open_items(meeting):
        titles = {f"title_{code}": getattr(item, f"text_{code}")[:LONGEST_TITLE] for code in LANGUAGES}
        yield _make(AgendaKind.PLAN_ITEM, ref=item.ref, titles=titles)
    for proposal in list_open_proposals(meeting):
        yield _make(AgendaKind.PROPOSAL, ref=str(proposal.number), titles=_title_proposal(proposal))
    if has_register_changes(meeting):
        yield _make(AgendaKind.REGISTER_CHANGES)
    yield _make(AgendaKind.CROSS_BORDER)
    yield _make(AgendaKind.NEXT_MEETING)


def _make(kind: AgendaKind, *, ref: str = "", titles: Mapping[str, str] | None = None) -> AgendaItem:
    planned = MINUTES.get(kind, USUAL_MINUTES)
    return AgendaItem(kind=kind, ref=ref, is_generated=True, minutes_planned=planned, **(titles or _write_titles(kind)))


def _title_proposal(proposal: Proposal) -> dict[str, str]:
    return {f"title_{proposal.language}": proposal.title}


def _write_titles(kind: AgendaKind) -> dict[str, str]:
    titles = {}
    for code in LANGUAGES:
        with translation.override(code):
            titles[f"title_{code}"] = str(TITLES[kind])
    return titles


@transaction.atomic
def add_item(meeting: Meeting, values: Mapping[str, Any], *, by: User | None, version: int) -> AgendaItem:
    """Put an item at the end, before the next meeting. `values`: any of FIELDS; a title in one language at least.

    Raises Conflict (somebody changed the agenda, or the same form came twice), InvalidInput.
    """
    current = _open(meeting, version)
    item = AgendaItem(meeting=current, position=0, **{name: values[name] for name in FIELDS if name in values})
    _check(item)
    item.save()
    items = [row for row in list_items(current) if row.pk != item.pk]
    is_last = bool(items) and items[-1].kind == AgendaKind.NEXT_MEETING
    _number([*items[:-1], item, items[-1]] if is_last else [*items, item])
    _touch(current)
    changes = {name: (None, getattr(item, name)) for name in FIELDS if getattr(item, name)}
    log_change(current, _record(item), changes, by=by, kind="create")
    return item


@transaction.atomic
def change_item(item: AgendaItem, values: Mapping[str, Any], *, by: User | None, version: int) -> AgendaItem:
    """Change the words, the speaker or the time of an item. Raises Conflict, InvalidInput (no title, adopted)."""
    current = lock_row(item, version, record=_record(item))
    _open(current.meeting)
    changes = {name: (getattr(current, name), values[name]) for name in FIELDS if name in values}
    for name, (_old, new) in changes.items():
        setattr(current, name, new)
    _check(current)
    current.version += 1
    current.save()
    log_change(current.meeting, _record(current), changes, by=by)
    return current


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User | None, version: int) -> None:
    """Take an item off. Raises Conflict, InvalidInput (adopted, decisions under it)."""
    current = lock_row(item, version, record=_record(item))
    meeting = _open(current.meeting)
    if current.decisions.exists():
        raise refuse("used_by_decisions", where=str(current.position))
    record, title = _record(current), current.title_ru or current.title_kk or current.title_en
    current.delete()
    _number(list_items(meeting))
    _touch(meeting)
    log_change(meeting, record, {"title": (title, None)}, by=by, kind="retire")


@transaction.atomic
def move_item(item: AgendaItem, direction: str, *, by: User | None, version: int) -> None:
    """Move an item one place ``up`` or ``down``; at the end of the list nothing happens. Raises Conflict, InvalidInput.

    version: of the meeting, whose order it is.
    """
    if direction not in ("up", "down"):
        raise refuse("not_in_list", where=_("Move"), value=direction[:20], allowed="up, down")
    meeting = _open(item.meeting, version)
    items = list_items(meeting)
    place = next(number for number, row in enumerate(items) if row.pk == item.pk)
    other = place - 1 if direction == "up" else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    _number(items)
    _touch(meeting)
    log_change(meeting, _record(item), {"position": (place + 1, other + 1)}, by=by)


def _open(meeting: Meeting, version: int | None = None) -> Meeting:
    """The meeting locked, if its agenda may still be changed: an adopted one is opened again first."""
    current = lock_meeting(meeting, version)
    if current.state == MeetingState.ADOPTED:
        raise refuse("agenda_adopted")
    if current.kind == MeetingKind.SESSION:
        check_state(current, OPEN, where=_("Change of the agenda"))
    return current


def _number(items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        if item.position != position:
            item.position = position
            item.save(update_fields=["position"])


def _touch(meeting: Meeting) -> None:
    meeting.version += 1
    meeting.updated_at = clock.read_now()
    meeting.save(update_fields=["version", "updated_at"])


def _record(item: AgendaItem) -> tuple[str, str]:
    return "agenda_item", f"{item.meeting.code}/{item.pk}"


def _check(item: AgendaItem) -> None:
    if item.kind not in AgendaKind.values:
        raise refuse("not_in_list", where=_("Kind"), value=str(item.kind)[:20], allowed=", ".join(AgendaKind.values))
    titles = [getattr(item, f"title_{code}") for code in LANGUAGES]
    if not any(title.strip() for title in titles):
        raise refuse("required", where=_("Title"))
    for title in titles:
        check_text(title, _("Title"), LONGEST_TITLE)
    check_text(item.speaker, _("Speaker"), LONGEST_SPEAKER)
    if item.minutes_planned is not None and not 0 < item.minutes_planned <= LONGEST_MINUTES:
        raise refuse("range", where=_("Minutes"), value=item.minutes_planned, allowed=f"1–{LONGEST_MINUTES}")
