"""Telling people: in the transaction of the change, once, by the rhythm each chose, in each one's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from boget.portal.accounts.services import change_preferences
from boget.portal.notifications import letters, services, topics
from boget.portal.notifications.models import Letter, Notification, OutboxEvent
from boget.portal.notifications.topics import Attachment, Topic, open_topic, register_topic

pytestmark = pytest.mark.django_db
ASSIGNED = {
    "title": {"ru": "Заглушить водосбросные колодцы", "kk": "Су қашыртқы құдықтарын бітеу", "en": "Plug decant wells"},
    "number": "A-0071",
    "due": "2026-06-30",
}
LANGUAGES = ["ru", "kk", "en"]
DESK = {
    "assigned": ("A-0071", {**ASSIGNED, "origin": "Decision 5.3", "expected": "No leak"}),
    "due": ("A-0071", {**ASSIGNED, "is_late": True}),
    "meeting": ("6", {"number": 6, "starts_at": "2026-12-15T05:00:00+00:00", "place": "Astana", "agenda": ["One", "Two"]}),
    "minutes": ("5", {"number": 5, "comments_by": "2026-11-29"}),
    "job": ("J-000001", {"kind": "notifications.send", "is_done": True}),
}


def tell(*people: Any, topic: str = "assigned", **options: Any) -> OutboxEvent:
    subject_id, context = DESK[topic]
    return services.notify(topic, people, subject_id, context=context, **options)


def test_nothing_is_told_of_a_change_that_is_rolled_back(cast: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(cast["expert"])
        raise RuntimeError
    assert not OutboxEvent.objects.exists() and not Notification.objects.exists() and not Letter.objects.exists()


def test_everybody_is_told_once_and_closed_accounts_not(cast: Any) -> None:
    cast["observer"].is_active = False
    event = tell(cast["expert"], cast["editor"], cast["expert"], cast["observer"])
    assert set(event.notifications.values_list("user__email", flat=True)) == {"expert@test.boget", "editor@test.boget"}


def test_the_same_key_tells_only_those_who_were_not_told(cast: Any) -> None:
    first = tell(cast["expert"], dedupe_key="assigned:A-0071:1")
    again = tell(cast["expert"], cast["editor"], dedupe_key="assigned:A-0071:1")
    assert first.pk == again.pk
    assert again.notifications.count() == 2
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("topic", ["no_such", "closed"])
def test_a_topic_without_a_rule_who_may_read_is_refused(topic: str, cast: Any) -> None:
    register_topic(Topic("closed", "Closed", "notifications/topics/assigned.txt"))
    with pytest.raises(LookupError):
        services.notify(topic, [cast["expert"]], "A-0071")


@pytest.mark.parametrize(
    ("topic", "asked", "chosen", "rhythm"),
    [
        ("assigned", None, None, "immediate"),
        ("due", None, None, "digest"),
        ("due", True, None, "immediate"),
        ("assigned", False, None, "digest"),
        ("due", True, "digest", "digest"),
        ("due", True, "off", "off"),
        ("due", None, "immediate", "immediate"),
    ],
)
def test_what_a_person_chose_goes_before_all_else(topic: str, asked: Any, chosen: Any, rhythm: str, cast: Any) -> None:
    if chosen:
        services.choose_rhythm(cast["expert"], topic, chosen)
    tell(cast["expert"], topic=topic, is_immediate=asked)
    assert Notification.objects.get().rhythm == rhythm
    assert Letter.objects.count() == (rhythm == "immediate")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", DESK)
def test_every_topic_of_the_desk_is_whole_in_every_language(topic: str, language: str, cast: Any) -> None:
    person = change_preferences(cast["expert"], {"language": language})
    event = OutboxEvent(topic=topic, subject_id=DESK[topic][0], context=DESK[topic][1])
    with letters.speak_to(person):
        texts = {part: letters.render_part(event, part) for part in ("subject", "line", "reason", "body", "action")}
    assert all(texts.values()), texts
    assert len(texts["subject"]) <= letters.LONGEST_SUBJECT
    assert not any(mark in text for text in texts.values() for mark in ("{", "%(", "None"))
    is_latin = [any("a" <= letter <= "z" for letter in texts[part]) for part in ("reason", "action")]
    assert is_latin == [language == "en"] * 2, "a text that is not translated"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("ru", "Вам поручено: Заглушить водосбросные колодцы, срок 30.06.2026 — A-0071"),
        ("kk", "Сізге тапсырылды: Су қашыртқы құдықтарын бітеу, мерзімі 30.06.2026 — A-0071"),
        ("en", "You are responsible: Plug decant wells, due 30.06.2026 — A-0071"),
    ],
)
def test_a_subject_is_in_the_receivers_language(language: str, subject: str, cast: Any) -> None:
    change_preferences(cast["expert"], {"language": language})
    tell(cast["expert"])
    text = letters.write_letter(Letter.objects.get())
    assert text is not None and text.subject == subject


def test_plain_text_and_html_say_the_same(cast: Any, settings: Any) -> None:
    import re
    from html import unescape

    settings.BOGET_ADDRESS = "https://boget.example.kz"
    settings.BOGET_REPLY_TO = "desk@example.kz"
    context = {**ASSIGNED, "title": "Wells <1> & “2”"}
    services.notify("assigned", [cast["expert"]], "A-0071", context=context)
    letter = Letter.objects.get()
    text = letters.write_letter(letter)
    assert text is not None
    message = letters.build_message(letter, text)
    page = str(message.alternatives[0][0])
    words = set(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]))))
    plain = set(re.findall(r"\w+", re.sub(r"https://\S+", "", message.body)))
    assert plain == words
    assert "Wells &lt;1&gt; &amp; “2”" in page and "Wells <1> & “2”" in message.body
    urls = re.findall(r"https://\S+", message.body)
    assert urls == re.findall(r'href="([^"]+)"', page)
    assert urls[0] == "https://boget.example.kz/actions/A-0071/"
    assert message.extra_headers["Message-ID"] == f"<{letter.key}@boget.example.kz>"
    assert message.extra_headers["List-Unsubscribe"] == f"<{urls[-1]}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.reply_to == ["desk@example.kz"]


def test_a_moment_is_written_in_the_receivers_zone(cast: Any) -> None:
    change_preferences(cast["expert"], {"time_zone": "Asia/Bishkek"})
    tell(cast["expert"], topic="meeting")
    text = letters.write_letter(Letter.objects.get())
    assert text is not None and text.subject == "Meeting 6 of the Working Group, 15.12.2026 11:00 (UTC+6)"


def test_an_invitation_carries_its_calendar_file(cast: Any) -> None:
    calendar = Attachment("meeting.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST")
    open_topic("meeting", attach=lambda subject_id, user: [calendar])
    tell(cast["expert"], topic="meeting")
    letter = Letter.objects.get()
    text = letters.write_letter(letter)
    assert text is not None
    parts = list(letters.build_message(letter, text).message().walk())
    (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert part.get_filename() == "meeting.ics"
    assert part.get_payload(decode=True) == calendar.content.encode()  # type: ignore[union-attr]


def test_who_asked_for_a_job_is_told_of_its_end_once(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.portal.jobs import kinds
    from boget.portal.jobs.services import request_job
    from boget.portal.jobs.worker import Worker

    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_chores", {})
    for code, is_announced in (("told", True), ("untold", False)):
        kind = kinds.JobKind(code, f"Work {code}", lambda context: None, is_open_to=lambda u: True, is_announced=is_announced)
        kinds.register_kind(kind)
        request_job(code, by=cast["operator"])
    request_job("told")
    Worker().work_off()
    event = OutboxEvent.objects.get()
    assert Notification.objects.get().user == cast["operator"]
    assert letters.render_part(event, "line") == f"Work told: ready — {event.subject_id}"
    assert letters.find_path(event) == f"/jobs/{event.subject_id}/"


def test_a_topic_that_is_gone_is_shown_nowhere(cast: Any) -> None:
    tell(cast["expert"])
    topics._topics.pop("assigned")
    assert cast["expert"].client.get("/notifications/?show=all").context["days"] == []
    assert letters.write_letter(Letter.objects.get()) is None
