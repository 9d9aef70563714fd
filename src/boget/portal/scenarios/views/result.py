"""The result of a river forecast: when, how much and how long at each target, with the interval of each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from boget.portal.core.errors import translate
from boget.portal.core.formatting import format_number, format_quantity
from boget.portal.jobs.selectors import is_worker_alive
from boget.portal.scenarios.models import Run, RunMode
from boget.portal.scenarios.selectors import (
    advice,
    figure_origin,
    formula_words,
    outcome_reading,
    river_chart,
    river_map,
    saying,
    wave_words,
)
from boget.portal.scenarios.selectors.catalogue import name_substance
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.scenario_words import Facts, list_inputs, say_inputs
from boget.portal.scenarios.selectors.wave_rows import build_rows, list_common
from boget.portal.scenarios.services import origins
from boget.portal.scenarios.services import runs as doors
from boget.portal.scenarios.views.opening import find_address, may_run, open_run, read_substances, trail_of
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome, TargetForecast

PAPERS = (("pdf", "PDF"), ("pptx", "PPTX"), ("xlsx", "XLSX"), ("geojson", "GeoJSON"), ("csv", "CSV"))
LEFT, PROGRESS = "left", "progress"
"""Parts of the page that ask alone: what a click on a target replaces, and the progress, which ends with the whole page."""


@login_required
@never_cache
@require_safe
def show_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page; ``?f=map`` its features; for a page that asks again by itself the part alone."""
    run = open_run(request, public_id)
    if run.is_done and request.headers.get("HX-Target") == PROGRESS:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not run.is_done:
        answer = _show_progress(request, run)
    elif request.GET.get("f") == "map":
        answer = _send_map(run)
    elif request.GET.get("figure") in figure_origin.LABELS:
        answer = _show_figure(request, run)
    else:
        is_part = request.headers.get("HX-Target") == LEFT
        name = "scenarios/result_left.html" if is_part else "scenarios/result.html"
        answer = render(request, name, describe_result(request, run))
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def _show_progress(request: HttpRequest, run: Run) -> HttpResponse:
    """A run that waits, is computed, failed or was cancelled; with the job's own words."""
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        **_describe_head(request, run),
        "job": run.job,
        "percent": round(100 * run.job.progress) if run.job else 0,
        "is_alive": is_worker_alive(),
        "fault": _say_fault(run),
    }
    return render(request, "scenarios/result_progress.html" if is_part else "scenarios/result_waiting.html", context)


def _say_fault(run: Run) -> str:
    from boget.portal.jobs.services import INNER_FAULTS

    if run.job is None:
        return _("The job of this run is gone.")
    return str(INNER_FAULTS.get(run.job.error_code, run.job.error_message))


def _send_map(run: Run) -> HttpResponse:
    outcome = doors.read_outcome(run)
    rows = build_rows(outcome.targets, run.started_at, threshold=Facts(run.scenario).threshold)
    return JsonResponse(river_map.build_features(outcome, rows), content_type="application/geo+json")


def _show_figure(request: HttpRequest, run: Run) -> HttpResponse:
    """Where one number of the table comes from: the inside of its popover, or a page of its own; 404 for no such target."""
    outcome, code = doors.read_outcome(run), request.GET.get("target", "")
    found = outcome_reading.find_target(outcome, code)
    if found is None:
        raise Http404
    origin = figure_origin.describe_figure(
        request.GET["figure"],
        run,
        outcome,
        row=build_rows([found], run.started_at, threshold=Facts(run.scenario).threshold)[0],
        substances=read_substances(),
        sources=origins.find_source,
    )
    is_part = bool(request.headers.get("HX-Request"))
    context = {**_describe_head(request, run), "origin": origin, "code": code, "is_part": is_part}
    return render(request, "scenarios/figure_body.html" if is_part else "scenarios/figure.html", context)


# --- the page ------------------------------------------------------------------------------------------------------


def describe_result(request: HttpRequest, run: Run) -> dict[str, Any]:
    """Everything the templates of a finished run need."""
    outcome, facts, now = doors.read_outcome(run), Facts(run.scenario), timezone.now()
    rows = build_rows(outcome.targets, run.started_at, threshold=facts.threshold)
    chosen = outcome_reading.find_target(outcome, request.GET.get("target", "")) or advice.choose_first(outcome.targets)
    slider = river_map.Slider(outcome, run.started_at, wanted=request.GET.get("t", ""))
    reached, maybe = river_map.list_reached(rows, slider.at)
    return {
        **_describe_head(request, run),
        "rows": rows,
        "common": list_common(rows),
        "chosen": next((row for row in rows if chosen and row.code == chosen.target.code), None),
        "advice": advice.list_advice(outcome.targets, run.started_at, now=now),
        "rules": advice.read_rules(),
        "zone": saying.name_zone(run.started_at),
        "threshold": saying.say_mg(facts.threshold) if facts.threshold else "",
        "slider": slider,
        "slider_words": _list_slider_words(rows, slider),
        "reached": reached,
        "maybe": maybe,
        "classes": river_map.count_classes(outcome),
        "has_reservoir": any(one.reservoir for one in outcome.stretches),
        **describe_chart(request, run, chosen=chosen),
        **_describe_method(run, outcome),
    }


