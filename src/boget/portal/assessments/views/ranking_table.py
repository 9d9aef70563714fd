"""The ranking as CSV: the rows of the page in its order, all of them, indices with two decimals."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from boget.portal.assessments.forms import RankingQuery
from boget.portal.assessments.models import IndexResult
from boget.portal.assessments.selectors.results import load_results
from boget.portal.assessments.services.ranking import Place, Ranking
from boget.portal.assessments.services.tables import weigh
from boget.portal.core.services import describe_installation
from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.selectors.scores import round_index

NAMES = ("name_en", "name_ru", "name_kk")
LEAD = ("place_from", "place_to", "id", *NAMES, "record_kind", "status", "value", "low", "high", "quintile", "known", "of")
TAIL = ("missing", "cautions", "inputs_up_to", "table_version", "table_status", "computed_at")
BATCH = 500
UP_TO = {0: "public", 2: "group"}


def write_csv(ranking: Ranking, query: RankingQuery) -> HttpResponse:
    """A file of all ranked facilities; points as decimal marks, UTF-8 with a mark so that spreadsheets read Cyrillic."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    suffix = "-demo" if describe_installation().is_demo else ""
    response["Content-Disposition"] = f'attachment; filename="boget-ranking-{query.index}{suffix}.csv"'
    writer = csv.writer(response)
    for row in list_lines(ranking):
        writer.writerow(row)
    return response


def list_lines(ranking: Ranking) -> Iterator[list[Any]]:
    """Head and rows. A term whose input is unknown has the input in the column ``missing``."""
    has_head = False
    for start in range(0, len(ranking.places), BATCH):
        places = ranking.places[start : start + BATCH]
        results = load_results(place.standing.result_id for place in places)
        for place in places:
            result = results[place.standing.result_id]
            if not has_head:
                yield [*LEAD, *(f"term_{term['code']}" for term in result.terms), *TAIL]
                has_head = True
            yield describe_line(place, result)
    if not has_head:
        yield [*LEAD, *TAIL]


def describe_line(place: Place, result: IndexResult) -> list[Any]:
    facility = result.facility
    names = [guard_cell(getattr(facility, name)) for name in NAMES]
    lead = [place.first, place.last, facility.public_id, *names, facility.record_kind, facility.status]
    bounds = [round_index(number) for number in (result.value, result.low, result.high)]
    numbers = [*bounds, place.quintile or "", result.known, result.of]
    terms = [round_index(term["value"]) for term in result.terms]
    tables = [result.table_version, weigh(result.table_version)]
    tail = [" ".join(result.missing), result.cautions, UP_TO[result.level], *tables, result.computed_at.isoformat()]
    return [*lead, *numbers, *terms, *tail]
