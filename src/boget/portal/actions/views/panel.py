"""The panel on the card of a facility: its actions, as the reader may see them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from boget.portal.actions.selectors.rights import may_propose
from boget.portal.actions.selectors.rows import build_rows
from boget.portal.actions.selectors.story import list_of_facility
from boget.portal.actions.views.opening import open_reader
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.opening import open_facility


@require_safe
@vary_on_headers("HX-Request")
def show_panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """A fragment for htmx, else a page of its own; the card does not offer it to the public, which gets 404."""
    if not request.user.is_authenticated:
        raise Http404
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    context = {
        "facility": facility,
        "rows": build_rows(list_of_facility(request.user, facility), open_reader(request)),
        "can_add": may_propose(request.user),
        "trail": [(public_id, reverse("registry:facility", args=[public_id])), (_("Actions"), "")],
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "actions/panel_body.html" if is_fragment else "actions/panel.html", context)
