"""Rate facilities and keep the results: a new row only where an input or a score table has changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import transaction

import boget
from boget.portal.assessments.models import IndexCode, IndexResult, State
from boget.portal.assessments.services.evidence import (
    FULL_LEVEL,
    PUBLIC_LEVEL,
    READ_UP_TO,
    Evidence,
    Site,
    gather_evidence,
    log_refusal,
)
from boget.portal.assessments.services.tables import Tables, load_tables
from boget.portal.core.bulk import insert_rows
from boget.portal.core.services import write_canonical
from boget.portal.registry.choices import Status
from boget.portal.registry.models import Dam, Facility, Impoundment, Score
from boget.portal.registry.services import publish_scores
from boget.science.errors import BogetError
from boget.science.hazard import ExposureInputs, HazardInputs, TermResult, rate, rate_risk
from boget.science.hazard import IndexResult as Rating

BATCH = 500
HAZARD_INPUTS = 6
"""Rows of the evidence that enter the THI; the TRI takes all."""
INPUT_REFUSED = "input_refused"
"""Caution of a result without value: ``input_refused:code`` with the code of the science's refusal."""
GAP_DIGITS = 12
"""Significant digits of a gap: a volume's is no whole number, and nine decimals decide an order."""

Key = tuple[int, str, int]  # facility, index, level


@dataclass(frozen=True, slots=True)
class _Previous:
    pk: int
    serial: int
    input_hash: str


@transaction.atomic
def rescore(facility_ids: Iterable[int] | None = None) -> int:
    """Rate the facilities (primary keys; all when None), at both levels by both indices.

    Writes a row, and publishes the score, only where the inputs or the table differ from the current row. Returns how many
    rows were written.
    """
    ids = sorted(set(facility_ids if facility_ids is not None else Facility.objects.values_list("pk", flat=True)))
    tables = load_tables()
    return sum(_rescore_batch(ids[start : start + BATCH], tables) for start in range(0, len(ids), BATCH))


def _rescore_batch(ids: Sequence[int], tables: Tables) -> int:
    sites = _load_sites(ids)
    previous = _load_previous(ids)
    moment = datetime.now(UTC)
    new = [
        result
        for site in sites
        for result in _rate_site(site, tables=tables, previous=previous, moment=moment)
    ]
    replaced = [previous[key].pk for result in new if (key := _key_of(result)) in previous]
    IndexResult.objects.filter(pk__in=replaced).update(is_current=False)
    insert_rows(new)
    publish_scores([_build_score(result) for result in new])
    return len(new)


def _load_previous(ids: Sequence[int]) -> dict[Key, _Previous]:
    rows = IndexResult.objects.filter(facility__in=ids, is_current=True)
    columns = ("facility_id", "index", "level", "pk", "serial", "input_hash")
    return {(row[0], row[1], row[2]): _Previous(*row[3:]) for row in rows.values_list(*columns)}


def _load_sites(ids: Sequence[int]) -> list[Site]:
    """Facilities with their structures, three queries for all. The facilities are locked until the results are written."""
    facilities = list(Facility.objects.filter(pk__in=ids).select_for_update().order_by("pk").only("public_id", "values"))
    impoundments: defaultdict[int, list[Impoundment]] = defaultdict(list)
    dams: defaultdict[int, list[Dam]] = defaultdict(list)
    for basin in Impoundment.objects.filter(facility__in=ids).only("public_id", "values", "facility"):
        impoundments[_owner_of(basin)].append(basin)
    for dam in Dam.objects.filter(facility__in=ids).only("public_id", "values", "facility"):
        dams[_owner_of(dam)].append(dam)
    return [Site(facility, impoundments[facility.pk], dams[facility.pk]) for facility in facilities]


def _owner_of(row: Impoundment | Dam | IndexResult) -> int:
    return int(row.facility_id)


def _rate_site(site: Site, *, tables: Tables, previous: dict[Key, _Previous], moment: datetime) -> Iterator[IndexResult]:
    public, full = _gather_levels(site, tables)
    is_planned = site.facility.value_of("status") == Status.PLANNED
    for index in IndexCode.values:
        open_draft = _Draft(index, public, tables=tables, is_planned=is_planned)
        full_draft = open_draft if full is public else _Draft(index, full, tables=tables, is_planned=is_planned)
        for level, draft in ((PUBLIC_LEVEL, open_draft), (FULL_LEVEL, full_draft)):
            last = previous.get((site.facility.pk, index, level))
            if last is None or last.input_hash != draft.input_hash:
                serial = last.serial + 1 if last else 1
                yield IndexResult(
                    public_id=f"{site.facility.public_id}-{index.upper()}{level}-{serial:03d}",
                    facility=site.facility,
                    level=level,
                    serial=serial,
                    computed_at=moment,
                    input_hash=draft.input_hash,
                    inputs=draft.rows,
                    **draft.columns,
                )


