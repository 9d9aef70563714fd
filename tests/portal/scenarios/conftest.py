"""A small river in the place of the science: the portal is tested without its seconds."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.assimilation import Reading
from boget.science.river.entries import FacilityEntry
from boget.science.river.release import Release
from boget.science.scenario.river_scenario import RiverScenario
from tests.portal.scenarios.outcomes import make_outcome_json

NETWORK = "0123456789ab"
LIMIT = SimpleNamespace(
    code="kz-drinking", value=0.035, kg_m3=3.5e-5, use="drinking", country="KZ", titles={}, status="verified", is_in_force=True
)
SUBSTANCES = {
    "CN_WAD": SimpleNamespace(code="CN_WAD", symbol="CN WAD", limits=()),
    "CN_free": SimpleNamespace(code="CN_free", symbol="CN-", limits=(LIMIT,)),
}
ULBA = {"ru": "Ульба", "kk": "Үлбі", "en": "Ulba"}


def make_scenario(*, mass_kg: float = 4000.0, readings: tuple[Reading, ...] = (), **place: Any) -> RiverScenario:
    """Cyanide in six hours; place: facility_id, point, or reach_id with entry_km."""
    release = Release("box", mass_kg, duration_s=21_600.0)
    return RiverScenario(release, 3.5e-5, substance="CN_free", season="05", readings=readings, **place)


class SmallNetwork:
    """Two reaches, 746 of 20 km and 747 of 30 km."""

    length_km = np.array([20.0, 30.0])

    def find_index(self, reach_id: int) -> int:
        if reach_id not in (746, 747):
            raise InvalidInput("unknown_reach", where="reach", value=reach_id)
        return reach_id - 746


def make_entry(public_id: str) -> FacilityEntry:
    line = np.array([[83.516, 50.345], [83.5, 50.35]])
    return FacilityEntry(public_id, 746, 12.8, 2.5, "", ("KZ",), ("point_town",), line)


class SmallScience:
    """What the tests see of the science and change in it: ``version`` of the network, ``outcome``, calls of the model."""

    def __init__(self) -> None:
        self.version = NETWORK
        self.entries: dict[str, FacilityEntry] = {}
        self.ran: list[dict[str, Any]] = []
        self.shares = (0.0, 0.5, 1.0)

    @property
    def ports(self) -> Any:
        return SimpleNamespace(network=SmallNetwork(), entries=self.entries, version=self.version, substances=SUBSTANCES)

    def sketch(self, scenario: RiverScenario, _ports: Any = None) -> Any:
        if scenario.point and scenario.point[1] < 45:
            raise MissingData("no_watercourse", where="point")
        return SimpleNamespace(path=SimpleNamespace(rivers=({}, ULBA), network_version=self.version))

    def compute(self, stored: Mapping[str, Any], *, on_progress: Any = None, ports: Any = None) -> dict[str, Any]:
        """Depends on the mass and the readings alone, so that other inputs give other numbers."""
        for share in self.shares:
            on_progress(share)
        self.ran.append(dict(stored))
        outcome = make_outcome_json(is_refined=bool(stored["readings"]))
        outcome["targets"][0]["peak"]["p50"] *= stored["release"]["mass_kg"]
        return outcome


@pytest.fixture
def science(monkeypatch: pytest.MonkeyPatch) -> SmallScience:
    """The small river instead of the embedded ones."""
    from boget.portal.scenarios.services import computing, jobs, rivers

    small = SmallScience()
    monkeypatch.setattr(rivers, "open_folder", lambda _folder: small.ports)
    monkeypatch.setattr(computing, "sketch_scenario", small.sketch)
    monkeypatch.setattr(computing, "compute", small.compute)
    monkeypatch.setattr(jobs, "_compile", lambda: None)
    return small
