"""Two runs side by side: inputs that differ, targets, and the fans of one target on the same axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import advice, outcome_reading, river_chart
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.scenario_words import Facts, list_inputs
from boget.portal.scenarios.selectors.wave_rows import TargetRow, build_rows
from boget.portal.scenarios.services import runs as doors
from boget.portal.scenarios.views.opening import build_trail, find_address, open_run, read_substances

if TYPE_CHECKING:
    from boget.science.river.outcome import RiverOutcome


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the run, its outcome and the rows of its targets by code."""

    run: Run
    name: str
    url: str
    outcome: RiverOutcome
    rows: Mapping[str, TargetRow]
    threshold: float | None


@login_required
@never_cache
@require_safe
def compare_runs(request: HttpRequest) -> HttpResponse:
    """``?a=&b=``, as the tick boxes of the list send them (``?run=&run=``); other than two leads back with a word."""
    numbers = [request.GET.get("a", ""), request.GET.get("b", "")]
    if ticked := request.GET.getlist("run"):
        if len(set(ticked)) != 2:
            return _ask_for_two(request)
        address = reverse("scenarios:compare")
        return HttpResponseRedirect(f"{address}?a={ticked[0][:20]}&b={ticked[1][:20]}")
    runs = [open_run(request, number) for number in numbers]
    if not all(run.is_done for run in runs):
        return render(request, "scenarios/compare_refused.html", {"runs": runs, "trail": _trail()}, status=409)
    return render(request, "scenarios/compare.html", describe_comparison(request, _open_side(runs[0]), _open_side(runs[1])))


def _ask_for_two(request: HttpRequest) -> HttpResponse:
    return render(request, "scenarios/compare_refused.html", {"runs": [], "trail": _trail()}, status=400)


def _trail() -> list[tuple[Any, str]]:
    return build_trail((_("Comparison of two runs"), ""))


def _open_side(run: Run) -> Side:
    outcome, threshold = doors.read_outcome(run), Facts(run.scenario).threshold
    rows = {row.code: row for row in build_rows(outcome.targets, run.started_at, threshold=threshold)}
    return Side(run, name_run(run), find_address(run), outcome, rows, threshold)


def describe_comparison(request: HttpRequest, a: Side, b: Side) -> dict[str, Any]:
    """Everything the template needs."""
    codes = [*a.rows, *(code for code in b.rows if code not in a.rows)]
    wanted = request.GET.get("target", "")
    chosen = wanted if wanted in codes else _choose(a, b)
    return {
        "a": a,
        "b": b,
        "trail": _trail(),
        "inputs": _pair_inputs(a, b),
        "pairs": [(a.rows.get(code), b.rows.get(code), (a.rows.get(code) or b.rows[code]).name, code) for code in codes],
        "chosen": chosen,
        "chosen_name": (a.rows.get(chosen) or b.rows[chosen]).name if chosen else "",
        "chart": _overlay(a, b, chosen),
        "is_same": doors.have_same_numbers(a.run, b.run),
    }


def _choose(a: Side, b: Side) -> str:
    """The target that the page of the first run opens with, if both have it."""
    first = advice.choose_first([one for one in a.outcome.targets if one.target.code in b.rows])
    return first.target.code if first else next(iter(a.rows), "")


def _pair_inputs(a: Side, b: Side) -> list[tuple[str, str, str, bool]]:
    """Label, words of each, and whether they differ; those that differ first."""
    substances = read_substances()
    ones, others = (dict(list_inputs(side.run, substances)) for side in (a, b))
    ones[_("River network")], others[_("River network")] = a.run.network_version, b.run.network_version
    ones[_("Code")], others[_("Code")] = a.run.code_version, b.run.code_version
    labels = [*ones, *(label for label in others if label not in ones)]
    rows = [(label, ones.get(label, "—"), others.get(label, "—")) for label in labels]
    return sorted(((*row, row[1] != row[2]) for row in rows), key=lambda row: not row[3])


def _overlay(a: Side, b: Side, code: str) -> dict[str, Any] | None:
    """The fan of b with the median of a as the thin line, each on its own clock from the release."""
    one, other = outcome_reading.find_target(a.outcome, code), outcome_reading.find_target(b.outcome, code)
    if one is None or other is None:
        return None
    return river_chart.build_chart(
        other, b.run.started_at, threshold=b.threshold, now=timezone.now(), before=(a.run.public_id, one.fan)
    )
