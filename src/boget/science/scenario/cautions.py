"""What the reader of a forecast must know, as codes with their values; the portal has the words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from boget.science.river.assimilation import Weights
from boget.science.river.bank_plumes import list_plumes, measure_plume
from boget.science.river.coefficients import load_coefficients
from boget.science.river.ensemble import EnsembleResult
from boget.science.river.members import Course
from boget.science.river.outcome import Caution, EngineCheck, TargetForecast
from boget.science.river.priors import read_setting
from boget.science.river.release_water import find_rate
from boget.science.river.reservoirs import Reservoir

ONCE: Mapping[str, float | str] = {}
SPRING_NUMBERS = ("least_m3s", "greatest_m3s", "shortest_stay_d", "longest_stay_d")


def list_cautions(
    result: EnsembleResult,
    forecasts: tuple[TargetForecast, ...],
    *,
    check: EngineCheck | None,
    weights: Weights | None,
) -> tuple[Caution, ...]:
    """Cautions of the path, the river in its season, and the computation."""
    cautions = [Caution(code, ONCE) for code in result.course.path.cautions]
    cautions += list_river_cautions(result)
    if weights is None:
        cautions.append(Caution("not_calibrated", ONCE))
    else:
        if weights.has_collapsed:
            cautions.append(Caution("weights_collapsed", {"effective": round(weights.effective, 1)}))
        cautions += [Caution("reading_unexplained", {"number": number + 1}) for number in weights.unexplained]
    if any("beyond_record" in forecast.flags for forecast in forecasts):
        cautions.append(Caution("beyond_record", {"horizon_s": read_setting("limits.horizon_s")}))
    if check is not None and not check.is_close:
        worst = max(abs(check.peak_difference), abs(check.arrival_difference))
        cautions.append(Caution("engines_differ", {"target": check.target, "difference": worst}))
    return tuple(cautions)


def list_river_cautions(result: EnsembleResult) -> list[Caution]:
    """Cautions of bank plume, reservoirs, ice, dry beds, poorly known discharge, slope and fate."""
    course = result.course
    path, flow, hydraulics = course.path, course.flow, course.hydraulics
    cautions = [*list_plume_cautions(course), *list_water_cautions(result)]
    for number in dict.fromkeys(path.reservoir_index[path.reservoir_index >= 0].tolist()):
        reservoir = path.reservoirs[number]
        cautions.append(Caution("reservoir", name_reservoir(reservoir)))
        if flow.basis[int(np.flatnonzero(path.reservoir_index == number)[-1])] != "announced":
            cautions += list_spring_cautions(reservoir, flow.season)
    shares = {
        "ice": _share_of(path.length_m, flow.has_ice),
        "low_confidence_flow": _share_of(path.length_m, np.array([each == "low" for each in flow.confidence])),
        "slope_assumed": _share_of(path.length_m, hydraulics.is_slope_assumed & course.is_flowing),
    }
    cautions += [Caution(code, {"share": share}) for code, share in shares.items() if share > 0]
    dry = float(flow.zero_share.max())
    if dry >= read_setting("limits.dry_share"):
        cautions.append(Caution("dry_possible", {"years": dry}))
    if result.fate.status == "placeholder":
        cautions.append(Caution("fate_placeholder", ONCE))
    return cautions


def list_plume_cautions(course: Course) -> list[Caution]:
    """The plume of the release, and the longest of those below a confluence with a larger river."""
    plumes = list_plumes(course)
    first = [Caution("not_mixed", {"length_m": measure_plume(course, plume)}) for plume in plumes if plume.stretch == 0]
    joined = [measure_plume(course, plume) for plume in plumes if plume.stretch > 0]
    return [*first, *([Caution("not_mixed_below", {"length_m": max(joined)})] if joined else [])]


def list_water_cautions(result: EnsembleResult) -> list[Caution]:
    """The water of the release: that it was counted, or that it was not and the river is small."""
    if result.water_to_m > 0:
        return [Caution("release_dominates", {"to_m": result.water_to_m})]
    first = float(result.course.flow.discharge_m3s[0])
    is_unknown = not find_rate(result.waves.release) and first < read_setting("release.small_river_m3s")
    return [Caution("release_water_unknown", {"discharge_m3s": first})] if is_unknown else []


def list_spring_cautions(reservoir: Reservoir, season: str) -> list[Caution]:
    """A dam that lets the spring flow go at once, in the months of its table and in high water: the mean of these is not it."""
    table = load_coefficients("spring_release")
    if f"{reservoir.code}.first_month" not in table.entries:
        return []
    first, last = (table.number(f"{reservoir.code}.{name}_month") for name in ("first", "last"))
    if season != "high" and not (season.isdigit() and first <= int(season) <= last):
        return []
    told = {name: table.number(f"{reservoir.code}.{name}") for name in SPRING_NUMBERS}
    return [Caution("spring_release", {**name_reservoir(reservoir), **told})]


def name_reservoir(reservoir: Reservoir) -> dict[str, float | str]:
    """Its code and its names by language."""
    return {"code": reservoir.code, **{f"name_{language}": name for language, name in reservoir.names.items()}}


def _share_of(length_m: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """Share of the length that is so."""
    return round(float(length_m[chosen].sum() / length_m.sum()), 4)
