"""The trace upstream: an alarm at a place and time, the facilities above it, and whom to call."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from boget.portal.core.errors import translate
from boget.portal.scenarios.forms.upstream import AlarmForm
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.rights import may_read
from boget.portal.scenarios.services.rivers import open_rivers
from boget.portal.scenarios.services.upstream import Suspect, Trace, trace_alarm
from boget.science.errors import BogetError

UNPROCESSABLE = 422
ASKED = ("latitude", "longitude", "reach")
FITS = {
    "likely": pgettext_lazy("explains the alarm", "fits the time"),
    "unlikely": pgettext_lazy("explains the alarm", "does not fit the time"),
    "open": pgettext_lazy("explains the alarm", "time not stated"),
}
MATCHES = {
    "yes": pgettext_lazy("stock of a substance", "named in the register"),
    "no": pgettext_lazy("stock of a substance", "not named"),
    "unknown": pgettext_lazy("stock of a substance", "not known"),
}


@login_required
@never_cache
@require_safe
def show_upstream(request: HttpRequest) -> HttpResponse:
    """The form; with a place in the address the list as well, so that the address can be sent on."""
    if not may_read(request.user):
        raise Http404
    is_asked = any(request.GET.get(name) for name in ASKED)
    substances = open_rivers().substances
    form = AlarmForm(complete(request) if is_asked else None, substances=substances)
    context: dict[str, Any] = {"form": form, "trail": list_trail(), "is_asked": is_asked}
    if not is_asked:
        return render(request, "scenarios/upstream.html", context)
    if not form.is_valid():
        return render(request, "scenarios/upstream.html", context, status=UNPROCESSABLE)
    try:
        trace = trace_alarm(request.user, form.question)
    except BogetError as error:
        form.add_error(None, translate(error))
        return render(request, "scenarios/upstream.html", context, status=UNPROCESSABLE)
    return render(request, "scenarios/upstream.html", context | describe_trace(trace, form))


def complete(request: HttpRequest) -> Any:
    """What stands in the address, and what the form begins with where a link named only the place."""
    asked = request.GET.copy()
    blank = AlarmForm(substances={})
    for name in ("day", "clock", "phase", "season"):
        if not asked.get(name):
            asked[name] = str(blank[name].value() if name != "clock" else blank.initial["clock"].strftime("%H:%M"))
    return asked


def list_trail() -> list[tuple[str, str]]:
    return [(_("Scenarios"), reverse("scenarios:home")), (_("Trace an alarm upstream"), "")]


def describe_trace(trace: Trace, form: AlarmForm) -> dict[str, Any]:
    question = form.question
    rows = [describe_suspect(suspect) for suspect in trace.suspects]
    return {
        "trace": trace,
        "question": question,
        "river": choose_name(trace.river),
        "rows": rows,
        "has_window": question.window_h is not None,
        "has_substance": bool(question.substance),
        "fitting": sum(row["suspect"].found.fit == "likely" for row in rows),
        "has_contacts": any(row["suspect"].contact for row in rows),
        "off_km": trace.off_m / 1000,
    }


def describe_suspect(suspect: Suspect) -> dict[str, Any]:
    found = suspect.found
    return {
        "suspect": suspect,
        "facility": suspect.facility,
        "operator": name_operator(suspect.facility),
        "km": found.distance_m / 1000,
        "time": saying.say_time(found.back_s),
        "arrival": saying.class_of_arrival(found.back_s.p50),
        "share": found.share,
        "fit": FITS[found.fit],
        "match": MATCHES[found.match],
        "reservoirs": len(found.reservoirs),
        "is_imprecise": any(code.startswith("point_") for code in found.cautions),
    }


def name_operator(facility: Any) -> str:
    return str(facility.operator or "")
