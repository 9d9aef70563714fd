"""Telling people about a meeting by the outbox: invitations, changes, cancelling, minutes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import today
from boget.portal.core.formatting import LANGUAGES
from boget.portal.meetings.models import GroupPerson, Meeting, MeetingMode, MeetingState
from boget.portal.notifications.services import notify

ANNOUNCED = (MeetingState.INVITED, MeetingState.ADOPTED)
"""States in which people hold an invitation for what is still to come."""


def tell_invited(meeting: Meeting, *, change: str = "", note: str = "") -> None:
    """Tell everybody on the list who was invited and has an account; the letter carries the calendar file as it is then."""
    rows = meeting.attendance.filter(invited_at__isnull=False, user__isnull=False).select_related("user")
    people = [row.user for row in rows if row.user is not None]
    context = {
        "number": meeting.number,
        "starts_at": meeting.starts_at.isoformat(),
        "place": describe_place(meeting),
        "change": change,
        "change_note": note,
    }
    key = f"meeting-{meeting.code}-{meeting.ical_sequence}"
    notify("meeting", people, meeting.code, context=context, dedupe_key=key)


def tell_of_minutes(meeting: Meeting, people: Iterable[User], *, comments_by: str = "", number: int) -> None:
    """Tell that draft minutes are open for comments until a day, or that signed ones are there."""
    context = {"number": meeting.number, "comments_by": comments_by}
    notify("minutes", people, meeting.code, context=context, dedupe_key=f"minutes-{meeting.code}-{number}-{comments_by}")


def list_members(meeting: Meeting) -> list[User]:
    """People with an account who are in the group today or on the list of the meeting."""
    persons = GroupPerson.objects.on(today()).filter(group=meeting.group, user__isnull=False).select_related("user")
    rows = meeting.attendance.filter(user__isnull=False).select_related("user")
    found = {row.user.pk: row.user for row in [*persons, *rows] if row.user is not None}
    return list(found.values())


def describe_place(meeting: Meeting) -> str | dict[str, str]:
    """Place in words, per language where it is only a mode; the address of a video call is not given away in letters."""
    if meeting.place or meeting.mode != MeetingMode.ONLINE:
        return meeting.place
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = str(MeetingMode.ONLINE.label)
    return texts
