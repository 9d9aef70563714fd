"""What a new installation begins with: the screening of its facilities, and in a demonstration one run to look at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from boget.portal.jobs.services import request_job
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import Run, RunMode, Screening
from boget.portal.scenarios.services import computing
from boget.portal.scenarios.services.rivers import current_network_version
from boget.portal.scenarios.services.runs import request_run
from boget.portal.scenarios.services.staleness import refresh_all_runs

if TYPE_CHECKING:
    from boget.science.scenario.river_scenario import RiverScenario

SCREENING = "river_screening"
EXAMPLE_FACILITY = "KZ-0001"


@transaction.atomic
def ask_for_screening() -> bool:
    """Put the screening into the queue where there is no current one of this network; returns whether it was asked for.

    A new version of the package may bring another network: then the runs are compared with it as well.
    """
    if not Facility.objects.exists():
        return False
    if Screening.objects.filter(is_current=True, network_version=current_network_version()).exists():
        return False
    refresh_all_runs()
    request_job(SCREENING, idempotency_key=SCREENING)
    return True


@transaction.atomic
def ask_for_example() -> Run | None:
    """One exercise for a demonstration, where no run is there yet; None where it is not needed or has no facility."""
    facility = Facility.objects.filter(public_id=EXAMPLE_FACILITY).first()
    if facility is None or Run.objects.exists():
        return None
    started_at = timezone.localtime(timezone.now()).replace(hour=6, minute=0, second=0, microsecond=0)
    return request_run(
        make_example(), by=None, facility=facility, mode=RunMode.EXERCISE, started_at=started_at - dt.timedelta(days=1)
    )


def make_example() -> RiverScenario:
    """Four tonnes of cyanide in six hours at the flow of May, for the first facility of the inventory."""
    release = {"kind": "box", "mass_kg": 4000.0, "mass_gsd": 1.5, "duration_s": 21_600.0}
    return computing.read_scenario(
        computing.complete({"facility_id": EXAMPLE_FACILITY, "release": release, "substance": "CN_free", "season": "05"})
    )
