"""An outcome as plain lists, dicts, numbers and texts, such as JSON holds, and back. No number in it is NaN or infinite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from boget.science.errors import InvalidInput, Unstable
from boget.science.river.outcome import (
    Caution,
    EngineCheck,
    Fan,
    Quantiles,
    RiverOutcome,
    StretchForecast,
    TargetForecast,
)
from boget.science.river.targets import Target

QUANTILES = ("arrival_s", "arrival10_s", "peak", "peak_time_s", "departure_s", "duration_s", "dose")


def outcome_to_dict(outcome: RiverOutcome) -> dict[str, Any]:
    """The outcome by the names of its fields; Unstable("not_finite") names the place of a number that is none."""
    plain = _make_plain(asdict(outcome), "outcome")
    assert isinstance(plain, dict)
    return plain


def _make_plain(value: Any, place: str) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _make_plain(each, f"{place}.{key}") for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_make_plain(each, place) for each in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    number = float(value) + 0.0  # -0.0 becomes 0.0: not every database keeps the sign of nothing
    if not math.isfinite(number):
        raise Unstable("not_finite", where=place, value=number, allowed="a finite number")
    return number


def outcome_from_dict(plain: Mapping[str, Any]) -> RiverOutcome:
    """The outcome that `outcome_to_dict` wrote; InvalidInput("outcome_form") for anything else."""
    try:
        return _read_outcome(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("outcome_form", where="outcome", value=str(error), allowed="a stored outcome") from error


def _read_outcome(plain: Mapping[str, Any]) -> RiverOutcome:
    rest = {name: plain[name] for name in ("formulas", "versions", "members", "effective_members", "prior")}
    return RiverOutcome(
        targets=tuple(_read_target(each) for each in plain["targets"]),
        stretches=tuple(_read_stretch(each) for each in plain["stretches"]),
        check=EngineCheck(**plain["check"]) if plain["check"] else None,
        cautions=tuple(Caution(**each) for each in plain["cautions"]),
        **rest,
    )


def _read_target(plain: Mapping[str, Any]) -> TargetForecast:
    told: dict[str, Any] = {name: Quantiles(**plain[name]) for name in QUANTILES}
    told |= {name: plain[name] for name in plain if name not in QUANTILES}
    told["target"] = Target(**plain["target"])
    told["fan"] = Fan(**{name: tuple(values) for name, values in plain["fan"].items()})
    told["flags"] = tuple(plain["flags"])
    return TargetForecast(**told)


def _read_stretch(plain: Mapping[str, Any]) -> StretchForecast:
    vertices = tuple((float(lon), float(lat)) for lon, lat in plain["vertices"])
    reservoir = str(plain.get("reservoir", ""))
    return StretchForecast(plain["from_m"], plain["to_m"], Quantiles(**plain["arrival10_s"]), vertices, reservoir)
