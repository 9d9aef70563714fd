"""The digest: at 08:00 of each reader, in the reader's language, once a day, and never with what the reader may not see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.services import change_preferences
from boget.portal.notifications import services
from boget.portal.notifications.models import Letter, LetterState
from boget.portal.notifications.selectors import list_digest_readers
from boget.portal.notifications.topics import DigestItem, DigestSection, register_section

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _stand(time: Any) -> None:
    time.now = MONDAY


def tell(person: Any, number: str = "A-0071", title: str = "Plug decant wells") -> None:
    services.notify("due", [person], number, context={"title": title, "number": number, "due": "2026-12-01"})


def set_time(time: Any, day: int, hour: int, minute: int = 0) -> None:
    time.now = dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


def read_text(message: Any) -> str:
    text: str = message.get_payload()[0].get_payload(decode=True).decode()
    return text


def test_it_comes_at_eight_in_the_readers_zone(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    change_preferences(cast["expert"], {"time_zone": "Europe/Zurich"})
    for name in ("expert", "observer"):
        tell(cast[name])
    set_time(time, 23, 2, 59)
    work_off()
    assert server.taken == []
    set_time(time, 23, 3, 0)
    work_off()
    assert server.receivers == ["observer@test.boget"]
    set_time(time, 23, 6, 59)
    work_off()
    assert len(server.taken) == 1
    set_time(time, 23, 7, 0)
    work_off()
    assert server.receivers == ["expert@test.boget", "observer@test.boget"]


def test_it_comes_once_a_day_and_says_nothing_twice(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    tell(cast["expert"], "A-0071")
    set_time(time, 23, 4)
    work_off()
    tell(cast["expert"], "A-0072")
    for hour in range(5, 24):
        set_time(time, 23, hour)
        work_off()
    set_time(time, 24, 4)
    work_off()
    first, second = map(read_text, server.taken)
    assert "A-0071" in first and "A-0072" not in first
    assert "A-0072" in second and "A-0071" not in second


def test_a_morning_without_news_brings_no_letter(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    set_time(time, 23, 4)
    work_off()
    assert server.taken == []
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.EMPTY}
    assert list_digest_readers(time.now) == []
    time.advance(days=40)
    work_off()
    assert Letter.objects.filter(day=MONDAY.date()).count() == 0


def test_what_was_read_on_the_page_is_not_told_again(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    tell(cast["expert"])
    services.mark_all_read(cast["expert"])
    set_time(time, 23, 4)
    work_off()
    assert server.taken == []


def test_it_is_in_the_readers_language(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    from email.header import decode_header, make_header

    for name, language in (("expert", "ru"), ("observer", "kk")):
        change_preferences(cast[name], {"language": language})
        tell(cast[name])
    set_time(time, 23, 4)
    work_off()
    subjects = {message["To"]: str(make_header(decode_header(message["Subject"]))) for message in server.taken}
    assert subjects == {
        "expert@test.boget": "Boget, 23.11.2026: Новое для Вас: 1",
        "observer@test.boget": "«Бөгет», 23.11.2026: Сізге арналған жаңалықтар: 1",
    }


def test_rhythms_daily_weekly_never(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    services.choose_digest(cast["expert"], "weekly")
    services.choose_digest(cast["observer"], "off")
    got: list[list[str]] = []
    for day in (23, 24, 30):
        for name in ("expert", "observer", "editor"):
            tell(cast[name], f"A-{day:04d}")
        server.taken.clear()
        set_time(time, day, 4)
        work_off()
        got.append([receiver.split("@")[0] for receiver in server.receivers])
    assert got == [["editor", "expert"], ["editor"], ["editor", "expert"]]
    (weekly,) = [read_text(message) for message in server.taken if message["To"] == "expert@test.boget"]
    assert "A-0024" in weekly and "A-0030" in weekly


def test_sections_say_what_each_reader_may_see_of_the_day(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    def list_overdue(user: Any, day: dt.date) -> list[DigestItem]:
        return [DigestItem(f"Late for {user.email} on {day}", "/actions/A-0001/")] if user == cast["expert"] else []

    register_section(DigestSection("overdue", "Overdue", list_overdue, order=10))
    tell(cast["expert"])
    set_time(time, 23, 4)
    work_off()
    (message,) = server.taken
    assert message["Subject"] == "Boget, 23.11.2026: Overdue: 1; New for you: 1"
    text = read_text(message)
    assert "Late for expert@test.boget on 2026-11-23" in text
    assert text.index("Overdue") < text.index("New for you")


def test_a_section_that_fails_does_not_take_the_others_along(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    def fail(user: Any, day: dt.date) -> list[DigestItem]:
        raise ZeroDivisionError

    register_section(DigestSection("broken", "Broken", fail))
    tell(cast["expert"])
    set_time(time, 23, 4)
    work_off()
    assert len(server.taken) == 1


def test_nothing_hidden_is_in_a_digest(server: Any, cast: Any, work_off: Any, time: Any, hidden: set[tuple[str, str]]) -> None:
    """What was open when it was told and is closed when the letter is written."""
    for name in ("expert", "observer"):
        tell(cast[name], "A-0071", title="OPEN-CANARY")
        tell(cast[name], "A-0072", title="HIDDEN-CANARY")
    hidden |= {("expert@test.boget", "A-0072"), ("observer@test.boget", "A-0071"), ("observer@test.boget", "A-0072")}
    set_time(time, 23, 4)
    work_off()
    (message,) = server.taken
    assert message["To"] == "expert@test.boget"
    assert "HIDDEN-CANARY" not in message.as_string() and "A-0072" not in read_text(message)
    assert message["Subject"] == "Boget, 23.11.2026: New for you: 1", "the count tells of what is hidden"
    assert "OPEN-CANARY" in read_text(message)


def test_what_is_closed_before_the_attempt_that_works_is_not_sent(
    server: Any, cast: Any, work_off: Any, time: Any, hidden: set[tuple[str, str]]
) -> None:
    tell(cast["expert"], title="HIDDEN-CANARY")
    server.stop()
    set_time(time, 23, 4)
    work_off()
    hidden.add(("expert@test.boget", "A-0071"))
    server.start()
    time.advance(hours=2)
    work_off()
    assert server.taken == []
    assert Letter.objects.get(user=cast["expert"]).state == LetterState.WITHHELD


def test_digests_of_days_without_a_server_become_one(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    server.stop()
    for day in (23, 24, 25):
        tell(cast["expert"], f"A-00{day}")
        set_time(time, day, 4)
        work_off()
    server.start()
    set_time(time, 25, 6)
    work_off()
    (message,) = server.taken
    assert all(f"A-00{day}" in read_text(message) for day in (23, 24, 25))


def test_a_digest_the_server_may_have_taken_gets_no_further_content(server: Any, cast: Any, work_off: Any, time: Any) -> None:
    """A receiver that drops the second delivery by its id would lose what was added."""
    tell(cast["expert"], "A-0023")
    server.mode = "dies"
    set_time(time, 23, 4)
    work_off()
    tell(cast["expert"], "A-0024")
    server.mode = "ok"
    set_time(time, 24, 4)
    work_off()
    by_id: dict[str, set[str]] = {}
    for message in server.taken:
        by_id.setdefault(message["Message-ID"], set()).add(read_text(message))
    assert len(by_id) == 2
    assert all(len(texts) == 1 for texts in by_id.values())
