"""/api/v1/facilities: the register for programs, with the same rows and the same rights as the pages."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.core.services import describe_installation, read_head
from boget.portal.registry.entity_tags import answer_unchanged, build_tag, set_tag
from boget.portal.registry.models import Facility, Score
from boget.portal.registry.schemas import (
    MOST_ROWS,
    FacilityOut,
    FacilityPage,
    FeaturePage,
    HistoryPage,
    Problem,
    ScoreList,
    build_parameters,
)
from boget.portal.registry.selectors import listing
from boget.portal.registry.selectors.filters import FILTERS, Reader
from boget.portal.registry.selectors.log import LogFilter, is_told_names, read_page
from boget.portal.registry.selectors.points import build_feature
from boget.portal.registry.selectors.quintiles import read_quintiles
from boget.portal.registry.selectors.reading import filter_changes
from boget.portal.registry.selectors.records import describe_changes, describe_facility, describe_summary
from boget.portal.registry.selectors.rows import STATUS_WORDS
from boget.portal.registry.selectors.scores import choose_score_level, list_scores, round_index

router = Router(tags=["registry"])
GEOJSON = "application/geo+json"
FORMATS = ("", "json", "geojson")
PLACE = ("q", "sort", "limit", "after", "f", "lang")
HISTORY_SIZE = 50
DEFAULT_LIMIT = "100"
BAD = {400: Problem, 422: Problem}
ONE = {304: None, 400: Problem, 404: Problem, 422: Problem}
FEATURES = {"responses": {200: {"content": {GEOJSON: {"schema": FeaturePage.model_json_schema()}}}}}

Parameters: type[Schema] = build_parameters()


@router.get("/facilities", response={200: FacilityPage, 304: None, **BAD}, url_name="facilities", openapi_extra=FEATURES)
def list_facilities(request: HttpRequest, parameters: Query[Parameters]) -> HttpResponse:  # type: ignore[valid-type]
    """A page of the register. The filters are those of the list page; GeoJSON by ``f=geojson`` or by Accept."""
    tag = build_tag(request, read_head())
    if unchanged := answer_unchanged(request, tag):
        return unchanged
    query = _read_query(request.GET)
    reader = Reader(request.user, read_quintiles(request.user), (get_language() or "ru")[:2])
    page = listing.read_page(query, reader)
    following = _build_next(request, page)
    if _wants_geojson(request):
        return set_tag(_send_features(page, reader, following), tag)
    items = [describe_summary(row, reader) for row in page.rows]
    body = {"count": page.totals.count, "notice": say_notice(), "next": following, "items": items}
    return set_tag(_send(body), tag)


@router.get("/facilities/{public_id}", response={200: FacilityOut, **ONE}, url_name="facility")
def read_facility(request: HttpRequest, public_id: str) -> HttpResponse:
    """One facility with every value and its sources that the reader may see. Absent and refused are the same 404."""
    tag = build_tag(request, read_head())
    facility = _open(request, public_id)
    if unchanged := answer_unchanged(request, tag):
        return unchanged
    return set_tag(_send({**describe_facility(facility), "notice": say_notice()}), tag)


@router.get("/facilities/{public_id}/history", response={200: HistoryPage, **ONE}, url_name="history")
def read_history(request: HttpRequest, public_id: str, before: int = Query(None, ge=1, le=2**53)) -> HttpResponse:  # type: ignore[assignment]
    """Entries of the log about a facility, newest first, 50 a page. before: number of the entry to go on below."""
    tag = build_tag(request, read_head())
    facility = _open(request, public_id)
    if unchanged := answer_unchanged(request, tag):
        return unchanged
    wanted = LogFilter(before=before, has_names=is_told_names(request.user))
    page = read_page(facility, wanted, level=facility.level, size=HISTORY_SIZE)
    following = f"{request.path}?before={page.next_before}" if page.next_before else None
    items = [_describe_entry(entry, facility.level) for entry in page.entries]
    return set_tag(_send({"items": items, "next": following and request.build_absolute_uri(following)}), tag)


@router.get("/facilities/{public_id}/scores", response={200: ScoreList, **ONE}, url_name="scores")
def read_scores(request: HttpRequest, public_id: str) -> HttpResponse:
    """The indices of a facility, from the inputs that the reader may see. A screening only; see status and cautions."""
    tag = build_tag(request, read_head())
    facility = _open(request, public_id)
    if unchanged := answer_unchanged(request, tag):
        return unchanged
    inputs = "all" if choose_score_level(facility.level) else "public"
    items = [{**_describe_score(score), "inputs": inputs} for score in list_scores(facility, level=facility.level)]
    notice = gettext(
        "THI: provisional table, not checked against its source. TRI: the scores of exposure are placeholders of our own. "
        "Screening only, not an official class."
    )
    return set_tag(_send({"notice": notice, "items": items}), tag)


def _describe_score(score: Score) -> dict[str, Any]:
    """status: the weakest standing that the cautions tell."""
    cautions = score.cautions.split()
    standings = [status for status in ("placeholder", "provisional") if f"{status}_scores" in cautions]
    return {
        "index": score.index,
        "value": round_index(score.value),
        "low": round_index(score.low),
        "high": round_index(score.high),
        "known": score.known,
        "of": score.of,
        "status": standings[0] if standings else "verified",
        "cautions": cautions,
    }


def say_notice() -> str:
    if describe_installation().is_demo:
        return gettext("Demonstration data. Not official information.")
    return gettext("Unofficial compilation. Boget is not an official source until adopted by an order.")


def _open(request: HttpRequest, public_id: str) -> Any:
    rows = Facility.objects.visible_to(request.user).prefetch_related("impoundments", "dams")
    facility = rows.filter(public_id=public_id).first()
    if facility is None:
        raise Http404
    return facility


def _read_query(address: QueryDict) -> listing.ListQuery:
    """The list query of an API address: limit in the place of size, no looks of the page."""
    allowed = (*FILTERS, *PLACE)
    for name in address:
        if name not in allowed:
            raise refuse("unknown_filter", value=name[:80], allowed=", ".join(allowed))
    if address.get("f", "") not in FORMATS:
        raise refuse("bad_filter", where=_("Format"), value=address["f"][:20], allowed=", ".join(FORMATS[1:]))
    plain = address.copy()
    plain["size"] = plain.pop("limit", [DEFAULT_LIMIT])[-1]
    return listing.read_query(plain, sizes=range(1, MOST_ROWS + 1))


def _build_next(request: HttpRequest, page: listing.Page) -> str | None:
    if not page.next_token:
        return None
    address = request.GET.copy()
    address["after"] = page.next_token
    return request.build_absolute_uri(f"{request.path}?{address.urlencode()}")


def _wants_geojson(request: HttpRequest) -> bool:
    wanted = request.GET.get("f", "")
    return wanted == "geojson" or (not wanted and request.get_preferred_type(["application/json", GEOJSON]) == GEOJSON)


def _send_features(page: listing.Page, reader: Reader, following: str | None) -> HttpResponse:
    words = {status: str(word) for status, word in STATUS_WORDS.items()}
    features = [
        build_feature(row, reader, words=words, url=reverse("registry:facility", args=[row.public_id])) for row in page.rows
    ]
    body = {
        "type": "FeatureCollection", "numberMatched": page.totals.count, "numberReturned": len(features),
        "notice": say_notice(), "next": following, "features": features,
    }  # fmt: skip
    return _send(body, content_type=GEOJSON)


def _send(body: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=content_type)


def _describe_entry(entry: Any, level: int) -> dict[str, Any]:
    revision = entry.revision
    return {
        "number": revision.seq,
        "at": revision.at.isoformat(),
        "kind": revision.kind,
        "record_type": revision.record_type,
        "record_id": revision.record_id,
        "who": entry.who if level >= Level.AUTHORITY else "",
        "reason": entry.revision.reason if entry.reason else "",
        "changes": describe_changes(filter_changes(revision, level=level)),
    }


def send_problem(status: int, title: str, *, detail: str = "", code: str = "") -> JsonResponse:
    """An error as RFC 9457."""
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return JsonResponse(
        problem, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
