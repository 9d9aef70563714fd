"""The indices in the API: the number with everything that gave it, at the level of the reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema

from boget.portal.assessments.models import IndexCode, IndexResult
from boget.portal.assessments.selectors.links import link_field
from boget.portal.assessments.selectors.results import find_current
from boget.portal.assessments.services.tables import weigh
from boget.portal.registry.models import Facility
from boget.portal.registry.schemas import Problem
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.registry.selectors.scores import round_index

router = Router(tags=["assessments"])
ABSENT = {400: Problem, 404: Problem, 422: Problem}
UP_TO = {0: "public", 2: "group"}
NUMBERS = ("value", "low", "high")
CANNOT = "Screening only: the index does not say that a dam is stable."


class ClaimOut(Schema):
    """A value of the register that entered an input."""

    record: str = Field(description="Public id of the facility or of its structure")
    field: str = Field(description="Code of the field in the dictionary")
    value: Any = Field(description="As stored, in the unit of the field")
    low: float | None = None
    high: float | None = None
    kind: str = ""
    source: str = ""
    date: str = ""
    url: str = Field(description="Page of the value with all its claims")


class InputOut(Schema):
    """One input of the index."""

    code: str
    known: bool
    value: Any = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    basis: str | None = Field(None, description="Of the volume: design_capacity is scored and is not known")
    claims: list[ClaimOut]


class TermOut(Schema):
    """One term: the rule is the id of a row of the score table."""

    code: str
    input: str
    value: float | None
    low: float | None
    high: float | None
    known: bool
    stood_in: bool = Field(False, description="Scored from a quantity that stands in for the unknown input")
    rule: str


class TableOut(Schema):
    version: str
    sha256: str
    status: str = Field(description="Weakest table: verified, provisional (from memory) or placeholder (our assumption)")
    url: list[str]


class IndexOut(Schema):
    """An index of a facility, two decimals. value is null with too little data and for a planned facility, never 0."""

    id: str
    facility: str
    index: str
    inputs_up_to: str = Field(description="public or group: the highest disclosure level of a value that entered")
    state: str
    value: float | None = Field(description="Unknown inputs at their worst")
    low: float | None
    high: float | None
    known: int
    of: int
    missing: list[str]
    cautions: list[str] = Field(description="Codes of what must be said beside the number")
    computed_at: datetime
    table: TableOut
    inputs: list[InputOut]
    terms: list[TermOut]
    cannot: str = CANNOT


@router.get("/facilities/{public_id}/thi", response={200: IndexOut, **ABSENT}, url_name="thi")
def read_thi(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """The Tailings Hazard Index with its interval, inputs, terms and score table."""
    return read_index(request, public_id, IndexCode.THI)


@router.get("/facilities/{public_id}/tri", response={200: IndexOut, **ABSENT}, url_name="tri")
def read_tri(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """The Tailings Risk Index with its interval, inputs, terms and score tables."""
    return read_index(request, public_id, IndexCode.TRI)


def read_index(request: HttpRequest, public_id: str, index: str) -> dict[str, Any]:
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    result = find_current(facility, index, level=facility.level)
    if result is None:
        raise Http404
    return describe_result(result, public_id)


def describe_result(result: IndexResult, public_id: str) -> dict[str, Any]:
    plain = ("index", "state", "known", "of", "missing", "computed_at")
    versions = result.table_version.split("+")
    return {name: getattr(result, name) for name in plain} | _round_numbers({n: getattr(result, n) for n in NUMBERS}) | {
        "terms": [term | _round_numbers({name: term[name] for name in NUMBERS}) for term in result.terms],
        "id": result.public_id,
        "facility": public_id,
        "inputs_up_to": UP_TO[result.level],
        "cautions": result.cautions.split(),
        "table": {
            "version": result.table_version,
            "sha256": result.table_hash,
            "status": weigh(result.table_version),
            "url": [reverse("assessments:table", args=[version]) for version in versions],
        },
        "inputs": [describe_input(row, public_id) for row in result.inputs],
    }


def _round_numbers(numbers: dict[str, float | None]) -> dict[str, float | None]:
    return {name: round_index(number) for name, number in numbers.items()}


def describe_input(row: dict[str, Any], public_id: str) -> dict[str, Any]:
    claims = [claim | {"url": link_field(public_id, claim["record"], claim["field"])} for claim in row["claims"]]
    return row | {"claims": claims}
