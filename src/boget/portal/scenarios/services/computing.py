"""The door to the science of the river: JSON in, JSON out, so that a run can be computed again from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from boget.portal.scenarios.selectors.catalogue import list_limits
from boget.portal.scenarios.services.rivers import open_rivers
from boget.science.errors import MissingData

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome
    from boget.science.scenario.ports import RiverPorts
    from boget.science.scenario.river_scenario import PathSketch, RiverScenario

Progress = Callable[..., None]
WORDS = dict.fromkeys(("cn", "cyanide", "цианид", "цианиды", "цианидтер"), "CN_total")
"""What people call a substance, and its code in the catalogue."""


def read_scenario(stored: Mapping[str, Any]) -> RiverScenario:
    """A stored scenario; InvalidInput where it breaks the rules of the fields."""
    from boget.science.scenario.river_scenario import RiverScenario

    return RiverScenario.from_dict(stored)


def complete(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, with the form of this version and, without a threshold, the first limit of the substance.

    Raises MissingData ("threshold_missing") for a substance of which no limit is known.
    """
    from boget.science.scenario.river_scenario import FORM

    substance, threshold = choose_substance(stored["substance"]), stored.get("threshold")
    if threshold is None:
        limits = list_limits(open_rivers().substances.get(substance))
        if not limits:
            raise MissingData("threshold_missing", where=substance)
        threshold = limits[0].kg_m3
    return {"form": FORM, **stored, "substance": substance, "threshold": threshold}


def choose_substance(text: str) -> str:
    """Code of the catalogue for a code, word or symbol as people type it: "cn" is total cyanide, in which spills are told.
    The text itself where none is alike."""
    wanted = text.strip().casefold()
    substances = open_rivers().substances
    symbols = {code: one.symbol.rstrip("+-0123456789") for code, one in substances.items()}
    alike = [code for code in substances if code.casefold() == wanted]
    alike += [code for code in substances if code == WORDS.get(wanted)]
    alike += [code for code, symbol in symbols.items() if symbol.casefold() == wanted]
    return alike[0] if alike else text


def write_scenario(scenario: RiverScenario) -> dict[str, Any]:
    return dict(scenario.to_dict())


def read_outcome(stored: Mapping[str, Any]) -> RiverOutcome:
    from boget.science.river.outcome_form import outcome_from_dict

    return outcome_from_dict(stored)


def sketch_scenario(scenario: RiverScenario, ports: RiverPorts | None = None) -> PathSketch:
    """Path, targets and flow without a run; the typed errors of the science."""
    from boget.science.scenario.river_scenario import describe_path

    return describe_path(scenario, ports or open_rivers())


def compute(
    stored: Mapping[str, Any], *, on_progress: Progress | None = None, ports: RiverPorts | None = None
) -> dict[str, Any]:
    """The outcome of a stored scenario as JSON holds it; a long computation without a database transaction round it."""
    from boget.science.river.outcome_form import outcome_to_dict
    from boget.science.scenario.river_scenario import run

    return dict(outcome_to_dict(run(read_scenario(stored), ports or open_rivers(), on_progress=on_progress)))


def name_watercourse(sketch: PathSketch) -> dict[str, str]:
    """Names by language of the first river of a path that has any."""
    return next((dict(names) for names in sketch.path.rivers if names), {})
