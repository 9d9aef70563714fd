"""Pages of seminars: who opens what, what stays after a refusal, files without formulas, letters to those registered."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from boget.portal.accounts.models import Organisation
from boget.portal.meetings.models import Meeting, MeetingState, QuizAnswer, Registration, WorkingGroup
from boget.portal.meetings.services import seminars as services
from boget.portal.meetings.services.documents import store_document
from boget.portal.meetings.services.meetings import create_meeting
from boget.portal.notifications.models import Notification

pytestmark = pytest.mark.django_db

ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")
QUIZ = "How many rules?\n- one\n+ five\n\nWho answers?\n+ the operator\n- nobody"
ORGANISER = (
    "seminar-edit", "seminar-cancel", "seminar-guest-new", "seminar-certificates", "seminar-sheet", "seminar-quiz", "seminar-item-new",
    "seminar-document-new",
)  # fmt: skip
POSTS = ("seminar-held", "seminar-attendance", "seminar-participant-remove")
PLAN = {
    "number": 7, "title_en": "Closure", "day": "2099-03-04", "begins": "10:00", "ends": "16:00", "time_zone": "Asia/Almaty",
    "mode": "online", "languages": ["ru", "en"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Any]) -> None:
    host = Organisation.objects.get(code="test-emergency")
    WorkingGroup.objects.create(code="kz", country="KZ", name_ru="Рабочая группа", host=host)


@pytest.fixture
def seminar(cast: dict[str, Any]) -> Meeting:
    starts_at = timezone.now() + dt.timedelta(days=20)
    values = {"starts_at": starts_at, "title_en": "Guidelines", "mode": "online", "link": "https://video.example/x"}
    return create_meeting(values, by=cast["secretary"], kind="seminar")


def at(name: str, seminar: Meeting, *more: Any) -> str:
    return reverse(f"meetings:{name}", args=[seminar.number, *more])


def ask(cast: dict[str, Any], address: str) -> dict[str, int]:
    return {role: cast[role].client.get(address).status_code for role in ROLES}


def read(cast: dict[str, Any], role: str, seminar: Meeting) -> str:
    text: str = cast[role].client.get(at("seminar", seminar)).content.decode()
    return text


@pytest.mark.parametrize("name", ["seminar", "seminar-ics"])
def test_seminars_are_open_to_everybody_with_a_role(name: str, seminar: Meeting, cast: dict[str, Any]) -> None:
    assert ask(cast, at(name, seminar)) == {role: 302 if role == "anonymous" else 200 for role in ROLES}


@pytest.mark.parametrize("name", ORGANISER)
def test_papers_and_changes_are_for_the_organiser(name: str, seminar: Meeting, cast: dict[str, Any]) -> None:
    expected = {"secretary": 200, "anonymous": 302}
    assert ask(cast, at(name, seminar)) == {role: expected.get(role, 404) for role in ROLES}


@pytest.mark.parametrize("name", POSTS)
def test_posts_of_others_change_nothing(name: str, seminar: Meeting, cast: dict[str, Any]) -> None:
    row = services.register(seminar, by=cast["expert"])
    services.take_attendance(seminar, {row.pk: True}, by=cast["secretary"])
    sent = {"version": seminar.version, "participant": row.pk, f"was-{row.pk}": "1"}
    for role in ROLES:
        if role != "secretary":
            status = cast[role].client.post(at(name, seminar), sent).status_code if role != "anonymous" else 404
            assert status == 404, role
    row.refresh_from_db()
    seminar.refresh_from_db()
    assert (row.is_present, row.is_cancelled, seminar.state) == (True, False, MeetingState.PLANNED)


def test_the_list_is_empty_and_says_so_and_then_counts(cast: dict[str, Any]) -> None:
    address = reverse("meetings:seminars")
    assert "No seminars yet." in cast["observer"].client.get(address).content.decode()
    seminar = create_meeting({"starts_at": timezone.now(), "title_en": "Counted"}, by=cast["secretary"], kind="seminar")
    services.register(seminar, by=cast["operator"])
    page = cast["observer"].client.get(address).content.decode()
    assert "Counted" in page
    assert '<td class="number" data-label="Registered">1</td>' in page


def test_the_same_plan_sent_twice_makes_one_seminar(cast: dict[str, Any]) -> None:
    answers = [cast["secretary"].client.post(reverse("meetings:seminar-new"), PLAN) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    seminar = Meeting.objects.get(kind="seminar")
    assert (seminar.number, seminar.languages, seminar.local_start.hour) == (7, "ru,en", 10)


def test_a_refused_plan_keeps_what_was_typed(cast: dict[str, Any]) -> None:
    answer = cast["secretary"].client.post(reverse("meetings:seminar-new"), {**PLAN, "title_en": "", "place": "Hall 9"})
    assert answer.status_code == 422
    assert 'value="Hall 9"' in answer.content.decode()
    assert cast["editor"].client.post(reverse("meetings:seminar-new"), PLAN).status_code == 404
    assert not Meeting.objects.exists()


def test_two_organisers_lose_nothing_and_those_registered_are_told(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.register(seminar, by=cast["operator"])
    Notification.objects.all().delete()
    sent = {**PLAN, "number": seminar.number, "version": seminar.version}
    address, client = at("seminar-edit", seminar), cast["secretary"].client
    assert client.post(address, {**sent, "place": "First hall", "note": "moved"}).status_code == 302
    second = client.post(address, {**sent, "place": "Second hall"})
    assert second.status_code == 409
    page = second.content.decode()
    assert "First hall" in page
    assert 'value="Second hall"' in page
    seminar.refresh_from_db()
    assert seminar.place == "First hall"
    told = Notification.objects.get()
    assert (told.user, told.event.context["change"], seminar.ical_sequence) == (cast["operator"], "changed", 1)
    assert client.post(address, {**sent, "version": seminar.version, "place": "Second hall"}).status_code == 302


def test_registering_and_leaving_on_the_page(seminar: Meeting, cast: dict[str, Any]) -> None:
    client = cast["other_operator"].client
    for name, button in (("seminar-register", "Cancel my registration"), ("seminar-leave", ">Register<")):
        assert client.post(at(name, seminar)).status_code == 302
        assert button in read(cast, "other_operator", seminar)
    assert client.post(at("seminar-register", seminar)).status_code == 302
    assert Registration.objects.get().is_cancelled is False
    feed = [event.subject_id for event in (row.event for row in Notification.objects.filter(user=cast["other_operator"]))]
    assert feed == [seminar.code] * 2


def test_a_calendar_holds_the_seminar_of_those_registered(seminar: Meeting, cast: dict[str, Any]) -> None:
    from boget.portal.meetings.services.calendar import make_feed

    _feed, token = make_feed(cast["other_operator"])
    address = reverse("meetings:feed", args=[token])
    uid = f"meeting-{seminar.code}@".encode()
    assert uid not in cast["anonymous"].client.get(address).content
    services.register(seminar, by=cast["other_operator"])
    assert uid in cast["anonymous"].client.get(address).content


def test_nobody_signs_up_for_a_past_seminar(cast: dict[str, Any]) -> None:
    starts_at = timezone.now() - dt.timedelta(days=3)
    seminar = create_meeting({"starts_at": starts_at, "title_en": "Past"}, by=cast["secretary"], kind="seminar")
    answer = cast["expert"].client.post(at("seminar-register", seminar))
    assert answer.status_code == 422
    assert "The organiser can add participants." in answer.content.decode()
    assert not Registration.objects.exists()


def test_names_and_emails_are_for_the_organiser_alone(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.add_guest(seminar, name="GUEST-CANARY", organisation_text="ORG-CANARY", email="x@canary.kz", by=cast["secretary"])
    services.register(seminar, by=cast["operator"])
    hidden = ("GUEST-CANARY", "ORG-CANARY", "x@canary.kz", cast["operator"].email)
    for role in ROLES[1:-1]:
        page = read(cast, role, seminar)
        assert not [word for word in hidden if word in page and (role, word) != ("operator", cast["operator"].email)], role
    assert all(word in read(cast, "secretary", seminar) for word in hidden)


def test_files_follow_their_level(seminar: Meeting, cast: dict[str, Any]) -> None:
    rows = {}
    for level, name in ((0, "for all"), (1, "for members"), (2, "for authorities")):
        upload = SimpleUploadedFile(f"{level}.txt", name.encode())
        rows[level] = store_document(seminar, upload, {"title": name, "level": level}, by=cast["secretary"])
    seen = {"other_operator": {0}, "observer": {0, 1}, "expert": {0, 1}, "inspector": {0, 1, 2}}
    for role, levels in seen.items():
        page = read(cast, role, seminar)
        for level, row in rows.items():
            assert (row.title in page) is (level in levels), (role, level)
            status = cast[role].client.get(reverse("meetings:document", args=[row.pk])).status_code
            assert status == (200 if level in levels else 404), (role, level)


def test_attendance_saves_only_the_ticks_that_changed(seminar: Meeting, cast: dict[str, Any]) -> None:
    first, second = (services.register(seminar, by=cast[role]) for role in ("expert", "operator"))
    client, address = cast["secretary"].client, at("seminar-attendance", seminar)
    opened = {f"was-{first.pk}": "", f"was-{second.pk}": ""}  # two people have this page open
    assert client.post(address, {**opened, f"present-{first.pk}": "1"}).status_code == 302
    assert client.post(address, {**opened, f"present-{second.pk}": "1"}).status_code == 302
    assert list(Registration.objects.values_list("is_present", flat=True)) == [True, True]
    assert client.post(address, {f"was-{first.pk}": "1", f"was-{second.pk}": "1", f"present-{second.pk}": "1"}).status_code == 302
    assert [Registration.objects.get(pk=row.pk).is_present for row in (first, second)] == [False, True]


def test_a_foreign_row_is_not_touched(seminar: Meeting, cast: dict[str, Any]) -> None:
    other = create_meeting({"starts_at": seminar.starts_at, "title_en": "Other"}, by=cast["secretary"], kind="seminar")
    row = services.register(other, by=cast["expert"])
    client = cast["secretary"].client
    client.post(at("seminar-attendance", seminar), {f"was-{row.pk}": "", f"present-{row.pk}": "1"})
    assert client.post(at("seminar-participant-remove", seminar), {"participant": row.pk}).status_code == 404
    row.refresh_from_db()
    assert (row.is_present, row.is_cancelled) == (None, False)


def test_a_seminar_is_held_when_somebody_was_there(cast: dict[str, Any]) -> None:
    seminar = create_meeting({"starts_at": timezone.now(), "title_en": "Today"}, by=cast["secretary"], kind="seminar")
    client, sent = cast["secretary"].client, {"version": seminar.version}
    assert client.post(at("seminar-held", seminar), sent).status_code == 422
    row = services.register(seminar, by=cast["expert"])
    services.take_attendance(seminar, {row.pk: True}, by=cast["secretary"])
    assert client.post(at("seminar-held", seminar), {"version": seminar.version + 1}).status_code == 409
    for _n in range(2):
        seminar.refresh_from_db()
        assert client.post(at("seminar-held", seminar), {"version": seminar.version}).status_code == 302
    assert seminar.state == MeetingState.HELD
    assert "you are on the list of certificates" in read(cast, "expert", seminar)


def test_cancelling_needs_a_reason_and_tells_those_registered(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.register(seminar, by=cast["operator"])
    client, address = cast["secretary"].client, at("seminar-cancel", seminar)
    assert client.post(address, {"version": seminar.version, "reason": " "}).status_code == 422
    assert client.post(address, {"version": seminar.version, "reason": "the hall is closed"}).status_code == 302
    last = Notification.objects.filter(user=cast["operator"]).order_by("-pk")[0]
    assert (last.event.context["change"], last.event.context["note"]) == ("cancelled", "the hall is closed")
    assert "The seminar is cancelled. Reason: the hall is closed" in read(cast, "expert", seminar)


# --- the quiz ------------------------------------------------------------------------------------------------------------


def test_the_quiz_shows_which_answers_were_right_and_not_the_others(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.set_quiz(seminar, QUIZ, by=cast["secretary"])
    services.register(seminar, by=cast["expert"])
    first, second = seminar.questions.all()
    assert "How many rules?" not in read(cast, "observer", seminar)
    sent = {f"question-{first.pk}": 0, f"question-{second.pk}": 0}
    for _n in range(2):
        assert cast["expert"].client.post(at("seminar-quiz-answers", seminar), sent).status_code == 302
    assert QuizAnswer.objects.count() == 1
    page = read(cast, "expert", seminar)
    assert "Best result: 1 of 2 right" in page
    marks = [page.index(word, page.index(question.text)) for question, word in ((first, "wrong"), (second, "right"))]
    assert marks[0] < page.index(second.text) < marks[1]
    assert page.count("checked") == 2


def test_an_incomplete_answer_keeps_what_was_chosen(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.set_quiz(seminar, QUIZ, by=cast["secretary"])
    services.register(seminar, by=cast["expert"])
    first, _second = seminar.questions.all()
    answer = cast["expert"].client.post(at("seminar-quiz-answers", seminar), {f"question-{first.pk}": 1})
    assert answer.status_code == 422
    assert f'name="question-{first.pk}" value="1" required checked' in answer.content.decode()
    assert not QuizAnswer.objects.exists()
    sent = {f"question-{first.pk}": 1}
    assert cast["observer"].client.post(at("seminar-quiz-answers", seminar), sent).status_code == 404


def test_a_quiz_that_cannot_be_read_comes_back_and_a_stale_one_does_not_win(seminar: Meeting, cast: dict[str, Any]) -> None:
    client, address = cast["secretary"].client, at("seminar-quiz", seminar)
    refused = client.post(address, {"text": "Two right?\n+ a\n+ b", "version": seminar.version})
    assert refused.status_code == 422
    assert "Two right?\n+ a\n+ b" in refused.content.decode().replace("\r", "")
    assert client.post(address, {"text": QUIZ, "version": seminar.version}).status_code == 302
    stale = client.post(address, {"text": "Mine?\n+ yes\n- no", "version": seminar.version})
    assert stale.status_code == 409
    assert "Mine?" in stale.content.decode()
    assert "How many rules?" in stale.content.decode()
    assert [row.text for row in seminar.questions.all()] == ["How many rules?", "Who answers?"]


# --- programme and papers ------------------------------------------------------------------------------------------------


def test_the_programme_is_written_moved_and_counted_in_hours(seminar: Meeting, cast: dict[str, Any]) -> None:
    client = cast["secretary"].client
    Meeting.objects.filter(pk=seminar.pk).update(starts_at=dt.datetime(2099, 3, 4, 5, tzinfo=dt.UTC))
    for title, minutes in (("Opening", 15), ("Rules", 45), ("Groups", 60)):
        seminar.refresh_from_db()
        sent = {"title_en": title, "minutes_planned": minutes, "speaker": "A. B.", "version": seminar.version}
        assert client.post(at("seminar-item-new", seminar), sent).status_code == 302
        assert client.post(at("seminar-item-new", seminar), sent).status_code == 409  # the same form once more
    groups = seminar.items.get(title_en="Groups")
    seminar.refresh_from_db()
    moved = client.post(at("seminar-item-move", seminar, groups.pk), {"direction": "up", "version": seminar.version})
    assert moved.status_code == 302
    page = read(cast, "observer", seminar)
    assert [page.index(words) for words in ("10:00", "Opening", "10:15", "Groups", "11:15", "Rules")] == sorted(
        page.index(words) for words in ("10:00", "Opening", "10:15", "Groups", "11:15", "Rules")
    )
    changed = {"title_en": "Group work", "version": groups.version}
    assert client.post(at("seminar-item", seminar, groups.pk), changed).status_code == 302
    assert client.post(at("seminar-item", seminar, groups.pk), changed).status_code == 409
    groups.refresh_from_db()
    assert client.post(at("seminar-item-remove", seminar, groups.pk), {"version": groups.version}).status_code == 302
    assert [item.title_en for item in seminar.items.all()] == ["Opening", "Rules"]
    assert cast["editor"].client.post(at("seminar-item-remove", seminar, seminar.items.first().pk)).status_code == 404


def test_a_document_is_added_and_removed_with_a_reason(seminar: Meeting, cast: dict[str, Any]) -> None:
    client = cast["secretary"].client
    for _n in range(2):
        sent = {"file": SimpleUploadedFile("talk.txt", b"words"), "title": "Talk", "level": 0}
        assert client.post(at("seminar-document-new", seminar), sent).status_code == 302
    document = seminar.documents.get()
    address = at("seminar-document-remove", seminar, document.pk)
    assert cast["editor"].client.get(address).status_code == 404
    assert client.post(address, {"version": 0, "reason": ""}).status_code == 422
    assert client.post(address, {"version": 0, "reason": "wrong file"}).status_code == 302
    assert client.get(address).status_code == 404
    assert "Talk" not in read(cast, "expert", seminar)


@pytest.mark.parametrize("name", ["=HYPERLINK(\"http://x\")", "+1+1", "@SUM(A1)", "-2+3"])
def test_certificates_hold_no_formula(seminar: Meeting, cast: dict[str, Any], name: str) -> None:
    guest = services.add_guest(seminar, name=name, organisation_text="=1+1", by=cast["secretary"])
    services.add_guest(seminar, name="Absent", organisation_text="", by=cast["secretary"])
    services.take_attendance(seminar, {guest.pk: True}, by=cast["secretary"])
    address, client = at("seminar-certificates", seminar), cast["secretary"].client
    assert "Absent" not in client.get(address).content.decode()
    text = client.get(f"{address}?f=csv").content.decode("utf-8-sig")
    assert f",{name[0]}" not in text
    assert "'=1+1" in text
    answer = client.get(f"{address}?f=xlsx")
    assert answer.headers["Content-Disposition"].endswith('certificates.xlsx"')
    row = next(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
    assert [(row[1].value, row[1].data_type), (row[2].value, row[2].data_type)] == [(name, "s"), ("=1+1", "s")]


def test_texts_are_shown_as_text(seminar: Meeting, cast: dict[str, Any]) -> None:
    payload = "<script>alert(1)</script>"
    Meeting.objects.filter(pk=seminar.pk).update(title_en=payload, place=payload, host=payload)
    services.add_guest(seminar, name=payload, organisation_text=payload, by=cast["secretary"])
    services.set_quiz(seminar, f"{payload}?\n+ {payload}\n- no", by=cast["secretary"])
    services.register(seminar, by=cast["secretary"])
    for name in ("seminar", "seminar-sheet", "seminar-quiz", "seminar-certificates"):
        page = cast["secretary"].client.get(at(name, seminar)).content.decode()
        assert "<script>alert" not in page, name
        assert "&lt;script&gt;alert" in page, name


def test_the_sheet_names_those_registered_and_has_empty_lines(seminar: Meeting, cast: dict[str, Any]) -> None:
    gone = services.register(seminar, by=cast["operator"])
    services.cancel_registration(gone, by=cast["operator"])
    services.add_guest(seminar, name="Guest of the day", organisation_text="", by=cast["secretary"])
    page = cast["secretary"].client.get(at("seminar-sheet", seminar)).content.decode()
    assert "Guest of the day" in page
    assert cast["operator"].name not in page
    assert '<td class="number">13</td>' in page
    assert "<svg" in page
    assert "style=" not in page[page.index("<svg") : page.index("</svg>")]


def test_what_is_done_twice_by_the_organiser_is_done_once(seminar: Meeting, cast: dict[str, Any]) -> None:
    sent = {"name": "Guest", "organisation_text": "Akimat", "email": ""}
    for _n in range(2):
        assert cast["secretary"].client.post(at("seminar-guest-new", seminar), sent).status_code == 302
    row = Registration.objects.get()
    for _n in range(2):
        removal = cast["secretary"].client.post(at("seminar-participant-remove", seminar), {"participant": row.pk})
        assert removal.status_code == 302
    refused = cast["secretary"].client.post(at("seminar-guest-new", seminar), {**sent, "name": "", "email": "x@y.kz"})
    assert refused.status_code == 422
    assert 'value="x@y.kz"' in refused.content.decode()


def test_a_participant_marked_as_present_is_not_taken_off(seminar: Meeting, cast: dict[str, Any]) -> None:
    row = services.register(seminar, by=cast["expert"])
    services.take_attendance(seminar, {row.pk: True}, by=cast["secretary"])
    assert cast["expert"].client.post(at("seminar-leave", seminar)).status_code == 422
    row.refresh_from_db()
    assert not row.is_cancelled


def test_the_list_costs_the_same_for_one_and_for_many(seminar: Meeting, cast: dict[str, Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast["expert"].client.get(reverse("meetings:seminars")).status_code == 200
        return len(queries)

    count()
    few = count()
    for _n in range(6):
        create_meeting({"starts_at": seminar.starts_at, "title_en": "More"}, by=cast["secretary"], kind="seminar")
    assert count() == few