def _describe_head(request: HttpRequest, run: Run) -> dict[str, Any]:
    substances = read_substances()
    facts = Facts(run.scenario)
    return {
        "run": run,
        "name": name_run(run),
        "is_exercise": run.mode == RunMode.EXERCISE,
        "is_real": run.mode == RunMode.REAL,
        "inputs_line": say_inputs(run, substance=name_substance(substances, facts.substance)),
        "trail": trail_of(run),
        "papers": [(label, reverse("scenarios:run_paper", args=[run.public_id, form])) for form, label in PAPERS],
        "can_run": may_run(request, run),
    }


def describe_chart(request: HttpRequest, run: Run, *, chosen: TargetForecast | None) -> dict[str, Any]:
    """Chart, table of its points, and the run before a refinement as a thin line."""
    if chosen is None:
        return {"chart": None}
    facts = Facts(run.scenario)
    chart = river_chart.build_chart(
        chosen,
        run.started_at,
        threshold=facts.threshold,
        now=timezone.now(),
        readings=list_readings_at(facts, chosen),
        before=_find_before(request, run, chosen.target.code),
    )
    return {"chart": chart, "points": river_chart.list_points(chosen, run.started_at)}


def list_readings_at(facts: Facts, chosen: TargetForecast) -> list[tuple[float, float]]:
    """Time (s) and concentration (kg/m3) of what was measured at a target."""
    place = chosen.target.distance_m
    return [
        (float(one["time_s"]), float(one["value"]))
        for one in facts.readings
        if one["kind"] != "arrival"
        and one.get("value")
        and one.get("time_s") is not None
        and abs(float(one["distance_m"]) - place) < 1.0
    ]


def _find_before(request: HttpRequest, run: Run, code: str) -> tuple[str, Any] | None:
    """Name and fan of the run that this one refines, where the reader may see it."""
    if run.refines is None or not run.refines.is_done:
        return None
    if not Run.objects.visible_to(request.user).filter(pk=run.refines_id).exists():
        return None
    found = outcome_reading.find_target(doors.read_outcome(run.refines), code)
    return (_("before: %(run)s") % {"run": run.refines.public_id}, found.fan) if found else None


def _list_slider_words(rows: Any, slider: river_map.Slider) -> dict[str, Any]:
    """What the script under the map says."""
    features = [river_map.draw_target(row, label=row.name)["properties"] for row in rows]
    return {
        "step": slider.step,
        "texts": slider.texts,
        "targets": [{key: one[key] for key in ("name", "median", "early")} for one in features],
        "reached": _("Reached in half of the runs: %(names)s."),
        "maybe": _("In the fastest runs also: %(names)s."),
        "none": _("No target is reached in half of the runs."),
        "play": _("▶ Play"),
        "pause": _("❚❚ Pause"),
    }


def _describe_method(run: Run, outcome: RiverOutcome) -> dict[str, Any]:
    """Limits, inputs, formulas and versions."""
    check = outcome.check
    return {
        "outcome": outcome,
        "cautions": wave_words.list_cautions(outcome.cautions),
        "always": wave_words.ALWAYS,
        "check": check,
        "check_place": _name_target(outcome, check.target) if check else "",
        "is_thinned": outcome.effective_members < outcome.members,
        "is_too_thin": outcome.effective_members < advice.read_rules()["least_members"].value,
        "formulas": formula_words.list_formulas(outcome.formulas),
        "versions": figure_origin.list_versions(outcome.versions),
        "prior": [figure_origin.describe_spread(name, outcome, origins.find_source(name)) for name in sorted(outcome.prior)],
        "check_peak": _say_share(check.peak_difference) if check else "",
        "check_arrival": _say_share(check.arrival_difference) if check else "",
        "members_left": format_number(float(round(outcome.effective_members))),
        "input_rows": list_inputs(run, read_substances()),
    }


def _say_share(share: float) -> str:
    return format_quantity(round(100 * share, 1), "percent")


def _name_target(outcome: RiverOutcome, code: str) -> str:
    found = outcome_reading.find_target(outcome, code)
    rows = build_rows([found], timezone.now(), threshold=None) if found else []
    return rows[0].name if rows else code


# --- again ---------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def repeat(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same inputs once more: the same numbers where nothing has changed, the new ones where the run is stale."""
    run = open_run(request, public_id)
    try:
        again = doors.renew_run(run, by=request.user) if run.is_stale else doors.repeat_run(run, by=request.user)
    except BogetError as error:
        context = {**_describe_head(request, run), "refusal": translate(error)}
        return render(request, "scenarios/result_refused.html", context, status=422)
    return HttpResponseRedirect(find_address(again))
