"""Who reads and asks for which run: an operator never meets a neighbour's, by any address."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.levels import Level
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors.rights import facilities_computable_by, may_confirm_water
from boget.portal.scenarios.selectors.runs import list_runs, read_run
from boget.portal.scenarios.services.runs import store_outcome
from tests.portal.scenarios.conftest import SmallScience, make_entry
from tests.portal.scenarios.outcomes import make_outcome_json
from tests.portal.scenarios.test_services import ask

pytestmark = pytest.mark.django_db

CANARIES = {"own": "OWN-RUN-CANARY", "other": "OTHER-RUN-CANARY", "real": "REAL-RUN-CANARY", "draft": "DRAFT-RUN-CANARY"}
CANARIES |= {"free": "FREE-RUN-CANARY"}
READERS = {
    "secretary": {"own", "other", "real", "draft", "free"},
    "editor": {"own", "other", "real", "draft", "free"},
    "inspector": {"own", "other", "real", "draft", "free"},
    "expert": {"own", "other", "free"},
    "observer": {"own", "other", "free"},
    "operator": {"own", "real", "draft"},
    "other_operator": {"other"},
    "anonymous": set(),
}
PLACES = (
    "/scenarios/runs/{run}/",
    "/scenarios/runs/{run}/?lang=en",
    "/scenarios/runs/{run}/readings/",
    "/scenarios/runs/{run}/fan.svg",
    *(f"/scenarios/runs/{{run}}/paper.{form}" for form in ("csv", "geojson")),
    "/scenarios/runs/compare/?a={run}&b={run}",
    "/r/{run}/",
    "/api/v1/runs/{run}",
)
LISTS = ("/scenarios/", "/scenarios/?q=CANARY", "/scenarios/facilities/{facility}/panel/", "/api/v1/runs", "/search/?q=CANARY")


@pytest.fixture
def runs(cast: Any, facility_own: Any, facility_other: Any, make_facility: Any, science: SmallScience) -> dict[str, Run]:
    """A run about each kind of place, with its title as the canary."""
    draft = make_facility(owner=organisation_of(cast["operator"]), disclosure="draft")
    science.entries = {f.public_id: make_entry(f.public_id) for f in (facility_own, facility_other, draft)}
    asked = {
        "own": (facility_own, {}),
        "other": (facility_other, {}),
        "real": (facility_own, {"mode": "real"}),
        "draft": (draft, {}),
        "free": (None, {"place": (83.0, 50.0)}),
    }
    made = {code: ask(facility, cast["secretary"], title=CANARIES[code], **given) for code, (facility, given) in asked.items()}
    for run in made.values():
        store_outcome(run, make_outcome_json())
    return made


@pytest.mark.parametrize("role", READERS)
def test_each_reads_own_runs_and_no_others(role: str, cast: Any, runs: dict[str, Run]) -> None:
    person = cast[role]
    assert {code for code, run in runs.items() if read_run(person, run.public_id)} == READERS[role]
    assert set(list_runs(person)) == {runs[code] for code in READERS[role]}


@pytest.mark.parametrize("role", READERS)
def test_no_address_shows_a_run_to_who_may_not_read_it(role: str, clients: Any, runs: dict[str, Run]) -> None:
    faults = []
    for code in set(runs) - READERS[role]:
        for place in PLACES:
            answer = clients[role].get(place.format(run=runs[code].public_id))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            is_refused = answer.status_code == 404 or (role == "anonymous" and answer.status_code == 302 and "/r/" not in place)
            if not is_refused or CANARIES[code] in body.decode():
                faults.append(f"{place} of {code}: {answer.status_code}")
        for place in LISTS:
            facility = runs[code].facility or runs["own"].facility
            if CANARIES[code] in clients[role].get(place.format(facility=facility.public_id), follow=True).content.decode():
                faults.append(f"{place} shows {code}")
    assert not faults, "\n".join(faults)


def test_the_own_runs_are_there(clients: Any, runs: dict[str, Run]) -> None:
    """The test above would pass on empty pages."""
    panel = f"/scenarios/facilities/{runs['own'].facility.public_id}/panel/"
    assert CANARIES["own"] in clients["operator"].get(panel).content.decode()
    assert clients["operator"].get(f"/r/{runs['own'].public_id}/").headers["Location"].endswith(f"/runs/{runs['own'].public_id}/")


def test_the_api_gives_what_entered_and_what_came_out(clients: Any, runs: dict[str, Run]) -> None:
    run = Run.objects.get(pk=runs["own"].pk)
    told = clients["observer"].get(f"/api/v1/runs/{run.public_id}").json()
    assert (told["outcome_hash"], told["outcome"]["members"], told["level"]) == (run.outcome_hash, 10_000, "group")
    assert told["scenario"]["facility_id"] == run.facility.public_id == told["facility"]
    page = clients["operator"].get("/api/v1/runs").json()
    assert {item["title"] for item in page["items"]} == {CANARIES[code] for code in READERS["operator"]}
    assert page["before"] is None
    assert clients["anonymous"].get("/api/v1/runs").json()["items"] == []


def test_an_expert_keeps_the_own_run_of_a_real_release(cast: Any, runs: dict[str, Run], facility_own: Any) -> None:
    mine = ask(facility_own, cast["expert"], mode="real")
    assert mine.level == Level.AUTHORITY
    assert read_run(cast["expert"], mine.public_id) == mine
    assert read_run(cast["observer"], mine.public_id) is None


def test_who_may_ask_and_confirm(cast: Any, facility_own: Any, facility_other: Any, science: SmallScience) -> None:
    for role, own, other, confirms in (
        ("secretary", True, True, True),
        ("expert", True, True, True),
        ("operator", True, False, False),
        ("other_operator", False, True, False),
        ("observer", False, False, False),
        ("anonymous", False, False, False),
    ):
        open_to = set(facilities_computable_by(cast[role]))
        assert (facility_own in open_to, facility_other in open_to) == (own, other), role
        assert may_confirm_water(cast[role], facility_own) is confirms, role


def test_a_merged_facility_is_no_longer_computed(cast: Any, make_facility: Any, science: SmallScience) -> None:
    retired = make_facility(disclosure="retired")
    assert retired not in set(facilities_computable_by(cast["secretary"]))
