"""Meetings as iCalendar (RFC 5545): what an invitation carries and what a calendar feed gives. Times are written in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from boget.portal.core.formatting import current_language
from boget.portal.core.templatetags.boget import FALLBACKS
from boget.portal.meetings.models import Meeting, MeetingKind, MeetingMode, MeetingState

PRODUCT = "-//Boget//Working group//EN"
USUAL_LENGTH = dt.timedelta(hours=2)
"""Length in calendars of a meeting whose end is not set; the description says that the end is open."""


def write_invitation(meeting: Meeting, *, name: str, email: str) -> tuple[str, bytes]:
    """Method and file for one receiver: REQUEST, or CANCEL for a meeting that was called off. No other receiver is named."""
    method = "CANCEL" if meeting.state == MeetingState.CANCELLED else "REQUEST"
    calendar = _make_calendar(method)
    event = _make_event(meeting)
    sender = vCalAddress(f"mailto:{settings.BOGET_REPLY_TO or settings.DEFAULT_FROM_EMAIL}")
    sender.params["CN"] = vText("Boget")
    event.add("organizer", sender)
    receiver = vCalAddress(f"mailto:{email}")
    receiver.params["CN"], receiver.params["ROLE"] = vText(name.replace('"', "")), vText("REQ-PARTICIPANT")
    receiver.params["PARTSTAT"], receiver.params["RSVP"] = vText("NEEDS-ACTION"), vText("FALSE")
    event.add("attendee", receiver)
    calendar.add_component(event)
    return method, calendar.to_ical()


def write_event(meeting: Meeting) -> bytes:
    """One meeting as a file to put into a calendar by hand."""
    return write_feed([meeting])


def write_feed(meetings: Iterable[Meeting]) -> bytes:
    """A calendar of meetings for programs that read it again and again; nobody is named in it."""
    calendar = _make_calendar("PUBLISH")
    calendar.add("x-wr-calname", _("Working Group on tailings safety"))
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_make_event(meeting))
    return calendar.to_ical()


def _make_calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _make_event(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.code}@{urlsplit(settings.BOGET_ADDRESS).hostname or 'localhost'}")
    event.add("dtstamp", meeting.updated_at.astimezone(dt.UTC))
    event.add("last-modified", meeting.updated_at.astimezone(dt.UTC))
    event.add("sequence", meeting.ical_sequence)
    _add_time(event, meeting)
    event.add("summary", name_meeting(meeting))
    if meeting.place or meeting.mode == MeetingMode.ONLINE:
        event.add("location", meeting.place or str(meeting.get_mode_display()))
    event.add("description", _describe(meeting))
    event.add("url", _find_address(meeting))
    event.add("status", _choose_status(meeting))
    event.add("transp", "TRANSPARENT" if meeting.state == MeetingState.CANCELLED else "OPAQUE")
    return event


def _add_time(event: Event, meeting: Meeting) -> None:
    if not meeting.has_time:
        event.add("dtstart", meeting.day)
        event.add("dtend", meeting.day + dt.timedelta(days=1))
        return
    event.add("dtstart", meeting.starts_at.astimezone(dt.UTC))
    event.add("dtend", (meeting.ends_at or meeting.starts_at + USUAL_LENGTH).astimezone(dt.UTC))


def _choose_status(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if meeting.state == MeetingState.PLANNED else "CONFIRMED"


def name_meeting(meeting: Meeting) -> str:
    """Kind and number, and the title where there is one, in the language of the moment."""
    title = next((t for code in FALLBACKS[current_language()] if (t := getattr(meeting, f"title_{code}"))), "")
    is_session = meeting.kind == MeetingKind.SESSION
    parts = {"number": meeting.number}
    name = _("Meeting %(number)s of the Working Group") % parts if is_session else _("Seminar %(number)s") % parts
    return f"{name}: {title}" if title else name


def _describe(meeting: Meeting) -> str:
    language = current_language()
    titles = [next((t for c in FALLBACKS[language] if (t := getattr(i, f"title_{c}"))), "") for i in meeting.items.all()]
    lines = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    if meeting.ends_at is None and meeting.has_time:
        lines.append(_("The end is open."))
    if meeting.link:
        lines.append(_("Link: %(address)s") % {"address": meeting.link})
    return "\n".join([*lines, _find_address(meeting)])


def _find_address(meeting: Meeting) -> str:
    return f"{settings.BOGET_ADDRESS}{find_path(meeting)}"


def find_path(meeting: Meeting | Any) -> str:
    """Path of the page of a meeting or of a seminar."""
    name = "meetings:meeting" if meeting.kind == MeetingKind.SESSION else "meetings:seminar"
    try:
        return reverse(name, args=[meeting.number])
    except NoReverseMatch:
        return "/"
