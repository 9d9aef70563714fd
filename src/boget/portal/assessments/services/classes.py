"""Classes as recorded, each beside a suggestion computed for that system alone.

No system is derived from another, and a suggestion is never written into the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.assessments.selectors import wording
from boget.portal.assessments.services.evidence import find_claim
from boget.portal.registry.choices import CategoryA, CisClass, GistmClass
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Dam, Facility
from boget.portal.registry.selectors.card import field_url
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.wording import say_claim, say_source
from boget.science.facility import DamFoundation
from boget.science.hazard import ScoreTable, load_table
from boget.science.hazard.cis_class import StructureClassResult, classify_earth_dam, classify_liquid_waste
from boget.science.hazard.consequence import ConsequenceResult, Consequences, classify_consequence
from boget.science.hazard.eu_category import CategoryInputs, check_category

FOUNDATIONS: dict[str, DamFoundation] = {"rock": "rock", "sand": "coarse_or_stiff", "clay": "plastic_clay"}
ROMAN = {"I": CisClass.I, "II": CisClass.II, "III": CisClass.III, "IV": CisClass.IV}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A computed class. text: empty when there is too little data. missing: what the system asks and nobody has given.

    set_name: the set of limits, where the name of the system does not tell it; it stands beside every computed class.
    """

    text: str
    because: str
    missing: tuple[Any, ...]
    table: str
    status: str
    set_name: Any = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """One system: the class as recorded (empty: unknown) and what is computed for it."""

    code: str
    label: Any
    recorded: str
    source: str
    href: str
    suggestions: tuple[Suggestion, ...]


def list_classifications(facility: Facility, *, level: int) -> list[Classification]:
    """The three systems side by side, from values that the level may see."""
    dams = list(Dam.objects.filter(facility=facility))
    return [
        _describe(facility, "gistm_class", (suggest_consequence(facility, level=level),), level=level),
        _describe(facility, "eu_category", (suggest_category(),), level=level),
        _describe(facility, "cis_class", suggest_structure_class(dams, level=level), level=level),
    ]


def _describe(facility: Facility, code: str, suggestions: tuple[Suggestion, ...], *, level: int) -> Classification:
    field = DICTIONARY["facility", code]
    claim = read_value(facility, field, level=level).shown
    is_known = claim is not None and claim.value != "unknown"
    recorded = say_claim(field, claim) if is_known else ""
    return Classification(code, field.label, recorded, say_source(claim), field_url(facility, field), suggestions)


def suggest_consequence(facility: Facility, *, level: int) -> Suggestion:
    """The lowest class that the people at risk alone allow; the other columns are not in the register."""
    people = find_claim(facility, "people_at_risk", level=level)
    table = load_table(code="gistm")
    found = classify_consequence(Consequences(population_at_risk=people["value"] if people else None), table)
    return Suggestion(
        _say_consequence(found), _list_words(found.governing), _say_all(found.missing), _name(table), found.status
    )


def _say_consequence(found: ConsequenceResult) -> str:
    if found.lowest is None:
        return ""
    lowest = GistmClass(found.lowest).label
    return str(lowest) if found.is_final else _("at least: %(name)s") % {"name": lowest}


def suggest_category() -> Suggestion:
    """The register holds none of the findings that the test asks, so it says only what is missing."""
    table = load_table(code="eu_category")
    found = check_category(CategoryInputs(), table)
    text = "" if found.is_category_a == "unknown" else str(CategoryA(found.is_category_a).label)
    return Suggestion(text, _list_words(found.governing) if text else "", _say_all(found.missing), _name(table), found.status)


def suggest_structure_class(dams: list[Dam], *, level: int) -> tuple[Suggestion, ...]:
    """The most demanding class over the dams, once as an earth dam and once as a storage of liquid waste."""
    table = load_table(code="cis_class")
    found = [(dam, line) for dam in dams for line in _classify_dam(dam, table, level=level)]
    if not found:
        return tuple(_suggest_structure("", line, table) for line in (classify_earth_dam(None, None, table),))
    lines = {line.line: (dam, line) for dam, line in sorted(found, key=lambda pair: _rank(pair[1]), reverse=True)}
    return tuple(_suggest_structure(dam.public_id, line, table) for dam, line in lines.values())


def _classify_dam(dam: Dam, table: ScoreTable, *, level: int) -> tuple[StructureClassResult, ...]:
    height = find_claim(dam, "height_m", level=level)
    foundation = find_claim(dam, "foundation", level=level)
    metres = float(height["value"]) if height else None
    ground = FOUNDATIONS[foundation["value"]] if foundation else None
    return classify_earth_dam(metres, ground, table), classify_liquid_waste(metres, table)


def _rank(found: StructureClassResult) -> int:
    """0 the most demanding class; a class that is not known comes last."""
    return list(ROMAN).index(found.value) if found.value else len(ROMAN)


def _suggest_structure(dam_id: str, found: StructureClassResult, table: ScoreTable) -> Suggestion:
    text = ""
    if found.value:
        text = found.value if found.highest == found.lowest else f"{found.highest}–{found.lowest}"
    because = " · ".join(filter(None, [str(wording.say(wording.LINES, found.line)), dam_id]))
    set_name = wording.say(wording.SETS, found.line)
    return Suggestion(text, because, _say_all(found.missing), _name(table), found.status, set_name)


def _name(table: ScoreTable) -> str:
    return f"{table.code}-{table.version}"


def _say_all(codes: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(wording.say(wording.CRITERIA, code) for code in codes)


def _list_words(codes: tuple[str, ...]) -> str:
    return ", ".join(str(word) for word in _say_all(codes))
