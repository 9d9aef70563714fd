"""Deadlines: 30, 14, 3 and 0 days before, then weekly; told once, to the people responsible, while something is to be done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.selectors import today
from boget.portal.actions.selectors.overview import list_due
from boget.portal.actions.selectors.reminders import is_reminder_day, list_digest_items
from boget.portal.actions.services import story
from boget.portal.actions.services.reminding import has_reminders, remind_all
from boget.portal.notifications.letters import list_digest_parts
from boget.portal.notifications.models import DigestSetting, Notification

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


class Context:
    """What the job is given: it only reports."""

    def report(self, share: float, step: str = "") -> None:
        assert 0 <= share <= 1


@pytest.mark.parametrize(
    ("days", "is_day"), [(31, False), (30, True), (14, True), (3, True), (0, True), (-1, True), (-2, False), (-8, True)]
)
def test_days_of_reminding(days: int, is_day: bool) -> None:
    assert is_reminder_day(days) is is_day


def test_the_digest_lists_what_is_late_first(cast: Any, make_action: Any) -> None:
    day = dt.date(2026, 11, 22)
    for title, days in (("In a fortnight", 14), ("Today", 0), ("Late by a week", -8), ("Tomorrow", 1), ("Late by two", -2)):
        make_action(title, due=(day + dt.timedelta(days=days)).isoformat())
    texts = [item.text for item in list_digest_items(cast["operator"], day)]
    assert [text.rpartition(": ")[2] for text in texts] == ["Late by a week", "Today", "In a fortnight"]
    assert "overdue by 8 days" in texts[0]
    assert list_digest_items(cast["other_operator"], day) == []
    labels = [str(label) for label, items in list_digest_parts(cast["operator"], day) if items]
    assert labels == ["Deadlines of your actions"]


def test_a_weekly_digest_takes_the_days_between_in(cast: Any, make_action: Any) -> None:
    day = dt.date(2026, 11, 23)
    make_action("Due in ten days", due="2026-12-03")
    make_action("Late by two", due="2026-11-21")
    assert list_digest_items(cast["operator"], day) == []
    DigestSetting.objects.create(user=cast["operator"], rhythm="weekly")
    assert len(list_digest_items(cast["operator"], day)) == 2


def test_the_day_itself_is_told_once(cast: Any, make_action: Any) -> None:
    action = make_action("Due today", due=today().isoformat(), co="editor")
    make_action("Due another day", due="2099")
    Notification.objects.all().delete()
    assert has_reminders(NOON)
    assert not has_reminders(NOON.replace(hour=1))
    assert remind_all(Context()) == {"told": 1}  # type: ignore[arg-type]
    assert {n.user for n in Notification.objects.filter(event__topic="due")} == {cast["operator"], cast["editor"]}
    assert not has_reminders(NOON)
    assert remind_all(Context()) == {"told": 0}  # type: ignore[arg-type]
    assert Notification.objects.get(user=cast["operator"]).letter is not None
    story.claim_done(action, by=cast["operator"], version=1, text="done", evidence="act 1")
    assert list_due(cast["operator"], today())[0].action.title == "Due another day"


def test_what_is_done_is_not_reminded_of(cast: Any, make_action: Any) -> None:
    action = make_action(due=today().isoformat())
    story.claim_done(action, by=cast["operator"], version=1, text="done", evidence="act 1")
    assert not has_reminders(NOON)
    assert list_digest_items(cast["operator"], today()) == []


def test_a_new_date_is_a_new_reminder(cast: Any, make_action: Any) -> None:
    action = make_action(due="2026-01")
    remind_all(Context())  # type: ignore[arg-type]
    story.postpone(action, by=cast["secretary"], version=1, text="r", new_due=today().isoformat(), allowed_by="5.4")
    assert has_reminders(NOON)


def test_due_actions_say_how_late_they_are(cast: Any, make_action: Any) -> None:
    make_action("Late", due="2026-06")
    make_action("Not late", due="2026-Q4")
    make_action("No date", due="", state="proposed")
    rows = list_due(cast["operator"], dt.date(2026, 7, 5), limit=9)
    assert [(row.action.title, row.days_left, row.is_late, row.days_late) for row in rows] == [
        ("Late", -5, True, 5), ("Not late", 179, False, 0), ("No date", None, False, 0)
    ]  # fmt: skip
