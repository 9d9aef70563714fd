"""Class I to IV of a dam by height, in the Russian line of the Soviet norms.

The norms of Kazakhstan descend from the same source, but which set of limits they use is not confirmed: a class from
here is never to be shown as a class of Kazakhstan. The older SNiP 2.06.01-86 had other limits.

References
----------
[garant3924267] Annex B, table B.1; [rf_decree1607] for liquid waste, from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.facility import DamFoundation
from boget.science.hazard.table import ScoreTable
from boget.science.provenance import Status

StructureClass = Literal["I", "II", "III", "IV"]
CLASSES: tuple[StructureClass, ...] = get_args(StructureClass)
FOUNDATIONS: tuple[DamFoundation, ...] = get_args(DamFoundation)


@dataclass(frozen=True, slots=True)
class StructureClassResult:
    """A class with the set it comes from.

    Attributes
    ----------
    value : str or None
        Class, an unknown foundation at its worst; None without a height.
    highest, lowest : str or None
        Most and least demanding class over the unknown foundation (I is the highest).
    line : str
        ``earth_dam`` or ``liquid_waste``.
    set_name : str
        The set of limits in words; print it beside the class.
    rule : str
        Group of the table used.
    missing : tuple of str
    """

    value: StructureClass | None
    highest: StructureClass | None
    lowest: StructureClass | None
    line: str
    set_name: str
    rule: str
    missing: tuple[str, ...]
    table_version: str
    status: Status


def classify_earth_dam(
    height: float | None, foundation: DamFoundation | None, table: ScoreTable
) -> StructureClassResult:
    """Classify an earth dam by height and foundation.

    Parameters
    ----------
    height : float or None
        m, 0 or more.
    foundation : str or None
        ``rock`` (A), ``coarse_or_stiff`` (Б), ``plastic_clay`` (В).
    table : ScoreTable
        ``load_table(code="cis_class")``.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = classify_earth_dam(31.0, None, load_table(code="cis_class"))
    >>> found.value, found.highest, found.lowest
    ('II', 'II', 'III')
    """
    if foundation is not None and foundation not in FOUNDATIONS:
        raise InvalidInput("unknown_choice", where="foundation", value=foundation, allowed=", ".join(FOUNDATIONS))
    groups = FOUNDATIONS if foundation is None else (foundation,)
    missing = ("height",) * (height is None) + ("foundation",) * (foundation is None)
    return _classify(height, groups, table, line="earth_dam", missing=missing)


def classify_liquid_waste(height: float | None, table: ScoreTable) -> StructureClassResult:
    """Classify the dam of a liquid-waste storage by height (m), for any foundation."""
    return _classify(height, ("liquid_waste",), table, line="liquid_waste", missing=("height",) * (height is None))


def _classify(
    height: float | None, groups: tuple[str, ...], table: ScoreTable, *, line: str, missing: tuple[str, ...]
) -> StructureClassResult:
    found: list[StructureClass] = []
    if height is not None:
        picked = [table.pick(group, height) for group in groups]
        found = sorted((name for name in CLASSES if name in picked), key=CLASSES.index)
    highest, lowest = (found[0], found[-1]) if found else (None, None)
    return StructureClassResult(
        highest, highest, lowest, line, table.title, "+".join(groups), missing, table.version, table.status
    )
