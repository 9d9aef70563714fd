"""The dashboard, and where a person lands after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from boget.portal.accounts.selectors import today
from boget.portal.reports import dashboard


@login_required
@never_cache
@require_GET
def show_dashboard(request: HttpRequest) -> HttpResponse:
    """What is due, late, waiting for the reader, and the numbers."""
    day = today()
    found = dashboard.read_dashboard(request.user, day, timezone.now())
    return render(request, "reports/dashboard.html", {"board": found, "day": day})


@login_required
@never_cache
@require_GET
def land(request: HttpRequest) -> HttpResponse:
    """After signing in: an operator among the own facilities, everybody else on the dashboard."""
    return redirect(dashboard.choose_landing(request.user))
