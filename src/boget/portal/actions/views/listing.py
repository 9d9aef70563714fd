"""The action plan as a list; the same address with ``?f=`` gives the same rows as a file, with ``?by=body`` their sums."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.actions import exports
from boget.portal.actions.selectors import listing
from boget.portal.actions.selectors.filters import FLAGS, Reader, list_conditions, list_menus
from boget.portal.actions.selectors.plans import plans_visible_to
from boget.portal.actions.selectors.rights import may_propose
from boget.portal.actions.selectors.rows import build_rows, say_tenge
from boget.portal.actions.views.opening import open_reader
from boget.portal.core.errors import refuse, translate
from boget.portal.registry.exports import write_file
from boget.science.errors import BogetError

NOT_KEPT = ("page", "f", "lang")


@login_required
@require_safe
def show_actions(request: HttpRequest) -> HttpResponse:
    """The list; a filter that does not exist or a value that is not allowed is answered with 400, what was typed kept."""
    wanted = request.GET.get("f", "")
    try:
        if wanted and wanted not in exports.WRITERS:
            raise refuse("bad_filter", where=_("Format"), value=wanted[:20], allowed=", ".join(exports.WRITERS))
        query, reader = listing.read_query(request.GET), open_reader(request)
        return _send_file(wanted, query, reader) if wanted else _show_page(request, query, reader)
    except BogetError as error:
        return _show_refused(request, error)


def _show_page(request: HttpRequest, query: listing.ListQuery, reader: Reader) -> HttpResponse:
    page = listing.read_page(query, reader)
    context = describe_list(request, query, page, reader=reader)
    if query.is_by_body:
        context |= {"counts": [_link_body(request.GET, count) for count in listing.count_bodies(query, reader)]}
    return render(request, "actions/actions.html", context)


def _send_file(wanted: str, query: listing.ListQuery, reader: Reader) -> FileResponse:
    """The whole filtered list as a file, in the order of the page."""
    rows = listing.order_actions(listing.select_actions(query, reader), query)
    sheet = exports.ActionSheet(rows, reader, conditions=_list_words(query, reader))
    writer = exports.WRITERS[wanted]
    answer = FileResponse(
        write_file(writer, sheet),  # type: ignore[arg-type]
        as_attachment=True,
        filename=sheet.name_file(writer.suffix),
        content_type=writer.content_type,
    )
    answer["X-Row-Count"] = str(sheet.count)
    return answer


def _list_words(query: listing.ListQuery, reader: Reader) -> list[str]:
    flags = [str(FLAGS[name][0]) for name in FLAGS if name in query.flags]
    return flags + [condition.label for condition in list_conditions(query.filters, reader, text=query.text)]


def _show_refused(request: HttpRequest, error: BogetError) -> HttpResponse:
    """The page with what was typed, without rows, and a sentence that names what is allowed."""
    typed = [(name, value) for name, values in request.GET.lists() for value in values]
    context = {"refusal": translate(error), "typed": typed, "base_url": request.path}
    return render(request, "actions/actions_refused.html", context, status=400)


def describe_list(request: HttpRequest, query: listing.ListQuery, page: listing.Page, *, reader: Reader) -> dict[str, Any]:
    """Everything the template of the list needs."""
    address, totals = request.GET, page.totals
    conditions = list_conditions(query.filters, reader, text=query.text)
    return {
        "query": query,
        "page": page,
        "totals": totals,
        "total_money": say_tenge(totals.cost_kzt) if totals.cost_stated else "",
        "rows": build_rows(page.rows, reader),
        "views": _list_views(address, query, page),
        "by_body_url": _change(address, by=None if query.is_by_body else listing.BY_BODY, page=None),
        "main_menus": list_menus(query.filters, reader, is_main=True),
        "more_menus": list_menus(query.filters, reader, is_main=False),
        "more_count": len([code for code in query.filters if code not in MAIN_CODES]),
        "conditions": [(c.label, _drop(address, c.code, c.value)) for c in conditions],
        "clear_url": request.path,
        "pager": _describe_pager(address, query, page),
        "formats": [(writer.label, f"?{_join(_keep(address), f=code)}") for code, writer in exports.WRITERS.items()],
        "hidden": [(name, address[name]) for name in (*FLAGS, "sort", "size", "by", "facility") if name in address],
        "plans": list(plans_visible_to(request.user).only("code", "is_approved", "approved_by")[:4]),
        "can_add": may_propose(request.user),
    }


MAIN_CODES = frozenset({"responsible", "state", "origin"})


def _list_views(address: QueryDict, query: listing.ListQuery, page: listing.Page) -> list[tuple[str, Any, int, str, bool]]:
    """(code, word, number, address, whether it is the one shown): all rows, then each flag alone."""
    nothing: dict[str, Any] = {**dict.fromkeys(FLAGS), "page": None}
    views = [("all", _("All actions"), page.views["all"], _change(address, **nothing), not query.flags)]
    for name, (label, _select) in FLAGS.items():
        url = _change(address, **{**nothing, name: "1"})
        views.append((name, label, page.views[name], url, query.flags == {name}))
    return views


def _link_body(address: QueryDict, count: listing.BodyCount) -> dict[str, Any]:
    """The numbers of a body with the addresses of the lists they count."""
    own = {"by": None, "page": None, "responsible": count.code}
    return {
        "count": count,
        "url": _change(address, **own),
        "late_url": _change(address, **own, late="1"),
        "waiting_url": _change(address, **own, state="done"),
        "unfunded_url": _change(address, **own, unfunded="1"),
    }


def _describe_pager(address: QueryDict, query: listing.ListQuery, page: listing.Page) -> dict[str, Any]:
    return {
        "first": page.first,
        "last": page.last,
        "total": page.totals.total,
        "previous_url": _change(address, page=page.number - 1) if page.number > 1 else "",
        "next_url": _change(address, page=page.number + 1) if page.has_next else "",
        "sizes": [(size, _change(address, size=size, page=None), size == query.size) for size in listing.SIZES],
    }


def _keep(address: QueryDict) -> QueryDict:
    """The filters and looks of an address, without the place in the list."""
    kept = address.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept


def _change(address: QueryDict, **changes: Any) -> str:
    changed = _keep(address)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def _drop(address: QueryDict, name: str, value: str) -> str:
    """The address without one condition."""
    kept = _keep(address)
    kept.setlist(name, [other for other in kept.getlist(name) if other.strip() != value])
    return f"?{kept.urlencode()}"


def _join(address: QueryDict, **more: str) -> str:
    return "&".join(filter(None, [address.urlencode(), urlencode(more)]))
