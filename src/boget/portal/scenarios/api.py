"""/api/v1/runs: river forecasts for programs, with the rights of the pages. Read only; runs are asked for on the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from boget.portal.core.levels import Level
from boget.portal.registry.schemas import Problem
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.runs import list_runs, read_run
from boget.portal.scenarios.services.runs import check_outcome

router = Router(tags=["scenarios"])
BAD = {400: Problem, 422: Problem}
ABSENT = {404: Problem, 409: Problem, **BAD}
PAGE = 50
CANNOT = "Screening only: without readings not calibrated for this river. What the release adds, not the background."


class RunSummary(Schema):
    """A run without its numbers."""

    id: str
    title: str = Field(description="In the language of the request")
    kind: str
    mode: str = Field(description="study, exercise or real")
    level: str = Field(description="group or authority: who may read it")
    state: str = Field(description="waiting, running, done, failed or cancelled")
    is_stale: bool = Field(description="Facility, receiving water or network changed since")
    facility: str | None
    refines: str | None
    created_at: datetime
    started_at: datetime = Field(description="When the release begins")
    url: str


class RunPage(Schema):
    """The newest first, 50 a page; before: what to give as before for the next page, None at the end."""

    items: list[RunSummary]
    before: int | None


class RunOut(RunSummary):
    """Everything that entered and came out; SI units: seconds from the start of the release, kg/m3, metres."""

    network_version: str
    code_version: str
    input_hash: str
    outcome_hash: str
    scenario: dict[str, Any]
    outcome: dict[str, Any] | None
    cannot: str = CANNOT


@router.get("/runs", response={200: RunPage, **BAD}, url_name="runs")
def read_runs(
    request: HttpRequest,
    facility: str = Query("", max_length=24),  # type: ignore[type-arg]
    before: int = Query(None, ge=1, le=2**53),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Runs that the reader may see; none for the public. facility: only those about it."""
    runs = list_runs(request.user, facility=facility)
    if before is not None:
        runs = runs.filter(pk__lt=before)
    rows = list(runs[: PAGE + 1])
    shown = rows[:PAGE]
    return {"items": [describe_summary(run) for run in shown], "before": shown[-1].pk if len(rows) > PAGE else None}


@router.get("/runs/{public_id}", response={200: RunOut, **ABSENT}, url_name="run")
def read_one(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """One run with scenario and outcome. Absent and refused are the same 404."""
    run = read_run(request.user, public_id)
    if run is None:
        raise Http404
    if run.is_done:
        check_outcome(run)
    plain = ("network_version", "code_version", "input_hash", "outcome_hash", "scenario", "outcome")
    return describe_summary(run) | {name: getattr(run, name) for name in plain}


def describe_summary(run: Run) -> dict[str, Any]:
    plain = ("kind", "mode", "state", "is_stale", "created_at", "started_at")
    return {name: getattr(run, name) for name in plain} | {
        "id": run.public_id,
        "title": name_run(run),
        "level": Level(run.level).code,
        "facility": run.facility.public_id if run.facility else None,
        "refines": run.refines.public_id if run.refines else None,
        "url": reverse("scenarios:run", args=[run.public_id]),
    }