class _Draft:
    """An index of one facility from one evidence: hashed at once, rated only when it is asked for its columns."""

    def __init__(self, index: str, evidence: Evidence, *, tables: Tables, is_planned: bool) -> None:
        self.index, self.evidence, self.tables, self.is_planned = index, evidence, tables, is_planned
        self.rows = evidence.rows[:HAZARD_INPUTS] if index == IndexCode.THI else evidence.rows
        marks = [evidence.hazard.is_radioactive, evidence.refusal]
        content = write_canonical([index, is_planned, self.rows, *marks, tables.hash_of(index)])
        self.input_hash = hashlib.sha256(content.encode()).hexdigest()

    def _rate(self) -> tuple[Rating, str]:
        """The result and the code of a refusal; what was refused leaves every input unknown."""
        try:
            return rate_evidence(self.index, self.evidence, self.tables), self.evidence.refusal
        except BogetError as error:
            log_refusal(self.index, error)
            nothing = Evidence(HazardInputs(), ExposureInputs(), self.rows)
            return rate_evidence(self.index, nothing, self.tables), error.code

    @cached_property
    def columns(self) -> dict[str, Any]:
        rating, refusal = self._rate()
        leaves = [leaf for term in rating.terms for leaf in (term.parts or (term,))]
        is_rated = rating.is_sufficient and not self.is_planned
        return {
            "index": self.index,
            "state": State.PLANNED if self.is_planned else State.RATED if is_rated else State.INSUFFICIENT,
            "value": rating.value if is_rated else None,
            "low": rating.low if is_rated else None,
            "high": rating.high if is_rated else None,
            "known_part": sum(leaf.value or 0.0 for leaf in reversed(leaves) if leaf.is_known) if is_rated else None,
            "known": rating.known,
            "of": rating.of,
            "gaps": " ".join(_write_gap(leaf) for leaf in leaves if not leaf.is_known),
            "cautions": " ".join([*rating.cautions, *([f"{INPUT_REFUSED}:{refusal}"] if refusal else [])]),
            "table_version": rating.table_version,
            "table_hash": rating.table_hash,
            "code_version": boget.__version__,
            "terms": [_describe_term(leaf) for leaf in leaves],
        }


def _gather_levels(site: Site, tables: Tables) -> tuple[Evidence, Evidence]:
    """What the public level and the full level know; the same object where nothing is hidden."""
    public = gather_evidence(site, level=READ_UP_TO[PUBLIC_LEVEL], tables=tables)
    if not site.has_hidden_inputs:
        return public, public
    return public, gather_evidence(site, level=READ_UP_TO[FULL_LEVEL], tables=tables)


def rate_evidence(index: str, evidence: Evidence, tables: Tables) -> Rating:
    """The science's result for one index."""
    if index == IndexCode.THI:
        return rate(evidence.hazard, tables.thi)
    return rate_risk(evidence.hazard, evidence.exposure, table=tables.thi, exposure_table=tables.tri)


def _write_gap(leaf: TermResult) -> str:
    bounds = "" if leaf.high is None else f"{leaf.low:.{GAP_DIGITS}g}:{leaf.high:.{GAP_DIGITS}g}"
    return f"{leaf.inputs[0]}={bounds}"


def _describe_term(leaf: TermResult) -> dict[str, Any]:
    return {
        "code": leaf.code,
        "input": leaf.inputs[0],
        "value": leaf.value,
        "low": leaf.low,
        "high": leaf.high,
        "known": leaf.is_known,
        "stood_in": leaf.is_stood_in,
        "rule": leaf.rule,
    }


def _key_of(result: IndexResult) -> Key:
    return (_owner_of(result), result.index, result.level)


def _build_score(result: IndexResult) -> Score:
    return Score(
        facility_id=_owner_of(result),
        index=result.index,
        level=result.level,
        value=result.value,
        low=result.low,
        high=result.high,
        known=result.known,
        of=result.of,
        cautions=result.cautions,
    )
