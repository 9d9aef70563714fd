"""The national transboundary screening: page, files, and the summary that is open to everybody."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.registry.places import COUNTRIES
from boget.portal.registry.selectors.reading import read_point
from boget.portal.scenarios.forms.screening import read_query
from boget.portal.scenarios.selectors.rights import may_read
from boget.portal.scenarios.selectors.screening import BASES, ORDERS, Board, ScreeningQuery, name_basin, read_board
from boget.portal.scenarios.selectors.screening_rules import list_rules
from boget.portal.scenarios.services.screening_map import draw_ground, is_on_map, project
from boget.portal.scenarios.views.screening_files import send_csv, send_xlsx
from boget.portal.scenarios.views.screening_rows import build_group, list_marks

FILES = {"csv": send_csv, "xlsx": send_xlsx}


@require_safe
def show_screening(request: HttpRequest) -> HttpResponse:
    """``?flow=mean|high&border=RU&basin=yertis&by=time|rank``; ``?f=csv|xlsx``. Without a role the summary."""
    is_reader = may_read(request.user)
    query = read_query(request.GET) if is_reader else ScreeningQuery()  # filters would single out one facility
    board = read_board(request.user, query)
    context = {"board": board, "query": query, "trail": list_trail()}
    if board is None:
        return render(request, "scenarios/screening_none.html", context)
    if not is_reader:
        return render(request, "scenarios/screening_summary.html", context | describe_summary(board))
    if (form := request.GET.get("f")) in FILES:
        return FILES[form](board, query)
    return render(request, "scenarios/screening.html", context | describe_page(request, board, query))


def list_trail() -> list[tuple[str, str]]:
    return [(_("Scenarios"), reverse("scenarios:home")), (_("Transboundary screening"), "")]


def describe_page(request: HttpRequest, board: Board, query: ScreeningQuery) -> dict[str, Any]:
    groups = [build_group(group, query.basis) for group in board.groups]
    rows = [row for group in groups for row in group["rows"]]
    return {
        "groups": groups,
        "total": len(rows),
        "counts": board.counts,
        "sentence": say_count(board, query),
        "foreign": [(COUNTRIES.get(code, code), count) for code, count in board.counts.foreign.items()],
        "choosers": list_choosers(request, query),
        "menus": list_menus(board, query),
        "conditions": list_conditions(request, query),
        "clear_url": build_url(request, border=None, basin=None),
        "files": [(form.upper(), build_url(request, f=form)) for form in FILES],
        "ground": draw_ground(),
        "marks": list_marks(rows, place_rows(board)),
        "crossings": list_crossings(board),
        "rules": list_rules(),
        "basis": board.screening.basis,
    }


def place_rows(board: Board) -> dict[int, tuple[float, float]]:
    """Pixels of the facilities, as exact as the reader may see their points."""
    found = {}
    for line in board.lines:
        point = read_point(line.facility, level=line.facility.level)
        if point is not None and is_on_map(point[0], point[1]):
            found[line.facility.pk] = project(point[0], point[1])
    return found


def list_crossings(board: Board) -> list[tuple[float, float]]:
    """Pixels of the places where the ways meet the border, each once."""
    rows = [line.row for line in board.lines if line.row.border]
    return sorted({project(row.longitude, row.latitude) for row in rows if is_on_map(row.longitude, row.latitude)})


def say_count(board: Board, query: ScreeningQuery) -> str:
    """The range: from those that surely reach a border in two days to those that may."""
    grades = Counter(line.grade(query.basis) for line in board.lines if line.facility.country == "KZ" and line.row.border)
    low, high = grades["yes"], grades["yes"] + grades["possible"]
    if low == high:
        return _("Reach a border within 48 h: %(count)s (P ≥ 0.9).") % {"count": low}
    return _("Reach a border within 48 h: from %(low)s (P ≥ 0.9) to %(high)s (P ≥ 0.1).") % {"low": low, "high": high}


def list_choosers(request: HttpRequest, query: ScreeningQuery) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Reading and order as rows of links: (word, address, is current)."""
    bases = (_("mean flow, mean of the wave (legal reading)"), _("high flow, leading edge (protective reading)"))
    orders = (_("probability and time"), _("rank"))
    return [
        (_("Reading"), _list_links(request, "flow", BASES, words=bases, chosen=query.basis)),
        (_("Order by"), _list_links(request, "by", ORDERS, words=orders, chosen=query.order)),
    ]


def _list_links(
    request: HttpRequest, name: str, codes: tuple[str, ...], *, words: tuple[str, ...], chosen: str
) -> list[tuple[str, str, bool]]:
    return [(word, build_url(request, **{name: code}), code == chosen) for code, word in zip(codes, words, strict=True)]


def list_menus(board: Board, query: ScreeningQuery) -> list[dict[str, Any]]:
    countries = [(code, COUNTRIES.get(code, code), code == query.neighbour) for code in board.neighbours]
    basins = [(code, name_basin(code), code == query.basin) for code in board.basins]
    return [
        {"code": "border", "label": _("Neighbour"), "choices": countries},
        {"code": "basin", "label": _("Basin"), "choices": basins},
    ]


def list_conditions(request: HttpRequest, query: ScreeningQuery) -> list[tuple[str, str]]:
    found = []
    if query.neighbour:
        name = COUNTRIES.get(query.neighbour, query.neighbour)
        found.append((f"{_('Neighbour')}: {name}", build_url(request, border=None)))
    if query.basin:
        found.append((f"{_('Basin')}: {name_basin(query.basin)}", build_url(request, basin=None)))
    return found


def build_url(request: HttpRequest, **changes: Any) -> str:
    """The address of the page with parameters set, or removed with None."""
    address = request.GET.copy()
    for name, value in {"f": None, **changes}.items():
        address.pop(name, None)
        if value is not None:
            address[name] = str(value)
    return f"{reverse('scenarios:screening')}?{address.urlencode()}" if address else reverse("scenarios:screening")


def describe_summary(board: Board) -> dict[str, Any]:
    """What everybody may read: the counts, and the published facilities by neighbour without numbers of their own."""
    groups = [build_group(group, "mean") for group in board.groups]
    return {
        "counts": board.counts,
        "sentence": say_count(board, ScreeningQuery()),
        "groups": groups,
        "foreign": [(COUNTRIES.get(code, code), count) for code, count in board.counts.foreign.items()],
    }
