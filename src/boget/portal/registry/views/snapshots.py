"""Snapshots of the register: the list, one of them, and what differs between two."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from boget.portal.accounts.models import Role
from boget.portal.accounts.selectors import access_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import choose_status, translate
from boget.portal.registry.models import Snapshot
from boget.portal.registry.selectors.log import is_told_names
from boget.portal.registry.selectors.snapshots import compare, is_log_unchanged, list_snapshots, read_counts
from boget.portal.registry.services.snapshots import make_snapshot
from boget.science.errors import BogetError

MAKERS = {Role.SECRETARY.value, Role.EDITOR.value}
PAGE, FACILITIES = 50, 100
NOW = "now"
TOO_LARGE = 2**31


def can_make(request: HttpRequest) -> bool:
    return bool(access_of(request.user).roles & MAKERS)


@require_http_methods(["GET", "HEAD", "POST"])
def show_snapshots(request: HttpRequest) -> HttpResponse:
    """All snapshots, the newest first; the secretary and the editors make one here."""
    if request.method == "POST":
        return make(request)
    return show_list(request)


def show_list(request: HttpRequest, *, errors: Any = (), status: int = 200) -> HttpResponse:
    page = Paginator(list_snapshots(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of_rows": page,
        "rows": [(snapshot, read_counts(snapshot, request.user)) for snapshot in page],
        "can_make": can_make(request),
        "name": request.POST.get("name", ""),
        "note": request.POST.get("note", ""),
        "errors": errors,
        "trail": [(_("Registry"), reverse("registry:facilities")), (_("Snapshots"), "")],
    }
    return render(request, "registry/snapshots.html", context, status=status)


def make(request: HttpRequest) -> HttpResponse:
    if not can_make(request):
        raise Http404
    try:
        made = make_snapshot(request.POST.get("name", ""), note=request.POST.get("note", ""), by=actor_of(request.user))
    except BogetError as error:
        return show_list(request, errors=[("snapshot-name", translate(error))], status=choose_status(error))
    messages.success(request, _("Snapshot %(number)s is made.") % {"number": made.number})
    return redirect("registry:snapshot", number=made.number)


def open_snapshot(number: int) -> Snapshot:
    snapshot = Snapshot.objects.filter(number=number).first() if number < TOO_LARGE else None
    if snapshot is None:
        raise Http404
    return snapshot


@require_safe
def show_snapshot(request: HttpRequest, number: int) -> HttpResponse:
    """One snapshot with its sums; ``?with=117`` leads to the comparison."""
    snapshot = open_snapshot(number)
    if other := request.GET.get("with", ""):
        return lead_to_comparison(number, other)
    others = [row for row in list_snapshots()[: PAGE + 1] if row.pk != snapshot.pk]
    context = {
        "snapshot": snapshot,
        "counts": read_counts(snapshot, request.user),
        "is_sound": is_log_unchanged(snapshot),
        "maker": snapshot.made_by_name if is_told_names(request.user) else "",
        "others": others,
        "chosen": next((row.number for row in others if row.number < snapshot.number), None),
        "trail": build_trail((_("Snapshot %(number)s") % {"number": number}, "")),
    }
    return render(request, "registry/snapshot.html", context)


def lead_to_comparison(number: int, other: str) -> HttpResponse:
    if other == NOW:
        return redirect("registry:snapshot-compare-now", number=number)
    if not (other.isascii() and other.isdigit() and len(other) < 10):
        raise Http404
    return redirect("registry:snapshot-compare", number=number, other=int(other))


@require_safe
def compare_snapshots(request: HttpRequest, number: int, other: int | None = None) -> HttpResponse:
    """What was added, removed and changed between two snapshots, or since one of them, as far as the reader may see."""
    if number >= TOO_LARGE or (other or 0) >= TOO_LARGE:
        raise Http404
    comparison = compare(request.user, number, other)
    if comparison is None:
        raise Http404
    context = {
        "comparison": comparison,
        "changed": Paginator(comparison.changed, FACILITIES).get_page(request.GET.get("page")),
        "trail": build_trail(
            (_("Snapshot %(number)s") % {"number": number}, reverse("registry:snapshot", args=[number])), (_("Comparison"), "")
        ),
    }
    return render(request, "registry/snapshot_compare.html", context)


def build_trail(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    head = [(_("Registry"), reverse("registry:facilities")), (_("Snapshots"), reverse("registry:snapshots"))]
    return [*head, *steps]
