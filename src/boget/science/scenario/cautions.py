"""What the reader of a forecast must know, as codes with their values; the portal has the words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from boget.science.river.assimilation import Weights
from boget.science.river.ensemble import EnsembleResult
from boget.science.river.mixing import find_mixed_from
from boget.science.river.outcome import Caution, EngineCheck, TargetForecast
from boget.science.river.priors import read_setting

ONCE: Mapping[str, float | str] = {}


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
    cautions = []
    mixed_from = find_mixed_from(path.length_m, hydraulics.mixing_m)
    cautions.append(Caution("not_mixed", {"length_m": path.total_m if mixed_from is None else mixed_from}))
    for number in dict.fromkeys(path.reservoir_index[path.reservoir_index >= 0].tolist()):
        reservoir = path.reservoirs[number]
        names = {f"name_{language}": name for language, name in reservoir.names.items()}
        cautions.append(Caution("reservoir", {"code": reservoir.code, **names}))
    shares = {
        "ice": _share_of(path.length_m, flow.has_ice),
        "low_confidence_flow": _share_of(path.length_m, np.array([each == "low" for each in flow.confidence])),
        "slope_assumed": _share_of(path.length_m, hydraulics.is_slope_assumed & course.is_flowing),
    }
    cautions += [Caution(code, {"share": share}) for code, share in shares.items() if share > 0]
    dry = float(flow.zero_share.max())
    if dry >= read_setting("limits.dry_share"):
        cautions.append(Caution("dry_possible", {"share": dry}))
    if result.fate.status == "placeholder":
        cautions.append(Caution("fate_placeholder", ONCE))
    return cautions


def _share_of(length_m: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """Share of the length that is so."""
    return round(float(length_m[chosen].sum() / length_m.sum()), 4)
