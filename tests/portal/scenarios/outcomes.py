"""An invented outcome of a river forecast, in the shape of the real ones: a release above Ulba, down Ertis to the border.

The numbers are made by simple closed forms, not by the model; they are in order and plausible, no more. `make_outcome()` gives
the dataclass, `make_outcome_json()` what a run stores, `make_scenario_json()` what goes with it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import math
from typing import Any

from boget.science.river.outcome import (
    Caution,
    EngineCheck,
    Fan,
    Quantiles,
    RiverOutcome,
    StretchForecast,
    TargetForecast,
)
from boget.science.river.targets import Target, TargetKind

HOUR = 3600.0
DAY = 86_400.0
THRESHOLD = 0.0005
"""kg/m3: 0.5 mg/L."""
SPREAD = 1.42
"""Ratio of the 95th to the 50th percentile of arrival above the reservoir."""

# code, kind, km, off km, longitude, latitude, names (ru, kk, en), country, population, note, arrival h, peak mg/L, flags
PLACES: tuple[tuple[Any, ...], ...] = (
    ("place-primer", "place", 38.0, 0.4, 83.10, 50.17, ("пос. Пример-1", "Үлгі-1 кенті", "Example village 1"), "KZ", 3_400,
     "", 11.0, 1.9, ("not_mixed", "ice")),
    ("oskemen", "intake", 122.0, 0.2, 82.61, 49.96, ("Водозаборы Өскемена", "Өскемен су алғыштары", "Oskemen intakes"),
     "KZ", 331_000, "bank_filtration", 37.0, 1.05, ("ice",)),
    ("shulba", "reservoir", 214.0, 0.0, 81.04, 50.38, ("Шульбинское вдхр.", "Шүлбі су қоймасы", "Shulba reservoir"), "KZ",
     None, "", 62.0, 0.4, ("behind_reservoir",)),
    ("semey", "place", 330.0, 0.9, 80.25, 50.41, ("г. Семей", "Семей қ.", "Semey"), "KZ", 348_000, "", 17 * 24.0, 0.05,
     ("behind_reservoir",)),
    ("gauge-pavlodar", "gauge", 640.0, 0.1, 76.95, 52.29, ("Пост Павлодар", "Павлодар бекеті", "Pavlodar gauge"), "KZ", None,
     "", 22 * 24.0, 0.02, ("behind_reservoir", "low_confidence_flow")),
    ("border-kz-ru", "border", 905.0, 0.0, 75.30, 53.80, ("Граница KZ–RU", "KZ–RU шекарасы", "Border KZ–RU"), "RU", None,
     "KZ-RU", 27 * 24.0, 0.008, ("behind_reservoir", "low_confidence_flow")),
)  # fmt: skip

LINE = (
    (83.52, 50.345), (83.34, 50.27), (83.10, 50.17), (82.86, 50.03), (82.61, 49.96), (82.30, 50.05), (81.80, 50.22),
    (81.45, 50.30), (81.04, 50.38), (80.70, 50.36), (80.25, 50.41), (79.40, 50.75), (78.40, 51.45), (77.50, 51.95),
    (76.95, 52.29), (76.30, 53.05), (75.30, 53.80),
)  # fmt: skip
LINE_M = (
    0.0, 20e3, 38e3, 82e3, 122e3, 150e3, 176e3, 195e3, 214e3, 250e3, 330e3, 400e3, 500e3, 580e3, 640e3, 780e3, 905e3,
)  # fmt: skip


def make_outcome(*, is_refined: bool = False, nothing_arrives: bool = False) -> RiverOutcome:
    """Six targets over 905 km. `is_refined`: half the spread, 2 140 members left. `nothing_arrives`: no threshold crossed."""
    spread = 1 + (SPREAD - 1) / 2 if is_refined else SPREAD
    targets = tuple(_forecast(place, spread=spread, is_reached=not nothing_arrives) for place in PLACES)
    return RiverOutcome(
        targets=targets,
        stretches=_stretches(spread),
        check=EngineCheck("oskemen", peak_difference=0.012, arrival_difference=0.004, is_close=True),
        cautions=(
            Caution("not_calibrated", {}),
            Caution("not_mixed", {"length_m": 9_000.0}),
            Caution("reservoir", {"name": "Шульбинское", "code": "shulba"}),
            Caution("ice", {"share": 0.6}),
        ),
        formulas={"velocity": "tracer", "dispersion": "disley2015", "wave": "cumulants", "mixing": "transverse"},
        versions={"network": "0123456789ab", "tables": "0.1", "code": "0.4.0"},
        members=10_000,
        effective_members=2_140.0 if is_refined else 10_000.0,
        prior={"velocity_factor": {"median": 1.0, "gsd": 1.3}, "dispersion_factor": {"median": 1.0, "gsd": 2.0}},
    )


def make_outcome_json(**options: Any) -> dict[str, Any]:
    """The outcome as it lies in the database: plain lists, dicts and numbers."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(make_outcome(**options))))
    return plain


