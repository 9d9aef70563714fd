"""Minutes: nothing typed is lost, nothing signed is changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from boget.portal.accounts.selectors import today
from boget.portal.meetings.models import MinuteBlock, MinuteBlockVersion, MinutesVersion
from boget.portal.meetings.services import attendance, decisions, meetings, minutes
from boget.portal.meetings.services import minutes_steps as steps
from boget.portal.meetings.services.minutes_content import digest_content
from boget.portal.notifications.models import Notification
from boget.science.errors import InvalidInput


@pytest.fixture
def meeting(make_held: Any) -> Any:
    return make_held(items=("Инвентаризация", "Разное"))


@pytest.fixture
def item(meeting: Any) -> Any:
    return meeting.items.first()


def save(item: Any, html: str, *, version: int, by: Any, part: str = "heard") -> Any:
    return minutes.save_block(item, part, "ru", html=html, version=version, by=by)


def fresh(record: Any) -> int:
    record.refresh_from_db()
    return int(record.version)


def test_two_editors_of_one_part_lose_nothing(item: Any, cast: dict[str, Any]) -> None:
    first, second = cast["secretary"], cast["editor"]
    assert save(item, "<p>начало</p>", version=0, by=first).block.version == 1
    won = save(item, "<p>начало, первый</p>", version=1, by=first)
    lost = save(item, "<p>начало, второй</p>", version=1, by=second)
    assert won.lost is None and lost.lost is not None
    assert lost.block.html == "<p>начало, первый</p>"
    assert lost.lost.html == "<p>начало, второй</p>" and lost.lost.is_conflict
    merged = minutes.settle_conflict(lost.lost, html="<p>начало, первый и второй</p>", version=2, by=second)
    assert merged.block.html == "<p>начало, первый и второй</p>"
    texts = set(MinuteBlockVersion.objects.values_list("html", flat=True))
    assert {"<p>начало, первый</p>", "<p>начало, второй</p>", "<p>начало, первый и второй</p>"} <= texts
    assert not MinuteBlockVersion.objects.filter(is_conflict=True).exists()


def test_the_slower_one_who_types_on_keeps_every_text(item: Any, cast: dict[str, Any]) -> None:
    save(item, "<p>чужое</p>", version=0, by=cast["secretary"])
    for text in ("м", "мо", "моё"):
        save(item, f"<p>{text}</p>", version=0, by=cast["editor"])
    waiting = MinuteBlockVersion.objects.filter(is_conflict=True)
    assert [row.html for row in waiting] == ["<p>моё</p>"]  # one text to merge
    assert {"<p>м</p>", "<p>мо</p>"} <= set(MinuteBlockVersion.objects.values_list("html", flat=True))
    assert MinuteBlock.objects.get().html == "<p>чужое</p>"


def test_a_merge_that_comes_too_late_waits_in_its_turn(item: Any, cast: dict[str, Any]) -> None:
    save(item, "<p>а</p>", version=0, by=cast["secretary"])
    lost = save(item, "<p>б</p>", version=0, by=cast["editor"]).lost
    save(item, "<p>а, дальше</p>", version=1, by=cast["secretary"])
    again = minutes.settle_conflict(lost, html="<p>а и б</p>", version=1, by=cast["editor"])
    assert again.lost is not None and again.lost.html == "<p>а и б</p>"
    assert again.block.html == "<p>а, дальше</p>"
    kept = minutes.settle_conflict(again.lost, html=None, version=2, by=cast["editor"])
    assert kept.block.html == "<p>а, дальше</p>"


def test_the_same_text_twice_is_no_conflict_and_no_version(item: Any, cast: dict[str, Any]) -> None:
    save(item, "<p>а</p>", version=0, by=cast["secretary"])
    assert save(item, "<p>а</p>", version=0, by=cast["editor"]).lost is None
    assert MinuteBlockVersion.objects.count() == 1


def test_what_is_typed_is_cleaned(item: Any, cast: dict[str, Any]) -> None:
    saved = save(item, '<p style="x" onclick="y">а<script>alert(1)</script><img src=x></p>', version=0, by=cast["secretary"])
    assert saved.block.html == "<p>а</p>"
    with pytest.raises(InvalidInput):
        save(item, "х" * 400_001, version=1, by=cast["secretary"])


def test_who_types_where_is_a_hint_for_others(meeting: Any, item: Any, cast: dict[str, Any]) -> None:
    from boget.portal.meetings.selectors.minutes import read_state

    minutes.hold_block(item, "spoke", "ru", by=cast["editor"])
    part = f"{item.pk}-spoke"
    assert read_state(meeting, language="ru", user=cast["secretary"])["parts"][part]["typing"] == cast["editor"].name
    assert read_state(meeting, language="ru", user=cast["editor"])["parts"][part]["typing"] == ""
    assert save(item, "<p>а</p>", version=0, by=cast["secretary"], part="spoke").lost is None  # no lock


def test_the_item_under_discussion_keeps_time(meeting: Any, cast: dict[str, Any]) -> None:
    first, second = meeting.items.all()
    minutes.open_item(meeting, first, by=cast["secretary"])
    minutes.open_item(meeting, second, by=cast["secretary"])
    first.refresh_from_db()
    meeting.refresh_from_db()
    assert first.started_at and first.ended_at and meeting.current_item == second.pk


# --- the way -------------------------------------------------------------------------------------------------------------


def test_minutes_are_not_taken_before_the_agenda_is_adopted(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting()
    with pytest.raises(InvalidInput) as caught:
        save(meeting.items.first(), "<p>а</p>", version=0, by=cast["secretary"])
    assert caught.value.code == "meeting_step"


def test_closing_freezes_a_draft_with_its_digest(meeting: Any, item: Any, cast: dict[str, Any]) -> None:
    save(item, "<p>О чём</p>", version=0, by=cast["secretary"])
    version = steps.close_meeting(meeting, by=cast["secretary"], version=meeting.version)
    assert (version.number, version.state) == (1, "draft")
    canonical = json.dumps(version.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert version.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert version.content["items"][0]["heard"] == {"ru": "<p>О чём</p>"}
    meeting.refresh_from_db()
    assert meeting.state == "draft" and meeting.ends_at is not None


def test_comments_have_a_day_and_every_one_an_answer(meeting: Any, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    by = cast["secretary"]
    steps.close_meeting(meeting, by=by, version=meeting.version)
    with pytest.raises(InvalidInput) as caught:
        steps.open_comments(meeting, until=today() - dt.timedelta(days=1), by=by, version=fresh(meeting))
    assert caught.value.code == "day_past"
    steps.open_comments(meeting, until=today() + dt.timedelta(days=5), by=by, version=fresh(meeting))
    assert Notification.objects.filter(event__topic="minutes").count() == 5
    comment = steps.add_comment(meeting, "Нет нашего срока", by=cast["expert"])
    assert steps.add_comment(meeting, "Нет нашего срока", by=cast["expert"]).pk == comment.pk
    with pytest.raises(InvalidInput) as caught:
        steps.finalise_minutes(meeting, by=by, version=fresh(meeting), reason="hurry")
    assert caught.value.code == "comments_open"
    with pytest.raises(InvalidInput):
        steps.answer_comment(comment, is_accepted=False, answer=" ", by=by)
    steps.answer_comment(comment, is_accepted=False, answer="Срок не назывался", by=by)
    with pytest.raises(InvalidInput) as caught:
        steps.finalise_minutes(meeting, by=by, version=fresh(meeting))
    assert caught.value.code == "comments_running"
    later = today() + dt.timedelta(days=6)
    monkeypatch.setattr(steps, "today", lambda: later)
    with pytest.raises(InvalidInput) as caught:
        steps.add_comment(meeting, "Поздно", by=cast["expert"])
    assert caught.value.code == "comments_over"
    final = steps.finalise_minutes(meeting, by=by, version=fresh(meeting))
    assert final.state == "final"
    comment.refresh_from_db()
    assert (comment.text, comment.answer) == ("Нет нашего срока", "Срок не назывался")


def test_signatures_need_names_and_a_possible_day(meeting: Any, cast: dict[str, Any]) -> None:
    by = cast["secretary"]
    steps.close_meeting(meeting, by=by, version=meeting.version)
    steps.open_comments(meeting, until=today(), by=by, version=fresh(meeting))
    steps.finalise_minutes(meeting, by=by, version=fresh(meeting), reason="agreed")
    given = {"chair": "A", "secretary": "B", "day": today()}
    for wrong, code in (
        ({"chair": " "}, "signature_missing"),
        ({"day": meeting.day - dt.timedelta(days=1)}, "date_order"),
        ({"day": today() + dt.timedelta(days=2)}, "day_to_come"),
    ):
        with pytest.raises(InvalidInput) as caught:
            steps.sign_minutes(meeting, **{**given, **wrong}, by=by, version=fresh(meeting))
        assert caught.value.code == code
    meeting.refresh_from_db()
    assert meeting.state == "final" and not MinutesVersion.objects.filter(state="signed").exists()


def test_signed_minutes_are_immutable(meeting: Any, item: Any, cast: dict[str, Any], sign_off: Any) -> None:
    by = cast["secretary"]
    save(item, "<p>до подписи</p>", version=0, by=by)
    decision = decisions.record_decision(meeting, item, {"text_ru": "Решили"}, by=by)
    signed = sign_off(meeting)
    before = MinutesVersion.objects.filter(pk=signed.pk).values().get()
    meeting.refresh_from_db()
    attempts = (
        lambda: save(item, "<p>после подписи</p>", version=1, by=by),
        lambda: decisions.record_decision(meeting, item, {"text_ru": "Ещё"}, by=by),
        lambda: decisions.change_decision(decision, {"text_ru": "Иначе"}, responsible=[], by=by, version=decision.version),
        lambda: decisions.remove_decision(decision, by=by, version=decision.version),
        lambda: attendance.mark_presence(meeting, {meeting.attendance.first().pk: False}, by=by),
        lambda: attendance.add_participant(meeting, {"name": "Поздний"}, by=by),
        lambda: meetings.change_meeting(meeting, {"place": "Иное"}, by=by, version=meeting.version),
        lambda: meetings.cancel_meeting(meeting, by=by, version=meeting.version, reason="x"),
    )
    for attempt in attempts:
        with pytest.raises(InvalidInput):
            attempt()
    with pytest.raises(TypeError):
        signed.save()
    assert MinutesVersion.objects.filter(pk=signed.pk).values().get() == before
    assert digest_content(before["content"]) == before["sha256"]
    assert before["content"]["items"][0]["heard"] == {"ru": "<p>до подписи</p>"}
    item.refresh_from_db()
    assert item.blocks.get().html == "<p>до подписи</p>"


def test_a_correction_is_a_new_version_with_its_reason(meeting: Any, item: Any, cast: dict[str, Any], sign_off: Any) -> None:
    by = cast["secretary"]
    save(item, "<p>82 объекта</p>", version=0, by=by)
    signed = sign_off(meeting)
    before = MinutesVersion.objects.filter(pk=signed.pk).values().get()
    with pytest.raises(InvalidInput):
        steps.correct_minutes(meeting, reason=" ", by=by, version=fresh(meeting))
    steps.correct_minutes(meeting, reason="Опечатка в числе", by=by, version=fresh(meeting))
    save(item, "<p>83 объекта</p>", version=1, by=by)
    meeting.refresh_from_db()
    steps.open_comments(meeting, until=today(), by=by, version=fresh(meeting))
    steps.finalise_minutes(meeting, by=by, version=fresh(meeting), reason="agreed")
    again = steps.sign_minutes(meeting, chair="A", secretary="B", day=today(), by=by, version=fresh(meeting))
    assert MinutesVersion.objects.filter(pk=signed.pk).values().get() == before
    assert again.number > signed.number and again.reason == "Опечатка в числе"
    assert again.content["items"][0]["heard"] == {"ru": "<p>83 объекта</p>"}


def test_distribution_tells_members_and_participants_once(meeting: Any, cast: dict[str, Any], sign_off: Any) -> None:
    by = cast["secretary"]
    attendance.add_participant(meeting, {"name": "Guest", "email": cast["operator"].email}, by=by)
    sign_off(meeting)
    Notification.objects.all().delete()
    assert steps.distribute_minutes(meeting, by=by, version=fresh(meeting)) == 6
    told = Notification.objects.filter(event__topic="minutes").values_list("user__email", flat=True)
    assert cast["operator"].email in told and len(told) == len(set(told)) == 6
    with pytest.raises(InvalidInput):
        steps.distribute_minutes(meeting, by=by, version=fresh(meeting))
