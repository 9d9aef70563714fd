"""The agenda as the secretary prepares it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.core.errors import choose_status, translate
from boget.portal.meetings.forms.meetings import AgendaItemForm
from boget.portal.meetings.models import AgendaItem, Meeting
from boget.portal.meetings.selectors.agenda import brief_items, list_items
from boget.portal.meetings.services import agenda as services
from boget.portal.meetings.views.meeting_pages import (
    answer_form,
    build_trail,
    describe_page,
    for_secretary,
    read_version,
    show_form,
)
from boget.science.errors import BogetError


@require_GET
@for_secretary
def show_agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The agenda with its buttons."""
    return _render(request, meeting)


def _render(request: HttpRequest, meeting: Meeting, *, error: BogetError | None = None) -> HttpResponse:
    items = list_items(meeting)
    briefings = brief_items(meeting, items, request.user)
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting, (_("Agenda"), "")),
        "lines": [(item, briefings.get(item.pk)) for item in items],
        "planned_minutes": sum(item.minutes_planned or 0 for item in items),
        "is_open": meeting.state in services.OPEN,
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/agenda.html", context, status=choose_status(error) if error else 200)


def _change(request: HttpRequest, meeting: Meeting, write: Callable[[], Any]) -> HttpResponse:
    try:
        write()
    except BogetError as error:
        meeting.refresh_from_db()
        return _render(request, meeting, error=error)
    return redirect("meetings:agenda", number=meeting.number)


@require_POST
@for_secretary
def fill_agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Let the agenda fill itself from what is open."""

    def write() -> None:
        added = services.fill_agenda(meeting, by=request.user, version=read_version(request))
        messages.success(request, ngettext("%(count)s item added.", "%(count)s items added.", added) % {"count": added})

    return _change(request, meeting, write)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def add_item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """An item by hand."""
    form = AgendaItemForm(request.POST or None, initial={"version": meeting.version, "kind": "other", "minutes_planned": 15})

    def write() -> HttpResponse:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        services.add_item(meeting, values, by=request.user, version=form.cleaned_data["version"])
        return redirect("meetings:agenda", number=meeting.number)

    return _answer(request, meeting, form, write, heading=_("New item"), action=_("Add the item"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def edit_item(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """The words, the speaker and the time of an item."""
    item = _find(meeting, pk)
    initial = {name: getattr(item, name) for name in (*services.FIELDS, "version")}
    form = AgendaItemForm(request.POST or None, initial=initial)

    def write() -> HttpResponse:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        services.change_item(item, values, by=request.user, version=form.cleaned_data["version"])
        return redirect("meetings:agenda", number=meeting.number)

    return _answer(request, meeting, form, write, heading=_("Item of the agenda"), action=_("Save the item"))


def _answer(
    request: HttpRequest,
    meeting: Meeting,
    form: AgendaItemForm,
    write: Callable[[], HttpResponse],
    *,
    heading: str,
    action: str,
) -> HttpResponse:
    back = reverse("meetings:agenda", args=[meeting.number])

    def show(**more: Any) -> HttpResponse:
        return show_form(request, meeting, form, heading=heading, action=action, back=back, **more)

    return answer_form(request, form, write=write, show=show)


@require_POST
@for_secretary
def move_item(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """One place up or down."""
    item = _find(meeting, pk)
    direction = request.POST.get("direction", "")
    return _change(
        request, meeting, lambda: services.move_item(item, direction, by=request.user, version=read_version(request))
    )


@require_POST
@for_secretary
def remove_item(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    item = _find(meeting, pk)
    return _change(request, meeting, lambda: services.remove_item(item, by=request.user, version=read_version(request)))


def _find(meeting: Meeting, pk: int) -> AgendaItem:
    item = meeting.items.select_related("meeting__group").filter(pk=pk).first()
    if item is None:
        raise Http404
    return item
