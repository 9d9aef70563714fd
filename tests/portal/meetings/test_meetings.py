"""A meeting on its way: what each step needs, what it refuses, and who is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.core.errors import Conflict, translate
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.meetings.models import Attendance, Meeting
from boget.portal.meetings.selectors.attendance import count_quorum
from boget.portal.meetings.selectors.meetings import list_meetings, next_meeting
from boget.portal.meetings.services import attendance, meetings
from boget.portal.meetings.services.invitations import send_invitations
from boget.portal.notifications.models import Notification, OutboxEvent
from boget.science.errors import InvalidInput


def refusal(caught: pytest.ExceptionInfo[InvalidInput]) -> str:
    return caught.value.code


def test_the_same_form_twice_makes_one_meeting(make_meeting: Any, cast: dict[str, Any]) -> None:
    values = {"starts_at": timezone.now() + dt.timedelta(days=3), "number": 7, "place": "Астана"}
    first = meetings.create_meeting(values, by=cast["secretary"])
    assert meetings.create_meeting(values, by=cast["secretary"]).pk == first.pk
    with pytest.raises(InvalidInput) as caught:
        meetings.create_meeting({**values, "place": "Алматы"}, by=cast["secretary"])
    assert refusal(caught) == "duplicate"
    assert Meeting.objects.count() == 1


def test_a_meeting_cannot_end_before_it_begins(group: Any, cast: dict[str, Any]) -> None:
    now = timezone.now()
    with pytest.raises(InvalidInput) as caught:
        meetings.create_meeting({"starts_at": now, "ends_at": now - dt.timedelta(hours=1)}, by=cast["secretary"])
    assert refusal(caught) == "date_order"
    assert not Meeting.objects.exists()


def test_invitations_need_an_agenda_people_and_time_to_come(make_meeting: Any, cast: dict[str, Any]) -> None:
    by = cast["secretary"]
    for meeting, code in (
        (make_meeting(items=()), "agenda_empty"),
        (make_meeting(listed=False), "nobody_listed"),
        (make_meeting(hours=-2), "meeting_past"),
    ):
        with pytest.raises(InvalidInput) as caught:
            send_invitations(meeting, by=by, version=meeting.version)
        assert refusal(caught) == code
        meeting.refresh_from_db()
        assert meeting.state == "planned"
    assert not OutboxEvent.objects.filter(topic="meeting").exists()


def test_steps_out_of_order_are_refused_with_the_states(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    with pytest.raises(InvalidInput) as caught:
        meetings.adopt_agenda(meeting, by=by, version=meeting.version)
    assert "planned" in translate(caught.value) and "invitations sent" in translate(caught.value)
    with pytest.raises(InvalidInput):
        meetings.mark_held(meeting, by=by, version=meeting.version)


def test_nothing_is_held_before_its_day_or_without_people(make_meeting: Any, cast: dict[str, Any]) -> None:
    by, meeting = cast["secretary"], make_meeting(hours=72)
    send_invitations(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    meetings.adopt_agenda(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    with pytest.raises(InvalidInput) as caught:
        meetings.mark_held(meeting, by=by, version=meeting.version)
    assert refusal(caught) == "meeting_to_come"
    past = make_meeting(hours=-3)
    meetings.adopt_agenda(past, by=by, version=past.version)
    past.refresh_from_db()
    with pytest.raises(InvalidInput) as caught:
        meetings.mark_held(past, by=by, version=past.version)
    assert refusal(caught) == "nobody_present"


def test_invited_twice_is_told_once_and_a_new_guest_alone(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    assert send_invitations(meeting, by=by, version=meeting.version) == 5
    assert Notification.objects.filter(event__topic="meeting").count() == 5
    meeting.refresh_from_db()
    guest = {"name": "Guest", "email": cast["operator"].email}
    attendance.add_participant(meeting, guest, by=by)
    assert send_invitations(meeting, by=by, version=meeting.version) == 1
    assert send_invitations(meeting, by=by, version=meeting.version) == 0
    told = Notification.objects.filter(event__topic="meeting").values_list("user__email", flat=True)
    assert sorted(told) == sorted({*told}) and cast["operator"].email in told and len(told) == 6


def test_a_changed_time_raises_the_sequence_and_tells(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    meetings.change_meeting(meeting, {"place": "Алматы"}, by=by, version=meeting.version)
    meeting.refresh_from_db()
    assert meeting.ical_sequence == 0  # nobody holds an invitation yet
    send_invitations(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    later = meeting.starts_at + dt.timedelta(hours=2)
    meetings.change_meeting(meeting, {"starts_at": later}, by=by, version=meeting.version, note="the hall is taken")
    meeting.refresh_from_db()
    assert meeting.ical_sequence == 1
    assert OutboxEvent.objects.filter(topic="meeting", context__change="changed").count() == 1
    meetings.change_meeting(meeting, {"funder": "OSCE"}, by=by, version=meeting.version)
    meeting.refresh_from_db()
    assert meeting.ical_sequence == 1  # money is nobody's calendar


def test_cancelling_needs_a_reason_and_tells_those_invited(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    send_invitations(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    with pytest.raises(InvalidInput) as caught:
        meetings.cancel_meeting(meeting, by=by, version=meeting.version, reason=" ")
    assert refusal(caught) == "reason_missing"
    meetings.cancel_meeting(meeting, by=by, version=meeting.version, reason="no quorum in sight")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.ical_sequence) == ("cancelled", 1)
    assert OutboxEvent.objects.filter(topic="meeting", context__change="cancelled").count() == 1


def test_a_stale_version_changes_nothing(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting()
    meetings.change_meeting(meeting, {"host": "OSCE"}, by=cast["secretary"], version=meeting.version)
    with pytest.raises(Conflict):
        meetings.change_meeting(meeting, {"host": "IWAC"}, by=cast["editor"], version=meeting.version)
    meeting.refresh_from_db()
    assert meeting.host == "OSCE"


def test_every_step_is_in_the_log(make_held: Any) -> None:
    meeting = make_held()
    steps = [r.changes.get("state") for r in Revision.objects.filter(record_type="meeting", record_id=meeting.code).order_by("seq")]
    assert [step[1] for step in steps if step] == ["adopted", "held"]


# --- people ------------------------------------------------------------------------------------------------------------


def test_names_of_bodies_stay_as_of_the_day(make_meeting: Any, cast: dict[str, Any]) -> None:
    """A body renamed since: the list of a meeting before prints the old name, of a later one the new one."""
    from boget.portal.accounts.services import rename_organisation

    body = organisation_of(cast["editor"])
    names = {"name_ru": "Новое имя", "short_ru": "НИ"}
    rename_organisation(body, code="renamed", names=names, first_day=today() - dt.timedelta(days=30), by=SYSTEM)
    before = make_meeting(hours=-24 * 90)
    after = make_meeting(hours=24)
    row = {m.pk: m.attendance.get(user=cast["editor"]).organisation_ru for m in (before, after)}
    assert row == {before.pk: "test-environment", after.pk: "Новое имя"}


def test_a_meeting_that_is_moved_takes_the_names_of_its_new_day(make_meeting: Any, cast: dict[str, Any]) -> None:
    from boget.portal.accounts.services import rename_organisation

    meeting = make_meeting(hours=24)
    first_day = today() + dt.timedelta(days=30)
    rename_organisation(organisation_of(cast["editor"]), code="renamed", names={"name_ru": "Новое имя"}, first_day=first_day, by=SYSTEM)
    moved = {"starts_at": meeting.starts_at + dt.timedelta(days=60)}
    meetings.change_meeting(meeting, moved, by=cast["secretary"], version=meeting.version)
    assert meeting.attendance.get(user=cast["editor"]).organisation_ru == "Новое имя"


def test_quorum_counts_members_and_substitutes_of_the_absent(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    rows = {row.user.email.split("@")[0]: row for row in meeting.attendance.select_related("user")}
    assert {name: row.has_vote for name, row in rows.items()} == {
        "secretary": True, "editor": True, "inspector": True, "expert": True, "observer": False,
    }  # fmt: skip
    quorum = count_quorum(meeting)
    assert (quorum.members, quorum.present, quorum.needed, quorum.is_met) == (4, 0, 3, False)
    assert quorum.is_placeholder
    attendance.mark_presence(meeting, {rows["secretary"].pk: True, rows["editor"].pk: True, rows["observer"].pk: True}, by=by)
    assert not count_quorum(meeting).is_met  # an observer does not count
    attendance.answer_invitation(rows["expert"], "substitute", by=cast["expert"], substitute={"name": "Stand-in"})
    stand_in = Attendance.objects.get(name="Stand-in")
    attendance.mark_presence(meeting, {stand_in.pk: True}, by=by)
    assert (count_quorum(meeting).present, count_quorum(meeting).is_met) == (3, True)
    attendance.mark_presence(meeting, {rows["expert"].pk: True}, by=by)
    assert count_quorum(meeting).present == 3  # one place, one vote


def test_a_substitute_must_be_named(make_meeting: Any, cast: dict[str, Any]) -> None:
    row = make_meeting().attendance.get(user=cast["expert"])
    with pytest.raises(InvalidInput):
        attendance.answer_invitation(row, "substitute", by=cast["expert"], substitute={"name": " "})
    row.refresh_from_db()
    assert row.answer == "none"  # nothing half-saved


def test_who_was_invited_stays_on_the_list(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(), cast["secretary"]
    guest = attendance.add_participant(meeting, {"name": "Guest"}, by=by)
    assert attendance.add_participant(meeting, {"name": "Guest"}, by=by).pk == guest.pk
    attendance.remove_participant(guest, by=by)
    send_invitations(meeting, by=by, version=meeting.version)
    with pytest.raises(InvalidInput):
        attendance.remove_participant(meeting.attendance.first(), by=by)
    assert meeting.attendance.count() == 5


def test_next_meeting_skips_cancelled_and_held_ones(make_meeting: Any, make_held: Any, cast: dict[str, Any]) -> None:
    now = timezone.now()
    make_held()
    near, far = make_meeting(hours=5), make_meeting(hours=50)
    assert next_meeting(cast["expert"], now) == near
    meetings.cancel_meeting(near, by=cast["secretary"], version=near.version, reason="moved")
    assert next_meeting(cast["expert"], now) == far
    assert next_meeting(cast["operator"], now) is None
    assert not list_meetings(cast["anonymous"]).exists()
