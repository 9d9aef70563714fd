"""The only door for writes to a meeting itself and its way from planned to held; each refusal says what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.core.errors import refuse
from boget.portal.jobs import clock
from boget.portal.meetings.models import Meeting, MeetingKind, MeetingMode, MeetingState, WorkingGroup
from boget.portal.meetings.selectors.meetings import OVER, choose_number
from boget.portal.meetings.services.attendance import check_text, freeze_names
from boget.portal.meetings.services.locking import lock_meeting, log_change, write_plain
from boget.portal.meetings.services.telling import ANNOUNCED, tell_invited

FIELDS = (
    "number", "title_ru", "title_kk", "title_en", "starts_at", "ends_at", "has_time", "time_zone", "mode", "place", "link",
    "host", "funder", "languages", "minutes_language", "attachments_pages", "source",
)  # fmt: skip
NOTICED = ("starts_at", "ends_at", "time_zone", "has_time", "mode", "place", "link")
"""What makes a new invitation when it changes after invitations were sent."""
CLOSED = (MeetingState.SIGNED, MeetingState.DISTRIBUTED, MeetingState.CANCELLED)
LONGEST = dt.timedelta(days=14)
WORDS = ("title_ru", "title_kk", "title_en", "place", "link", "host", "funder", "source")
LONGEST_WORDS = 500


@transaction.atomic
def create_meeting(values: Mapping[str, Any], *, by: User | None, kind: str = MeetingKind.SESSION) -> Meeting:
    """Plan a meeting. `values`: any of FIELDS, ``starts_at`` (aware) at least; without ``number`` the next one is taken.

    The same values sent twice make one meeting. Raises InvalidInput: number taken, times out of order, no group yet.
    """
    group = WorkingGroup.objects.select_for_update().order_by("pk").first()
    if group is None:
        raise refuse("group_missing")
    number = values.get("number") or choose_number(kind)
    kept = {name: values[name] for name in FIELDS if name in values} | {"number": number}
    now = clock.read_now()
    meeting = Meeting(group=group, kind=kind, created_at=now, updated_at=now, **kept)
    _check_values(meeting)
    same = Meeting.objects.filter(kind=kind, number=number).first()
    if same is not None:
        if all(getattr(same, name) == value for name, value in kept.items()):
            return same
        raise refuse("duplicate", where=_("Number of the meeting"), value=number)
    meeting.save()
    changes = {name: (None, write_plain(value)) for name, value in kept.items() if value not in (None, "")}
    log_change(meeting, ("meeting", meeting.code), changes, by=by, kind="create", reason=str(values.get("source", "")))
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, values: Mapping[str, Any], *, by: User | None, version: int, note: str = "") -> Meeting:
    """Change what was planned. After invitations were sent, everybody invited gets the new time or place.

    note: what changed and why, for those who are told. Raises Conflict (stale version), InvalidInput (closed meeting, number).
    """
    current = lock_meeting(meeting, version)
    check_state(current, [s for s in MeetingState.values if s not in CLOSED], where=_("Change of the meeting"))
    changes = {
        name: (write_plain(getattr(current, name)), write_plain(values[name]))
        for name in FIELDS
        if name in values and getattr(current, name) != values[name]
    }
    if not changes:
        return current
    old_day = current.day
    if "number" in changes and current.state != MeetingState.PLANNED:
        raise refuse(
            "meeting_step",
            where=_("Number of the meeting"),
            value=current.get_state_display(),
            allowed=_say_states([MeetingState.PLANNED]),
        )
    for name in changes:
        setattr(current, name, values[name])
    _check_values(current)
    if "number" in changes and Meeting.objects.filter(kind=current.kind, number=current.number).exclude(pk=current.pk).exists():
        raise refuse("duplicate", where=_("Number of the meeting"), value=current.number)
    is_noticed = current.state in ANNOUNCED and not set(NOTICED).isdisjoint(changes)
    current.ical_sequence += is_noticed
    _save(current)
    log_change(current, ("meeting", current.code), changes, by=by, reason=note)
    if current.day != old_day and current.state not in OVER:
        freeze_names(current)
    if is_noticed:
        tell_invited(current, change="changed", note=note)
    return current


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User | None, version: int, reason: str) -> Meeting:
    """Call a meeting off; those invited are told and their calendars drop it. Raises InvalidInput: held already, no reason."""
    current = lock_meeting(meeting, version)
    allowed = [MeetingState.PLANNED, MeetingState.INVITED, MeetingState.ADOPTED]
    check_state(current, allowed, where=_("Cancelling"))
    if not reason.strip():
        raise refuse("reason_missing")
    is_announced = current.state in ANNOUNCED
    current.ical_sequence += 1
    move_state(current, MeetingState.CANCELLED, by=by, reason=reason)
    if is_announced:
        tell_invited(current, change="cancelled", note=reason)
    return current


@transaction.atomic
def adopt_agenda(meeting: Meeting, *, by: User | None, version: int) -> Meeting:
    """The agenda is adopted: from now on its items stand. A past meeting is entered without invitations."""
    current = lock_meeting(meeting, version)
    is_past = current.starts_at <= clock.read_now()
    allowed = [MeetingState.INVITED, *([MeetingState.PLANNED] if is_past else [])]
    check_state(current, allowed, where=_("Adoption of the agenda"))
    check_agenda(current)
    return move_state(current, MeetingState.ADOPTED, by=by)


@transaction.atomic
def reopen_agenda(meeting: Meeting, *, by: User | None, version: int) -> Meeting:
    """The agenda may be changed again, as long as the meeting was not held."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.ADOPTED], where=_("Opening the agenda again"))
    invited = current.attendance.filter(invited_at__isnull=False).exists()
    return move_state(current, MeetingState.INVITED if invited else MeetingState.PLANNED, by=by)


