"""Attempts to read or settle more of an action than one's part in it allows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.models import Membership
from boget.portal.accounts.selectors import forget_access
from boget.portal.accounts.services import add_membership
from boget.portal.actions.models import PlanVersion
from boget.portal.actions.services import story
from boget.portal.actions.services.plans import approve_version, draft_version
from boget.portal.core.levels import Level
from boget.portal.core.services import SYSTEM
from boget.science.errors import InvalidInput

SECRET = "Breach map of the northern dam"


def test_words_from_before_an_action_was_opened_stay_with_those_who_could_read_them(cast: Any, make_action: Any) -> None:
    action = make_action(SECRET, level=2)
    by = cast["secretary"]
    story.start(action, by=by, version=1, text=f"{SECRET} is drawn")
    action.refresh_from_db()
    values = {"title": "Draw a map", "objective": "Only the outline"}
    story.change_action(action, values, reason=f"not for all: {SECRET}", by=by, version=action.version)
    action.refresh_from_db()
    story.change_action(action, {}, level=Level.GROUP, reason="may be known now", by=by, version=action.version)
    action.refresh_from_db()
    story.report_progress(action, by=by, version=action.version, text="Half of the outline is drawn")

    address = f"/actions/{action.public_id}/"
    read = cast["expert"].client.get(address).content.decode()
    assert "Half of the outline is drawn" in read
    assert SECRET not in read
    for reader in ("inspector", "operator"):  # the authority, and a body that had its part all the time
        assert SECRET in cast[reader].client.get(address).content.decode(), reader


def test_a_change_that_opens_an_action_does_not_tell_what_it_replaced(cast: Any, make_action: Any) -> None:
    action = make_action(SECRET, level=2)
    by = cast["secretary"]
    story.change_action(action, {"title": "Draw a map"}, level=Level.GROUP, reason="opened", by=by, version=1)
    assert SECRET not in cast["expert"].client.get(f"/actions/{action.public_id}/").content.decode()


def test_the_responsible_body_does_not_verify_what_somebody_else_reported_for_it(cast: Any, make_action: Any) -> None:
    action = make_action(lead="inspector")
    story.start(action, by=cast["secretary"], version=1)
    action.refresh_from_db()
    story.claim_done(action, by=cast["secretary"], version=action.version, text="Done", evidence="Act 5")
    action.refresh_from_db()
    with pytest.raises(InvalidInput) as refused:
        story.verify(action, by=cast["inspector"], version=action.version)
    assert refused.value.code == "own_claim"
    action.refresh_from_db()
    assert action.state == "done"


def test_a_person_of_two_bodies_verifies_for_neither_of_them(cast: Any, make_action: Any, body_of: Any) -> None:
    action = make_action(lead="inspector")
    lead = body_of("inspector")
    story.start(action, by=cast["inspector"], version=1)
    action.refresh_from_db()
    story.claim_done(action, by=cast["inspector"], version=action.version, text="Done", evidence="Act 5")
    action.refresh_from_db()
    # the editor became an inspector of the claiming body first, of the present one later
    add_membership(cast["editor"], lead, role="inspector", valid_from=dt.date(2021, 1, 1), by=SYSTEM)
    forget_access(cast["editor"])
    assert Membership.objects.filter(user=cast["editor"]).count() == 2
    with pytest.raises(InvalidInput) as refused:
        story.verify(action, by=cast["editor"], version=action.version)
    assert refused.value.code == "own_claim"


def test_an_approved_plan_is_not_saved_again(cast: Any, make_action: Any) -> None:
    make_action()
    plan = approve_version(draft_version(by=cast["secretary"]), approved_by="4.5", by=cast["secretary"])
    changed = PlanVersion.objects.get(pk=plan.pk)
    changed.content = []
    with pytest.raises(TypeError):
        changed.save()
    with pytest.raises(TypeError):
        changed.delete()
    assert PlanVersion.objects.get(pk=plan.pk).content == plan.content
