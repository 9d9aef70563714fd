"""Consequence class and external loading criteria of the Global Industry Standard on Tailings Management (2020).

The class is that of the highest column. Printed bands share their limits; the higher class is taken there (our rule).
The class stands by itself: it is not derived from, and not convertible into, the class of any other system.

References
----------
[gistm2020], Annex 2, Tables 1 to 3, from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.hazard.table import ScoreTable
from boget.science.provenance import Status

ConsequenceClass = Literal["low", "significant", "high", "very_high", "extreme"]
CLASSES: tuple[ConsequenceClass, ...] = get_args(ConsequenceClass)
Phase = Literal["active", "passive"]
"""Operation and active-care closure; passive-care closure."""
COUNTED = ("population_at_risk", "loss_of_life", "economic_loss_usd")
JUDGED = ("environment", "health_social_cultural")
SYSTEM = "GISTM 2020"


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a failure would do, by column of Table 1. None = unknown.

    Attributes
    ----------
    population_at_risk : float or None
        People, 0 or more.
    loss_of_life : float or None
        Potential loss of life, people, 0 or more.
    economic_loss_usd : float or None
        Infrastructure and economics, US dollars, 0 or more.
    environment, health_social_cultural : str or None
        Class given by an assessor from the words of the Standard.
    """

    population_at_risk: float | None = None
    loss_of_life: float | None = None
    economic_loss_usd: float | None = None
    environment: ConsequenceClass | None = None
    health_social_cultural: ConsequenceClass | None = None

    def __post_init__(self) -> None:
        for name in JUDGED:
            if getattr(self, name) not in (None, *CLASSES):
                raise InvalidInput("unknown_choice", where=name, value=getattr(self, name), allowed=", ".join(CLASSES))


@dataclass(frozen=True, slots=True)
class ConsequenceResult:
    """A consequence class, as far as known.

    Attributes
    ----------
    system : str
        Name of the classification; print it beside the class.
    lowest : str or None
        The class reached by the known columns: "at least". None if no column is known.
    highest : str or None
        ``lowest`` if all columns are known, else ``extreme``.
    is_final : bool
        Unknown columns cannot change the class.
    governing : tuple of str
        Columns that reach ``lowest``.
    columns : tuple of (str, str or None)
        Class per column.
    missing : tuple of str
    table_version, status
    """

    system: str
    lowest: ConsequenceClass | None
    highest: ConsequenceClass | None
    is_final: bool
    governing: tuple[str, ...]
    columns: tuple[tuple[str, ConsequenceClass | None], ...]
    missing: tuple[str, ...]
    table_version: str
    status: Status


@dataclass(frozen=True, slots=True)
class LoadingCriteria:
    """External loading of a class: return periods in years; the annual exceedance probability is their inverse."""

    flood_return_period_years: float
    earthquake_return_period_years: float
    table_version: str
    status: Status


def classify_consequence(consequences: Consequences, table: ScoreTable) -> ConsequenceResult:
    """Classify by the highest column.

    Parameters
    ----------
    consequences : Consequences
    table : ScoreTable
        ``load_table(code="gistm")``.

    Raises
    ------
    InvalidInput
        ``range`` or ``not_finite`` for a number.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = classify_consequence(Consequences(population_at_risk=100, loss_of_life=2), load_table(code="gistm"))
    >>> found.lowest, found.highest, found.governing
    ('very_high', 'extreme', ('population_at_risk',))
    """
    columns: list[tuple[str, ConsequenceClass | None]] = [
        (name, _class_of(name, getattr(consequences, name), table)) for name in COUNTED
    ]
    columns += [(name, getattr(consequences, name)) for name in JUDGED]
    known = [found for _, found in columns if found is not None]
    missing = tuple(name for name, found in columns if found is None)
    lowest = max(known, key=CLASSES.index) if known else None
    highest = lowest if not missing else CLASSES[-1]
    governing = tuple(name for name, found in columns if found is not None and found == lowest)
    is_final = lowest is not None and lowest == highest
    return ConsequenceResult(
        SYSTEM, lowest, highest, is_final, governing, tuple(columns), missing, table.version, table.status
    )


def _class_of(name: str, number: float | None, table: ScoreTable) -> ConsequenceClass | None:
    if number is None:
        return None
    picked = table.pick(name.removesuffix("_usd"), number)
    for consequence_class in CLASSES:
        if consequence_class == picked:
            return consequence_class
    raise InvalidInput("table_invalid", where=f"table {table.code} {table.version}, {name}", value=picked)


def loading_criteria(consequence_class: ConsequenceClass, phase: Phase, table: ScoreTable) -> LoadingCriteria:
    """Return the flood and earthquake criteria of a class.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> loading_criteria("high", "active", load_table(code="gistm")).flood_return_period_years
    2475.0
    """
    if phase not in get_args(Phase):
        raise InvalidInput("unknown_choice", where="phase", value=phase, allowed=", ".join(get_args(Phase)))
    years = table.number(f"{phase}.{consequence_class}")
    return LoadingCriteria(years, years, table.version, table.status)
