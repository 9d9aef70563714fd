"""Pages of meetings for every role: what opens, what is hidden, what a refused form keeps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.actions.models import Action
from boget.portal.meetings.models import Decision, Meeting, MinuteBlock, MinuteBlockVersion
from boget.portal.meetings.services import minutes
from boget.portal.meetings.services import minutes_steps as steps
from boget.portal.meetings.services.attendance import add_participant
from boget.portal.meetings.services.decisions import record_decision

MEMBERS = {"secretary", "editor", "inspector", "expert", "observer"}
FETCH = {"X-Requested-With": "fetch"}


def statuses(clients: dict[str, Any], address: str) -> dict[str, int]:
    return {role: client.get(address).status_code for role, client in clients.items()}


def for_members(status: int = 200) -> dict[str, int]:
    roles = dict.fromkeys(MEMBERS, status)
    return {**roles, "operator": 404, "other_operator": 404, "anonymous": 302}


SECRETARY_ONLY = {"secretary": 200, **dict.fromkeys(MEMBERS - {"secretary"}, 404), "operator": 404, "other_operator": 404, "anonymous": 302}


def test_who_opens_which_page(make_held: Any, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    meeting = make_held(number=5)
    record_decision(meeting, meeting.items.first(), {"text_ru": "Решили"}, by=cast["secretary"])
    for path in ("", "5/", "5/minutes/", "5/decisions/1/", "5/minutes/paper/", "5/minutes/paper/?f=docx", "5/meeting.ics"):
        assert statuses(clients, f"/meetings/{path}") == for_members(), path
    item = meeting.items.first().pk
    for path in (
        "new/", "5/edit/", "5/agenda/", "5/agenda/new/", f"5/agenda/{item}/", "5/participants/", "5/participants/new/", "5/invitations/",
        "5/invitations/paper/", "5/documents/new/", "5/minutes/state/", f"5/minutes/items/{item}/heard/", "5/minutes/comments/open/",
        "5/minutes/final/", "5/minutes/sign/", "5/minutes/correct/", "5/cancel/", "5/decisions/1/edit/",
    ):  # fmt: skip
        assert statuses(clients, f"/meetings/{path}") == SECRETARY_ONLY, path
    assert statuses(clients, "/meetings/77/") == {**dict.fromkeys(clients, 404), "anonymous": 302}


WRITES = (
    "5/step/", "5/agenda/fill/", "5/participants/presence/", "5/participants/members/", "5/minutes/close/", "5/decisions/1/action/",
    "5/decisions/1/remove/", "5/invitations/", "5/edit/", "5/cancel/", "5/minutes/sign/", "5/minutes/distribute/", "5/documents/new/",
)  # fmt: skip


def test_nobody_but_the_secretary_writes(make_held: Any, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    meeting = make_held(number=5)
    record_decision(meeting, meeting.items.first(), {"text_ru": "Решили"}, by=cast["secretary"])
    before = Meeting.objects.values().get(), Decision.objects.values().get()
    item = meeting.items.first().pk
    for path in (*WRITES, f"5/minutes/items/{item}/heard/save/", f"5/minutes/items/{item}/decisions/"):
        for role in clients.keys() - {"secretary"}:
            answer = clients[role].post(f"/meetings/{path}", {"step": "adopt", "html": "x", "version": 0})
            assert answer.status_code == (302 if role == "anonymous" else 404), (path, role)
            assert role != "anonymous" or "sign-in" in answer["Location"]
    assert (Meeting.objects.values().get(), Decision.objects.values().get()) == before
    assert not MinuteBlock.objects.exists()


def test_an_invited_guest_sees_the_meeting_and_only_signed_minutes(
    make_held: Any, clients: dict[str, Any], cast: dict[str, Any], sign_off: Any
) -> None:
    meeting = make_held(number=5)
    guest = add_participant(meeting, {"name": "Guest", "email": cast["operator"].email}, by=cast["secretary"])
    minutes.save_block(meeting.items.first(), "heard", "ru", html="<p>DRAFT-CANARY</p>", version=0, by=cast["secretary"])
    assert clients["operator"].get("/meetings/5/").status_code == 404  # on the list, not yet invited
    guest.invited_at = timezone.now()
    guest.save()
    page = clients["operator"].get("/meetings/5/")
    assert page.status_code == 200 and cast["expert"].name not in page.content.decode()
    for path in ("minutes/", "minutes/paper/", "minutes/versions/1/"):
        assert clients["operator"].get(f"/meetings/5/{path}").status_code == 404
    sign_off(meeting)
    signed = meeting.minutes.get(state="signed").number
    assert "CANARY" in clients["operator"].get(f"/meetings/5/minutes/versions/{signed}/").content.decode()
    for number in range(1, signed):
        assert clients["operator"].get(f"/meetings/5/minutes/versions/{number}/").status_code == 404
    assert clients["other_operator"].get(f"/meetings/5/minutes/versions/{signed}/").status_code == 404


def test_no_address_of_a_person_reaches_members(make_held: Any, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    make_held(number=5)
    emails = [person.email for name, person in cast.items() if name != "anonymous"]
    for role in ("expert", "observer", "editor"):
        for path in ("5/", "5/minutes/", "5/minutes/paper/", "5/meeting.ics"):
            page = clients[role].get(f"/meetings/{path}").content.decode()
            assert not [email for email in emails if email in page], (role, path)


def test_the_way_of_a_meeting_by_its_pages(group: Any, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    """From an empty list to distributed minutes, only by forms."""
    client, number = clients["secretary"], 1
    soon = timezone.localtime(timezone.now() + dt.timedelta(hours=30))
    form = {
        "number": 1, "day": soon.strftime("%d.%m.%Y"), "begins": "10:00", "time_zone": "Asia/Almaty", "mode": "hybrid", "place": "Астана",
        "languages": ["ru", "kk"], "minutes_language": "ru",
    }  # fmt: skip
    assert client.post("/meetings/new/", form).status_code == 302
    assert client.post("/meetings/new/", form).status_code == 302
    meeting = Meeting.objects.get()
    assert client.post("/meetings/1/agenda/fill/", {"version": meeting.version}).status_code == 302
    client.post("/meetings/1/participants/members/")
    meeting.refresh_from_db()
    assert client.post("/meetings/1/invitations/", {"version": meeting.version}).status_code == 302
    assert clients["expert"].post("/meetings/1/answer/", {"answer": "yes"}).status_code == 302
    Meeting.objects.update(starts_at=timezone.now() - dt.timedelta(minutes=5))
    meeting.refresh_from_db()
    assert client.post("/meetings/1/step/", {"step": "hold", "version": meeting.version}).status_code == 422
    client.post("/meetings/1/step/", {"step": "adopt", "version": meeting.version})
    client.post("/meetings/1/participants/presence/", {f"present-{row.pk}": "yes" for row in meeting.attendance.all()})
    meeting.refresh_from_db()
    assert client.post("/meetings/1/step/", {"step": "hold", "version": meeting.version})["Location"] == "/meetings/1/minutes/"
    item = meeting.items.first()
    saved = client.post(f"/meetings/1/minutes/items/{item.pk}/heard/save/", {"html": "<p>а</p>", "version": 0}, headers=FETCH)
    assert saved.json()["version"] == 1
    body = organisation_of(cast["editor"])
    decision = {"text_ru": "Сделать", "responsible": [body.pk], "due": "июль 2027", "outcome": "action", "vote_form": "consensus"}
    answer = client.post(f"/meetings/1/minutes/items/{item.pk}/decisions/", decision)
    assert answer["Location"] == "/meetings/1/decisions/1/"
    assert client.post("/meetings/1/decisions/1/action/").status_code == 302
    assert Action.objects.get().origins.get().ref == "1.1"
    for path, values in (
        ("close/", {}), ("comments/open/", {"until": today().strftime("%d.%m.%Y")}), ("final/", {"reason": "agreed"}),
        ("sign/", {"chair": "A", "secretary": "B", "day": today().strftime("%d.%m.%Y")}), ("distribute/", {}),
    ):  # fmt: skip
        meeting.refresh_from_db()
        assert client.post(f"/meetings/1/minutes/{path}", {"version": meeting.version, **values}).status_code == 302, path
    meeting.refresh_from_db()
    assert meeting.state == "distributed" and number == meeting.number
    for kind in ("docx", "pdf"):
        file = clients["expert"].get(f"/meetings/1/minutes/versions/{meeting.minutes.count()}/?f={kind}&in=kk")
        assert file.status_code == 200 and "attachment" in file["Content-Disposition"]


def test_a_refused_decision_says_why_and_keeps_what_was_typed(make_held: Any, clients: dict[str, Any]) -> None:
    meeting = make_held(number=5)
    address = f"/meetings/5/minutes/items/{meeting.items.first().pk}/decisions/"
    answer = clients["secretary"].post(address, {"text_ru": "Запросить <сведения>", "outcome": "action", "vote_form": "consensus", "due": "2027"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "no responsible body is given" in page and "Запросить &lt;сведения&gt;" in page
    assert not Decision.objects.exists()


def test_similar_actions_are_offered(make_held: Any, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    meeting, body = make_held(number=5), organisation_of(cast["editor"])
    item, by = meeting.items.first(), cast["secretary"]
    for text in ("Запросить у акиматов сведения о бесхозных объектах", "Запросить сведения о бесхозных объектах у акиматов"):
        record_decision(meeting, item, {"text_ru": text, "outcome": "action", "due": "2027"}, responsible=[body], by=by)
    client = clients["secretary"]
    client.post("/meetings/5/decisions/1/action/")
    page = client.get("/meetings/5/decisions/2/").content.decode()
    assert "A-0001" in page and "Link instead" in page
    assert "Link instead" not in clients["expert"].get("/meetings/5/decisions/2/").content.decode()
    client.post("/meetings/5/decisions/2/action/", {"action": "A-0001"})
    assert Action.objects.count() == 1 and Decision.objects.get(number=2).action_id == "A-0001"


def test_two_windows_save_one_part(make_held: Any, clients: dict[str, Any]) -> None:
    item = make_held(number=5).items.first()
    address = f"/meetings/5/minutes/items/{item.pk}/heard/"
    save = lambda text, version: clients["secretary"].post(f"{address}save/", {"html": text, "version": version}, headers=FETCH)  # noqa: E731
    assert save("<p>первое</p>", 0).status_code == 200
    late = save("<p>второе</p>", 0)
    assert late.status_code == 409 and late.json()["version"] == 1
    part = clients["secretary"].get(address).content.decode()
    assert "первое" in part and "второе" in part and "Saved first" in part
    lost = MinuteBlockVersion.objects.get(is_conflict=True)
    merged = clients["secretary"].post(f"/meetings/5/minutes/conflicts/{lost.pk}/", {"html": "<p>оба</p>", "version": 1, "take": "merged"})
    assert merged.status_code == 302 and MinuteBlock.objects.get().html == "<p>оба</p>"
    assert clients["secretary"].post(f"/meetings/5/minutes/conflicts/{lost.pk}/", {"take": "theirs"}).status_code == 404


def test_a_stale_form_shows_both_and_saves_on_the_second_try(make_meeting: Any, clients: dict[str, Any]) -> None:
    from boget.portal.meetings.forms.meetings import describe_meeting

    meeting = make_meeting(number=5)
    values = {name: value for name, value in describe_meeting(meeting).items() if value is not None}
    values |= {"day": meeting.day.strftime("%d.%m.%Y"), "begins": f"{meeting.local_start:%H:%M}"}
    assert clients["secretary"].post("/meetings/5/edit/", {**values, "host": "OSCE"}).status_code == 302
    late = clients["secretary"].post("/meetings/5/edit/", {**values, "host": "IWAC"})
    page = late.content.decode()
    assert late.status_code == 409 and "OSCE" in page and "IWAC" in page
    again = {**values, "host": "IWAC", "version": Meeting.objects.get().version}
    assert f'name="version" value="{again["version"]}"' in page
    assert clients["secretary"].post("/meetings/5/edit/", again).status_code == 302
    assert Meeting.objects.get().host == "IWAC"


def test_comments_are_for_members_and_answered_by_the_secretary(
    make_held: Any, clients: dict[str, Any], cast: dict[str, Any]
) -> None:
    meeting, by = make_held(number=5), cast["secretary"]
    steps.close_meeting(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    steps.open_comments(meeting, until=today(), by=by, version=meeting.version)
    assert clients["observer"].post("/meetings/5/minutes/comments/", {"text": "Замечание"}).status_code == 302
    assert clients["operator"].post("/meetings/5/minutes/comments/", {"text": "Чужое"}).status_code == 404
    comment = meeting.comments.get()
    answer = f"/meetings/5/minutes/comments/{comment.pk}/answer/"
    assert clients["observer"].post(answer, {"take": "yes"}).status_code == 404
    assert clients["secretary"].post(answer, {"take": "no"}).status_code == 422
    assert clients["secretary"].post(answer, {"take": "yes"}).status_code == 302
    assert "Замечание" in clients["expert"].get("/meetings/5/minutes/").content.decode()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_pages_speak_one_language(language: str, make_held: Any, make_meeting: Any, clients: dict[str, Any]) -> None:
    make_held(number=5)
    make_meeting(number=6)
    for path in ("", "5/", "5/minutes/", "5/participants/", "6/", "6/agenda/", "6/invitations/", "new/", "calendar/"):
        answer = clients["secretary"].get(f"/meetings/{path}?lang={language}")
        page = answer.content.decode()
        assert answer.status_code == 200 and f'<html lang="{language}"' in page
        assert page.count("button-primary") <= 1, path


def test_the_pages_do_not_ask_more_the_longer_the_list(
    make_held: Any, clients: dict[str, Any], cast: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    meeting = make_held(number=5, items=[f"Пункт {n}" for n in range(12)])
    for number in range(15):
        add_participant(meeting, {"name": f"Guest {number}"}, by=cast["secretary"])
    for item in meeting.items.all():
        record_decision(meeting, item, {"text_ru": f"Решение {item.position}"}, by=cast["secretary"])
    for path in ("5/", "5/minutes/", "5/participants/"):
        clients["secretary"].get(f"/meetings/{path}")
        with django_assert_max_num_queries(45):
            clients["secretary"].get(f"/meetings/{path}")
