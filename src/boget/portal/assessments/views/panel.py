"""The panel on the card of a facility: both indices with a way to their explanation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from boget.portal.assessments.models import IndexCode, IndexResult
from boget.portal.assessments.selectors.results import list_current
from boget.portal.assessments.services.explanation import build_figure
from boget.portal.assessments.services.tables import load_tables, weigh
from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.opening import open_facility

SCALES = {"thi": (0, 16), "tri": (0, 24)}
"""Ends of the bars: the index of one cubic metre with all best, of a very large facility with all worst inputs."""


@require_safe
@vary_on_headers("HX-Request")
def show_panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """A fragment for htmx, else a page of its own."""
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    results = list_current(facility, level=facility.level)
    context = {
        "facility": facility,
        "rows": [describe_result(result, public_id) for result in results],
        "status": weigh(load_tables().version_of(IndexCode.TRI)),
        "is_full": facility.level > Level.PUBLIC,
        "trail": [(public_id, reverse("registry:facility", args=[public_id])), ("THI, TRI", "")],
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "assessments/panel_body.html" if is_fragment else "assessments/panel.html", context)


def describe_result(result: IndexResult, public_id: str) -> dict[str, Any]:
    low, high = SCALES[result.index]
    return {
        "result": result,
        "figure": build_figure(result),
        "scale_low": low,
        "scale_high": high,
        "url": reverse("assessments:result", args=[public_id, result.index]),
    }
