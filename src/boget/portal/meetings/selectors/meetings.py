"""Meetings as a reader may see them: members all of them, others those to which they were invited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from boget.portal.accounts.selectors import access_of, today
from boget.portal.meetings.models import (
    Attendance,
    CalendarFeed,
    Meeting,
    MeetingDocument,
    MeetingKind,
    MeetingState,
    Registration,
)
from boget.portal.meetings.selectors.rights import documents_visible_to, group_access_of

STILL_RUNNING = dt.timedelta(hours=6)
"""A meeting that began less than this ago is still the next one."""
MINUTES_OPEN = (MeetingState.SIGNED, MeetingState.DISTRIBUTED)
OVER = (MeetingState.HELD, MeetingState.DRAFT, MeetingState.COMMENTS, MeetingState.FINAL, *MINUTES_OPEN)
TAKING = (MeetingState.ADOPTED, MeetingState.HELD, MeetingState.DRAFT, MeetingState.COMMENTS)
"""States in which the minutes are written."""

_CODE = re.compile(r"(seminar-)?([1-9]\d{0,3})\Z")


def meetings_visible_to(user: Any) -> QuerySet[Meeting]:
    """Meetings and seminars: members all, others those they are invited to or, while they have a role, registered for."""
    if not getattr(user, "is_authenticated", False):
        return Meeting.objects.none()
    if group_access_of(user).is_member:
        return Meeting.objects.all()
    is_guest, has_role = Q(person=None), bool(access_of(user).roles)
    if has_role:  # who was invited for a place in the group reads as long as the place is held
        is_guest |= Q(person__valid_to=None) | Q(person__valid_to__gte=today())
    invited = Attendance.objects.filter(is_guest, meeting=OuterRef("pk"), user=user, invited_at__isnull=False)
    registered = Registration.objects.filter(seminar=OuterRef("pk"), user=user, is_cancelled=False)
    return Meeting.objects.filter(Exists(invited) | Exists(registered if has_role else registered.none()))


def list_meetings(user: Any) -> QuerySet[Meeting]:
    """Meetings of the group, the newest first; seminars have a list of their own."""
    return meetings_visible_to(user).filter(kind=MeetingKind.SESSION)


def describe_meetings(user: Any) -> QuerySet[Meeting]:
    """The list with the number of items and decisions of each."""
    counts = {"item_count": Count("items", distinct=True), "decision_count": Count("decisions", distinct=True)}
    return list_meetings(user).annotate(**counts).order_by("-starts_at", "-pk")


def find_meeting(user: Any, number: int) -> Meeting | None:
    """The meeting of this number, None where it is absent or not open to the reader."""
    return list_meetings(user).select_related("group__host").filter(number=number).first()


def find_by_code(user: Any, code: str) -> Meeting | None:
    """A meeting or a seminar by the name that notifications use: 5, seminar-2."""
    match = _CODE.match(code)
    if match is None:
        return None
    kind = MeetingKind.SEMINAR if match[1] else MeetingKind.SESSION
    return meetings_visible_to(user).filter(kind=kind, number=int(match[2])).first()


def filter_open_codes(user: Any, codes: Collection[str]) -> set[str]:
    """Those of the codes whose meetings the reader may see."""
    found = (find_by_code(user, code) for code in codes)
    return {meeting.code for meeting in found if meeting is not None}


def next_meeting(user: Any, now: dt.datetime) -> Meeting | None:
    """The meeting that comes next, or is going on; cancelled ones do not count."""
    coming = list_meetings(user).filter(starts_at__gt=now - STILL_RUNNING).exclude(state__in=[*OVER, MeetingState.CANCELLED])
    return coming.order_by("starts_at").first()


def list_calendar(user: Any) -> QuerySet[Meeting]:
    """Everything with a date that the reader may see, meetings and seminars."""
    return meetings_visible_to(user).order_by("starts_at", "pk")


def find_previous(meeting: Meeting) -> Meeting | None:
    """The meeting of the group before this one that took place or is past."""
    earlier = Meeting.objects.filter(kind=MeetingKind.SESSION, starts_at__lt=meeting.starts_at).exclude(pk=meeting.pk)
    return earlier.exclude(state=MeetingState.CANCELLED).order_by("-starts_at").first()


def choose_number(kind: str) -> int:
    """The next free number of a meeting or a seminar."""
    last = Meeting.objects.filter(kind=kind).order_by("-number").first()
    return last.number + 1 if last else 1


def own_attendance(user: Any, meeting: Meeting) -> Attendance | None:
    """The reader's own row on the list of the meeting."""
    return meeting.attendance.filter(user=user).first() if getattr(user, "is_authenticated", False) else None


def may_read_minutes(user: Any, meeting: Meeting) -> bool:
    """Drafts are for members; what is signed also for those who were invited to the meeting."""
    if group_access_of(user).is_member:
        return True
    return meeting.state in MINUTES_OPEN and own_attendance(user, meeting) is not None


def list_documents(user: Any, meeting: Meeting) -> QuerySet[MeetingDocument]:
    """Files of a meeting: members up to their level, an invited guest and whoever may come to a seminar the public ones."""
    documents = documents_visible_to(user).filter(meeting=meeting)
    is_open_seminar = meeting.kind == MeetingKind.SEMINAR and bool(access_of(user).roles)
    if not group_access_of(user).is_member and (is_open_seminar or own_attendance(user, meeting) is not None):
        documents = MeetingDocument.objects.filter(meeting=meeting, removed_at=None, level=0)
    return documents.select_related("item").order_by("item__position", "pk")


def find_document(user: Any, pk: int) -> MeetingDocument | None:
    document = MeetingDocument.objects.select_related("meeting").filter(pk=pk, removed_at=None).first()
    return document if document is not None and list_documents(user, document.meeting).filter(pk=pk).exists() else None


def list_feeds(user: Any) -> QuerySet[CalendarFeed]:
    """The reader's own calendar addresses that still work."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None)
