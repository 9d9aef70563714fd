"""Files of a meeting: adding, sending, taking away."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from boget.portal.meetings.forms.meetings import DocumentForm, ReasonForm
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.selectors.meetings import find_document
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services.documents import remove_document, store_document
from boget.portal.meetings.views.meeting_pages import answer_form, for_secretary, show_form

SANDBOX = "sandbox; default-src 'none'; style-src 'none'; script-src 'none'"


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def add_document(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Add a file to the meeting or to an item (``?item=``)."""
    level = group_access_of(request.user).level
    initial = {"item": request.GET.get("item") if request.GET.get("item", "").isdecimal() else None}
    form = DocumentForm(
        request.POST or None, request.FILES or None, meeting=meeting, level=level, initial={**initial, "level": 1}
    )

    def write() -> HttpResponse:
        values = dict(form.cleaned_data)
        upload, item = values.pop("file"), values.pop("item")
        store_document(meeting, upload, values, by=request.user, item=item)
        return redirect("meetings:meeting", number=meeting.number)

    def show(**more: Any) -> HttpResponse:
        return show_form(request, meeting, form, heading=_("New document"), action=_("Add the document"), has_file=True, **more)

    return answer_form(request, form, write=write, show=show)


@require_GET
@login_required
@never_cache
def send_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself: always as an attachment, never opened inside the portal."""
    document = find_document(request.user, pk)
    if document is None or not default_storage.exists(document.path):
        raise Http404
    stream = default_storage.open(document.path)
    answer = FileResponse(stream, as_attachment=True, filename=document.file_name, content_type=document.kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def take_away_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file with a reason; its record stays."""
    document = find_document(request.user, pk) if group_access_of(request.user).can_manage else None
    if document is None:
        raise Http404
    form = ReasonForm(request.POST or None, initial={"version": 0})

    def write() -> HttpResponse:
        remove_document(document, by=request.user, reason=form.cleaned_data["reason"])
        return redirect("meetings:meeting", number=document.meeting.number)

    def show(**more: Any) -> HttpResponse:
        note = _("The file “%(title)s” is deleted. What it was and who brought it stays in the log.") % {
            "title": document.title
        }
        heading = _("Remove the document")
        return show_form(request, document.meeting, form, heading=heading, action=heading, note=note, is_danger=True, **more)

    return answer_form(request, form, write=write, show=show)