def _forecast(place: tuple[Any, ...], *, spread: float, is_reached: bool) -> TargetForecast:
    code, kind, km, off_km, longitude, latitude, names, country, population, note, hours, peak_mg, flags = place
    target = Target(
        code, _kind(kind), km * 1e3, off_km * 1e3, longitude, latitude, dict(zip(("ru", "kk", "en"), names, strict=True)), country,
        population, note,
    )  # fmt: skip
    arrival, peak = hours * HOUR, peak_mg * 1e-3
    width = 0.35 * arrival
    probability = _probability(peak) if is_reached else 0.0
    crosses = probability > 0.02
    none = Quantiles(None, None, None)
    return TargetForecast(
        target,
        probability=probability,
        arrival_s=_around(arrival, spread) if crosses else none,
        arrival10_s=_around(0.92 * arrival, spread),
        peak=_around(peak, 2.0),
        peak_time_s=_around(arrival + 0.6 * width, spread),
        departure_s=_around(arrival + 1.6 * width, spread) if crosses else none,
        duration_s=_around(1.4 * width, 1.5) if crosses else none,
        dose=_around(peak * width, 2.2),
        exceedance={"kz_fishery": 0.99, "kz_drinking": probability},
        fan=_fan(arrival, width, peak),
        flags=flags,
        factor_before_mixing=2.4 if "not_mixed" in flags else 1.0,
    )


def _kind(kind: str) -> TargetKind:
    return kind  # type: ignore[return-value]


def _probability(peak: float) -> float:
    """Share of a log-normal of factor 1.9 above the threshold."""
    return round(0.5 * math.erfc(-math.log(peak / THRESHOLD) / (math.log(1.9) * math.sqrt(2))), 3)


def _around(median: float, factor: float) -> Quantiles:
    return Quantiles(round(median / factor, 9), median, round(median * factor, 9))


def _fan(arrival: float, width: float, peak: float) -> Fan:
    end = arrival + 5 * width
    times = [end * step / 80 for step in range(81)]
    return Fan(
        times_s=tuple(round(time, 3) for time in times),
        p05=tuple(_bell(time, arrival, width, 0.1 * peak) for time in times),
        p50=tuple(_bell(time, arrival, width, 0.5 * peak) for time in times),
        p95=tuple(_bell(time, 0.95 * arrival, 1.5 * width, 2.0 * peak) for time in times),
        typical=tuple(_bell(time, 1.02 * arrival, 0.7 * width, peak) for time in times),
    )


def _bell(time: float, arrival: float, width: float, peak: float) -> float:
    middle = arrival + 0.6 * width
    side = 0.4 * width if time < middle else 0.9 * width
    return float(f"{peak * math.exp(-0.5 * ((time - middle) / side) ** 2):.6g}")


def _stretches(spread: float) -> tuple[StretchForecast, ...]:
    made = []
    for (start, end), (from_m, to_m) in zip(itertools.pairwise(LINE), itertools.pairwise(LINE_M), strict=True):
        reservoir = "shulba" if 195e3 <= from_m < 214e3 else ""
        made.append(StretchForecast(from_m, to_m, _around(_arrival_at(to_m), spread), (start, end), reservoir))
    return tuple(made)


def _arrival_at(distance_m: float) -> float:
    """Between the arrivals of the places, s."""
    known = [(0.0, 0.0)] + [(1e3 * place[2], place[10] * HOUR) for place in PLACES]
    for (left, before), (right, after) in itertools.pairwise(known):
        if distance_m <= right:
            return round(before + (after - before) * (distance_m - left) / (right - left), 3)
    return known[-1][1]


STARTED = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)
"""22.11.2026 06:00 in Almaty."""


def make_scenario_json(**changes: Any) -> dict[str, Any]:
    """The stored scenario that goes with `make_outcome`: 4 t of cyanide over 6 h above Ulba."""
    release = {"kind": "box", "mass_kg": 4000.0, "mass_gsd": 1.5, "duration_s": 6 * HOUR, "times_s": [], "rates_kg_s": []}
    plain: dict[str, Any] = {
        "form": 1,
        "facility_id": None,
        "point": [83.52, 50.345],
        "reach_id": None,
        "entry_km": None,
        "release": {**release, "particulate_share": None},
        "substance": "CN_free",
        "season": "mean",
        "announced": [],
        "threshold": THRESHOLD,
        "readings": [],
        "fate": None,
        "points": [],
        "members": 10_000,
        "seed": 1,
        "velocity": "tracer",
        "dispersion": "disley",
        "water_temperature_c": None,
    }
    return {**plain, **changes}


def make_run(public_id: str = "R-2026-0042", **changes: Any) -> Any:
    """A finished run in the database, not asked for by anybody; `outcome` None makes one without a result."""
    from boget.portal.scenarios.models import Run
    from boget.portal.scenarios.services.hashing import hash_content

    outcome = changes.pop("outcome", make_outcome_json())
    given: dict[str, Any] = {
        "public_id": public_id,
        "scenario": make_scenario_json(),
        "network_version": "0123456789ab",
        "code_version": "0.4.0",
        "input_hash": "a" * 64,
        "watercourse": {"ru": "Ульба", "kk": "Үлбі", "en": "Ulba"},
        "outcome": outcome,
        "outcome_hash": hash_content(outcome) if outcome is not None else "",
        "summary": _summarise(outcome),
        "created_at": STARTED + dt.timedelta(hours=1),
        "started_at": STARTED,
    }
    return Run.objects.create(**{**given, **changes})


def _summarise(outcome: dict[str, Any] | None) -> dict[str, Any]:
    """Empty for an outcome that cannot be read."""
    from boget.portal.scenarios.selectors.key_result import summarise
    from boget.science.river.outcome_form import outcome_from_dict

    return summarise(outcome_from_dict(outcome)) if outcome and "targets" in outcome else {}
