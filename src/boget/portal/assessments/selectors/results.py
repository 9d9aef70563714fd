"""Results as a reader may see them: from public values for the public level, from all values for everybody above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from boget.portal.accounts.selectors import access_of
from boget.portal.assessments.models import IndexResult
from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.portal.registry.querysets import FacilityQuerySet
from boget.portal.registry.selectors.past import list_closed_spans
from boget.portal.registry.selectors.scores import choose_score_level, has_mixed_levels


class Standing(NamedTuple):
    """The numbers of one facility that a ranking needs, at the level its reader sees."""

    facility_id: int
    public_id: str
    record_kind: str
    result_id: int
    state: str
    value: float | None
    low: float | None
    high: float | None
    known_part: float | None
    gaps: str


COLUMNS = ("state", "value", "low", "high", "known_part", "gaps")


def list_standings(facilities: FacilityQuerySet, *, index: str, user: Any) -> list[Standing]:
    """Current results of the facilities, one query. ``facilities`` must come from ``visible_to(user)``."""
    chosen = facilities.filter(_current(index) & _readable(user))
    columns = ("pk", "public_id", "record_kind", "index_results__pk", *(f"index_results__{name}" for name in COLUMNS))
    return [Standing._make(row) for row in chosen.order_by().values_list(*columns)]


def _current(index: str) -> Q:
    return Q(index_results__is_current=True, index_results__index=index)


def _readable(user: Any) -> Q:
    """Results at the level that the reader has on each facility."""
    if not has_mixed_levels(user):
        return Q(index_results__level=choose_score_level(access_of(user).level))
    return Q(level=int(Level.AUTHORITY), index_results__level=choose_score_level(Level.AUTHORITY)) | Q(
        level__lt=int(Level.AUTHORITY), index_results__level=choose_score_level(access_of(user).level)
    )


def load_results(ids: Iterable[int]) -> dict[int, IndexResult]:
    """Results by primary key, with their facilities."""
    rows = IndexResult.objects.filter(pk__in=list(ids)).select_related("facility").defer("facility__values")
    return {row.pk: row for row in rows}


def list_history(facility: Facility, index: str, *, level: int) -> QuerySet[IndexResult]:
    """All results of a facility that the disclosure level may see, the newest first."""
    rows = IndexResult.objects.filter(facility=facility, index=index, level=choose_score_level(level))
    return rows.order_by("-serial")


def list_open_history(facility: Facility, index: str, *, level: int, size: int) -> list[IndexResult]:
    """The newest results; below the authority without those that held only while the facility was not published."""
    rows = list(list_history(facility, index, level=level)[:size])
    if level >= Level.AUTHORITY:
        return rows
    spans = [(first.at, end.at if end else None) for first, end in list_closed_spans(facility.public_id)]
    return [row for row, newer in zip(rows, [None, *rows], strict=False) if newer is None or not _is_within(row, newer, spans)]


def _is_within(row: IndexResult, newer: IndexResult, spans: Sequence[tuple[datetime, datetime | None]]) -> bool:
    """Whether one of the spans holds the whole time from a result to the next one."""
    return any(first <= row.computed_at and (end is None or newer.computed_at <= end) for first, end in spans)


def find_current(facility: Facility, index: str, *, level: int) -> IndexResult | None:
    return list_history(facility, index, level=level).filter(is_current=True).first()


def list_current(facility: Facility, *, level: int) -> list[IndexResult]:
    """Both indices of a facility as the disclosure level may see them."""
    rows = IndexResult.objects.filter(facility=facility, is_current=True, level=choose_score_level(level))
    return list(rows.order_by("index"))
