"""The working group with the people of the cast in it, and meetings in each of their states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

FIRST_DAY = dt.date(2022, 1, 21)
Make = Callable[..., Any]


@pytest.fixture
def group(cast: dict[str, Any]) -> Any:
    """Secretary (chair's deputy keeps the minutes), editor, inspector and expert as members, the observer as an observer."""
    from boget.portal.accounts.selectors import organisation_of
    from boget.portal.meetings.models import GroupBody, GroupPerson, WorkingGroup

    host = organisation_of(cast["secretary"])
    found = WorkingGroup.objects.create(
        code="kz", country="KZ", host=host, name_ru="Рабочая группа по безопасности", name_kk="Қауіпсіздік жөніндегі жұмыс тобы",
        name_en="Working Group on Safety",
    )  # fmt: skip
    roles = {"secretary": "secretary", "editor": "chair", "inspector": "member", "expert": "member", "observer": "observer"}
    for name, role in roles.items():
        body = organisation_of(cast[name])
        is_observer = name == "observer"
        GroupBody.objects.create(group=found, organisation=body, is_observer=is_observer, valid_from=FIRST_DAY)
        GroupPerson.objects.create(
            group=found, organisation=body, user=cast[name], name=cast[name].name, role=role, valid_from=FIRST_DAY
        )
    return found


@pytest.fixture
def make_meeting(group: Any, cast: dict[str, Any]) -> Make:
    """Plans a meeting: ``make_meeting(hours=24)`` from now; ``items`` titles, ``listed`` takes the members over."""
    from boget.portal.meetings.services.agenda import add_item
    from boget.portal.meetings.services.attendance import take_over_members
    from boget.portal.meetings.services.meetings import create_meeting

    def make(*, hours: float = 24, items: Any = ("Открытие",), listed: bool = True, **values: Any) -> Any:
        starts = (timezone.now() + dt.timedelta(hours=hours)).replace(second=0, microsecond=0)
        given = {"starts_at": starts, "mode": "hybrid", "place": "Астана", "languages": "ru,kk", **values}
        meeting = create_meeting(given, by=cast["secretary"])
        for title in items:
            meeting.refresh_from_db()
            add_item(meeting, {"title_ru": title}, by=cast["secretary"], version=meeting.version)
        if listed:
            take_over_members(meeting, by=cast["secretary"])
        meeting.refresh_from_db()
        return meeting

    return make


@pytest.fixture
def make_held(make_meeting: Make, cast: dict[str, Any]) -> Make:
    """A meeting that is going on: the agenda adopted, everybody present."""
    from boget.portal.meetings.services.attendance import mark_presence
    from boget.portal.meetings.services.meetings import adopt_agenda, mark_held

    def make(**values: Any) -> Any:
        meeting = make_meeting(hours=-1, **values)
        mark_presence(meeting, {row.pk: True for row in meeting.attendance.all()}, by=cast["secretary"])
        adopt_agenda(meeting, by=cast["secretary"], version=meeting.version)
        meeting.refresh_from_db()
        mark_held(meeting, by=cast["secretary"], version=meeting.version)
        meeting.refresh_from_db()
        return meeting

    return make


@pytest.fixture
def sign_off(cast: dict[str, Any]) -> Callable[[Any], Any]:
    """Takes a held meeting all the way to signed minutes; returns the signed version."""
    from boget.portal.accounts.selectors import today
    from boget.portal.meetings.services import minutes_steps as steps

    def sign(meeting: Any) -> Any:
        by = cast["secretary"]
        steps.close_meeting(meeting, by=by, version=_fresh(meeting))
        steps.open_comments(meeting, until=today(), by=by, version=_fresh(meeting))
        steps.finalise_minutes(meeting, by=by, version=_fresh(meeting), reason="all have agreed")
        return steps.sign_minutes(
            meeting, chair="A. Chair", secretary="S. Secretary", day=today(), by=by, version=_fresh(meeting)
        )

    return sign


def _fresh(meeting: Any) -> int:
    meeting.refresh_from_db()
    return int(meeting.version)


@pytest.fixture
def plan(cast: dict[str, Any]) -> Any:
    """The work plan of 2022 with the group, as they are loaded."""
    from tests.plan_2022 import bring_plan

    return bring_plan()


@pytest.fixture
def responsible(plan: Any, cast: dict[str, Any]) -> Any:
    """The editor, now of the body that followed МЭГПР: responsible by its predecessor."""
    from boget.portal.accounts.models import Organisation
    from boget.portal.accounts.services import add_membership
    from boget.portal.core.services import SYSTEM

    menr = Organisation.objects.get(code="menr")
    add_membership(cast["editor"], menr, role="editor", valid_from=dt.date(2023, 1, 2), by=SYSTEM)
    return cast["editor"]
