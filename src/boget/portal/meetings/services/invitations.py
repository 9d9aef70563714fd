"""Sending the invitations, and what the notification topics `meeting` and `minutes` ask of this app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.core.errors import refuse
from boget.portal.jobs import clock
from boget.portal.meetings.models import Meeting, MeetingState
from boget.portal.meetings.selectors.agenda import list_items, title_of
from boget.portal.meetings.selectors.ical import find_path, write_invitation
from boget.portal.meetings.selectors.meetings import find_by_code, may_read_minutes
from boget.portal.meetings.services.locking import lock_meeting, log_change
from boget.portal.meetings.services.meetings import check_agenda, check_state, move_state
from boget.portal.meetings.services.telling import tell_invited
from boget.portal.notifications.topics import Attachment


@transaction.atomic
def send_invitations(meeting: Meeting, *, by: User | None, version: int) -> int:
    """Invite everybody on the list who was not invited yet; returns how many. Asked twice it invites nobody twice.

    People with an account are told by the outbox with the calendar file; for the others the paper is printed.
    Raises Conflict, InvalidInput: no agenda, nobody on the list, the time is past, cancelled.
    """
    current = lock_meeting(meeting, version)
    allowed = [MeetingState.PLANNED, MeetingState.INVITED, MeetingState.ADOPTED]
    check_state(current, allowed, where=_("Invitations"))
    check_agenda(current)
    if current.starts_at <= clock.read_now():
        raise refuse("meeting_past", value=date_format(current.local_start, "SHORT_DATETIME_FORMAT"))
    new = list(current.attendance.filter(invited_at=None).values_list("pk", flat=True))
    if not current.attendance.exists():
        raise refuse("nobody_listed")
    current.attendance.filter(pk__in=new).update(invited_at=clock.read_now())
    if current.state == MeetingState.PLANNED:
        move_state(current, MeetingState.INVITED, by=by)
    if new:
        log_change(current, ("meeting", current.code), {"invited": (0, len(new))}, by=by)
        tell_invited(current)
    return len(new)


# --- what the topics ask -------------------------------------------------------------------------------------------------


def find_address(code: str) -> str:
    """Path of the page of a meeting by the code that notifications use."""
    return find_path(_read_code(code))


def find_minutes_address(code: str) -> str:
    return f"{find_path(_read_code(code))}minutes/"


def _read_code(code: str) -> Any:
    kind, _dash, number = code.rpartition("-")
    return Meeting(kind=kind or "session", number=int(number) if number.isdecimal() else 0)


def describe_meeting(code: str, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The agenda in the language of the moment, for an invitation; not for a change."""
    if context.get("change"):
        return {}
    found = _read_code(code)
    meeting = Meeting.objects.filter(kind=found.kind, number=found.number).first()
    return {"agenda": [title_of(item)[0] for item in list_items(meeting)] if meeting else []}


def attach_invitation(code: str, user: Any) -> Collection[Attachment]:
    """The calendar file as the meeting stands now, for its receiver alone."""
    meeting = find_by_code(user, code)
    if meeting is None:
        return ()
    method, content = write_invitation(meeting, name=user.name, email=user.email)
    name = f"meeting-{meeting.code}.ics"
    return (Attachment(name, content, f'text/calendar; method={method}; charset="utf-8"'),)


def filter_readable_minutes(user: Any, codes: Collection[str]) -> set[str]:
    """Those of the meetings whose minutes the reader may see now."""
    found = ((code, find_by_code(user, code)) for code in codes)
    return {code for code, meeting in found if meeting is not None and may_read_minutes(user, meeting)}
