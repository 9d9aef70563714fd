"""What the sheet of a forecast prints, as plain texts and drawings: the typesetter adds nothing but their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.models import RunMode
from boget.portal.scenarios.papers import page_fit, run_words
from boget.portal.scenarios.papers.clock import list_windows, say_in_utc
from boget.portal.scenarios.papers.confidence import WORDS, rate, read_sheet_rules, say_confidence
from boget.portal.scenarios.papers.fan_svg import draw_fan
from boget.portal.scenarios.papers.path_svg import draw_path
from boget.portal.scenarios.papers.run_words import Paper
from boget.portal.scenarios.papers.strip_svg import draw_strip
from boget.portal.scenarios.selectors import river_chart, river_map, saying
from boget.portal.scenarios.selectors.advice import Advice
from boget.portal.scenarios.selectors.catalogue import name_substance
from boget.portal.scenarios.selectors.scenario_words import list_inputs, say_inputs
from boget.portal.scenarios.selectors.wave_rows import TargetRow, arrival_of, list_common
from boget.portal.scenarios.templatetags.wave import arrival_words, row_flags

MOST_ORDERS = 4
MOST_ROWS = 7
MOST_BORDERS = 2
FANS = 2
FAN_SIZE = (430.0, 250.0)
MAP_SIZE = (720.0, 330.0)
DASH = "—"

Texts = dict[str, Any]


def describe_sheet(paper: Paper, *, readings: dict[str, list[tuple[float, float]]], seal: str) -> Texts:
    """The content of ``sheet.typ``. readings: by code of the target, s and kg/m3; seal: a drawing that leads to the run."""
    shown = choose_rows(paper)
    return {
        "language": (get_language() or "ru")[:2],
        "head": _describe_head(paper, seal),
        "inputs": say_inputs(paper.run, substance=name_substance(paper.substances, paper.facts.substance)),
        "orders": _describe_orders(paper),
        "first": describe_table(paper),
        "rest": _say_rest(paper, shown),
        "fans": _describe_fans(paper, readings),
        "strip": _describe_strip(paper),
        "confidence": _list_confidence(paper),
        "update": say_update(paper),
        "whole": describe_table(paper, is_whole=True),
        "map": _describe_map(paper),
        "limits": {"title": _("What this does not say"), "lines": run_words.list_limits(paper)},
        "inputs_table": {"title": _("Inputs"), "rows": list_inputs(paper.run, paper.substances)},
        "origins": {"title": _("Formulas, versions, fingerprints"), "rows": run_words.list_origins(paper)},
    }


def _describe_head(paper: Paper, seal: str) -> Texts:
    run = paper.run
    return {
        "kind": _("River forecast sheet"),
        "id": run.public_id,
        "title": paper.title,
        "mode": run_words.say_mode(run),
        "mode_code": run.mode,
        "marks": run_words.list_marks(run),
        "made": _say_made(paper),
        "footer": run_words.say_footer(paper),
        "page": _("p. %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "seal": seal,
        "seal_alt": _("Code that leads to %(run)s") % {"run": run.public_id},
    }


def _say_made(paper: Paper) -> str:
    """When the numbers were computed, with the year."""
    run = paper.run
    moment = timezone.localtime(run.finished_at or run.created_at)
    facility = run.facility.public_id if run.facility else ""
    computed = _("Computed %(moment)s") % {"moment": f"{moment:%d.%m.%Y %H:%M} {saying.name_zone(moment)}"}
    return " · ".join(filter(None, [facility, computed]))


def _describe_orders(paper: Paper) -> Texts:
    orders, first = paper.advice, choose_orders(paper)
    left = len(orders) - len(first)
    more = ngettext("%(count)s more place at risk: see the table.", "%(count)s more places at risk: see the table.", left)
    return {
        "lines": [
            {"order": run_words.say_order(one), "utc": run_words.say_order_utc(one), "numbers": run_words.say_numbers(one)}
            for one in first
        ],
        "none": "" if orders else run_words.say_no_order(paper),
        "more": more % {"count": left} if left > 0 else "",
        "rule": run_words.say_rule() if orders else "",
        "label": _("Instruction"),
    }


def choose_orders(paper: Paper) -> list[Advice]:
    """Instructions of the first page, in the order of the river: where most runs exceed the limit, there intakes first."""
    orders = paper.advice
    wanted = sorted(orders, key=lambda one: (one.forecast.probability < 0.5, one.forecast.target.kind != "intake"))
    wanted = wanted[:MOST_ORDERS]
    chosen = wanted[: page_fit.count_fitting(wanted, _measure_order, page_fit.ORDERS_PT)]
    return [one for one in orders if one in chosen]


def _measure_order(one: Advice) -> float:
    return page_fit.measure_order(run_words.say_order(one), f"{run_words.say_numbers(one)} {run_words.say_order_utc(one)}")


# --- tables --------------------------------------------------------------------------------------------------------

Numbered = tuple[int, TargetRow]


def choose_rows(paper: Paper) -> list[Numbered]:
    """Rows of the first page with their numbers: whom it instructs, the first borders, others at risk, then the nearest."""
    rows = list(enumerate(paper.rows, start=1))
    advised = {one.forecast.target.code for one in choose_orders(paper)}
    borders = [row.code for row in paper.rows if row.forecast.target.kind == "border"][:MOST_BORDERS]
    weights = {row.code: (row.code not in advised, row.code not in borders, not row.is_above, n) for n, row in rows}
    wanted = sorted(rows, key=lambda numbered: weights[numbered[1].code])[:MOST_ROWS]
    used = page_fit.measure_title(paper.title) + sum(map(_measure_order, choose_orders(paper)))
    return sorted(wanted[: page_fit.count_fitting(wanted, _measure_row, page_fit.PAGE_PT - used)])


def _measure_row(numbered: Numbered) -> float:
    _number, row = numbered
    beside = 4 if row.forecast.target.kind == "border" else 2
    return page_fit.measure_row(row.name, " · ".join([row.facts, *_say_row(row)]), beside)


def describe_table(paper: Paper, *, is_whole: bool = False) -> Texts:
    """Heads, and rows of cells as (main line, lines below it). is_whole: all targets, else those of the first page."""
    rows = list(enumerate(paper.rows, start=1)) if is_whole else choose_rows(paper)
    zone = saying.name_zone(paper.run.started_at)
    heads = [
        pgettext("number", "No"),
        pgettext("on a river", "Target"),
        _("Arrival (5–95 %)"),
        _("By the clock, %(zone)s") % {"zone": zone},
        "UTC",
        _("Peak, mg/L"),
        _("P > limit"),
        _("Above, for"),
    ]
    heads += [_("Confidence")] if is_whole else []
    return {
        "caption": _("All targets in the order of the river") if is_whole else _("Targets"),
        "heads": [head.replace(" %", "\u00a0%").replace("–", "\u2060–\u2060") for head in heads],
        "limit": _("limit: %(threshold)s") % {"threshold": paper.threshold} if paper.threshold else _("no threshold was set"),
        "rows": [_describe_row(paper, number, row, is_whole=is_whole) for number, row in rows],
        "foot": _say_common(paper) if is_whole else "",
    }


def _say_common(paper: Paper) -> str:
    """Flags that most rows have, once for all of them."""
    common = "; ".join(f"{word} ({share})" for word, share in list_common(paper.rows))
    return _("Of most targets: %(flags)s.") % {"flags": common} if common else ""


def _describe_row(paper: Paper, number: int, row: TargetRow, *, is_whole: bool) -> Texts:
    """Cells as (main line, lines below it)."""
    times = arrival_of(row.forecast)
    windows = list_windows(row.forecast.target, paper.run.started_at, (times.p05, times.p95))
    utc = next((window for name, window in windows if name == "UTC"), "")
    receiver = [f"{name}: {window}" for name, window in windows[1:] if name != "UTC"]
    flags = [str(word) for word, _is_warning in row_flags(row, list_common(paper.rows))] if is_whole else []
    cells = [
        (str(number), []),
        (row.name, [" · ".join([row.facts, *_say_row(row), *flags])]),
        (row.arrival.value or _("does not arrive"), [*filter(None, [row.arrival.interval])]),
        (_bind(row.window) or DASH, [_bind(one) for one in receiver]),
        (_bind(utc) or DASH, []),
        (row.peak.value or DASH, [*filter(None, [row.peak.interval])]),
        (row.probability, []),
        (row.duration.value or DASH, [*filter(None, [row.duration.interval])]),
    ]
    if is_whole:
        grade = rate(row.forecast, paper.outcome, has_readings=bool(paper.facts.readings))
        cells.append((str(WORDS[grade]), []))
    return {"cells": cells, "class": row.arrival_class, "is_above": row.is_above}


def _bind(window: str) -> str:
    """A window that breaks nowhere but after its dash."""
    return window.replace(" ", "\u00a0").replace("–\u00a0", "– ")


def _say_row(row: TargetRow) -> list[str]:
    """What the numbers of a row are of, where it is not what the head says."""
    wave = [_("the wave, below the limit")] if row.is_wave_only else []
    return wave + ([_("at the bank up to %(factor)s times") % {"factor": row.factor}] if row.factor else [])


def _say_rest(paper: Paper, shown: Sequence[Numbered]) -> str:
    if len(shown) == len(paper.rows):
        return ""
    values = {"shown": format_number(len(shown)), "all": format_number(len(paper.rows))}
    return _("Shown here: %(shown)s of %(all)s targets; all of them are in the table on the next page.") % values


# --- drawings ------------------------------------------------------------------------------------------------------


def choose_fans(paper: Paper) -> list[TargetRow]:
    """Rows whose concentration is drawn: the first two that are instructed, then those of the first page."""
    by_code = {row.code: row for row in paper.rows}
    codes = [one.forecast.target.code for one in choose_orders(paper)] + [row.code for _number, row in choose_rows(paper)]
    return [by_code[code] for code in dict.fromkeys(codes)][:FANS]


def _describe_fans(paper: Paper, readings: dict[str, list[tuple[float, float]]]) -> list[Texts]:
    numbers = {row.code: number for number, row in enumerate(paper.rows, start=1)}
    return [_describe_fan(paper, row, numbers[row.code], readings.get(row.code, [])) for row in choose_fans(paper)]


def _describe_fan(paper: Paper, row: TargetRow, number: int, readings: list[tuple[float, float]]) -> Texts:
    label = say_fan(row)
    chart = river_chart.build_chart(
        row.forecast, paper.run.started_at, threshold=paper.facts.threshold, now=paper.now, readings=readings
    )
    width, height = FAN_SIZE
    title = _("%(place)s: concentration over time") % {"place": f"{number}. {row.name}"}
    drawn = draw_fan(chart, label=label, width=width, height=height)
    return {"title": title, "alt": label, "svg": drawn, "ratio": width / height}


def say_fan(row: TargetRow) -> str:
    """The alternative text of the chart, that of the page."""
    values = {"place": row.name, "peak": str(row.peak), "arrival": str(row.arrival)}
    words = _("Concentration at %(place)s, a typical run and 5–95 %% of runs: arrival %(arrival)s, peak %(peak)s mg/L")
    return words % values


def _describe_strip(paper: Paper) -> Texts:
    title = _("Way of the water, km; numbers as in the table")
    label = f"{title}: " + "; ".join(
        f"{number}. {row.name}, {saying.say_distance(row.forecast.target.distance_m)}"
        for number, row in enumerate(paper.rows, start=1)
    )
    note = _("Triangle with a bar: dam of a reservoir; dashed bar: state border; filled circle: limit exceeded in most runs.")
    return {"title": title, "alt": label, "note": note, "svg": draw_strip(paper.outcome, paper.rows, label=label)}


def _describe_map(paper: Paper) -> Texts:
    title = _("Arrival of the wave, median")
    return {"title": title, "alt": say_map(paper), "svg": draw_map(paper), "source": _say_boundaries()}


def draw_map(paper: Paper) -> str:
    features = river_map.build_features(paper.outcome, paper.rows)
    width, height = MAP_SIZE
    return draw_path(features, label=say_map(paper), classes=arrival_words(), width=width, height=height)


def say_map(paper: Paper) -> str:
    arrivals = "; ".join(f"{row.name}: {row.arrival}" for row in paper.rows if row.arrival.value)
    return _("Map of the way of the water, coloured by the time of arrival: %(arrivals)s.") % {"arrivals": arrivals}


def _say_boundaries() -> str:
    return _("Boundaries: © OpenStreetMap contributors, Natural Earth; generalised, without legal meaning.")


# --- words ---------------------------------------------------------------------------------------------------------


def _list_confidence(paper: Paper) -> list[str]:
    """One line for each target that is drawn."""
    return [f"{row.name}. {say_confidence(row.forecast, paper.outcome, paper.facts)}" for row in choose_fans(paper)]


def say_update(paper: Paper) -> str:
    """When the next forecast is due; for a study none is."""
    if paper.run.mode == RunMode.STUDY:
        return _("No update is foreseen: this is a study.")
    hours = read_sheet_rules()["next_update"].value
    moment = (paper.run.finished_at or paper.run.created_at) + dt.timedelta(hours=hours)
    words = _("Next update: with the first reading, at the latest %(moment)s %(zone)s (%(utc)s).")
    return words % {"moment": saying.say_moment(moment), "zone": saying.name_zone(moment), "utc": say_in_utc(moment)}
