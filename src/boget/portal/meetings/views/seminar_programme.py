"""The programme of a seminar and its files, as the organiser prepares them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boget.portal.meetings.forms.meetings import ReasonForm
from boget.portal.meetings.forms.seminars import ProgrammeItemForm, SeminarDocumentForm
from boget.portal.meetings.models import AgendaItem, AgendaKind, Meeting
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import agenda as services
from boget.portal.meetings.services.documents import remove_document as take_away
from boget.portal.meetings.services.documents import store_document
from boget.portal.meetings.views.meeting_pages import read_version
from boget.portal.meetings.views.seminar_pages import answer, find_address, for_organiser, render_seminar
from boget.science.errors import BogetError

USUAL_MINUTES = 30  # a start for the organiser, who corrects it


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def add_item(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """An item at the end of the programme."""
    initial = {"version": seminar.version, "minutes_planned": USUAL_MINUTES}
    form = ProgrammeItemForm(request.POST or None, initial=initial)

    def write() -> HttpResponse:
        values = {**form.read_values(), "kind": AgendaKind.TALK}
        services.add_item(seminar, values, by=request.user, version=form.cleaned_data["version"])
        return redirect(find_address(seminar, part="programme"))

    heading = _("New item of the programme")
    return answer(request, seminar, form, write=write, heading=heading, action=_("Add the topic"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def edit_item(request: HttpRequest, seminar: Meeting, pk: int) -> HttpResponse:
    """The words, the speaker and the time of an item."""
    item = _find(seminar, pk)
    stored = {name: getattr(item, name) for name in (*services.FIELDS, "version")}
    form = ProgrammeItemForm(request.POST or None, initial=stored)

    def write() -> HttpResponse:
        services.change_item(item, form.read_values(), by=request.user, version=form.cleaned_data["version"])
        return redirect(find_address(seminar, part="programme"))

    heading = _("Item of the programme")
    return answer(request, seminar, form, write=write, heading=heading, action=_("Save the topic"))


@require_POST
@for_organiser
def move_item(request: HttpRequest, seminar: Meeting, pk: int) -> HttpResponse:
    """One place up or down."""
    item, direction = _find(seminar, pk), request.POST.get("direction", "")
    version = read_version(request)
    return _change(request, seminar, lambda: services.move_item(item, direction, by=request.user, version=version))


@require_POST
@for_organiser
def remove_item(request: HttpRequest, seminar: Meeting, pk: int) -> HttpResponse:
    """Take an item off the programme; its files stay with the seminar."""
    item = _find(seminar, pk)
    return _change(request, seminar, lambda: services.remove_item(item, by=request.user, version=read_version(request)))


def _change(request: HttpRequest, seminar: Meeting, write: Callable[[], Any]) -> HttpResponse:
    try:
        write()
    except BogetError as error:
        return render_seminar(request, seminar, error=error)
    return redirect(find_address(seminar, part="programme"))


def _find(seminar: Meeting, pk: int) -> AgendaItem:
    item = seminar.items.select_related("meeting__group").filter(pk=pk).first()
    if item is None:
        raise Http404
    return item


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def add_document(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Add a file to the seminar or to an item (``?item=``)."""
    wanted = request.GET.get("item", "")
    initial = {"level": 1, "item": wanted if wanted.isdecimal() and len(wanted) < 10 else None}
    level = group_access_of(request.user).level
    form = SeminarDocumentForm(request.POST or None, request.FILES or None, meeting=seminar, level=level, initial=initial)

    def write() -> HttpResponse:
        values = dict(form.cleaned_data)
        upload, item = values.pop("file"), values.pop("item")
        store_document(seminar, upload, values, by=request.user, item=item)
        return redirect(find_address(seminar, part="materials"))

    return answer(
        request, seminar, form, write=write, heading=_("New document"), action=_("Add the document"), has_file=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def remove_document(request: HttpRequest, seminar: Meeting, pk: int) -> HttpResponse:
    """Remove a file with a reason; its record stays."""
    document = seminar.documents.select_related("meeting").filter(pk=pk, removed_at=None).first()
    if document is None:
        raise Http404
    form = ReasonForm(request.POST or None, initial={"version": 0})

    def write() -> HttpResponse:
        take_away(document, by=request.user, reason=form.cleaned_data["reason"])
        return redirect(find_address(seminar, part="materials"))

    heading = _("Remove the document")
    note = _("The file “%(title)s” is deleted. What it was and who brought it stays in the log.") % {"title": document.title}
    return answer(request, seminar, form, write=write, heading=heading, action=heading, note=note, is_danger=True)
