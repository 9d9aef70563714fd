"""Behind one number of the table of a result: what it means, its formula, inputs, sources with their standing, versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import formula_words, saying
from boget.portal.scenarios.selectors.scenario_words import list_inputs
from boget.portal.scenarios.selectors.wave_rows import TargetRow
from boget.portal.scenarios.selectors.wave_words import VERSIONS, Words

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome

LABELS: dict[str, Words] = {
    "arrival": gettext_lazy("Arrival"),
    "peak": gettext_lazy("Peak"),
    "probability": gettext_lazy("Probability above the limit"),
    "duration": gettext_lazy("Time above the limit"),
}
"""Numbers of a row that open."""
STEPS = {
    "arrival": ("discharge", "velocity", "dispersion", "wave", "storage", "structure"),
    "peak": ("discharge", "velocity", "width", "dispersion", "wave", "storage", "mixing", "structure"),
}
"""Steps behind a number; those of the peak behind all that hang on it."""
SPREADS = {
    "arrival": ("discharge", "velocity", "dead_zone_share", "exchange_s", "tanks", "active", "structure"),
    "peak": (
        "mass", "discharge", "velocity", "dispersion", "dead_zone_share", "exchange_s", "tanks", "active", "structure", "decay",
        "settling", "kd",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """A parameter that is not known well. source: as the table has it, English; status: of the table, "" for what was typed."""

    name: Words
    values: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class FigureOrigin:
    """What the popover shows. interval: the sentence about the ends."""

    code: str
    label: Words
    place: str
    value: str
    interval: str
    meaning: str
    status: str
    formulas: list[tuple[Words, str]]
    inputs: list[tuple[str, str]]
    spreads: list[SpreadRow]
    versions: list[tuple[Words, str]]


def describe_figure(
    code: str, run: Run, outcome: RiverOutcome, *, row: TargetRow, substances: Mapping[str, Any], sources: Callable[[str], Any]
) -> FigureOrigin:
    """code: one of LABELS. sources: source and status of a parameter, or None (`services.origins.find_source`)."""
    group = "arrival" if code == "arrival" else "peak"
    value, interval = _say_value(code, row, outcome)
    spreads = [describe_spread(name, outcome, sources(name)) for name in SPREADS[group] if name in outcome.prior]
    inputs = [(_("Distance along the river"), saying.say_distance(row.forecast.target.distance_m))]
    return FigureOrigin(
        code,
        label=LABELS[code],
        place=row.name,
        value=value,
        interval=interval,
        meaning=_say_meaning(code, row),
        status="placeholder" if any(one.status == "placeholder" for one in spreads) else "provisional",
        formulas=formula_words.list_formulas({step: told for step, told in outcome.formulas.items() if step in STEPS[group]}),
        inputs=[*inputs, *list_inputs(run, substances)],
        spreads=spreads,
        versions=list_versions(outcome.versions),
    )


def list_versions(versions: Mapping[str, str]) -> list[tuple[Words, str]]:
    """Names in words; the versions of the tables by their names."""
    told = {**versions, **({"tables": formula_words.say_tables(versions["tables"])} if "tables" in versions else {})}
    return [(VERSIONS.get(name, name), value) for name, value in told.items()]


def describe_spread(name: str, outcome: RiverOutcome, found: Any) -> SpreadRow:
    values = formula_words.say_spread(outcome.prior[name])
    return SpreadRow(formula_words.name_parameter(name), values, found.source if found else "", found.status if found else "")


def _say_value(code: str, row: TargetRow, outcome: RiverOutcome) -> tuple[str, str]:
    """The value with its unit, and the sentence about its interval."""
    if code == "probability":
        return row.probability, _say_sampling(row, outcome)
    said = {"arrival": row.arrival, "peak": row.peak, "duration": row.duration}[code]
    unit = _("mg/L") if code == "peak" and said.value else ""
    members = {"members": format_number(outcome.members)}
    interval = _("in brackets: 5–95 %% of %(members)s runs") % members if said.interval else ""
    return " ".join(filter(None, [said.value, unit, said.interval])) or "—", interval


def _say_sampling(row: TargetRow, outcome: RiverOutcome) -> str:
    """How far the share could be another one in another sample of members."""
    from boget.science.river.proportion import score_interval

    ends = score_interval(row.forecast.probability, max(outcome.effective_members, 1.0))
    low, high = (saying.say_probability(end) for end in ends)
    values = {"low": low, "high": high, "members": format_number(float(round(outcome.effective_members)))}
    words = _("%(low)s–%(high)s in 90 %% of samples of %(members)s runs (Wilson 1927); what all runs have wrong is not in it")
    return words % values


def _say_meaning(code: str, row: TargetRow) -> str:
    match code:
        case "arrival" if row.is_wave_only:
            return _("When the wave reaches a tenth of its own peak: too few runs reach the limit for its crossing to be told.")
        case "arrival":
            return _("When the concentration first exceeds the limit: median of the runs that exceed it.")
        case "peak":
            return _("The highest concentration that the release adds, mean over the section of the river: median of all runs.")
        case "probability":
            return _("Share of the runs whose peak exceeds the limit.")
    return _("How long the concentration stays above the limit: median of the runs that exceed it.")
