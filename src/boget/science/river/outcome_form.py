"""An outcome as what JSON can hold, and back. Floats are kept as they are, so that the same outcome gives the same text."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
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
    """Lists, dicts, texts and finite numbers; Unstable("not_finite") rather than a NaN."""
    plain = simplify(outcome, "outcome")
    assert isinstance(plain, dict)
    return plain


def simplify(value: Any, where: str) -> Any:
    """A value of the outcome as JSON holds it; `where` names it in an error."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: simplify(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): simplify(each, f"{where}.{key}") for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [simplify(each, where) for each in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Unstable("not_finite", where=where, value=value)
        return float(value)
    return value


def read_quantiles(plain: Mapping[str, Any]) -> Quantiles:
    return Quantiles(plain["p05"], plain["p50"], plain["p95"])


def read_target(plain: Mapping[str, Any]) -> TargetForecast:
    fan = {name: tuple(values) for name, values in plain["fan"].items()}
    told = {name: read_quantiles(plain[name]) for name in QUANTILES}
    return TargetForecast(
        target=Target(**plain["target"]),
        probability=plain["probability"],
        exceedance=dict(plain["exceedance"]),
        fan=Fan(**fan),
        flags=tuple(plain["flags"]),
        factor_before_mixing=plain["factor_before_mixing"],
        **told,
    )


def read_stretch(plain: Mapping[str, Any]) -> StretchForecast:
    vertices = tuple((float(lon), float(lat)) for lon, lat in plain["vertices"])
    return StretchForecast(plain["from_m"], plain["to_m"], read_quantiles(plain["arrival10_s"]), vertices)


def outcome_from_dict(plain: Mapping[str, Any]) -> RiverOutcome:
    """The outcome that `outcome_to_dict` wrote; InvalidInput("outcome_form") for anything else."""
    try:
        check = plain["check"]
        return RiverOutcome(
            targets=tuple(read_target(each) for each in plain["targets"]),
            stretches=tuple(read_stretch(each) for each in plain["stretches"]),
            check=EngineCheck(**check) if check is not None else None,
            cautions=tuple(Caution(each["code"], dict(each["values"])) for each in plain["cautions"]),
            formulas=dict(plain["formulas"]),
            versions=dict(plain["versions"]),
            members=plain["members"],
            effective_members=plain["effective_members"],
            prior={name: dict(values) for name, values in plain["prior"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "Compute the run again."
        raise InvalidInput("outcome_form", where="outcome", value=str(error), allowed="a stored outcome", hint=hint) from error
