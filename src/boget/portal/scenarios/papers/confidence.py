"""How far the times of a target are to be trusted, in words, by the rules of ``tables/sheet.toml``."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from boget.portal.scenarios.selectors.advice import Rule, read_rules
from boget.portal.scenarios.selectors.scenario_words import Facts
from boget.portal.scenarios.selectors.wave_rows import arrival_of
from boget.portal.scenarios.selectors.wave_words import FLAGS
from boget.science.river.outcome import Quantiles, RiverOutcome, TargetForecast

TABLE = Path(__file__).parents[1] / "tables" / "sheet.toml"
HIGH, MEDIUM, LOW = "high", "medium", "low"
WORDS = {
    HIGH: pgettext_lazy("confidence of a forecast", "high"),
    MEDIUM: pgettext_lazy("confidence of a forecast", "medium"),
    LOW: pgettext_lazy("confidence of a forecast", "low"),
}
LOWERING = ("behind_reservoir", "dry_possible", "low_confidence_flow", "beyond_record")
"""Flags of a target with which its times are little known whatever the interval says."""


@cache
def read_sheet_rules() -> dict[str, Rule]:
    table: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: Rule(**row) for name, row in table.items() if isinstance(row, dict)}


def rate(forecast: TargetForecast, outcome: RiverOutcome, *, has_readings: bool) -> str:
    """High only after readings have narrowed the interval; low below a reservoir, in a poorly known flow, with few members."""
    spread = _spread_of(arrival_of(forecast))
    is_thin = outcome.effective_members < read_rules()["least_members"].value
    is_far = outcome.check is not None and not outcome.check.is_close
    rules = read_sheet_rules()
    if spread is None or is_thin or is_far or set(LOWERING) & set(forecast.flags) or spread > rules["fairly_known"].value:
        return LOW
    return HIGH if has_readings and spread <= rules["well_known"].value else MEDIUM


def _spread_of(times: Quantiles) -> float | None:
    """By which factor the ends of the interval lie from its middle."""
    if not times.p05 or not times.p95:
        return None
    return math.sqrt(times.p95 / times.p05)


def say_confidence(forecast: TargetForecast, outcome: RiverOutcome, facts: Facts) -> str:
    """One sentence: the word and its reasons."""
    grade = rate(forecast, outcome, has_readings=bool(facts.readings))
    reasons = [str(FLAGS[flag]) for flag in LOWERING if flag in forecast.flags]
    reasons.insert(0, _("readings are in it") if facts.readings else _("no readings yet, velocity not calibrated"))
    return _("Confidence in the times: %(word)s (%(reasons)s).") % {"word": WORDS[grade], "reasons": "; ".join(reasons)}
