"""What was computed from something that has changed says so: runs by their fingerprint, the screening by the moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from boget.portal.core.levels import Level
from boget.portal.scenarios.models import Run, Screening
from boget.portal.scenarios.services.hashing import hash_inputs
from boget.portal.scenarios.services.places import Place, find_place
from boget.portal.scenarios.services.rivers import current_network_version

SETTLING = dt.timedelta(minutes=1)
"""The screening is computed anew when the register has been quiet for so long: an import changes many facilities at once."""

KNOWN_TO = (Level.GROUP, Level.AUTHORITY)
"""Levels whose view of an exact point a run may have begun at: as exact as the person could see it who asked."""


def refresh_runs_of(facility_ids: Collection[int]) -> int:
    """Compare the runs of these facilities with the register of this moment; returns how many marks changed."""
    return _refresh(Run.objects.filter(facility_id__in=facility_ids))


def refresh_all_runs() -> int:
    """Compare every run with the register and the network of this moment; returns how many marks changed."""
    return _refresh(Run.objects.all())


def _refresh(runs: QuerySet[Run]) -> int:
    rows = list(runs.select_related("facility").defer("outcome"))
    version = current_network_version() if rows else ""
    changed = [run for run in rows if run.is_stale != _is_changed(run, version)]
    for run in changed:
        run.is_stale = not run.is_stale
    Run.objects.bulk_update(changed, ["is_stale"])
    return len(changed)


def _is_changed(run: Run, version: str) -> bool:
    facility = run.facility if run.is_at_facility else None
    places = [find_place(facility, level=level) for level in KNOWN_TO] if facility else [None]
    hashes = [hash_inputs(run.scenario, place=place, network_version=version) for place in places]
    return run.input_hash not in hashes


def recall_place(run: Run) -> Place | None:
    """The place that entered a run, as the register still has it; None where it has another one now."""
    if run.facility is None:
        return None
    places = (find_place(run.facility, level=level) for level in KNOWN_TO)
    version = run.network_version
    return next((x for x in places if hash_inputs(run.scenario, place=x, network_version=version) == run.input_hash), None)


def mark_screening_stale() -> None:
    """Note that the register is no longer what the current screening was computed from."""
    Screening.objects.filter(is_current=True).update(stale_since=timezone.now())


@transaction.atomic
def note_new_network() -> None:
    """Rivers of another folder are in use: compare every run with them and let the screening be computed anew."""
    refresh_all_runs()
    mark_screening_stale()


def is_screening_due(now: dt.datetime) -> bool:
    """Whether the current screening is out of date and the register has been quiet since. Load asks for the first one."""
    return Screening.objects.filter(is_current=True, stale_since__lte=now - SETTLING).exists()


@transaction.atomic
def replace_current(screening: Screening, *, began_at: dt.datetime) -> None:
    """Make a screening the current one. What changed in the register while it was computed makes it out of date at once."""
    before = Screening.objects.select_for_update().filter(is_current=True).exclude(pk=screening.pk).first()
    if before is not None:
        screening.stale_since = before.stale_since if before.stale_since and before.stale_since > began_at else None
        before.is_current = False
        before.save(update_fields=["is_current"])
    screening.is_current = True
    screening.save(update_fields=["is_current", "stale_since"])
