"""Why a facility has its index: input, rule of the table, score and source of every term; what each answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.assessments.models import IndexResult
from boget.portal.assessments.selectors import wording
from boget.portal.assessments.selectors.links import link_field, link_missing, main_field
from boget.portal.assessments.selectors.source_notes import say_note
from boget.portal.assessments.services.choices import say_choice
from boget.portal.assessments.services.gaps import read_gaps
from boget.portal.assessments.services.tables import find_table, load_tables, name_table, weigh
from boget.portal.core.formatting import FigureText
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.selectors.wording import say_claim, say_source
from boget.portal.registry.values import Claim
from boget.science.hazard import ScoreTable
from boget.science.provenance import Figure


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value of the register that entered a term."""

    label: Any
    record_id: str
    text: str
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an index as a row of the page. table: name of the score table, empty when it is no longer there."""

    code: str
    symbol: str
    label: Any
    input_label: Any
    input_text: str
    evidence: tuple[Evidence, ...]
    missing_href: str
    rule: str
    rule_text: str
    value: float | None
    low: float | None
    high: float | None
    is_known: bool
    is_stood_in: bool = False
    table: str = ""
    source: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What one answer about an unknown input would make of the index."""

    answer: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown input with everything it could turn out to be."""

    label: Any
    href: str
    prospects: tuple[Prospect, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    figure: Figure | None
    terms: tuple[Term, ...]
    questions: tuple[Question, ...]
    cautions: tuple[str, ...]
    tables: tuple[str, ...]
    status: str
    is_stale: bool


def explain(result: IndexResult, *, level: int) -> Explanation:
    """level: disclosure level of the reader; pages of fields above it are not linked."""
    tables = [table for name in result.table_version.split("+") if (table := find_table(name)) is not None]
    return Explanation(
        build_figure(result),
        tuple(_explain_term(result, row, tables, level=level) for row in result.terms),
        tuple(_list_questions(result, tables, level=level)),
        tuple(wording.say_caution(code) for code in result.cautions.split()),
        tuple(result.table_version.split("+")),
        weigh(result.table_version),
        is_stale=result.table_hash != load_tables().hash_of(result.index),
    )


def build_figure(result: IndexResult) -> Figure | None:
    """The index with its interval; None when there is too little data or the facility is planned."""
    if result.value is None:
        return None
    return Figure(
        result.value,
        "1",
        low=result.low,
        high=result.high,
        interval="unknown_inputs" if result.gaps else "declared_range",
        kind="computed",
        date=result.computed_at.date().isoformat(),
        status=weigh(result.table_version),
        formula=result.index.upper(),
        version=result.table_version,
    )


def _explain_term(result: IndexResult, row: dict[str, Any], tables: list[ScoreTable], *, level: int) -> Term:
    entered = result.find_input(row["input"])
    facility_id = result.facility.public_id
    term = Term(
        row["code"],
        wording.SYMBOLS[row["code"]],
        wording.say(wording.TERMS, row["code"]),
        main_field(row["input"]).label,
        say_input(entered),
        tuple(_describe_claim(claim, facility_id) for claim in entered["claims"]),
        "" if row["known"] else link_missing(facility_id, entered, level=level),
        row["rule"],
        "",
        row["value"],
        row["low"],
        row["high"],
        row["known"],
        row.get("stood_in", False),
    )
    table = next((table for table in tables if row["rule"] in table.entries), None)
    return _add_rule(term, table) if table else term


def _add_rule(term: Term, table: ScoreTable) -> Term:
    entry = table.entry(term.rule)
    text = _("decimal logarithm of the volume in m³") if term.code == "cap" else say_choice(table, entry.group, entry.choice)
    return replace(term, rule_text=text, table=name_table(table), source=say_note(entry.source), status=entry.status)


def _describe_claim(claim: dict[str, Any], facility_id: str) -> Evidence:
    of = "facility" if claim["record"] == facility_id else _find_holder(claim["field"])
    field = DICTIONARY[of, claim["field"]]
    said = Claim.from_stored({name: part for name, part in claim.items() if name not in {"record", "field"}})
    href = link_field(facility_id, claim["record"], claim["field"])
    return Evidence(field.label, claim["record"], say_claim(field, said), href, say_source(said))


def _find_holder(code: str) -> str:
    return "impoundment" if ("impoundment", code) in DICTIONARY else "dam"


def say_input(row: dict[str, Any]) -> str:
    """The value that entered the index, in words. Empty when it is unknown."""
    code, value = row["code"], row["value"]
    if value is None:
        return ""
    if code in wording.INPUT_GROUPS:
        return str(wording.say(wording.CHOICES[wording.INPUT_GROUPS[code]], str(value)))
    if code == "flood_prone":
        return str(wording.CHOICES["flood"]["yes" if value else "no"])
    text = _say_number(row)
    basis = wording.say(wording.BASES, row["basis"]) if row.get("basis") not in (None, "stored_volume") else ""
    return f"{text}: {basis}" if basis else text


def _say_number(row: dict[str, Any]) -> str:
    low, high = row.get("low"), row.get("high")
    has_range = low is not None and high is not None and low < high
    bounds: dict[str, Any] = {"low": low, "high": high, "interval": "declared_range"} if has_range else {}
    written = FigureText(Figure(float(row["value"]), row["unit"], **bounds))
    return f"{written.value}{written.gap}{written.unit} {written.interval}".strip()


def _list_questions(result: IndexResult, tables: list[ScoreTable], *, level: int) -> Iterator[Question]:
    groups = {row["input"]: row["code"] for row in result.terms}
    for gap in read_gaps(result.gaps):
        href = link_missing(result.facility.public_id, result.find_input(gap.code), level=level)
        prospects: tuple[Prospect, ...] = ()
        if gap.least is not None and gap.worst is not None and result.value is not None:
            group = groups[gap.code]
            table = next((table for table in tables if f"{group}.unknown" in table.entries), None)
            prospects = tuple(_list_prospects(result, table, group)) if table else ()
        yield Question(main_field(gap.code).label, href, prospects)


def _list_prospects(result: IndexResult, table: ScoreTable, group: str) -> Iterator[Prospect]:
    """The index for every answer, the other unknown inputs left as they are."""
    assert result.value is not None and result.low is not None and result.high is not None
    scores = table.scores(group)
    least, worst = min(scores.values()), max(scores.values())
    for choice, score in sorted(scores.items(), key=lambda pair: pair[1]):
        yield Prospect(
            say_choice(table, group, choice),
            result.value - worst + score,
            result.low - least + score,
            result.high - worst + score,
        )
