"""Calendar files by the rules of RFC 5545, letters with them, and calendar addresses that can be stopped."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest

from boget.portal.jobs.worker import Worker
from boget.portal.meetings.models import CalendarFeed
from boget.portal.meetings.selectors.ical import write_event, write_feed, write_invitation
from boget.portal.meetings.services import attendance, calendar, meetings
from boget.portal.meetings.services.invitations import send_invitations
from tests.portal.meetings.ical_rules import read_calendar, unfold

NASTY = "Обсуждение; с запятой, «кавычки», обратная \\ черта и\nновая строка — " + "очень длинное название " * 8


def test_an_invitation_is_read_back_by_both_readers(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting(items=(NASTY.replace("\n", " "), "Қалдық қоймалары; ә, ғ, қ"), place="Астана, ул. Мәңгілік Ел, 8; каб. 5", link="https://example.org/j/1?a=b,c;d")
    method, content = write_invitation(meeting, name='Ann "A", B', email="ann@test.boget")
    assert method == "REQUEST"
    head, (event,) = read_calendar(content)
    assert head["METHOD"] == "REQUEST"
    assert event["SEQUENCE"] == ["0"] and event["STATUS"] == ["TENTATIVE"]
    read = icalendar.Calendar.from_ical(content)
    (component,) = read.walk("VEVENT")
    assert str(component["LOCATION"]) == meeting.place
    assert "Қалдық қоймалары; ә, ғ, қ" in str(component["DESCRIPTION"])
    assert component.decoded("DTSTART") == meeting.starts_at
    assert component.decoded("DTEND") > component.decoded("DTSTART")
    assert str(component["ATTENDEE"]) == "mailto:ann@test.boget"


def test_a_day_without_a_time_is_a_day(make_meeting: Any) -> None:
    meeting = make_meeting(has_time=False)
    _head, (event,) = read_calendar(write_event(meeting))
    assert event["DTSTART"] == [f"{meeting.day:%Y%m%d}"]
    (component,) = icalendar.Calendar.from_ical(write_event(meeting)).walk("VEVENT")
    assert component.decoded("DTSTART") == meeting.day


def test_the_strict_reader_finds_faults(make_meeting: Any) -> None:
    content = write_event(make_meeting())
    for bad in (
        content.replace(b"\r\n", b"\n"),
        content.replace(b"SUMMARY:", b"SUMMARY:a,b;"),
        content.replace(b"UID:", b"X-NOT-UID:"),
        content.replace(b"END:VEVENT\r\n", b""),
        content.replace(b"SUMMARY:", b"SUMMARY:" + b"x" * 80),
        content.replace(b"DTSTART:", b"DTSTART;TZID=Asia/Almaty:"),
    ):
        assert bad != content
        with pytest.raises(AssertionError):
            read_calendar(bad)
    assert unfold(content)


def read_letters(mailoutbox: list[Any]) -> dict[str, tuple[str, bytes]]:
    """Receiver -> type and content of the calendar file."""
    found = {}
    for message in mailoutbox:
        for name, content, mime in message.attachments:
            found[message.to[0]] = (mime, content if isinstance(content, bytes) else content.encode())
            assert name.endswith(".ics")
    return found


def test_letters_carry_request_then_change_then_cancel(
    make_meeting: Any, cast: dict[str, Any], mailoutbox: list[Any], settings: Any
) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    send_invitations(meeting, by=by, version=meeting.version)
    Worker().work_off()
    files = read_letters(mailoutbox)
    assert set(files) == {cast[name].email for name in ("secretary", "editor", "inspector", "expert", "observer")}
    sequences = [_sequence(files, cast, "REQUEST")]
    mailoutbox.clear()
    meeting.refresh_from_db()
    later = meeting.starts_at + dt.timedelta(hours=1)
    meetings.change_meeting(meeting, {"starts_at": later}, by=by, version=meeting.version, note="later")
    Worker().work_off()
    sequences.append(_sequence(read_letters(mailoutbox), cast, "REQUEST"))
    mailoutbox.clear()
    meeting.refresh_from_db()
    meetings.cancel_meeting(meeting, by=by, version=meeting.version, reason="called off")
    Worker().work_off()
    sequences.append(_sequence(read_letters(mailoutbox), cast, "CANCEL"))
    assert sequences == [0, 1, 2]


def _sequence(files: dict[str, tuple[str, bytes]], cast: dict[str, Any], method: str) -> int:
    mime, content = files[cast["expert"].email]
    assert mime.startswith("text/calendar") and f"method={method}" in mime
    head, (event,) = read_calendar(content)
    assert head["METHOD"] == method
    assert event["ATTENDEE"] == [f"mailto:{cast['expert'].email}"]  # nobody else's address
    others = {person.email for name, person in cast.items() if name not in ("expert", "anonymous")}
    assert not any(email.encode() in content for email in others)
    return int(event["SEQUENCE"][0])


def test_letters_have_the_agenda_in_the_receivers_language(
    make_meeting: Any, cast: dict[str, Any], mailoutbox: list[Any]
) -> None:
    from boget.portal.meetings.services.agenda import fill_agenda

    cast["expert"].language = "kk"
    cast["expert"].save()
    meeting = make_meeting(items=())
    fill_agenda(meeting, by=cast["secretary"], version=meeting.version)
    meeting.refresh_from_db()
    send_invitations(meeting, by=cast["secretary"], version=meeting.version)
    Worker().work_off()
    bodies = {message.to[0]: message.body for message in mailoutbox}
    item = meeting.items.first()
    assert item.title_kk in bodies[cast["expert"].email]
    assert item.title_en in bodies[cast["inspector"].email]


def test_a_feed_shows_what_its_owner_may_see_today(make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    meeting = make_meeting()
    answer = clients["expert"].post("/meetings/calendar/")
    (feed,) = CalendarFeed.objects.filter(user=cast["expert"])
    token = answer.context["address"].rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in feed.secret_sha256 and len(token) >= 32
    assert token not in clients["expert"].get("/meetings/calendar/").content.decode()  # shown once
    address = f"/meetings/calendar/{token}.ics"
    _head, events = read_calendar(clients["anonymous"].get(address).content)
    assert [event["UID"][0] for event in events] == [f"meeting-{meeting.code}@127.0.0.1"]
    membership = cast["expert"].memberships.get()
    membership.valid_to = dt.date(2022, 2, 1)
    membership.save()
    meeting.group.bodies.all().delete()
    _head, events = read_calendar(clients["anonymous"].get(address).content)
    assert events == []  # rights are those of today


def test_a_stopped_or_foreign_feed_is_absent(make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    make_meeting()
    feed, token = calendar.make_feed(cast["expert"])
    assert clients["anonymous"].get(f"/meetings/calendar/{token[:-1]}x.ics").status_code == 404
    assert clients["editor"].post(f"/meetings/calendar/{feed.pk}/revoke/").status_code == 404
    assert clients["anonymous"].get(f"/meetings/calendar/{token}.ics").status_code == 200
    assert clients["expert"].post(f"/meetings/calendar/{feed.pk}/revoke/").status_code == 302
    assert clients["anonymous"].get(f"/meetings/calendar/{token}.ics").status_code == 404


def test_a_closed_account_has_no_feed(cast: dict[str, Any], clients: dict[str, Any]) -> None:
    _feed, token = calendar.make_feed(cast["expert"])
    type(cast["expert"]).objects.filter(pk=cast["expert"].pk).update(is_active=False)
    assert clients["anonymous"].get(f"/meetings/calendar/{token}.ics").status_code == 404


def test_a_feed_of_many_meetings_holds_the_rules(make_meeting: Any) -> None:
    made = [make_meeting(hours=24 * day, title_ru=NASTY.replace("\n", " ")[:300], number=day + 1) for day in range(5)]
    head, events = read_calendar(write_feed(made))
    assert head["METHOD"] == "PUBLISH" and len(events) == 5
    assert not any("ATTENDEE" in event or "ORGANIZER" in event for event in events)
    assert len(list(icalendar.Calendar.from_ical(write_feed(made)).walk("VEVENT"))) == 5


def test_paper_invitations_for_those_without_an_account(make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    meeting = make_meeting()
    attendance.add_participant(meeting, {"name": "Бумажный Гость"}, by=cast["secretary"])
    page = clients["secretary"].get(f"/meetings/{meeting.number}/invitations/paper/?for=paper").content.decode()
    assert "Бумажный Гость" in page and page.count('class="sheet"') == 1
    assert clients["secretary"].get(f"/meetings/{meeting.number}/invitations/paper/").content.decode().count('class="sheet"') == 6
