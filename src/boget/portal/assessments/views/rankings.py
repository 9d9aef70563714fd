"""The ranking: page, its not ranked parts, and the same table as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.accounts.selectors import access_of
from boget.portal.assessments.forms import PAGE_SIZE, Form, Part, RankingQuery, Scope, read_query
from boget.portal.assessments.models import IndexCode
from boget.portal.assessments.selectors import wording
from boget.portal.assessments.selectors.links import main_field
from boget.portal.assessments.selectors.results import Standing, list_standings, load_results
from boget.portal.assessments.services.ranking import Order, Place, Ranking, rank
from boget.portal.assessments.services.tables import load_tables, weigh
from boget.portal.assessments.views.ranking_rows import build_row
from boget.portal.assessments.views.ranking_table import write_csv
from boget.portal.core.levels import Level
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.registry.querysets import FacilityQuerySet
from boget.portal.registry.selectors.filters import Reader, list_conditions, list_menus
from boget.portal.registry.selectors.listing import ListQuery, select_facilities
from boget.portal.registry.selectors.quintiles import Quintiles, read_quintiles, say_too_few


@require_safe
def open_assessments(request: HttpRequest) -> HttpResponse:
    return redirect("assessments:rankings")


@require_safe
def show_rankings(request: HttpRequest) -> HttpResponse:
    query = read_query(request.GET)
    ranking = build_ranking(request.user, query)
    if query.form == Form.CSV:
        return write_csv(ranking, query)
    return render(request, "assessments/rankings.html", describe_page(request, query, ranking))


def build_ranking(user: Any, query: RankingQuery) -> Ranking:
    inventory = list_standings(select_inventory(user), index=query.index, user=user)
    standings = inventory
    if query.is_filtered:
        standings = list_standings(select_set(user, query), index=query.index, user=user)
    return rank(standings, inventory, order=query.order, with_aggregates=query.scope == Scope.ALL)


def select_inventory(user: Any) -> FacilityQuerySet:
    """Everything that the reader may see, records that were merged or withdrawn left out."""
    return Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED)


def select_set(user: Any, query: RankingQuery) -> FacilityQuerySet:
    """The rows of the register's list under the same filters."""
    quintiles = read_quintiles(user) if "class" in query.filters else Quintiles()
    reader = Reader(user, quintiles, (get_language() or "ru")[:2])
    return select_facilities(ListQuery(query.filters, query.text), reader)


def describe_page(request: HttpRequest, query: RankingQuery, ranking: Ranking) -> dict[str, Any]:
    items: Sequence[Place | Standing] = ranking.places if query.part == Part.RANKED else ranking.apart[query.part]
    start = (query.page - 1) * PAGE_SIZE
    shown = items[start : start + PAGE_SIZE]
    access = access_of(request.user)
    rows = list_rows(shown, ranking, level=access.level)
    return {
        "query": query,
        "ranking": ranking,
        "rows": rows,
        "has_radioactive": any(row["is_radioactive"] for row in rows),
        "total": len(items),
        "first": start + 1,
        "last": start + len(shown),
        "previous_url": build_url(request, page=query.page - 1 if query.page > 2 else None) if query.page > 1 else "",
        "next_url": build_url(request, page=query.page + 1) if start + PAGE_SIZE < len(items) else "",
        "csv_url": build_url(request, f="csv", page=None, part=None),
        "apart": list_apart(request, ranking),
        "choosers": list_choosers(request, query),
        "menus": list_menus(query.filters, is_main=True),
        "kept": [(name, value) for name, value in request.GET.items() if name in ("index", "set", "as", "lang")],
        "conditions": list_chips(request, query),
        "clear_url": build_url(request, **dict.fromkeys([*query.filters, "q", "page", "part"])),
        "legend": list_legend(ranking),
        "too_few": "" if ranking.edges else say_too_few(),
        "terms": [(code, wording.SYMBOLS[code], wording.TERMS[code]) for code in list_terms(query.index)],
        "questions": list_questions(ranking),
        "tables": load_tables().of_index(query.index),
        "status": weigh(load_tables().version_of(query.index)),
        "index_words": wording.INDEX_WORDS[query.index],
        "is_public": access.level == Level.PUBLIC,
        "has_own": bool(access.operator_ids),
        "trail": [(_("Assessments"), reverse("assessments:rankings")), (_("Ranking"), "")],
    }


def list_rows(shown: Sequence[Place | Standing], ranking: Ranking, *, level: int) -> list[dict[str, Any]]:
    standings = [item.standing if isinstance(item, Place) else item for item in shown]
    results = load_results(row.result_id for row in standings)
    return [
        build_row(results[row.result_id], item if isinstance(item, Place) else None, top=ranking.top)
        for row, item in zip(standings, shown, strict=True)
    ]


def list_terms(index: str) -> list[str]:
    return list(wording.TERMS)[:6] if index == IndexCode.THI else list(wording.TERMS)


def list_apart(request: HttpRequest, ranking: Ranking) -> list[tuple[Any, int, str]]:
    """What is not ranked: reason, number, address of its list."""
    found = [(Part(code), len(rows)) for code, rows in ranking.apart.items() if rows]
    return [(part.label, count, build_url(request, part=part.value, page=None)) for part, count in found]


def list_choosers(request: HttpRequest, query: RankingQuery) -> list[tuple[Any, list[tuple[Any, str, bool]]]]:
    """Index, set and order as rows of links: (word, address, is current)."""
    rows = (
        (_("Index"), "index", IndexCode, query.index),
        (_("Set"), "set", Scope, query.scope),
        (_("Order by"), "as", Order, query.order),
    )
    return [(label, _list_links(request, name, choices, chosen)) for label, name, choices, chosen in rows]


def _list_links(request: HttpRequest, name: str, choices: Any, chosen: str) -> list[tuple[Any, str, bool]]:
    return [(c.label, build_url(request, **{name: c.value, "page": None}), c == chosen) for c in choices]


def list_chips(request: HttpRequest, query: RankingQuery) -> list[tuple[str, str]]:
    """Each condition in force with the address without it."""
    return [
        (condition.label, build_url(request, drop=(condition.code, condition.value), page=None))
        for condition in list_conditions(query.filters, text=query.text)
    ]


def list_legend(ranking: Ranking) -> list[tuple[int, float | None, float | None]]:
    """The fifths, highest first: class, above which value, up to which value."""
    if not ranking.edges:
        return []
    ends = [None, *ranking.edges, None]
    return [(step, ends[step - 1], ends[step]) for step in range(5, 0, -1)]


def list_questions(ranking: Ranking) -> list[dict[str, Any]]:
    """What to ask first, in words; inputs that could fix no pair are left out."""
    asked = [question for question in ranking.agenda.questions if question.pairs]
    return [{"label": main_field(q.code).label, "facilities": q.facilities, "pairs": q.pairs} for q in asked]


def build_url(request: HttpRequest, *, drop: tuple[str, str] | None = None, **changes: Any) -> str:
    """The address of the page with parameters set, or removed with None."""
    address = request.GET.copy()
    if drop:
        address.setlist(drop[0], [value for value in address.getlist(drop[0]) if value != drop[1]])
    for name, value in changes.items():
        address.pop(name, None)
        if value is not None:
            address[name] = str(value)
    return f"{reverse('assessments:rankings')}?{address.urlencode()}" if address else reverse("assessments:rankings")
