"""The /design page: every component in every state, for those who build pages and for the accessibility test."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from boget.portal.core import design


@require_GET
def show_design(request: HttpRequest) -> HttpResponse:
    """The page; ``?f=geojson`` the points of its map, ``?f=claims`` the popover of its figures."""
    wanted = request.GET.get("f", "")
    if wanted == "geojson":
        return JsonResponse(design.map_points(), content_type="application/geo+json")
    if wanted == "claims":
        return render(request, "components/provenance.html", design.claims())
    return render(request, "core/design.html", design.page())
