"""The way of an action: states, dates that are kept, four eyes, one record for one form, revisions and letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts import services as accounts
from boget.portal.actions.models import Action, ActionReport
from boget.portal.actions.selectors.overview import days_late, is_late
from boget.portal.actions.services import story
from boget.portal.actions.services.steps import STEPS, list_possible
from boget.portal.core.errors import Conflict
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM, verify_chain
from boget.portal.notifications.models import Notification
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db


def take(action: Any, kind: str, by: Any, **more: Any) -> Any:
    """A step of a kind with what it needs."""
    name = {"progress": "report_progress", "claim": "claim_done", "return": "send_back"}.get(kind, kind)
    words = {"text": "done so"} | ({"evidence": "letter 12"} if kind == "claim" else {})
    if kind == "postpone":
        words |= {"new_due": "2027-03", "allowed_by": "decision 5.4"}
    return getattr(story, name)(action, by=by, version=action.version, **{**words, **more})


def bring_to(action: Any, state: str, cast: Any) -> Any:
    """An approved action brought to a state by the steps that lead there."""
    ways = {"approved": "", "in_progress": "start", "done": "claim", "verified": "claim verify", "returned": "claim return"}
    for kind in ways[state].split():
        action = take(action, kind, cast["operator" if kind in ("start", "claim") else "secretary"])
    return action


def test_the_whole_way(cast: Any, make_action: Any) -> None:
    action = make_action(state="proposed")
    assert (action.public_id, action.state, action.first_due) == ("A-0001", "proposed", "2026-06-30")
    met = []
    for kind, who in (("agree", "operator"), ("approve", "secretary"), ("start", "operator"), ("progress", "operator")):
        action = take(action, kind, cast[who])
        met.append(action.state)
    action = take(action, "claim", cast["operator"])
    action = take(action, "return", cast["secretary"])
    action = take(action, "claim", cast["operator"])
    action = take(action, "verify", cast["inspector"])
    assert met == ["agreed", "approved", "in_progress", "in_progress"]
    assert (action.state, action.percent) == ("verified", 100)
    assert action.closed_on is not None
    kinds = [report.kind for report in ActionReport.objects.filter(action=action).order_by("id")]
    assert kinds == ["agree", "approve", "start", "progress", "claim", "return", "claim", "verify"]
    assert verify_chain().is_sound
    assert Revision.objects.filter(record_type="action", record_id="A-0001").count() == 1 + len(kinds)


@pytest.mark.parametrize("state", ["approved", "in_progress", "done", "verified", "returned"])
def test_a_step_is_possible_exactly_where_the_table_says(state: str, cast: Any, make_action: Any) -> None:
    """Every step is tried in every state; what is refused leaves the row as it was."""
    reached = bring_to(make_action(), state, cast)
    possible = set(list_possible(reached))
    for kind in STEPS:
        action = bring_to(make_action(f"Another one for {kind}"), state, cast)
        version, who = action.version, cast["inspector" if kind in ("verify", "return") else "secretary"]
        if kind in possible:
            assert take(action, kind, who).version == version + 1
        else:
            with pytest.raises(InvalidInput) as refused:
                take(action, kind, who)
            assert refused.value.code == "illegal_step"
            assert Action.objects.get(pk=action.pk).version == version


def test_agreeing_needs_somebody_responsible_and_a_date(cast: Any, make_action: Any) -> None:
    for action in (make_action("No date", due="", state="proposed"), make_action("Nobody", lead="", state="proposed")):
        with pytest.raises(InvalidInput, match=r"Due|responsible"):
            take(action, "agree", cast["secretary"])
    with pytest.raises(InvalidInput):
        make_action("A decision without a date", due="", state="approved")


def test_postponing_keeps_the_first_date_and_says_who_allowed_it(cast: Any, make_action: Any) -> None:
    action = take(make_action(due="2025-12"), "postpone", cast["secretary"], new_due="2026-06")
    action = take(action, "postpone", cast["secretary"], new_due="Q1 2027", allowed_by="decision 6.1")
    assert (action.first_due, action.due, action.due_end) == ("2025-12", "2027-Q1", dt.date(2027, 3, 31))
    assert (action.hold, action.state) == ("postponed", "approved")
    told = [(r.old_due, r.new_due, r.allowed_by) for r in action.reports.order_by("id")]
    assert told == [("2025-12", "2026-06", "decision 5.4"), ("2026-06", "2027-Q1", "decision 6.1")]
    with pytest.raises(InvalidInput, match=r"later"):
        take(action, "postpone", cast["secretary"], new_due="2026-12")
    with pytest.raises(InvalidInput):
        take(action, "postpone", cast["secretary"], new_due="2028", allowed_by=" ")


def test_an_agreed_date_does_not_move_by_editing(cast: Any, make_action: Any) -> None:
    proposal = make_action("A proposal", state="proposed", due="2062")
    corrected = story.change_action(proposal, {"due": "2026"}, reason="typing error", by=cast["secretary"], version=1)
    assert (corrected.due, corrected.first_due) == ("2026", "2026")
    with pytest.raises(InvalidInput) as refused:
        story.change_action(make_action("Agreed"), {"due": "2027"}, reason="later", by=cast["secretary"], version=1)
    assert refused.value.code == "agreed_due"


def test_blocked_and_resumed(cast: Any, make_action: Any) -> None:
    action = take(make_action(), "block", cast["operator"], text="no excavator")
    assert (action.hold, action.hold_reason, action.state) == ("blocked", "no excavator", "approved")
    assert is_late(action, dt.date(2026, 7, 1))
    with pytest.raises(InvalidInput):
        take(action, "block", cast["operator"])
    action = take(action, "postpone", cast["secretary"])
    assert action.hold == "blocked"
    assert take(action, "resume", cast["operator"]).hold == "postponed"


def test_lateness_begins_after_the_last_day(make_action: Any) -> None:
    july, august = dt.date(2022, 7, 1), dt.date(2022, 8, 1)
    june = make_action("June", due="2022-06")
    month, quarter, year = (make_action(due, due=due) for due in ("2022-07", "2022-Q3", "2022"))
    assert is_late(june, july)
    assert days_late(june, july) == 1
    assert [is_late(action, july) for action in (month, quarter, year)] == [False] * 3
    assert [is_late(action, august) for action in (month, quarter, year)] == [True, False, False]
    assert not is_late(make_action("No date", due="", state="proposed"), august)


def test_a_claim_is_not_late_and_returning_makes_it_late_again(cast: Any, make_action: Any) -> None:
    claimed = bring_to(make_action(), "done", cast)
    assert not is_late(claimed, dt.date(2027, 1, 1))
    assert is_late(take(claimed, "return", cast["secretary"]), dt.date(2027, 1, 1))


def test_nobody_verifies_the_claim_of_their_own_body(cast: Any, make_action: Any, body_of: Any) -> None:
    action = take(make_action(lead="inspector"), "claim", cast["inspector"])
    colleague = accounts.create_user(email="colleague@test.boget", name="Colleague", by=SYSTEM)
    accounts.add_membership(colleague, body_of("inspector"), role="inspector", valid_from=dt.date(2022, 1, 1), by=SYSTEM)
    for person in (cast["inspector"], colleague):
        with pytest.raises(InvalidInput) as refused:
            take(action, "verify", person)
        assert refused.value.code == "own_claim"
    assert take(action, "verify", cast["secretary"]).state == "verified"


def test_done_needs_evidence(cast: Any, make_action: Any) -> None:
    with pytest.raises(InvalidInput):
        take(make_action(), "claim", cast["operator"], evidence="  ")


def test_the_share_done_after_a_return_is_the_last_reported(cast: Any, make_action: Any) -> None:
    action = take(make_action(), "progress", cast["operator"], percent=60)
    action = take(take(action, "claim", cast["operator"]), "return", cast["secretary"])
    assert action.percent == 60
    for percent in (-1, 101):
        with pytest.raises(InvalidInput):
            take(action, "progress", cast["operator"], percent=percent)


def test_a_stale_version_is_a_conflict_and_changes_nothing(cast: Any, make_action: Any) -> None:
    action = make_action()
    take(action, "progress", cast["operator"], text="first")
    with pytest.raises(Conflict):
        story.report_progress(action, by=cast["operator"], version=1, text="second")
    with pytest.raises(Conflict):
        story.change_action(action, {"title": "Other words"}, reason="r", by=cast["secretary"], version=1)
    assert ActionReport.objects.count() == 1


def test_the_same_form_twice_makes_one_record(cast: Any, make_action: Any) -> None:
    first, second = make_action(origins=[("decision", "5.3")]), make_action(origins=[("decision", "5.3")])
    assert first.pk == second.pk
    assert make_action(origins=[("decision", "5.4")]).pk != first.pk
    for _click in range(2):
        story.report_progress(first, by=cast["operator"], version=1, text="half", percent=50)
    assert ActionReport.objects.filter(action=first).count() == 1


def test_an_origin_is_linked_once(cast: Any, make_action: Any) -> None:
    action = make_action()
    for _time in range(2):
        action = story.link_origin(action, story.Origin("recommendation", "EPR3-8.4-b"), by=cast["secretary"])
    assert [(o.kind, o.ref) for o in action.origins.all()] == [("recommendation", "EPR3-8.4-b")]
    assert action.version == 2
    assert "epr3" in action.search_exact


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "required"),
        ({"title": "x" * 501}, "too_long"),
        ({"title": "bell\x07"}, "control_character"),
        ({"due": "soon"}, "not_a_date"),
        ({"start": "2026-07-01", "due": "2026-06"}, "date_order"),
        ({"cost_kzt": -1}, "range"),
        ({"cost_kzt": "much"}, "not_a_number"),
        ({"cost_kzt": float("nan")}, "range"),
        ({"funding": "magic"}, "not_in_list"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_impossible_values_are_refused_whole(values: Any, code: str, make_action: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_action(**{"title": "Fine", **values})
    assert refused.value.code == code
    assert not Action.objects.exists()
    assert not Revision.objects.filter(record_type="action").exists()


def test_a_body_is_named_once_under_all_its_names(cast: Any, body_of: Any, make_action: Any) -> None:
    old = body_of("editor")
    new = accounts.rename_organisation(
        old, code="test-environment-2", names={"name_ru": "new"}, first_day=dt.date(2023, 1, 1), by=SYSTEM
    )
    parties = [story.Party(old, "lead"), story.Party(new, "co")]
    with pytest.raises(InvalidInput) as refused:
        story.propose_action({"title": "Twice"}, parties=parties, by=cast["secretary"])
    assert refused.value.code == "body_twice"


def test_actions_do_not_wait_for_each_other(cast: Any, make_action: Any) -> None:
    first = make_action("First")
    second = make_action("Second", depends_on=first)
    with pytest.raises(InvalidInput) as refused:
        story.change_action(first, {"depends_on": second}, reason="r", by=cast["secretary"], version=1)
    assert refused.value.code == "loop"


def test_the_people_of_its_bodies_are_told(cast: Any, make_action: Any) -> None:
    action = make_action(lead="operator", co="editor")
    told = {n.user: n.event.topic for n in Notification.objects.select_related("event", "user")}
    assert told == {cast["operator"]: "assigned", cast["editor"]: "assigned"}
    Notification.objects.all().delete()
    take(action, "claim", cast["operator"])
    told = {n.user for n in Notification.objects.filter(event__topic="action")}
    assert told == {cast["editor"], cast["secretary"], cast["inspector"]}


def test_observers_of_a_body_are_not_told_that_they_are_responsible(cast: Any, make_action: Any) -> None:
    make_action(lead="observer")
    assert not Notification.objects.exists()
