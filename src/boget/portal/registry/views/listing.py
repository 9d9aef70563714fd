"""The register as a list with a map; the same address with ``?f=`` gives the same rows as a file or as points."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from boget.portal.accounts.selectors import access_of, organisation_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import refuse, translate
from boget.portal.core.services import read_head
from boget.portal.registry import exports
from boget.portal.registry.entity_tags import answer_unchanged, build_tag, set_tag
from boget.portal.registry.selectors import listing
from boget.portal.registry.selectors.filters import Reader, list_conditions, list_menus
from boget.portal.registry.selectors.points import list_points
from boget.portal.registry.selectors.quintiles import read_quintiles, say_too_few
from boget.portal.registry.selectors.rows import build_rows, list_notes
from boget.portal.registry.selectors.saved import filters_visible_to
from boget.portal.registry.selectors.wording import say_figure
from boget.portal.registry.services.saved_filters import delete_filter as delete_saved
from boget.portal.registry.services.saved_filters import save_filter as keep_filter
from boget.science.errors import BogetError

POINTS = "points"
NOT_KEPT = ("after", "before", "f", "lang")  # of an address that is saved or sent in another format
THI_TABLE = "0.1"


@require_safe
def show_facilities(request: HttpRequest) -> HttpResponse:
    """The list; a filter that does not exist or a value that is not allowed is answered with 400, what was typed kept."""
    wanted = request.GET.get("f", "")
    try:
        if wanted and wanted != POINTS and wanted not in exports.WRITERS:
            raise refuse("bad_filter", where=_("Format"), value=wanted[:20], allowed=", ".join((*exports.WRITERS, POINTS)))
        query = listing.read_query(request.GET)
        reader = open_reader(request)
        answer = _answer(request, wanted, query, reader)
    except BogetError as error:
        return _show_refused(request, error)
    patch_vary_headers(answer, ["HX-Request", "Cookie", "Accept-Language"])
    return answer


def open_reader(request: HttpRequest) -> Reader:
    return Reader(request.user, read_quintiles(request.user), (get_language() or "ru")[:2])


def _answer(request: HttpRequest, wanted: str, query: listing.ListQuery, reader: Reader) -> HttpResponse:
    if wanted == POINTS:
        return _send_points(request, query, reader)
    if wanted:
        return _send_file(wanted, query, reader)
    page = listing.read_page(query, reader)
    context = describe_list(request, query, page, reader=reader)
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    name = "registry/facilities_results.html" if is_part else "registry/facilities.html"
    return render(request, name, context)


def _send_points(request: HttpRequest, query: listing.ListQuery, reader: Reader) -> HttpResponse:
    tag = build_tag(request, read_head())
    if unchanged := answer_unchanged(request, tag):
        return unchanged
    rows = listing.select_facilities(query, reader)
    features = list(list_points(rows, reader, link=build_link()))
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return set_tag(HttpResponse(text, content_type="application/geo+json"), tag)


def build_link() -> Callable[[str], str]:
    """The address of a card by id; the pattern is resolved once for all rows."""
    head, tail = reverse("registry:facility", args=["ID"]).split("ID")
    return lambda public_id: f"{head}{public_id}{tail}"


def _send_file(wanted: str, query: listing.ListQuery, reader: Reader) -> FileResponse:
    """The whole filtered list as a file, in the order of the page."""
    rows = listing.order_facilities(listing.select_facilities(query, reader), query, reader)
    sheet = exports.Sheet(rows, reader, conditions=[c.label for c in list_conditions(query.filters, text=query.text)])
    writer = exports.WRITERS[wanted]
    answer = FileResponse(
        exports.write_file(writer, sheet),
        as_attachment=True,
        filename=sheet.name_file(writer.suffix),
        content_type=writer.content_type,
    )
    answer["X-Row-Count"] = str(sheet.count)
    return answer


def _show_refused(request: HttpRequest, error: BogetError) -> HttpResponse:
    """The page with what was typed, without rows, and a sentence that names what is allowed."""
    context = {
        "refusal": translate(error),
        "text": request.GET.get("q", ""),
        "typed": [(name, value) for name, values in request.GET.lists() for value in values],
        "base_url": request.path,
    }
    return render(request, "registry/facilities_refused.html", context, status=400)


def describe_list(request: HttpRequest, query: listing.ListQuery, page: listing.Page, *, reader: Reader) -> dict[str, Any]:
    """Everything the templates of the list need."""
    kept = _keep(request.GET)
    access = access_of(request.user)
    rows = build_rows(page.rows, reader, link=build_link())
    return {
        "query": query,
        "page": page,
        "totals": page.totals,
        "total_volume": say_figure(page.totals.volume) if page.totals.volume_known else "",
        "rows": rows,
        "notes": list_notes(rows, reader),
        "columns": query.columns,
        "quintiles": reader.quintiles,
        "too_few": say_too_few(),
        "main_menus": list_menus(query.filters, is_main=True),
        "more_menus": [menu for menu in list_menus(query.filters, is_main=False) if menu.code != "bbox"],
        "more_count": len([code for code in query.filters if code not in MAIN_CODES]),
        "conditions": [(c.label, _drop(request.GET, c.code, c.value)) for c in list_conditions(query.filters, text=query.text)],
        "clear_url": request.path,
        "pager": _describe_pager(request.GET, page, query),
        "views": [(view, VIEW_WORDS[view](), _change(request.GET, view=view), view == query.view) for view in listing.VIEWS],
        "all_columns": [(code, label, code in query.columns) for code, label in listing.OPTIONAL_COLUMNS.items()],
        "formats": [(w.label, f"?{_join(kept, f=code)}") for code, w in exports.WRITERS.items()],
        "points_url": f"{request.path}?{_join(kept, f=POINTS)}",
        "hidden": [
            (name, value) for name in ("view", "columns", "sort", "size", "bbox") for value in request.GET.getlist(name)
        ],
        "saved_filters": list(filters_visible_to(request.user)),
        "saved_query": kept.urlencode(),
        "can_add": access.can_edit,
        "can_share": bool(access.roles),
        "table_version": THI_TABLE,
    }


MAIN_CODES = frozenset({"status", "region", "basin", "class"})
VIEW_WORDS = {"split": lambda: _("list and map"), "list": lambda: _("list"), "map": lambda: _("map")}


def _describe_pager(address: QueryDict, page: listing.Page, query: listing.ListQuery) -> dict[str, Any]:
    return {
        "first": page.first,
        "last": page.last,
        "total": page.totals.count,
        "previous_url": _change(address, before=page.previous_token, after=None) if page.previous_token else "",
        "next_url": _change(address, after=page.next_token, before=None) if page.next_token else "",
        "sizes": [(size, _change(address, size=size, after=None, before=None), size == query.size) for size in listing.SIZES],
    }


def _keep(address: QueryDict) -> QueryDict:
    """The filters and looks of an address, without the place in the list."""
    kept = address.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept


def _change(address: QueryDict, **changes: Any) -> str:
    changed = address.copy()
    changed.pop("f", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def _drop(address: QueryDict, name: str, value: str) -> str:
    """The address without one condition and without the place in the list."""
    kept = _keep(address)
    kept.setlist(name, [other for other in kept.getlist(name) if other.strip() != value])
    return f"?{kept.urlencode()}"


def _join(address: QueryDict, **more: str) -> str:
    return "&".join(filter(None, [address.urlencode(), urlencode(more)]))


# --- saved filters -------------------------------------------------------------------------------------------------


@require_POST
@login_required
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of the list under a name, private or for the organisation."""
    address = QueryDict(request.POST.get("query", "")[:8000])
    listing.read_query(address)
    is_shared = request.POST.get("scope") == "organisation"
    organisation = organisation_of(request.user) if is_shared else None  # type: ignore[arg-type]
    saved = keep_filter(
        request.POST.get("name", ""), _keep(address).urlencode(), actor=actor_of(request.user), organisation=organisation
    )  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("registry:filter", args=[saved.slug]))


@require_safe
def open_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """The permanent link of a saved filter leads to the list as it was saved."""
    saved = filters_visible_to(request.user).filter(slug=slug).first()
    if saved is None:
        raise Http404
    return HttpResponseRedirect(f"{reverse('registry:facilities')}?{saved.query}")


@require_POST
@login_required
def delete_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """Only the one who saved a filter deletes it."""
    saved = filters_visible_to(request.user).filter(slug=slug, owner_code=request.user.email).first()  # type: ignore[union-attr]
    if saved is None:
        raise Http404
    delete_saved(saved, actor=actor_of(request.user))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("registry:facilities"))
