"""The list of seminars, one seminar, its plan."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.accounts.selectors import access_of
from boget.portal.meetings.forms.meetings import ReasonForm, describe_meeting
from boget.portal.meetings.forms.seminars import SeminarChangeForm, SeminarForm
from boget.portal.meetings.models import Meeting, MeetingKind, MeetingMode
from boget.portal.meetings.selectors import seminars as selectors
from boget.portal.meetings.selectors.ical import write_event
from boget.portal.meetings.selectors.meetings import choose_number
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import seminars as services
from boget.portal.meetings.services.meetings import create_meeting
from boget.portal.meetings.views.invitations import CALENDAR_TYPE
from boget.portal.meetings.views.meeting_pages import read_version
from boget.portal.meetings.views.seminar_pages import answer, for_organiser, for_readers, render_seminar
from boget.science.errors import BogetError


@require_GET
@login_required
@never_cache
def list_seminars(request: HttpRequest) -> HttpResponse:
    """Seminars with the numbers of those registered and present; open to everybody with a role."""
    if not access_of(request.user).roles:
        raise Http404
    seminars = list(selectors.list_seminars(request.user))
    coming = [row for row in seminars if row.state in selectors.COMING and not selectors.is_past(row)]
    context = {
        "coming": [_describe(row) for row in reversed(coming)],
        "past": [_describe(row) for row in seminars if row not in coming],
        "can_manage": group_access_of(request.user).can_manage,
        "part": "seminars",
    }
    return render(request, "meetings/seminars.html", context)


def _describe(seminar: Meeting) -> tuple[Meeting, str, str]:
    return seminar, selectors.choose_chip(seminar), selectors.name_state(seminar.state)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def add_seminar(request: HttpRequest) -> HttpResponse:
    """Plan a seminar: the secretary."""
    if not group_access_of(request.user).can_manage:
        raise Http404
    initial = {
        "number": choose_number(MeetingKind.SEMINAR), "time_zone": request.user.time_zone, "mode": MeetingMode.HYBRID,
        "languages": ["ru", "kk"],
    }  # fmt: skip
    form = SeminarForm(request.POST or None, initial=initial)

    def write() -> HttpResponse:
        seminar = create_meeting(form.read_values(), by=request.user, kind=MeetingKind.SEMINAR)
        return redirect("meetings:seminar", number=seminar.number)

    return answer(request, None, form, write=write, heading=_("New seminar"), action=_("Plan the seminar"), keep="seminar-new")


@require_GET
@for_readers
def show_seminar(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """All of a seminar on one page."""
    return render_seminar(request, seminar)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def edit_seminar(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Change time, place and the rest; those registered are told."""
    form = SeminarChangeForm(request.POST or None, initial=describe_meeting(seminar))

    def write() -> HttpResponse:
        version, note = form.cleaned_data["version"], form.cleaned_data["note"]
        changed = services.change_seminar(seminar, form.read_values(), by=request.user, version=version, note=note)
        return redirect("meetings:seminar", number=changed.number)

    return answer(
        request,
        seminar,
        form,
        write=write,
        heading=_("Change the seminar"),
        action=_("Save the seminar"),
        keep=f"seminar-{seminar.pk}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def cancel_seminar(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Call the seminar off, with a reason that those registered read."""
    form = ReasonForm(request.POST or None, initial={"version": seminar.version})

    def write() -> HttpResponse:
        cleaned = form.cleaned_data
        services.cancel_seminar(seminar, by=request.user, version=cleaned["version"], reason=cleaned["reason"])
        return redirect("meetings:seminar", number=seminar.number)

    heading = _("Cancel the seminar")
    note = _("Everybody who is registered is told, and the seminar leaves their calendars.")
    return answer(request, seminar, form, write=write, heading=heading, action=heading, note=note, is_danger=True)


@require_POST
@for_organiser
def mark_held(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """The seminar took place."""
    try:
        services.mark_held(seminar, by=request.user, version=read_version(request))
    except BogetError as error:
        return render_seminar(request, seminar, error=error)
    messages.success(request, _("The seminar is marked as held. The list of certificates is ready."))
    return redirect("meetings:seminar", number=seminar.number)


@require_GET
@for_readers
def download_event(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """The seminar as a calendar file."""
    file = HttpResponse(write_event(seminar), content_type=CALENDAR_TYPE)
    file.headers["Content-Disposition"] = f'attachment; filename="{seminar.code}.ics"'
    return file
