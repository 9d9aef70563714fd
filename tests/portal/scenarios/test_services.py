"""Runs: asked for, repeated, refined; what enters them is kept and what changed since is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.jobs.models import Job
from boget.portal.jobs.worker import Worker
from boget.portal.registry.services import Source, change_values
from boget.portal.registry.values import Claim
from boget.portal.scenarios.models import Run, Screening
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.services import runs
from boget.portal.scenarios.services.runs import request_run
from boget.science.errors import InvalidInput, MissingData
from boget.science.river.assimilation import Reading
from tests.portal.scenarios.conftest import SmallScience, make_entry, make_scenario

pytestmark = pytest.mark.django_db
READING = Reading(38_000.0, 40_000.0, "arrival", 1.0, 0.1)
SIX = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)


def ask(facility: Any, by: Any, **changes: Any) -> Run:
    given = {"mode": "study", "started_at": SIX, "title": "", "mass_kg": 4000.0, "place": None, **changes}
    mass, place = given.pop("mass_kg"), given.pop("place")
    scenario = make_scenario(facility_id=facility.public_id if facility and not place else None, point=place, mass_kg=mass)
    return request_run(scenario, by=by, facility=facility, **given)


def finish(run: Run) -> Run:
    Worker().work_off()
    return Run.objects.get(pk=run.pk)


def move(facility: Any, **point: float) -> None:
    facility.refresh_from_db()
    claim = Claim({"radius_m": 30.0, **point})
    change_values(facility, {"point": claim}, source=Source("Survey", "test"), actor=SYSTEM, version=facility.version)
    facility.refresh_from_db()


def test_a_run_keeps_what_entered_it_and_what_came_out(cast: Any, facility_own: Any, science: SmallScience) -> None:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    run = ask(facility_own, cast["expert"])
    assert (run.public_id, run.state) == (f"R-{run.created_at.year}-0001", "waiting")
    assert run.scenario["facility_id"] == facility_own.public_id
    ended = finish(run)
    assert (ended.state, ended.is_stale, len(ended.outcome_hash)) == ("done", False, 64)
    assert ended.outcome["members"] == 10_000
    assert ended.job.result["url"] == f"/scenarios/runs/{run.public_id}/"
    assert Revision.objects.get(record_type="run", record_id=run.public_id, kind="create").changes["input_hash"] == [None, run.input_hash]


def test_the_same_form_twice_is_one_run(cast: Any, facility_own: Any, science: SmallScience) -> None:
    first, second = (ask(facility_own, cast["expert"]) for _ in range(2))
    assert (first.pk, Run.objects.count(), Job.objects.count()) == (second.pk, 1, 1)
    others = [ask(facility_own, cast["secretary"]), ask(facility_own, cast["expert"], mass_kg=1.0)]
    assert [run.public_id[-4:] for run in others] == ["0002", "0003"]
    Run.objects.filter(pk=first.pk).update(created_at=first.created_at - 2 * runs.WINDOW)
    assert ask(facility_own, cast["expert"]).public_id[-4:] == "0004"


def test_a_repetition_gives_identical_numbers(cast: Any, facility_own: Any, science: SmallScience) -> None:
    first = finish(ask(facility_own, cast["expert"]))
    again = finish(runs.repeat_run(first, by=cast["secretary"]))
    assert again.pk != first.pk
    assert (again.input_hash, again.outcome) == (first.input_hash, first.outcome)
    assert runs.have_same_numbers(first, again)
    other = finish(ask(facility_own, cast["expert"], mass_kg=5.0))
    assert not runs.have_same_numbers(first, other)
    assert runs.repeat_run(first, by=cast["secretary"]).pk == again.pk, "the same form twice"


def test_an_outcome_is_written_once(cast: Any, facility_own: Any, science: SmallScience) -> None:
    run = finish(ask(facility_own, cast["expert"]))
    with pytest.raises(TypeError):
        runs.store_outcome(run, {"members": 1})
    with pytest.raises(TypeError):
        run.delete()
    assert Run.objects.get().outcome == run.outcome


def test_a_refinement_is_a_run_of_its_own(cast: Any, facility_own: Any, science: SmallScience) -> None:
    first = finish(ask(facility_own, cast["expert"]))
    scenario = make_scenario(facility_id=facility_own.public_id, readings=(READING,))
    second = request_run(scenario, by=cast["expert"], facility=facility_own, started_at=SIX, refines=first)
    assert second.input_hash != first.input_hash
    assert list(first.refinements.all()) == [second]
    assert finish(second).outcome["effective_members"] < Run.objects.get(pk=first.pk).outcome["effective_members"]


def test_a_run_goes_stale_when_its_facility_moves_and_fresh_when_it_comes_back(
    cast: Any, facility_own: Any, science: SmallScience
) -> None:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    placed, elsewhere = ask(facility_own, cast["expert"]), ask(facility_own, cast["expert"], place=(83.0, 50.0))

    def read_marks() -> list[bool]:
        return [Run.objects.get(pk=run.pk).is_stale for run in (placed, elsewhere)]

    move(facility_own, longitude=83.6, latitude=50.4)
    assert read_marks() == [True, False]
    move(facility_own, longitude=83.516, latitude=50.345)
    assert read_marks() == [False, False]


def test_a_moved_facility_is_traced_from_its_own_point_no_more_exactly_than_the_reader_may_know(
    cast: Any, facility_own: Any, science: SmallScience
) -> None:
    by_expert, by_secretary = ask(facility_own, cast["expert"]), ask(facility_own, cast["secretary"])
    assert tuple(by_expert.scenario["point"]) == (83.52, 50.35)
    assert tuple(by_secretary.scenario["point"]) == (83.516123, 50.345123)
    assert (by_expert.level, by_secretary.level) == (Level.GROUP, Level.AUTHORITY)
    assert not Run.objects.visible_to(cast["expert"]).filter(pk=by_secretary.pk).exists()


def test_another_network_makes_every_run_stale(cast: Any, facility_own: Any, science: SmallScience) -> None:
    from boget.portal.scenarios.services.staleness import note_new_network

    run = ask(facility_own, cast["expert"])
    science.version = "another"
    note_new_network()
    assert Run.objects.get(pk=run.pk).is_stale
    Worker().work_off()
    run.refresh_from_db()
    assert (run.state, run.job.error_code) == ("failed", "run_outdated")
    renewed = runs.renew_run(run, by=cast["expert"])
    assert (renewed.network_version, finish(renewed).is_stale) == ("another", False)


def test_a_real_release_is_for_the_authority(cast: Any, facility_own: Any, science: SmallScience) -> None:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    assert ask(facility_own, cast["expert"], mode="real").level == Level.AUTHORITY
    assert ask(facility_own, cast["expert"], mode="exercise").level == Level.GROUP


def test_refused_requests_leave_nothing(cast: Any, facility_own: Any, facility_other: Any, science: SmallScience) -> None:
    for by, facility, options, code in (
        (cast["operator"], facility_other, {}, "no_such_object"),
        (cast["operator"], None, {"place": (83.0, 50.0)}, "required"),
        (cast["observer"], facility_own, {}, "no_such_object"),
        (cast["secretary"], facility_own, {"mode": "war"}, "not_in_list"),
        (cast["secretary"], facility_own, {"place": (70.0, 43.0)}, "no_watercourse"),
    ):
        with pytest.raises((InvalidInput, MissingData)) as caught:
            ask(facility, by, **options)
        assert caught.value.code == code
    assert (Run.objects.count(), Job.objects.count(), Revision.objects.filter(record_type="run").count()) == (0, 0, 0)


def test_a_facility_without_a_place_is_refused_with_what_to_do(cast: Any, make_facility: Any, science: SmallScience) -> None:
    with pytest.raises(MissingData) as caught:
        ask(make_facility(), cast["expert"])
    assert caught.value.code == "place_unknown"


def test_names_are_made_in_the_language_of_the_reader(cast: Any, facility_own: Any, science: SmallScience) -> None:
    from django.utils import translation

    run = ask(facility_own, cast["expert"])
    with translation.override("en"):
        assert name_run(run) == "River wave: Ulba"
    with translation.override("ru"):
        assert name_run(run) == "Волна: Ульба"
    run.title = "Drill of May"
    assert name_run(run) == "Drill of May"


def test_a_change_of_the_register_makes_the_screening_stale(facility_own: Any, science: SmallScience) -> None:
    from boget.portal.scenarios.services import staleness

    began = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = {"network_version": "n", "code_version": "c", "input_hash": "h", "created_at": began}
    screening = Screening.objects.create(**made)
    staleness.replace_current(screening, began_at=began)
    assert not staleness.is_screening_due(began + dt.timedelta(days=3650))
    move(facility_own, longitude=83.6, latitude=50.4)
    screening.refresh_from_db()
    assert not staleness.is_screening_due(screening.stale_since)
    assert staleness.is_screening_due(screening.stale_since + staleness.SETTLING)
    later = Screening.objects.create(**made)
    staleness.replace_current(later, began_at=screening.stale_since - dt.timedelta(seconds=1))
    assert later.stale_since == screening.stale_since, "what changed while it was computed is not in it"
    newest = Screening.objects.create(**made)
    staleness.replace_current(newest, began_at=screening.stale_since + dt.timedelta(seconds=1))
    assert (newest.stale_since, Screening.objects.get(is_current=True)) == (None, newest)
