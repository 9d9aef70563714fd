"""The card of a facility: what is known, how well, from where; also as of an earlier day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.accounts.selectors import access_of, today
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.core.panels import list_panels
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.registry.places import name_place
from boget.portal.registry.selectors.card import Card, build_features, read_card, say_day
from boget.portal.registry.selectors.log import LogFilter, is_told_names, read_page
from boget.portal.registry.selectors.opening import find_successor_id, open_facility
from boget.portal.registry.selectors.past import Whole, read_whole, read_whole_at, was_open

OWN_TABS = ("details", "map", "history")
RECENT = 10


@require_safe
def show_facility(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card; ``?tab=``, ``?at=YYYY-MM-DD``, ``?f=geojson``."""
    facility = Facility.objects.visible_to(request.user).filter(public_id=public_id).first()
    if facility is None:
        return show_successor(request, public_id)
    day = read_day(request.GET.get("at", ""))
    card = open_card(facility, day)
    if request.GET.get("f") == "geojson":
        return JsonResponse(build_features(card), content_type="application/geo+json")
    return render(request, "registry/card.html", describe_page(request, card, day))


def read_day(text: str) -> dt.date | None:
    """The day of ``?at=``; None for now. InvalidInput for anything that is not a day."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise refuse("not_a_date", where="at", value=text[:40]) from None


def open_card(facility: Facility, day: dt.date | None) -> Card:
    """The card now or at the end of a day; 404 for a day on which the reader could not have opened it."""
    level = facility.level
    whole: Whole | None = read_whole(facility) if day is None else read_whole_at(facility, day)
    if whole is None or (day is not None and level < Level.AUTHORITY and not was_open(whole)):
        raise Http404
    return read_card(whole, level=level, has_scores=day is None)


def show_successor(request: HttpRequest, public_id: str) -> HttpResponse:
    """A merged id leads to the record it was merged into, if the reader may open that one; else 404."""
    successor = open_facility(Facility.objects.visible_to(request.user), find_successor_id(public_id))
    card = read_card(read_whole(successor), level=successor.level, has_scores=False)
    return render(request, "registry/card_merged.html", {"retired_id": public_id, "card": card})


def describe_page(request: HttpRequest, card: Card, day: dt.date | None) -> dict[str, Any]:
    facility, access = card.facility, access_of(request.user)
    panels = list_tabs(request, card)
    wanted = request.GET.get("tab", "details")
    tab = wanted if wanted in {p["code"] for p in panels} else "details"
    may = choose_right(facility, access) if day is None else ""
    return {
        "card": card,
        "facility": facility,
        "trail": build_trail(facility),
        "tabs": panels,
        "tab": tab,
        "panel": next(p for p in panels if p["code"] == tab),
        "day": say_day(day) if day else "",
        "at": day.isoformat() if day else "",
        "may": may,
        "can_disclose": bool(access.roles & {"secretary", "editor"}) and day is None,
        "log": read_page(facility, open_log(request), level=facility.level, size=RECENT) if tab == "history" else None,
        "today": today().isoformat(),
    }


def open_log(request: HttpRequest) -> LogFilter:
    """The newest entries, persons named where the reader is told them."""
    return LogFilter(has_names=is_told_names(request.user))


def choose_right(facility: Facility, access: Any) -> str:
    """What the reader may do with the values: edit, propose or nothing. The views behind the buttons check it again."""
    if access.can_edit:
        return "edit" if facility.disclosure != Disclosure.RETIRED else ""
    is_own = facility.operator_organisation_id in access.operator_ids and facility.level >= Level.AUTHORITY
    return "propose" if is_own else ""


def list_tabs(request: HttpRequest, card: Card) -> list[dict[str, Any]]:
    """Own tabs, then the panels of upper apps; each is an address of its own."""
    labels = {"details": _("Details"), "map": _("Map and structures"), "history": _("History")}
    tabs: list[dict[str, Any]] = [{"code": code, "label": labels[code], "url": ""} for code in OWN_TABS]
    own_id = card.facility.public_id
    for panel in list_panels("facility", request.user):
        tabs.append({"code": panel.code, "label": panel.label, "url": reverse(panel.url_name, args=[own_id])})
    return tabs


def build_trail(facility: Facility, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb: register, region, this facility, further steps; the last one has no address."""
    listing = reverse("registry:facilities")
    trail: list[tuple[Any, str]] = [(_("Registry"), listing)]
    if facility.region:
        name = name_place("region", facility.region, language=get_language() or "ru")
        trail.append((name, f"{listing}?{urlencode({'region': facility.region})}"))
    url = reverse("registry:facility", args=[facility.public_id]) if more else ""
    return [*trail, (facility.public_id, url), *more]
