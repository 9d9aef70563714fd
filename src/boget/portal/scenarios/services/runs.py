"""The door of the runs: asked for, repeated; their outcome is written once, by the job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

import boget
from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import access_of, today
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.levels import Level
from boget.portal.core.models import ChainHead
from boget.portal.core.services import SYSTEM, Entry, append_revision
from boget.portal.core.text import is_storable
from boget.portal.jobs.models import JobState
from boget.portal.jobs.services import request_job
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import Run, RunMode
from boget.portal.scenarios.selectors.key_result import summarise
from boget.portal.scenarios.selectors.rights import find_level, may_request_anywhere
from boget.portal.scenarios.services import computing
from boget.portal.scenarios.services.hashing import hash_content, hash_inputs
from boget.portal.scenarios.services.places import Place, find_place, is_exact_place, place_scenario, return_to_facility
from boget.portal.scenarios.services.rivers import current_network_version
from boget.portal.scenarios.services.staleness import recall_place
from boget.science.errors import MissingData

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome
    from boget.science.scenario.river_scenario import RiverScenario

RECORD = "run"
JOB = "river_forecast"
WINDOW = dt.timedelta(minutes=1)
"""The same scenario of the same person within this time is one form that was sent twice."""
MOST_LIVE = 10
"""Runs of one person that may wait or be computed at a time: the queue is one for everybody."""
LONGEST_TITLE = 200
YEARS = range(1900, 2101)
"""Of a release: beyond them the clock of some zone has no answer."""
COPIED = (
    "mode", "level", "facility", "is_at_facility", "title", "watercourse", "scenario", "refines", "started_at", "is_stale",
)  # fmt: skip
"""What a repetition takes over from the run it repeats."""


@transaction.atomic
def request_run(
    scenario: RiverScenario,
    *,
    by: User | None,
    facility: Facility | None = None,
    mode: str = RunMode.STUDY,
    started_at: dt.datetime,
    title: str = "",
    refines: Run | None = None,
) -> Run:
    """A run in the queue with its number. The same form twice within a minute is one run.

    by None is the system itself. A refinement is about the facility and the release of the run it refines, and open to nobody
    else than that. Raises InvalidInput: a place that is not open to the person, an unknown mode, a moment that no clock has;
    the typed errors of the science for a place without a river, a scenario that cannot be.
    """
    level = _check_request(by, facility, mode)
    _check_words(scenario, started_at=started_at, title=title)
    is_moved = refines is not None and refines.is_at_facility and scenario.facility_id is None  # it stays where that one was
    place = recall_place(refines) if refines and is_moved else None
    if facility and scenario.facility_id is not None:
        place = find_place(facility, level=level)
    placed = place_scenario(scenario, place) if place else scenario
    sketch = computing.sketch_scenario(placed)
    run = Run(
        mode=mode,
        level=max(_choose_level(mode, facility, place), refines.level if refines else 0),
        facility=facility,
        is_at_facility=is_moved or (facility is not None and scenario.facility_id is not None),
        is_stale=is_moved and place is None,
        title=" ".join(title.split())[:LONGEST_TITLE],
        watercourse=computing.name_watercourse(sketch),
        scenario=computing.write_scenario(placed),
        network_version=sketch.path.network_version,
        code_version=boget.__version__,
        refines=refines,
        created_by=by,
        started_at=started_at,
    )
    run.input_hash = hash_inputs(run.scenario, place=place, network_version=run.network_version)
    return _insert_once(run)


def _check_request(by: User | None, facility: Facility | None, mode: str) -> int:
    """How much of the facility the person may read; the system as much as the working group."""
    if mode not in RunMode.values:
        raise refuse("not_in_list", where=pgettext_lazy("run", "Mode"), value=mode, allowed=", ".join(RunMode.values))
    if by is None:
        return int(Level.GROUP)
    if facility is None and may_request_anywhere(by):
        return int(access_of(by).level)
    if facility is None:
        raise refuse("required", where=_("Facility"))
    level = find_level(by, facility)
    if level is None:
        raise refuse("no_such_object", where=_("Facility"), value=facility.public_id)
    return level


def _check_words(scenario: RiverScenario, *, started_at: dt.datetime, title: str) -> None:
    """What a page, a file or a clock could not show afterwards is not taken in."""
    if started_at.year not in YEARS:
        allowed = f"{YEARS[0]}–{YEARS[-1]}"
        raise refuse("range", where=_("Release begins"), value=started_at.date().isoformat(), allowed=allowed)
    if not is_storable(title):
        raise refuse("control_character", where=_("Title"))
    if not all(is_storable(point.name) for point in scenario.points):
        raise refuse("control_character", where=_("Further places on the river"))


def _choose_level(mode: str, facility: Facility | None, place: Place | None) -> int:
    """A real release, and an exact point that the register shows to the authority only, are for the authority."""
    is_exact = facility is not None and place is not None and is_exact_place(facility, place)
    return int(Level.AUTHORITY if mode == RunMode.REAL or is_exact else Level.GROUP)


def _insert_once(run: Run, *, but: Run | None = None) -> Run:
    """Store and queue the run, or give the one that the same form has just made; `but` is not taken for it."""
    ChainHead.objects.select_for_update().get_or_create(pk=1)  # one writer at a time: a number is given out once
    repeated = _find_repeated(run, but)
    if repeated is not None:
        return repeated
    _check_queue(run.created_by)
    run.created_at = timezone.now()
    run.public_id = _choose_number(today().year)
    run.job = request_job(JOB, {"run": run.public_id}, by=run.created_by, idempotency_key=f"{JOB}:{run.public_id}")
    run.save()
    actor = actor_of(run.created_by) if run.created_by else SYSTEM
    append_revision(Entry(RECORD, run.public_id, "create", _describe(run)), actor=actor)
    return run


def _check_queue(by: User | None) -> None:
    if by is None:
        return
    live = Run.objects.filter(created_by=by, outcome__isnull=True, job__state__in=(JobState.WAITING, JobState.RUNNING)).count()
    if live >= MOST_LIVE:
        raise refuse("too_many_live", value=live, allowed=MOST_LIVE - 1)


def _find_repeated(run: Run, but: Run | None) -> Run | None:
    same = Run.objects.filter(
        created_by=run.created_by,
        input_hash=run.input_hash,
        mode=run.mode,
        title=run.title,
        started_at=run.started_at,
        refines=run.refines,
        created_at__gt=timezone.now() - WINDOW,
    )
    return same.exclude(pk=but.pk if but else None).select_related("job").first()


def _choose_number(year: int) -> str:
    prefix = f"R-{year}-"
    newest = Run.objects.filter(public_id__startswith=prefix).order_by("-pk").values_list("public_id", flat=True).first()
    return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:04d}"


def _describe(run: Run) -> dict[str, tuple[None, Any]]:
    """What the log keeps of a request: which run, of what, not the whole scenario, whose fingerprint is enough."""
    facts = {
        "kind": run.kind,
        "mode": run.mode,
        "level": run.level,
        "facility": run.facility.public_id if run.facility else None,
        "title": run.title,
        "input_hash": run.input_hash,
        "network_version": run.network_version,
        "code_version": run.code_version,
        "refines": run.refines.public_id if run.refines else None,
        "started_at": run.started_at.isoformat(),
        "job": run.job.public_id if run.job else None,
    }
    return {name: (None, fact) for name, fact in facts.items() if fact not in (None, "")}


@transaction.atomic
def repeat_run(run: Run, *, by: User | None) -> Run:
    """Compute the same scenario once more, at the place it had then: a new run with the same numbers (`have_same_numbers`).

    Where the network is another one now, so are its version and the numbers.
    """
    level = _check_request(by, run.facility, run.mode)
    again = Run(**{name: getattr(run, name) for name in COPIED}, created_by=by, code_version=boget.__version__)
    again.network_version = current_network_version()
    again.input_hash = run.input_hash
    if again.network_version != run.network_version:
        place = find_place(run.facility, level=level) if run.facility and run.is_at_facility else None
        again.input_hash = hash_inputs(run.scenario, place=place, network_version=again.network_version)
    return _insert_once(again, but=run)


def renew_run(run: Run, *, by: User | None) -> Run:
    """The same release at the place where the register and the network have the facility today: what is stale made anew."""
    scenario = computing.read_scenario(run.scenario)
    if run.facility and run.is_at_facility:
        scenario = return_to_facility(scenario, run.facility.public_id)
    title, mode, refines = run.title, run.mode, run.refines
    return request_run(
        scenario, by=by, facility=run.facility, mode=mode, started_at=run.started_at, title=title, refines=refines
    )


def have_same_numbers(one: Run, other: Run) -> bool:
    """Whether two runs that ended gave the same outcome, to the last digit."""
    return one.is_done and one.outcome_hash == other.outcome_hash


def read_scenario(run: Run) -> RiverScenario:
    """What was computed."""
    return computing.read_scenario(run.scenario)


def read_outcome(run: Run) -> RiverOutcome:
    """What came out. Raises MissingData ("no_outcome") before the end, Conflict ("outcome_altered") where it was changed."""
    return computing.read_outcome(check_outcome(run))


def check_outcome(run: Run) -> Mapping[str, Any]:
    """The stored outcome, as long as it is the one that its fingerprint was taken of; the errors of `read_outcome`."""
    if run.outcome is None:
        raise MissingData("no_outcome", where=run.public_id, value=str(run.state_label))
    if hash_content(run.outcome) != run.outcome_hash:
        raise Conflict("outcome_altered", where=run.public_id)
    outcome: Mapping[str, Any] = run.outcome
    return outcome


@transaction.atomic
def store_outcome(run: Run, outcome: Mapping[str, Any]) -> None:
    """Write the outcome of a run, once, and its fingerprint into the log. Raises TypeError for a run that has one."""
    open_run = Run.objects.filter(pk=run.pk, outcome__isnull=True)
    summary = summarise(computing.read_outcome(outcome)) if open_run.exists() else {}
    found = {"outcome": dict(outcome), "outcome_hash": hash_content(outcome), "summary": summary}
    if not open_run.update(**found, finished_at=timezone.now()):
        raise TypeError(f"{run.public_id} has its outcome: a run is never edited")
    append_revision(Entry(RECORD, run.public_id, "change", {"outcome_hash": (None, found["outcome_hash"])}), actor=SYSTEM)
