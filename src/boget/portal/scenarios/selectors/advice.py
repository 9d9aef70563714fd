"""When to close and when to open again: the instruction that a forecast gives, by the rules of ``tables/advice.toml``.

Close: 5th percentile of the arrival at the threshold less a margin. Open: 95th percentile of the departure.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from boget.portal.scenarios.selectors.saying import FINE, round_moment
from boget.science.river.outcome import TargetForecast

TABLE = Path(__file__).parents[1] / "tables" / "advice.toml"
ADVISED_KINDS = ("intake", "place")
"""Kinds of targets that close or open something; an intake goes before a town where both are at risk."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One value of the table with where it comes from."""

    value: float
    unit: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Advice:
    """For one target. `is_due`: the time to close has come already at the moment of asking."""

    forecast: TargetForecast
    close_at: dt.datetime
    open_at: dt.datetime
    is_due: bool


@cache
def read_rules() -> dict[str, Rule]:
    table: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: Rule(**row) for name, row in table.items() if isinstance(row, dict)}


def is_at_risk(forecast: TargetForecast) -> bool:
    """The threshold is exceeded in more than the least share of runs, so that the place is to be warned."""
    return forecast.probability >= read_rules()["at_risk"].value and forecast.arrival_s.p05 is not None


def has_crossing(forecast: TargetForecast) -> bool:
    """Enough runs cross the threshold for the arrival to be that of the threshold."""
    return forecast.probability >= read_rules()["crossing"].value and forecast.arrival_s.p50 is not None


def advise(forecast: TargetForecast, started_at: dt.datetime, *, now: dt.datetime) -> Advice | None:
    """The instruction for a target at risk; None where there is none to give."""
    arrival, departure = forecast.arrival_s.p05, forecast.departure_s.p95
    if not is_at_risk(forecast) or arrival is None or departure is None:
        return None
    margin = dt.timedelta(hours=read_rules()["close_margin"].value)
    close_at = started_at + dt.timedelta(seconds=arrival) - margin
    open_at = started_at + dt.timedelta(seconds=departure)
    # towards safety: closing earlier, opening later
    return Advice(forecast, round_moment(close_at, FINE), round_moment(open_at, FINE, is_up=True), is_due=close_at <= now)


def list_advice(forecasts: Sequence[TargetForecast], started_at: dt.datetime, *, now: dt.datetime) -> list[Advice]:
    """Instructions for intakes and towns at risk, in the order of the river."""
    made = [advise(one, started_at, now=now) for one in forecasts if one.target.kind in ADVISED_KINDS]
    return [one for one in made if one is not None]


def choose_first(forecasts: Sequence[TargetForecast]) -> TargetForecast | None:
    """The target a page opens with: the first intake at risk, else town at risk, else whatever is at risk, else the first."""
    for kind in ADVISED_KINDS:
        found = next((one for one in forecasts if one.target.kind == kind and is_at_risk(one)), None)
        if found is not None:
            return found
    return next((one for one in forecasts if is_at_risk(one)), forecasts[0] if forecasts else None)
