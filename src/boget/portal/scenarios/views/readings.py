"""A forecast made sharper by what was measured: a new run that refines the one before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from boget.portal.core.errors import translate
from boget.portal.core.formatting import format_number
from boget.portal.scenarios.forms.readings import ReadingFormSet
from boget.portal.scenarios.models import Run, RunMode
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.scenario_words import Facts
from boget.portal.scenarios.selectors.wave_words import name_target, say_kind
from boget.portal.scenarios.services import runs as doors
from boget.portal.scenarios.services.composing import make_readings
from boget.portal.scenarios.views.opening import find_address, may_run, open_run, trail_of
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome

UNPROCESSABLE = 422
SAME_PLACE_M = 1.0


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refine_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rows of readings, those of the run before among them; POST asks for the refinement."""
    run = open_run(request, public_id)
    if not may_run(request, run) or not run.is_done:
        raise Http404
    outcome = doors.read_outcome(run)
    options = {"form_kwargs": {"targets": _list_targets(outcome), "started_at": run.started_at}, "prefix": "r"}
    if request.method != "POST":
        return _show(request, run, ReadingFormSet(initial=_describe_before(run, outcome), **options))
    rows = ReadingFormSet(request.POST, **options)
    if not rows.is_valid():
        return _show(request, run, rows, status=UNPROCESSABLE)
    try:
        refined = _refine(request, run, rows)
    except BogetError as error:
        return _show(request, run, rows, status=UNPROCESSABLE, refusal=translate(error))
    numbers = {"number": refined.public_id, "other": run.public_id}
    messages.success(request, _("Run %(number)s was asked for; it refines %(other)s.") % numbers)
    return HttpResponseRedirect(find_address(refined))


def _refine(request: HttpRequest, run: Run, rows: Any) -> Run:
    """The same release with the readings; a run of a facility is about it still."""
    scenario = replace(doors.read_scenario(run), readings=make_readings(rows.readings))
    return doors.request_run(
        scenario,
        by=request.user,
        facility=run.facility,
        mode=run.mode,
        started_at=run.started_at,
        title=run.title,
        refines=run,
    )


def _list_targets(outcome: RiverOutcome) -> list[tuple[Any, str]]:
    """Targets in the order of the river with what they are called in the list."""
    named = []
    for one in outcome.targets:
        name = name_target(one.target)
        named.append((one.target, f"{saying.say_distance(one.target.distance_m)} · {name} ({say_kind(one.target.kind)})"))
    return named


def _describe_before(run: Run, outcome: RiverOutcome) -> list[dict[str, Any]]:
    """Readings that the run has already, so that a new one is added to them."""
    rows = []
    for one in Facts(run.scenario).readings:
        place = float(one["distance_m"])
        codes = (t.target.code for t in outcome.targets if abs(t.target.distance_m - place) < SAME_PLACE_M)
        moment = run.started_at + dt.timedelta(seconds=float(one["time_s"])) if one.get("time_s") is not None else None
        rows.append(
            {
                "target": next(codes, ""),
                "kind": one["kind"],
                "moment": timezone.localtime(moment) if moment else None,
                "value": format_number(saying.to_mg(float(one["value"]))) if one.get("value") is not None else "",
                "error": str(one.get("sigma", "")),
            }
        )
    return rows


def _show(request: HttpRequest, run: Run, rows: Any, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {
        "run": run,
        "name": name_run(run),
        "is_exercise": run.mode == RunMode.EXERCISE,
        "rows": rows,
        "refusal": refusal,
        "faults": _list_faults(rows, refusal),
        "zone": saying.name_zone(run.started_at),
        "started": saying.say_moment(run.started_at),
        "trail": trail_of(run, (_("Refine with observations"), "")),
    }
    return render(request, "scenarios/readings.html", context, status=status)


def _list_faults(rows: Any, refusal: str) -> list[tuple[str, str]]:
    """(id of the input, sentence) of all that is wrong, for the summary."""
    faults = [("", refusal)] if refusal else []
    if not rows.is_bound:
        return faults
    faults += [("", str(error)) for error in rows.non_form_errors()]
    for form in rows.forms:
        for name, errors in form.errors.items():
            faults += [(form[name].auto_id, str(error)) for error in errors]
    return faults
