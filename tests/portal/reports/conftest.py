"""The desk of the reports' tests: the group and plan of 2022, actions of every level, a meeting, hidden facilities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

UNTIL = dt.date(2022, 12, 31)
TODAY = dt.date(2026, 11, 22)


def at(year: int, month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def plan(cast: dict[str, Any]) -> Any:
    """The embedded group with its plan of 2022."""
    from tests.plan_2022 import bring_plan

    return bring_plan()


@pytest.fixture
def tell(plan: Any) -> Callable[..., Any]:
    """Reports on an item: ``tell(3, at(2022, 10, 2), done="…", state="in_progress")``."""
    from boget.portal.accounts.models import Organisation
    from boget.portal.meetings.models import PlanReport

    def report(number: int, when: dt.datetime, *, state: str = "in_progress", **values: Any) -> Any:
        item = plan.items.get(number=number)
        body = Organisation.objects.get(code="mes")
        made = PlanReport.objects.create(item=item, at=when, organisation=body, state_after=state, **values)
        item.state = state
        if state == "done":
            item.done_on, item.is_done_confirmed = when.date(), True
        item.save()
        return made

    return report


@pytest.fixture
def make_action(plan: Any) -> Callable[..., Any]:
    """Rows of the action plan, made past the door because their dates lie in the past."""
    from boget.portal.accounts.models import Organisation
    from boget.portal.actions.models import Action, ActionParty
    from boget.portal.core.partial_dates import end_of
    from boget.portal.core.text import fold_exact, fold_keyboard, fold_latin

    def make(title: str = "Проверить дамбу", *, due: str = "2022-06", body: str = "mes", **values: Any) -> Any:
        number = Action.objects.count() + 1
        rest = {"state": "in_progress", "created_at": at(2022, 3, 1), "updated_at": at(2022, 3, 1), **values}
        folded = {f"search_{name}": f(title) for name, f in (("exact", fold_exact), ("keyboard", fold_keyboard), ("latin", fold_latin))}
        dates = {"due": due, "due_end": end_of(due) if due else None, "first_due": due}
        action = Action.objects.create(public_id=f"A-{number:04d}", title=title, **dates, **folded, **rest)
        ActionParty.objects.create(action=action, organisation=Organisation.objects.get(code=body), role="lead")
        return action

    return make


@pytest.fixture
def build(plan: Any) -> Callable[..., Any]:
    """The context of a report on 2022; the system makes it unless ``user`` says who does."""
    from boget.portal.core.levels import Level
    from boget.portal.reports.progress.build import build_context

    def make(user: Any = None, **changes: Any) -> Any:
        frame = {"since": dt.date(2022, 1, 1), "until": UNTIL, "year": 2022, "language": "ru", "day": TODAY, "level": Level.GROUP}
        return build_context(user, **{**frame, **changes})

    return make


@pytest.fixture
def desk(plan: Any, tell: Any, make_action: Any, facility_own: Any, facility_other: Any, make_facility: Any) -> dict[str, Any]:
    """A desk with something hidden at every level: SECRET words that a group report must not hold."""
    tell(1, at(2022, 6, 24), state="done", done="Самооценка обновлена", result="Направлена в Секретариат")
    tell(3, at(2022, 10, 2), done="Ответили 12 из 17 регионов", next_step="Повторить запросы", next_due="2022-12")
    tell(5, at(2023, 2, 1), done="LATER-CANARY")
    make_action("Открытая мера", level=0, funding="unfunded")
    make_action("Мера группы", level=1, due="2022-09", indicator="доля")
    make_action("ACTION-CANARY", level=2)
    make_facility(name_ru="DRAFT-CANARY", disclosure="draft", status="abandoned")
    return {"plan": plan}
