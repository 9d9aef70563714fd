"""One row of the ranking, and the sentences that a drawing needs beside it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from boget.portal.assessments.models import IndexResult
from boget.portal.assessments.selectors import wording
from boget.portal.assessments.selectors.links import link_missing, main_field
from boget.portal.assessments.services.ranking import Place
from boget.portal.core.formatting import format_number
from boget.portal.registry.choices import RecordKind
from boget.portal.registry.fields import DICTIONARY

DECIMALS = 1
STATUS = DICTIONARY["facility", "status"]


def build_row(result: IndexResult, place: Place | None, *, top: float) -> dict[str, Any]:
    """place: None for a facility that is not ranked. top: greatest value of the ranking, the end of the term bars."""
    facility = result.facility
    row = {
        "result": result,
        "facility": facility,
        "status_text": STATUS.label_of(facility.status),
        "is_aggregate": facility.record_kind == RecordKind.AGGREGATE,
        "is_radioactive": facility.is_radioactive,
        "missing": list_missing(result),
        "url": reverse("assessments:result", args=[facility.public_id, result.index]),
    }
    if place is None:
        return row
    return row | {
        "place": place,
        "place_words": say_place(place),
        "interval_words": say_interval(result),
        "bars": [(term["value"], not term["known"]) for term in result.terms],
        "bar_words": say_terms(result),
        "bar_scale": top,
    }


def list_missing(result: IndexResult) -> list[tuple[Any, str]]:
    """Unknown inputs with the page where each is entered; no address for a field above the level of the result."""
    facility_id = result.facility.public_id
    return [
        (main_field(code).label, link_missing(facility_id, result.find_input(code), level=result.level))
        for code in result.missing
    ]


def say_place(place: Place) -> str:
    if place.first == place.last:
        return _("place %(place)s") % {"place": place.first}
    return _("place %(low)s–%(high)s") % {"low": place.first, "high": place.last}


def say_interval(result: IndexResult) -> str:
    """The interval as a sentence, for a screen reader."""
    parts = {name: format_number(getattr(result, name), decimals=DECIMALS) for name in ("value", "low", "high")}
    return _("%(value)s, from %(low)s to %(high)s over everything unknown") % parts


def say_terms(result: IndexResult) -> str:
    """Every term with its score; a score that is assumed at its worst says so."""
    words = []
    for term in result.terms:
        pattern = _("%(term)s %(score)s") if term["known"] else _("%(term)s %(score)s, assumed at its worst")
        score = format_number(term["value"], decimals=DECIMALS)
        words.append(pattern % {"term": wording.TERMS[term["code"]], "score": score})
    return "; ".join(words)
