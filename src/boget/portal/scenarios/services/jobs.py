"""What the worker does: a forecast, and the screening of all facilities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from boget.portal.core.errors import refuse
from boget.portal.jobs.running import JobContext
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.services import computing, staleness
from boget.portal.scenarios.services.rivers import current_network_version
from boget.portal.scenarios.services.runs import store_outcome

MEMBERS_FROM, MEMBERS_TO = 0.1, 0.95
"""Share of the bar that belongs to the members of the ensemble."""


def run_forecast(context: JobContext) -> dict[str, Any]:
    """Compute a run and store its outcome together with the end of the job. Cancelling takes effect at the next report.

    Raises InvalidInput ("run_outdated") where the network is another one than that the run was asked for.
    """
    run = Run.objects.get(public_id=context.payload["run"])
    address = {"url": reverse("scenarios:run", args=[run.public_id])}
    if run.is_done:
        return address
    context.report(0.0, step="inputs")
    if current_network_version() != run.network_version:
        raise refuse("run_outdated", where=run.public_id)
    _compile()
    context.report(MEMBERS_FROM, step="members")

    def report(share: float, *_step: object) -> None:
        context.report(MEMBERS_FROM + (MEMBERS_TO - MEMBERS_FROM) * share)

    outcome = computing.compute(run.scenario, on_progress=report)
    context.report(MEMBERS_TO, step="results")
    with context.finishing() as result:
        store_outcome(run, outcome)
        result.update(address)
    return address


def run_screening(context: JobContext) -> dict[str, Any]:
    """Compute travel times from every facility to every border, and mark the runs whose place or network is another one now."""
    from boget.portal.scenarios.services.screening import compute_screening

    staleness.refresh_all_runs()
    _compile()
    compute_screening(lambda share, step="": context.report(share, step=step))
    return {"url": reverse("scenarios:screening")}


def is_screening_due(now: dt.datetime) -> bool:
    return staleness.is_screening_due(now)


def _compile() -> None:
    """Have the machine code of the wave ready; from the second time on it lies beside the sources."""
    from boget.science.river.warming import compile_kernels

    compile_kernels()