@transaction.atomic
def mark_held(meeting: Meeting, *, by: User | None, version: int) -> Meeting:
    """The meeting has begun: who is present is marked, minutes are taken, decisions recorded."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.ADOPTED], where=_("Marking the meeting as held"))
    if current.day > timezone.localdate(clock.read_now(), timezone=current.local_start.tzinfo):
        begins = date_format(current.local_start, "SHORT_DATETIME_FORMAT")
        raise refuse("meeting_to_come", where=_("Marking the meeting as held"), value=begins)
    if not current.attendance.filter(is_present=True).exists():
        raise refuse("nobody_present")
    return move_state(current, MeetingState.HELD, by=by)


# --- shared by the other steps -------------------------------------------------------------------------------------------


def check_state(meeting: Meeting, allowed: Collection[str], *, where: Any) -> None:
    """Raises InvalidInput ``meeting_step`` that names the state met and those in which the step is possible."""
    if meeting.state not in allowed:
        raise refuse("meeting_step", where=where, value=meeting.get_state_display(), allowed=_say_states(allowed))


def check_agenda(meeting: Meeting) -> None:
    if not meeting.items.exists():
        raise refuse("agenda_empty")


def move_state(meeting: Meeting, state: str, *, by: User | None, reason: str = "", **fields: Any) -> Meeting:
    """Set the state of a locked meeting, with other columns, and log both."""
    changes = {name: (write_plain(getattr(meeting, name)), write_plain(value)) for name, value in fields.items()}
    for name, value in fields.items():
        setattr(meeting, name, value)
    changes["state"] = (meeting.state, str(state))
    meeting.state = state
    _save(meeting)
    log_change(meeting, ("meeting", meeting.code), changes, by=by, reason=reason)
    return meeting


def _save(meeting: Meeting) -> None:
    meeting.version += 1
    meeting.updated_at = clock.read_now()
    meeting.save()


def _say_states(states: Collection[str]) -> str:
    return ", ".join(str(MeetingState(state).label) for state in states)


def _check_values(meeting: Meeting) -> None:
    for name in WORDS:
        check_text(getattr(meeting, name), Meeting._meta.get_field(name).verbose_name, LONGEST_WORDS)  # type: ignore[union-attr]
    if not 1 <= int(meeting.number) <= 9999:
        raise refuse("range", where=_("Number of the meeting"), value=meeting.number, allowed="1–9999")
    if meeting.mode not in MeetingMode.values:
        raise refuse("not_in_list", where=_("Mode"), value=meeting.mode, allowed=", ".join(MeetingMode.values))
    if meeting.ends_at is not None and not meeting.starts_at < meeting.ends_at <= meeting.starts_at + LONGEST:
        ends, starts = (
            date_format(timezone.localtime(m), "SHORT_DATETIME_FORMAT") for m in (meeting.ends_at, meeting.starts_at)
        )
        raise refuse("date_order", where=_("End"), value=ends, allowed=starts)
