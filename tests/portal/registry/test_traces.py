"""Traces that a hidden act leaves: a proposal is not noticed from below, and persons are named to the authority only."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.registry.models import Facility
from boget.portal.registry.services import Source, change_values, propose_values, undo_revision
from boget.portal.registry.values import Claim

BELOW = ("anonymous", "expert", "observer", "other_operator")
SOURCE = Source("letter of the operator", "REASON-CANARY")


def read_everything(client: Any, facility: Any) -> str:
    """History, card, page of the value and the API about one facility."""
    own, api = f"/registry/facilities/{facility.public_id}/", f"/api/v1/facilities/{facility.public_id}"
    pages = [f"{own}history/", f"{own}history/?kind=propose", f"{own}history/?kind=undo", f"{own}?tab=history", own]
    answers = [client.get(address) for address in (*pages, f"{own}fields/mine/", api, f"{api}/history")]
    return "\n".join(answer.content.decode() for answer in answers)


def count_entries(client: Any, facility: Any) -> int:
    return len(client.get(f"/api/v1/facilities/{facility.public_id}/history").json()["items"])


@pytest.fixture
def proposed(cast: dict[str, Any], facility_own: Any) -> Revision:
    [revision] = propose_values(facility_own, {"mine": Claim("PROPOSED")}, source=SOURCE, actor=actor_of(cast["operator"]))
    return revision


@pytest.mark.parametrize("name", BELOW)
def test_a_proposal_leaves_no_entry_and_no_reason(name: str, clients: dict[str, Any], facility_own: Any, request: Any) -> None:
    before = count_entries(clients[name], facility_own)
    request.getfixturevalue("proposed")
    assert count_entries(clients[name], facility_own) == before
    seen = read_everything(clients[name], facility_own)
    assert "REASON-CANARY" not in seen and "PROPOSED" not in seen and '"kind":"propose"' not in seen
    assert "REASON-CANARY" in read_everything(clients["secretary"], facility_own)


def test_neither_a_proposal_nor_its_undoing_moves_the_date(
    clients: dict[str, Any], cast: dict[str, Any], facility_own: Any, proposed: Revision
) -> None:
    def read_date() -> Any:
        return Facility.objects.get(pk=facility_own.pk).updated_at

    before = facility_own.updated_at
    assert read_date() == before
    undo_revision(proposed, reason="REASON-CANARY", actor=actor_of(cast["editor"]))
    assert read_date() == before
    assert all("REASON-CANARY" not in read_everything(clients[name], facility_own) for name in BELOW)
    facility_own.refresh_from_db()
    change_values(facility_own, {"mine": Claim("open")}, source=SOURCE, actor=actor_of(cast["editor"]), version=facility_own.version)
    assert read_date() > before


def test_an_operator_sees_the_body_and_not_the_person(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    editor = cast["editor"]
    for mine in ("first", "second"):
        facility_own.refresh_from_db()
        change_values(facility_own, {"mine": Claim(mine)}, source=SOURCE, actor=actor_of(editor), version=facility_own.version)
    for name in ("operator", *BELOW):
        seen = read_everything(clients[name], facility_own)
        assert editor.email not in seen and editor.name not in seen, name
    assert "test-environment" in read_everything(clients["operator"], facility_own)
    assert editor.name in read_everything(clients["inspector"], facility_own)
    own = f"/registry/facilities/{facility_own.public_id}/history/"
    assert "test-environment" in clients["operator"].get(f"{own}?person=nobody@test.boget").content.decode(), "not a filter here"
