"""The list of runs, with its filters in the address; two of them are ticked to be compared."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.core.errors import translate
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import run_list
from boget.portal.scenarios.selectors.rights import may_request
from boget.portal.scenarios.views.opening import require_reader
from boget.science.errors import BogetError

PAGE_SIZE = 25
NOT_KEPT = ("page", "lang", "a", "b")


@login_required
@require_safe
def show_runs(request: HttpRequest) -> HttpResponse:
    """The list; a value that no run can have is answered with 400 and a sentence that names what is allowed."""
    require_reader(request)
    try:
        query = run_list.read_query(request.GET)
    except BogetError as error:
        context = {"refusal": translate(error), "clear_url": request.path}
        return render(request, "scenarios/runs_refused.html", context, status=400)
    return render(request, "scenarios/runs.html", describe_list(request, query))


def describe_list(request: HttpRequest, query: run_list.ListQuery) -> dict[str, Any]:
    """Everything the template of the list needs."""
    page = Paginator(run_list.select_runs(request.user, query), PAGE_SIZE).get_page(request.GET.get("page"))
    total = Run.objects.visible_to(request.user).count() if query.is_filtered else page.paginator.count
    return {
        "query": query,
        "rows": run_list.build_rows(page),
        "shown": page.paginator.count,
        "total": total,
        "menus": run_list.list_choices(query),
        "conditions": [(words, _drop(request, name)) for name, words in run_list.list_conditions(query)],
        "clear_url": request.path,
        "pager": {
            "first": page.start_index(),
            "last": page.end_index(),
            "total": page.paginator.count,
            "previous_url": _address(request, page=page.previous_page_number()) if page.has_previous() else "",
            "next_url": _address(request, page=page.next_page_number()) if page.has_next() else "",
        },
        "can_add": may_request(request.user),
        "new_url": reverse("scenarios:river_new"),
        "new_label": _("New scenario"),
    }


def _address(request: HttpRequest, **changes: Any) -> str:
    """The address of the list with other parameters; the place in the list and what was ticked do not stay."""
    query = request.GET.copy()
    for name in (*NOT_KEPT, *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _drop(request: HttpRequest, name: str) -> str:
    return _address(request, **{name: ""})
