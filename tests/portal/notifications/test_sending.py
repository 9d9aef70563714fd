"""Letters and mail servers that drop, delay, refuse, die: nothing lost, and what comes twice is recognised by its id."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from boget.portal.jobs.models import Job, JobState
from boget.portal.notifications import delivery, services
from boget.portal.notifications.models import Letter, LetterState, Notification
from boget.portal.notifications.selectors import ALARM_AFTER, describe_queue

pytestmark = pytest.mark.django_db
TITLE = {"title": "Plug decant wells", "number": "A-0071", "due": "2026-06-30"}
TEMPORARY = ["later", "drop", "dies", "hangs", "closing", "sender_refused", "down"]


@pytest.fixture(autouse=True)
def _stand(time: Any) -> None:
    """All tests here go by the standing clock."""


def tell(*users: Any, number: str = "A-0071") -> None:
    services.notify("minutes", users, number, context={"number": 5, "comments_by": "2026-11-29"})


def break_server(server: Any, mode: str) -> None:
    if mode == "down":
        server.stop()
    else:
        server.mode = mode


def mend_server(server: Any, mode: str) -> None:
    if mode == "down":
        server.start()
    else:
        server.mode = "ok"


def list_states() -> list[str]:
    return list(Letter.objects.filter(kind="immediate").order_by("id").values_list("state", flat=True))


def test_a_letter_goes_out_once(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    tell(cast["expert"])
    work_off()
    time.advance(hours=1)
    work_off()
    assert server.receivers == ["expert@test.boget"]
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == (LetterState.SENT, 1)
    assert server.ids == [f"<{letter.key}@127.0.0.1>"]


@pytest.mark.parametrize("mode", TEMPORARY)
def test_what_the_server_cannot_take_now_is_sent_later(mode: str, server: Any, cast: Any, work_off: Any, time: Any) -> None:
    tell(cast["expert"])
    tell(cast["observer"])
    break_server(server, mode)
    work_off()
    assert list_states() == [LetterState.WAITING] * 2
    assert all(letter.last_error and letter.attempts == 1 for letter in Letter.objects.all())
    mend_server(server, mode)
    work_off()
    assert list_states() == [LetterState.WAITING] * 2, "tried again before its time"
    time.advance(minutes=2)
    work_off()
    assert list_states() == [LetterState.SENT] * 2
    assert set(server.receivers) == {"expert@test.boget", "observer@test.boget"}
    assert len(set(server.ids)) == 2


@pytest.mark.parametrize("mode", ["dies", "hangs"])
def test_a_second_delivery_has_the_same_message_id(mode: str, server: Any, cast: Any, work_off: Any, time: Any) -> None:
    """The server took the text and the answer was lost: at least once, recognisable by its id."""
    tell(cast["expert"])
    server.mode = mode
    work_off()
    server.mode = "ok"
    time.advance(minutes=2)
    work_off()
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert server.taken[0].get_payload()[0].get_payload() == server.taken[1].get_payload()[0].get_payload()


@pytest.mark.parametrize("mode", ["unknown_receiver", "refused"])
def test_a_refusal_for_good_is_shown_and_holds_nobody_up(mode: str, server: Any, cast: Any, work_off: Any, time: Any) -> None:
    server.mode, server.only_for = mode, "expert@test.boget"
    tell(cast["expert"])
    tell(cast["observer"])
    work_off()
    assert list_states() == [LetterState.FAILED, LetterState.SENT]
    assert Letter.objects.first().last_error.startswith("55")  # type: ignore[union-attr]
    time.advance(days=30)
    work_off()
    assert server.receivers == ["observer@test.boget"]
    server.mode = "ok"
    assert services.try_again(cast["secretary"], Letter.objects.get(user=cast["expert"], kind="immediate").key) == 1
    work_off()
    assert server.receivers == ["expert@test.boget", "observer@test.boget"]


@pytest.mark.parametrize("mode", ["later", "drop", "dies"])
def test_one_receiver_with_a_bad_server_holds_nobody_up(mode: str, server: Any, cast: Any, work_off: Any) -> None:
    server.mode, server.only_for = mode, "expert@test.boget"
    tell(cast["expert"])
    for name in ("observer", "editor", "inspector"):
        tell(cast[name])
    work_off()
    assert list_states() == [LetterState.WAITING, *[LetterState.SENT] * 3]


def test_a_server_that_is_down_for_a_day_costs_nothing(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    """Letters gather for 24 hours; the queue says so; then each goes out exactly once."""
    server.stop()
    people = [cast[name] for name in ("expert", "observer", "editor")]
    for hour in range(24):
        for person in people:
            tell(person, number=f"A-{hour:04d}")
        for _half in range(2):
            work_off()
            time.advance(minutes=30)
    queue = describe_queue()
    assert queue.counts["waiting"] == 72
    assert queue.stuck >= 60
    assert "refused" in queue.last_error
    assert queue.next_at is not None and queue.next_at <= time.now + delivery.LONGEST_WAIT
    assert queue.oldest_at == time.now - dt.timedelta(days=1)
    page = cast["secretary"].client.get("/notifications/queue/").content.decode()
    assert "ConnectionRefusedError" in page and "waiting 72" in page
    server.start()
    time.advance(hours=1)
    work_off()
    time.advance(hours=1)
    work_off()
    immediate = [message for message in server.taken if "Draft minutes" in message["Subject"]]
    assert Counter(message["To"] for message in immediate) == {person.email: 24 for person in people}
    assert len(set(server.ids)) == len(server.ids), "something was sent twice"
    assert describe_queue().counts["waiting"] == 0
    assert not Job.objects.filter(state=JobState.FAILED).exists()


def test_the_secretary_lets_everything_be_tried_at_once(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    server.stop()
    tell(cast["expert"])
    for _attempt in range(ALARM_AFTER):
        work_off()
        time.advance(hours=1)
    work_off()
    assert describe_queue().stuck == 1
    server.start()
    work_off()
    assert server.ids == []
    cast["secretary"].client.post("/notifications/queue/again/")
    work_off()
    assert len(server.ids) == 1


def test_a_worker_killed_after_sending_sends_the_same_id_again(
    server: Any, cast: Any, work_off: Any, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing after the server's answer is written: the lease lapses and another worker begins anew."""

    class Killed(BaseException):
        """No handler of ours sees it, as none sees SIGKILL."""

    def die(*arguments: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_note_sent", die)
        tell(cast["expert"])
        with pytest.raises(Killed):
            work_off()
    assert Job.objects.get(kind="notifications.send").state == JobState.RUNNING
    work_off()
    assert len(server.ids) == 1, "another worker took it during the lease"
    time.advance(minutes=1)
    work_off()
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert list_states() == [LetterState.SENT]


def test_a_letter_that_cannot_be_written_holds_nobody_up(
    server: Any, cast: Any, work_off: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = delivery.write_letter

    def fail_for_expert(letter: Letter) -> Any:
        if letter.user == cast["expert"]:
            raise KeyError("title")
        return write(letter)

    monkeypatch.setattr(delivery, "write_letter", fail_for_expert)
    tell(cast["expert"])
    tell(cast["observer"])
    work_off()
    assert list_states() == [LetterState.WAITING, LetterState.SENT]
    assert "KeyError" in Letter.objects.first().last_error  # type: ignore[union-attr]


def test_letters_of_ten_minutes_are_one(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    for number in ("A-0071", "A-0072"):
        services.notify("assigned", [cast["expert"]], number, context={**TITLE, "number": number})
        work_off()
        time.advance(minutes=4)
    assert server.taken == []
    time.advance(minutes=10)
    services.notify("assigned", [cast["expert"]], "A-0073", context={**TITLE, "number": "A-0073"})
    work_off()
    (message,) = server.taken
    assert message["Subject"] == "You are responsible: 2"
    text = message.get_payload()[0].get_payload(decode=True).decode()
    assert "A-0071" in text and "A-0072" in text and "A-0073" not in text
    time.advance(minutes=10)
    work_off()
    assert len(server.taken) == 2


def test_what_is_added_while_a_letter_is_on_its_way_is_not_lost(
    server: Any, cast: Any, work_off: Any, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = delivery.write_letter

    def add_late(letter: Letter) -> Any:
        text = write(letter)
        event = Notification.objects.get(letter=letter).event
        late = services.OutboxEvent.objects.create(
            topic="assigned", subject_id="A-0099", context={**TITLE, "number": "A-0099"}, created_at=event.created_at
        )
        Notification.objects.create(
            event=late, user=letter.user, rhythm="immediate", letter=letter, created_at=event.created_at
        )
        monkeypatch.setattr(delivery, "write_letter", write)
        return text

    monkeypatch.setattr(delivery, "write_letter", add_late)
    services.notify("assigned", [cast["expert"]], "A-0071", context=TITLE)
    time.advance(minutes=10)
    work_off()
    assert [("A-0099" in message.as_string()) for message in server.taken] == [False, True]


def test_letters_to_closed_accounts_and_of_closed_subjects_are_withheld(
    server: Any, cast: Any, work_off: Any, hidden: set[tuple[str, str]]
) -> None:
    from boget.portal.accounts.services import set_activity
    from boget.portal.core.services import SYSTEM

    tell(cast["expert"], cast["observer"])
    set_activity(cast["expert"], is_active=False, by=SYSTEM)
    hidden.add((cast["observer"].email, "A-0071"))
    work_off()
    assert server.taken == []
    assert list_states() == [LetterState.WITHHELD] * 2


def test_without_a_mail_server_letters_are_printed(cast: Any, work_off: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    tell(cast["expert"])
    services.notify("due", [cast["expert"]], "A-0071", context=TITLE)
    work_off()
    letter = Letter.objects.get()
    assert letter.state == LetterState.TO_PRINT
    assert cast["expert"].client.get("/notifications/").context["unread"] == 2
    secretary = cast["secretary"].client
    page = secretary.get(f"/notifications/queue/{letter.key}/").content.decode()
    assert "Draft minutes of meeting 5: comments by 29.11.2026" in page
    secretary.post(f"/notifications/queue/{letter.key}/handed-over/")
    letter.refresh_from_db()
    assert letter.state == LetterState.HANDED_OVER
