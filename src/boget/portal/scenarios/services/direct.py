"""River forecast and screening for a terminal: the same computation and the same numbers as a run, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boget
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import Screening
from boget.portal.scenarios.selectors.screening_records import describe_row, list_screened
from boget.portal.scenarios.services import computing, rivers
from boget.portal.scenarios.services.computing import Progress
from boget.portal.scenarios.services.hashing import hash_content, hash_inputs
from boget.portal.scenarios.services.places import Place, find_place, place_scenario

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would hold."""

    facility: str
    scenario: Mapping[str, Any]
    outcome: Mapping[str, Any]
    network_version: str
    input_hash: str

    @property
    def facts(self) -> dict[str, Any]:
        """What entered, and the fingerprints by which a run of the portal is compared."""
        return {
            "facility": self.facility,
            "network_version": self.network_version,
            "code_version": boget.__version__,
            "input_hash": self.input_hash,
            "outcome_hash": hash_content(self.outcome),
            "scenario": dict(self.scenario),
        }

    def read_outcome(self) -> RiverOutcome:
        return computing.read_outcome(self.outcome)


def forecast_facility(
    public_id: str, stored: Mapping[str, Any], *, has_database: bool, on_progress: Progress | None = None
) -> Forecast:
    """Compute a scenario for a facility of the register, or of the embedded table where there is no installation.

    stored: a scenario as JSON with the number of the facility as its place; `computing.complete` adds what is missing. Raises
    InvalidInput ("no_such_object") for an unknown number, and the typed errors of the science.
    """
    with _open(has_database):
        place = _find_registered(public_id) if has_database else _find_embedded(public_id)
        placed = place_scenario(computing.read_scenario(computing.complete(stored)), place)
        sketch = computing.sketch_scenario(placed)
        scenario = computing.write_scenario(placed)
        outcome = computing.compute(scenario, on_progress=on_progress)
    version = sketch.path.network_version
    return Forecast(public_id, scenario, outcome, version, hash_inputs(scenario, place=place, network_version=version))


def _open(has_database: bool) -> AbstractContextManager[None]:
    return nullcontext() if has_database else rivers.without_database()


def _find_registered(public_id: str) -> Place:
    facility = Facility.objects.filter(public_id=public_id).exclude(disclosure=Disclosure.RETIRED).first()
    if facility is None:
        raise refuse("no_such_object", where="facility", value=public_id)
    return find_place(facility, level=Level.AUTHORITY)


def _find_embedded(public_id: str) -> Place:
    if public_id not in rivers.open_rivers().entries:
        raise refuse("no_such_object", where="facility", value=public_id)
    return {"kind": "table", "facility_id": public_id}


def screen_facilities(*, has_database: bool, on_progress: Progress | None = None) -> list[dict[str, Any]]:
    """Records of the screening: of the register, computed anew where it is out of date, else of the embedded facilities."""
    if has_database:
        return list_screened(_bring_current(on_progress))
    from boget.portal.scenarios.services.screening import screen_places

    with rivers.without_database():
        places = {number: {"kind": "table", "facility_id": number} for number in rivers.open_rivers().entries}
        return [describe_row(row, number) for number, row in screen_places(places, on_progress=on_progress)]


def _bring_current(on_progress: Progress | None) -> Screening:
    """The current screening, where nothing changed since, else a new one."""
    from boget.portal.scenarios.services.screening import compute_screening

    fresh = Screening.objects.filter(is_current=True, stale_since=None, network_version=rivers.current_network_version())
    return fresh.first() or compute_screening(on_progress)
