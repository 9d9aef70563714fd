"""A river scenario: everything needed to compute a forecast, and to compute it again years later."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast, get_args

import boget
from boget.science.errors import InvalidInput
from boget.science.river import dispersion
from boget.science.river.assimilation import Reading, check_reading, weigh_members
from boget.science.river.coefficients import load_coefficients
from boget.science.river.crosscheck import compare_engines
from boget.science.river.discharge import estimate_flow
from boget.science.river.ensemble import EnsembleResult, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.flow_state import FlowState
from boget.science.river.forecast import map_stretches, summarise
from boget.science.river.hydraulics import VelocityCode
from boget.science.river.locating import Place, list_path_targets, locate_targets
from boget.science.river.outcome import RiverOutcome
from boget.science.river.path import RiverPath
from boget.science.river.priors import STRUCTURES, read_priors
from boget.science.river.release import Release
from boget.science.river.release_rules import check_fate, check_release
from boget.science.river.substance import Substance, choose_fate
from boget.science.river.targets import Target
from boget.science.scenario.cautions import list_cautions
from boget.science.scenario.ports import RiverPorts
from boget.science.scenario.start import Start, find_path

Progress = Callable[[float], None]
FORM = 1
"""Version of the stored form."""


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """A place on the river that somebody wants a forecast for. Degrees; `name` as it was typed."""

    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class RiverScenario:
    """What gets into which river, when the river is how, and what is asked.

    facility_id, point, reach_id with entry_km : the start, exactly one of the three (see `scenario.start.Start`)
    release : mass over time
    substance, fate : code of the catalogue, or the behaviour of something that is not in it; one of the two
    threshold : concentration from which the wave counts as arrived, kg/m3
    season : mean, high, low or "01" to "12"
    announced : discharges known today: distance from the release (m), m3/s, spread of the logarithm
    readings : what was measured since, in the order of time
    points : places asked for besides those of the tables
    members, seed : size of the ensemble and its numbers
    velocity, dispersion : codes of the formulas
    water_temperature_c : None = usual for the season
    """

    release: Release
    threshold: float
    facility_id: str | None = None
    point: tuple[float, float] | None = None
    reach_id: int | None = None
    entry_km: float | None = None
    substance: str | None = None
    fate: Fate | None = None
    season: str = "mean"
    announced: tuple[tuple[float, float, float], ...] = ()
    readings: tuple[Reading, ...] = ()
    points: tuple[ChosenPoint, ...] = ()
    members: int = 10_000
    seed: int = 1
    velocity: str = "tracer"
    dispersion: str = "disley"
    water_temperature_c: float | None = None

    def __post_init__(self) -> None:
        _ = self.start
        if (self.substance is None) == (self.fate is None):
            raise InvalidInput("substance_choice", where="substance", value=self.substance, allowed="a substance or its fate")
        if not (math.isfinite(self.threshold) and self.threshold > 0):
            raise InvalidInput("not_positive", where="threshold", value=self.threshold, allowed="above zero")
        most = int(load_coefficients("priors").number("limits.most_members"))
        least = int(load_coefficients("priors").number("limits.fewest_members"))
        if not least <= self.members <= most:
            raise InvalidInput("range", where="members", value=self.members, allowed=f"{least} to {most}")
        if not 0 <= self.seed < 2**31:
            raise InvalidInput("range", where="seed", value=self.seed, allowed="0 to 2147483647")
        self._check_parts()

    def _check_parts(self) -> None:
        """Release, fate, readings and formulas, each by its own rules."""
        check_release(self.release)
        if self.fate is not None:
            check_fate(self.fate)
        for reading in self.readings:
            check_reading(reading)
        for name, known in (("velocity", get_args(VelocityCode)), ("dispersion", tuple(dispersion.FORMULAS))):
            if getattr(self, name) not in known:
                allowed = ", ".join(known)
                raise InvalidInput("unknown_choice", where=f"{name} formula", value=getattr(self, name), allowed=allowed)

    @property
    def start(self) -> Start:
        return Start(self.facility_id, self.point, self.reach_id, self.entry_km)

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold; the same scenario gives the same text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), allow_nan=False))
        return {"form": FORM, **plain}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text of the scenario."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> RiverScenario:
        """The scenario that `to_dict` wrote; InvalidInput("scenario_form") for anything else, or the fault of a value."""
        try:
            return _read_scenario(plain)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput("scenario_form", where="scenario", value=str(error), allowed="a stored scenario") from error


def _read_scenario(plain: Mapping[str, Any]) -> RiverScenario:
    if plain["form"] != FORM:
        raise InvalidInput("scenario_form", where="form", value=plain["form"], allowed=str(FORM))
    given = {field.name: plain[field.name] for field in fields(RiverScenario) if field.name in plain}
    unknown = set(plain) - set(given) - {"form"}
    if unknown:
        raise InvalidInput("scenario_form", where="scenario", value=min(unknown), allowed=", ".join(given))
    release = dict(given["release"])
    for name in ("times_s", "rates_kg_s"):
        release[name] = tuple(release.get(name, ()))
    given["release"] = Release(**release)
    given["fate"] = Fate(**given["fate"]) if given.get("fate") else None
    given["point"] = tuple(given["point"]) if given.get("point") else None
    given["announced"] = tuple(tuple(each) for each in given.get("announced", ()))
    given["readings"] = tuple(Reading(**each) for each in given.get("readings", ()))
    given["points"] = tuple(ChosenPoint(**each) for each in given.get("points", ()))
    return RiverScenario(**given)


@dataclass(frozen=True, slots=True)
class PathSketch:
    """A path with what lies on it and how much water it has: what is shown before anything is computed."""

    path: RiverPath
    targets: tuple[Target, ...]
    flow: FlowState


def locate_points(path: RiverPath, points: Sequence[ChosenPoint]) -> tuple[Target, ...]:
    """Chosen places as targets.

    Raises
    ------
    InvalidInput
        "target_off_path": it is not on this river, or lies above the release.
    """
    found: list[Target] = []
    for number, point in enumerate(points, start=1):
        place = Place(f"point-{number}", "point", point.longitude, point.latitude, {"ru": point.name} if point.name else {})
        targets = locate_targets(path, [place])
        if not targets:
            hint = "Choose a point on the river below the release."
            where = point.name or f"{point.latitude}, {point.longitude}"
            raise InvalidInput("target_off_path", where="place", value=where, allowed="on this river", hint=hint)
        found += targets
    return tuple(found)


def describe_path(scenario: RiverScenario, ports: RiverPorts) -> PathSketch:
    """Path, targets and flow of a scenario, without a run. The typed errors of tables, path and flow."""
    path = find_path(scenario.start, ports)
    targets = (*list_path_targets(path), *locate_targets(path, ports.places), *locate_points(path, scenario.points))
    ordered = tuple(sorted(targets, key=lambda target: (target.distance_m, target.code)))
    flow = estimate_flow(path, ports.hydrology, season=scenario.season, announced=scenario.announced)
    return PathSketch(path, ordered, flow)


def find_substance(scenario: RiverScenario, ports: RiverPorts) -> Substance | None:
    """The substance of a scenario; InvalidInput("unknown_substance") for a code that the catalogue does not have."""
    if scenario.substance is None:
        return None
    found = ports.substances.get(scenario.substance)
    if found is None:
        allowed = ", ".join(sorted(ports.substances))
        raise InvalidInput("unknown_substance", where="substance", value=scenario.substance, allowed=allowed)
    return found


def find_fate(scenario: RiverScenario, ports: RiverPorts) -> Fate:
    """What happens to the substance in the season of the scenario."""
    substance = find_substance(scenario, ports)
    if substance is None:
        assert scenario.fate is not None
        return scenario.fate
    return choose_fate(substance, season=scenario.season, water_temperature_c=scenario.water_temperature_c)


def list_limits(scenario: RiverScenario, ports: RiverPorts) -> dict[str, float]:
    """Limits of the substance in kg/m3 by code."""
    substance = find_substance(scenario, ports)
    limits = substance.limits if substance else ()
    return {limit.code: limit.kg_m3 for limit in limits if limit.kg_m3 is not None}


# ---- the run

ENSEMBLE_SHARE, SUMMARY_SHARE = 0.8, 0.95
"""Of the progress: until the members are through, and until they are summed up."""


def run(scenario: RiverScenario, ports: RiverPorts, on_progress: Progress | None = None) -> RiverOutcome:
    """Compute a scenario: members, readings, forecasts, check of the engines. Equal scenarios give equal outcomes.

    Raises
    ------
    InvalidInput, MissingData
        Those of `describe_path`, `find_fate` and `ensemble.run_ensemble`.
    """
    report = on_progress or (lambda _share: None)
    sketch = describe_path(scenario, ports)
    prior, fate = read_priors(), find_fate(scenario, ports)
    result = run_ensemble(
        sketch.path,
        sketch.flow,
        scenario.release,
        fate=fate,
        targets=sketch.targets,
        prior=prior,
        threshold=scenario.threshold,
        members=scenario.members,
        seed=scenario.seed,
        velocity=cast(VelocityCode, scenario.velocity),
        dispersion_code=scenario.dispersion,
        on_progress=lambda share: report(ENSEMBLE_SHARE * share),
    )
    weights = weigh_members(result, scenario.readings) if scenario.readings else None
    values = weights.values if weights else None
    forecasts = summarise(result, values, limits=list_limits(scenario, ports))
    report(SUMMARY_SHARE)
    check = compare_engines(result)
    outcome = RiverOutcome(
        targets=forecasts,
        stretches=map_stretches(result, values),
        check=check,
        cautions=list_cautions(result, forecasts, check=check, weights=weights),
        formulas=name_formulas(result),
        versions=name_versions(sketch, ports),
        members=scenario.members,
        effective_members=weights.effective if weights else float(scenario.members),
        prior=describe_prior(result),
    )
    report(1.0)
    return outcome


def name_formulas(result: EnsembleResult) -> dict[str, str]:
    """Codes of the formulas by step."""
    has_storage = len(result.course.path.reservoirs) > 0 or result.prior.structure[STRUCTURES.index("dead_zone")] > 0
    steps = {
        "discharge": "+".join(dict.fromkeys(result.course.flow.basis)),
        "velocity": result.velocity_code,
        "width": "tracer_fit",
        "dispersion": result.dispersion_code,
        "mixing": "fischer",
        "wave": "inverse_gaussian",
        "structure": "+".join(STRUCTURES),
        "check": "lagrangian",
    }
    return steps | ({"storage": "transfer_function"} if has_storage else {})


def name_versions(sketch: PathSketch, ports: RiverPorts) -> dict[str, str]:
    """Fingerprints and versions of all that a number came from."""
    tables = ("priors", "velocity", "velocity_fit", "hydraulics", "dispersion", "discharge", "fate")
    return {
        "network": sketch.path.network_version,
        "hydrology": ports.hydrology.version,
        "code": boget.__version__,
        "tables": " ".join(f"{name}-{load_coefficients(name).version}" for name in tables),
    }


def describe_prior(result: EnsembleResult) -> dict[str, dict[str, float]]:
    """Spread of the parameters: of the table, of the release and of the substance."""
    release, fate = result.waves.release, result.fate
    told = {**result.prior.to_dict(), "mass": {"median_kg": release.mass_kg, "gsd": release.mass_gsd}}
    if fate.decay_per_s:
        told["decay"] = {"median_per_s": fate.decay_per_s, "gsd": fate.decay_gsd}
    if fate.settling_m_s:
        told["settling"] = {"median_m_s": fate.settling_m_s, "gsd": fate.settling_gsd}
    if fate.log10_kd is not None:
        told["kd"] = {"log10_median": fate.log10_kd, "log10_sigma": fate.log10_kd_sigma}
    return told
