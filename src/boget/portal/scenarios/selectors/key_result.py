"""The key result of a run: the target that its page opens with, its arrival and its probability. Kept beside the outcome, so
that lists and letters need not read the outcome itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.advice import choose_first, is_at_risk
from boget.portal.scenarios.selectors.wave_rows import arrival_of
from boget.portal.scenarios.selectors.wave_words import name_target
from boget.science.river.outcome import Quantiles, RiverOutcome
from boget.science.river.targets import Target


@dataclass(frozen=True, slots=True)
class KeyResult:
    """In the reader's language: name of the target, arrival with its interval, probability above the threshold."""

    place: str
    arrival: str
    probability: str
    is_at_risk: bool


def summarise(outcome: RiverOutcome) -> dict[str, Any]:
    """What `Run.summary` keeps; empty for an outcome without targets. Times in s."""
    first = choose_first(outcome.targets)
    if first is None:
        return {}
    return {
        "target": {**asdict(first.target), "names": dict(first.target.names)},
        "arrival_s": asdict(arrival_of(first)),
        "probability": first.probability,
        "is_at_risk": is_at_risk(first),
    }


def read_summary(summary: Mapping[str, Any]) -> KeyResult | None:
    """None for a run without an outcome, or without targets."""
    if not summary:
        return None
    return KeyResult(
        place=name_target(Target(**summary["target"])),
        arrival=str(saying.say_time(Quantiles(**summary["arrival_s"]))) or _("does not arrive"),
        probability=saying.say_probability(summary["probability"]),
        is_at_risk=summary["is_at_risk"],
    )
