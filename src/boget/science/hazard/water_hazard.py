"""A proposed water hazard class from local information. Our assumption throughout; a person accepts or rejects it.

Radioactivity is carried apart: the water hazard class does not express it.

References
----------
[awsv2017] for the classes themselves (nwg = 0, 1, 2, 3); the mapping is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.hazard.table import ScoreTable
from boget.science.provenance import Status

ToxicContent = Literal["cyanide", "mercury", "soluble_arsenic", "strong_acid_or_alkali"]
WasteClass = Literal["I", "II", "III", "IV", "V"]


@dataclass(frozen=True, slots=True)
class LocalInformation:
    """What is known on site.

    Attributes
    ----------
    contents : frozenset of str
        `ToxicContent` found to be present; empty = none reported, which is not "none present".
    eu_waste_code : str
        For example ``"01 03 04*"``; empty = unknown.
    cis_waste_class : str or None
        Waste hazard class I (extreme) to V (inert).
    is_radioactive : bool or None
    """

    contents: frozenset[ToxicContent] = frozenset()
    eu_waste_code: str = ""
    cis_waste_class: WasteClass | None = None
    is_radioactive: bool | None = None

    def __post_init__(self) -> None:
        _require_all("contents", self.contents, get_args(ToxicContent))
        if self.cis_waste_class is not None:
            _require_all("cis_waste_class", (self.cis_waste_class,), get_args(WasteClass))


@dataclass(frozen=True, slots=True)
class ClassProposal:
    """A proposal, never a finding.

    Attributes
    ----------
    water_hazard_class : int or None
        Worst of the matching rows; None = nothing matches, which the index then takes at its worst.
    rules : tuple of str
        Table entries that matched.
    is_radioactive : bool or None
        Passed through.
    status : str
        ``placeholder``.
    """

    water_hazard_class: int | None
    rules: tuple[str, ...]
    is_radioactive: bool | None
    status: Status
    table_version: str


def propose_class(local: LocalInformation, table: ScoreTable) -> ClassProposal:
    """Propose a water hazard class.

    Parameters
    ----------
    local : LocalInformation
    table : ScoreTable
        ``load_table(code="water_hazard")``.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> propose_class(LocalInformation(cis_waste_class="III"), load_table(code="water_hazard")).water_hazard_class
    2
    """
    code = "".join(character for character in local.eu_waste_code if character.isdigit())
    wanted = [f"substance.{content}" for content in sorted(local.contents)]
    wanted += [f"eu_waste_code.{code}", f"cis_waste_class.{local.cis_waste_class}"]
    rules = tuple(rule for rule in wanted if rule in table.entries)
    proposed = max((int(table.number(rule)) for rule in rules), default=None)
    return ClassProposal(proposed, rules, local.is_radioactive, table.status, table.version)


def _require_all(where: str, given: Iterable[str], choices: tuple[str, ...]) -> None:
    for choice in given:
        if choice not in choices:
            raise InvalidInput("unknown_choice", where=where, value=choice, allowed=", ".join(choices))
