"""Pages that look over all apps: home, search, health, open data, short links."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from boget.portal.accounts.selectors import access_of
from boget.portal.reports import health, selectors

LONGEST_QUERY = 200


@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """The public home: what this is, find a facility, numbers with their date."""
    return render(request, "reports/home.html", {"numbers": selectors.count_register(request.user)})


@require_GET
def show_search(request: HttpRequest) -> HttpResponse:
    """Search over facilities, actions, decisions, meetings and organisations; the query is in the address."""
    text = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    return render(request, "reports/search.html", {"query": text, "findings": selectors.search(request.user, text)})


@require_GET
@never_cache
def show_health(request: HttpRequest) -> HttpResponse:
    """Short form for everybody (``?f=json`` for a monitor), the full list for the secretary, ``?check=1`` reads the log."""
    if request.GET.get("f") == "json":
        return JsonResponse(health.describe_publicly())
    if not access_of(request.user).can_administer:
        return render(request, "reports/health_public.html", health.describe_publicly())
    is_checked = request.GET.get("check") == "1"
    return render(request, "reports/health.html", {"health": health.describe_health(is_checked=is_checked)})


@require_GET
def show_public_data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, in which formats, under which terms."""
    return render(request, "reports/public_data.html", {"numbers": selectors.count_register(request.user)})


@require_GET
def follow_facility_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short address printed on paper leads to the card; hidden and absent are the same."""
    facility = selectors.find_facility(request.user, public_id)
    if facility is None:
        raise Http404
    return HttpResponseRedirect(reverse("registry:facility", args=[facility.public_id]))


@require_GET
def follow_action_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short address of an action, for those who may see it."""
    action = selectors.find_action(request.user, public_id)
    if action is None:
        raise Http404
    return HttpResponseRedirect(reverse("actions:action", args=[action.public_id]))


@require_GET
def follow_run_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short address of a run, for those who may see it."""
    run = selectors.find_run(request.user, public_id)
    if run is None:
        raise Http404
    return HttpResponseRedirect(reverse("scenarios:run", args=[run.public_id]))


@require_GET
def follow_decision_link(request: HttpRequest, meeting: int, number: int) -> HttpResponse:
    """The short address of a decision, such as 5.3: decision 3 of meeting 5."""
    decision = selectors.find_decision(request.user, meeting, number)
    if decision is None:
        raise Http404
    return HttpResponseRedirect(reverse("meetings:decision", args=[meeting, number]))
