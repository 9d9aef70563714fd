"""Category A test for extractive waste facilities of the European Union.

A facility is Category A if one criterion says so. Numbers for depth and speed hold where people are permanently present.

References
----------
[ec2009_337], [ec2006_21] Annex III; criteria from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from boget.science.errors import InvalidInput
from boget.science.hazard.table import ScoreTable
from boget.science.provenance import Status

Outcome = Literal["yes", "no", "site_assessment", "unknown"]


@dataclass(frozen=True, slots=True)
class CategoryInputs:
    """Findings about a failure or wrong operation. None = unknown.

    Attributes
    ----------
    is_life_threatened : bool or None
        Finding of an assessor: non-negligible potential loss of life.
    depth, speed : float or None
        Greatest depth above ground (m) and speed (m/s) of water or slurry where people are permanently present.
    is_health_endangered, is_environment_endangered : bool or None
        Serious danger to health; to the environment.
    hazardous_share : float or None
        Hazardous waste by dry mass, 0 to 1.
    is_cleared_on_site : bool or None
        Result of a site-specific assessment of a middle share: True = shown not to be Category A.
    has_dangerous_substances : bool or None
        Above the limits for dangerous substances.
    is_inert_only : bool or None
        Only inert waste: the tests of waste and substances do not apply.
    """

    is_life_threatened: bool | None = None
    depth: float | None = None
    speed: float | None = None
    is_health_endangered: bool | None = None
    is_environment_endangered: bool | None = None
    hazardous_share: float | None = None
    is_cleared_on_site: bool | None = None
    has_dangerous_substances: bool | None = None
    is_inert_only: bool | None = None

    def __post_init__(self) -> None:
        if self.hazardous_share is not None and not 0 <= self.hazardous_share <= 1:
            raise InvalidInput("range", where="hazardous_share", value=self.hazardous_share, allowed="0 to 1")


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """Outcome of the test.

    Attributes
    ----------
    is_category_a : {"yes", "no", "site_assessment", "unknown"}
        ``no`` only if every criterion says no.
    governing : tuple of str
        Criteria that decide: those that say yes, else those that ask for a site assessment, else those unknown.
    criteria : tuple of (str, str)
        Outcome per criterion: life, health, environment, hazardous_waste, dangerous_substances.
    missing : tuple of str
        Criteria without an answer.
    """

    is_category_a: Outcome
    governing: tuple[str, ...]
    criteria: tuple[tuple[str, Outcome], ...]
    missing: tuple[str, ...]
    table_version: str
    status: Status


def check_category(inputs: CategoryInputs, table: ScoreTable) -> CategoryResult:
    """Test a facility for Category A.

    Parameters
    ----------
    inputs : CategoryInputs
    table : ScoreTable
        ``load_table(code="eu_category")``.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = check_category(CategoryInputs(depth=0.7), load_table(code="eu_category"))
    >>> found.is_category_a, found.governing
    ('yes', ('life',))
    """
    criteria: tuple[tuple[str, Outcome], ...] = (
        ("life", _judge_life(inputs, table)),
        ("health", _answer(inputs.is_health_endangered)),
        ("environment", _answer(inputs.is_environment_endangered)),
        ("hazardous_waste", _judge_waste(inputs, table)),
        ("dangerous_substances", "no" if inputs.is_inert_only else _answer(inputs.has_dangerous_substances)),
    )
    order: tuple[Outcome, ...] = ("yes", "site_assessment", "unknown", "no")
    outcome = min((found for _, found in criteria), key=order.index)
    governing = tuple(code for code, found in criteria if found == outcome and outcome != "no")
    missing = tuple(code for code, found in criteria if found == "unknown")
    return CategoryResult(outcome, governing, criteria, missing, table.version, table.status)


def _judge_life(inputs: CategoryInputs, table: ScoreTable) -> Outcome:
    waves = [
        None if number is None else table.pick(group, number) == "threatened"
        for group, number in (("depth", inputs.depth), ("speed", inputs.speed))
    ]
    if inputs.is_life_threatened or True in waves:
        return "yes"
    return "no" if inputs.is_life_threatened is False or None not in waves else "unknown"


def _judge_waste(inputs: CategoryInputs, table: ScoreTable) -> Outcome:
    if inputs.is_inert_only:
        return "no"
    if inputs.hazardous_share is None:
        return "unknown"
    picked = table.pick("hazardous_share", inputs.hazardous_share)
    if picked == "site_assessment" and inputs.is_cleared_on_site is not None:
        return "no" if inputs.is_cleared_on_site else "yes"
    return {"yes": "yes", "no": "no", "site_assessment": "site_assessment"}[picked]  # type: ignore[return-value]


def _answer(finding: bool | None) -> Outcome:
    if finding is None:
        return "unknown"
    return "yes" if finding else "no"
