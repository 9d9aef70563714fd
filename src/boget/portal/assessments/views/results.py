"""Why a facility has this index."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.assessments.models import IndexCode, IndexResult
from boget.portal.assessments.selectors.results import find_current, list_open_history
from boget.portal.assessments.selectors.wording import INDEX_WORDS
from boget.portal.assessments.services.classes import list_classifications
from boget.portal.assessments.services.explanation import explain
from boget.portal.assessments.services.tables import find_table
from boget.portal.assessments.views.panel import SCALES
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.opening import open_facility

SHOWN = 50


@require_safe
def show_result(request: HttpRequest, public_id: str, index: str) -> HttpResponse:
    """The current result, or an earlier one by ``?number=``."""
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    if index not in IndexCode.values:
        raise Http404
    history = list_open_history(facility, index, level=facility.level, size=SHOWN)
    result = choose_result(request, history)
    result.facility = facility
    return render(request, "assessments/result.html", describe_page(facility, result, history))


def choose_result(request: HttpRequest, history: list[IndexResult]) -> IndexResult:
    wanted = request.GET.get("number", "")
    numbers = {str(row.serial): row for row in history}
    if wanted and wanted not in numbers:
        raise refuse("bad_filter", where=_("Number of the result"), value=wanted[:40], allowed=", ".join(numbers))
    if not history:
        raise Http404
    return numbers[wanted] if wanted else history[0]


def describe_page(facility: Facility, result: IndexResult, history: list[IndexResult]) -> dict[str, Any]:
    explanation = explain(result, level=facility.level)
    low, high = SCALES[result.index]
    card = reverse("registry:facility", args=[facility.public_id])
    return {
        "facility": facility,
        "result": result,
        "explanation": explanation,
        "sum": [term for term in explanation.terms if term.value is not None],
        "scale_low": low,
        "scale_high": high,
        "index_words": INDEX_WORDS[result.index],
        "classifications": list_classifications(facility, level=facility.level),
        "public": find_current(facility, result.index, level=Level.PUBLIC) if facility.level > Level.PUBLIC else None,
        "history": history,
        "other": next(code for code in IndexCode.values if code != result.index),
        "tables": [(name, find_table(name)) for name in explanation.tables],
        "trail": [
            (_("Assessments"), reverse("assessments:rankings")),
            (facility.public_id, card),
            (result.index.upper(), ""),
        ],
    }
