"""Participants: the list, who came, one's own answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.core.errors import choose_status, translate
from boget.portal.meetings.forms.meetings import AnswerForm, ParticipantForm
from boget.portal.meetings.models import Attendance, Meeting
from boget.portal.meetings.selectors import attendance as selectors
from boget.portal.meetings.selectors.meetings import own_attendance
from boget.portal.meetings.services import attendance as services
from boget.portal.meetings.views.meeting_pages import (
    answer_form,
    build_trail,
    describe_page,
    for_readers,
    for_secretary,
    show_form,
)
from boget.science.errors import BogetError

MARKS = {"yes": True, "no": False, "": None}


@require_GET
@for_secretary
def show_attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The list with answers and marks of presence."""
    return _render(request, meeting)


def _render(request: HttpRequest, meeting: Meeting, *, error: BogetError | None = None) -> HttpResponse:
    rows = selectors.list_attendance(meeting)
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting, (_("Participants"), "")),
        "rows": rows,
        "answers": selectors.count_answers(rows),
        "quorum": selectors.count_quorum(meeting, rows),
        "is_open": meeting.state not in services.FROZEN,
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/attendance.html", context, status=choose_status(error) if error else 200)


@require_POST
@for_secretary
def mark_presence(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Save the marks of presence of the whole list."""
    marks: dict[int, bool | None] = {}
    for name, value in request.POST.items():
        prefix, _dash, number = name.partition("-")
        if prefix == "present" and number.isdecimal() and len(number) < 10 and value in MARKS:
            marks[int(number)] = MARKS[str(value)]
    try:
        services.mark_presence(meeting, marks, by=request.user)
    except BogetError as error:
        return _render(request, meeting, error=error)
    messages.success(request, _("Attendance saved."))
    return redirect("meetings:attendance", number=meeting.number)


@require_POST
@for_secretary
def take_over_members(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put the members of the group on the list."""
    try:
        added = services.take_over_members(meeting, by=request.user)
    except BogetError as error:
        return _render(request, meeting, error=error)
    messages.success(request, ngettext("%(count)s person added.", "%(count)s persons added.", added) % {"count": added})
    return redirect("meetings:attendance", number=meeting.number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def add_participant(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Invite somebody beside the members."""
    form = ParticipantForm(request.POST or None, day=meeting.day)

    def write() -> HttpResponse:
        services.add_participant(meeting, form.cleaned_data, by=request.user)
        return redirect("meetings:attendance", number=meeting.number)

    def show(**more: Any) -> HttpResponse:
        back = reverse("meetings:attendance", args=[meeting.number])
        return show_form(
            request, meeting, form, heading=_("New participant"), action=_("Add the participant"), back=back, **more
        )

    return answer_form(request, form, write=write, show=show)


@require_POST
@for_secretary
def remove_participant(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    row = _find(meeting, pk)
    try:
        services.remove_participant(row, by=request.user)
    except BogetError as error:
        return _render(request, meeting, error=error)
    return redirect("meetings:attendance", number=meeting.number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def note_answer(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Enter the answer of somebody who gave it by telephone or letter."""
    return _answer(request, meeting, _find(meeting, pk), back="meetings:attendance")


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def answer_invitation(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One's own answer to the invitation."""
    row = own_attendance(request.user, meeting)
    if row is None:
        raise Http404
    return _answer(request, meeting, row, back="meetings:meeting")


def _answer(request: HttpRequest, meeting: Meeting, row: Attendance, *, back: str) -> HttpResponse:
    form = AnswerForm(request.POST or None, initial={"answer": row.answer if row.answer != "none" else "yes"})

    def write() -> HttpResponse:
        cleaned = form.cleaned_data
        substitute = {name: cleaned[name] for name in ("name", "post", "email")}
        services.answer_invitation(row, cleaned["answer"], by=request.user, substitute=substitute)
        messages.success(request, _("The answer is saved."))
        return redirect(back, number=meeting.number)

    def show(**more: Any) -> HttpResponse:
        heading = _("Answer to the invitation") if row.user == request.user else _("Answer of: %(name)s") % {"name": row.name}
        url = reverse(back, args=[meeting.number])
        return show_form(request, meeting, form, heading=heading, action=_("Save the answer"), back=url, **more)

    return answer_form(request, form, write=write, show=show)


def _find(meeting: Meeting, pk: int) -> Attendance:
    row = meeting.attendance.select_related("meeting__group", "user").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
