"""A page of a list and the words of its pager."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZE = 50


def cut_page(request: HttpRequest, rows: Any) -> tuple[Page[Any], dict[str, Any]]:
    """The page that ``?page=`` names (the nearest one that exists) and the context of components/pager.html."""
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    pager = {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": page.paginator.count,
        "previous_url": _address(request, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _address(request, page.next_page_number()) if page.has_next() else "",
    }
    return page, pager


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
