"""Who changed what and why, page by page; undoing one change."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from boget.portal.accounts.selectors import access_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import choose_status, translate
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.log import LogFilter, describe_entry, is_told_names, list_people, read_page
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.registry.selectors.past import RECORDS
from boget.portal.registry.selectors.reading import filter_changes
from boget.portal.registry.services import undo_revision
from boget.portal.registry.views.card import build_trail, choose_right
from boget.science.errors import BogetError

OF_LABELS = {"facility": "", "impoundment": gettext_lazy("Impoundment"), "dam": gettext_lazy("Dam")}


@require_safe
def show_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Entries, newest first; ``?field=&person=&kind=&before=``."""
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    wanted = read_filter(request.GET, level=facility.level, is_told=is_told_names(request.user))
    return render(request, "registry/history.html", describe_history(request, facility, wanted))


def read_filter(query: Any, *, level: int, is_told: bool) -> LogFilter:
    """The conditions; 404 for a field or a kind that this reader does not know."""
    before = query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Http404
    kind = query.get("kind", "")
    if kind and kind not in RevisionKind.values:
        raise Http404
    person = query.get("person", "") if is_told else ""
    return LogFilter(
        field=read_field(query.get("field", ""), level=level),
        person=person[:254],
        kind=kind,
        before=int(before) if before else None,
        has_names=is_told,
    )


def read_field(text: str, *, level: int) -> tuple[str, str] | None:
    """Record type and code of ``dam.height_m``."""
    if not text:
        return None
    of, _dot, code = text.partition(".")
    field = DICTIONARY.get((of, code))
    if field is None or field.level > level:
        raise Http404
    return of, code


def describe_history(request: HttpRequest, facility: Facility, wanted: LogFilter) -> dict[str, Any]:
    level = facility.level
    page = read_page(facility, wanted, level=level)
    return {
        "facility": facility,
        "entries": page.entries,
        "older_url": older_url(request, page.next_before),
        "can_undo": choose_right(facility, access_of(request.user)) == "edit",
        "wanted": wanted,
        "wanted_field": ".".join(wanted.field) if wanted.field else "",
        "fields": [(f"{of}.{code}", f, OF_LABELS[of]) for (of, code), f in DICTIONARY.items() if f.level <= level],
        "kinds": RevisionKind.choices,
        "people": list_people(facility) if wanted.has_names else [],
        "head": page.entries[0].revision if page.entries and level >= Level.AUTHORITY else None,
        "trail": build_trail(facility, (_("History"), "")),
    }


def older_url(request: HttpRequest, before: int | None) -> str:
    if before is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(before)
    return f"?{urlencode(list(query.items()))}"


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, seq: int) -> HttpResponse:
    """Confirm with the facts and a reason, then bring back what the entry replaced."""
    revision = Revision.objects.filter(seq=seq, record_type__in=RECORDS).first() if seq < 2**62 else None
    if revision is None:
        raise Http404
    facility = open_facility(Facility.objects.editable_by(request.user), revision.root_id)
    if request.method != "POST":
        return show_undo(request, facility, revision)
    try:
        made = undo_revision(revision, reason=request.POST.get("reason", ""), actor=actor_of(request.user))
    except BogetError as error:
        return show_undo(request, facility, revision, error=error)
    messages.success(request, _("Undone. Entry %(number)s of the log.") % {"number": made.seq})
    return redirect("registry:history", public_id=facility.public_id)


def show_undo(request: HttpRequest, facility: Facility, revision: Revision, *, error: BogetError | None = None) -> HttpResponse:
    changes = filter_changes(revision, level=facility.level)
    history = reverse("registry:history", args=[facility.public_id])
    context = {
        "facility": facility,
        "entry": describe_entry(revision, changes, level=facility.level, has_names=is_told_names(request.user)),
        "reason": request.POST.get("reason", ""),
        "errors": [("undo-reason", translate(error))] if error else [],
        "trail": build_trail(facility, (_("History"), history), (_("Undo"), "")),
        "back_url": history,
    }
    return render(request, "registry/undo.html", context, status=choose_status(error) if error else 200)
