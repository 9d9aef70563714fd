"""Invitations: sending, the paper to print, the calendar file, and people's calendar addresses."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.accounts.selectors import access_of
from boget.portal.core.errors import choose_status, translate
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.selectors.agenda import list_items
from boget.portal.meetings.selectors.attendance import list_attendance
from boget.portal.meetings.selectors.ical import write_event, write_feed
from boget.portal.meetings.selectors.meetings import list_calendar, list_feeds
from boget.portal.meetings.services import calendar
from boget.portal.meetings.services.invitations import send_invitations
from boget.portal.meetings.views.meeting_pages import build_trail, describe_page, for_readers, for_secretary, read_version
from boget.portal.notifications.selectors import is_mail_configured
from boget.science.errors import BogetError

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def invite(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Who gets an invitation and how; on POST they are sent."""
    error: BogetError | None = None
    if request.method == "POST":
        try:
            count = send_invitations(meeting, by=request.user, version=read_version(request))
            messages.success(
                request, ngettext("%(count)s person invited.", "%(count)s persons invited.", count) % {"count": count}
            )
            return redirect("meetings:meeting", number=meeting.number)
        except BogetError as met:
            error = met
            meeting.refresh_from_db()
    rows = list_attendance(meeting)
    waiting = [row for row in rows if row.invited_at is None]
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting, (_("Invitations"), "")),
        "rows": rows,
        "waiting": waiting,
        "on_paper": [row for row in rows if row.user is None],
        "items": list_items(meeting),
        "is_mail_configured": is_mail_configured(),
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/invitations.html", context, status=choose_status(error) if error else 200)


@require_GET
@for_secretary
def show_paper(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Invitations to print, one page for each person; ``?for=paper`` only for those who get none by the system."""
    rows = list_attendance(meeting)
    if request.GET.get("for") == "paper":
        rows = [row for row in rows if row.user is None]
    context = {**describe_page(meeting), "trail": build_trail(meeting, (_("Printed invitations"), "")), "rows": rows}
    context["items"] = list_items(meeting)
    return render(request, "meetings/invitation_paper.html", context)


@require_GET
@for_readers
def download_event(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The meeting as a calendar file."""
    answer = HttpResponse(write_event(meeting), content_type=CALENDAR_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting.code}.ics"'
    return answer


# --- calendar addresses --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show_calendar(request: HttpRequest) -> HttpResponse:
    """One's own calendar addresses; a new one is shown this one time."""
    if not access_of(request.user).roles:
        raise Http404
    address, error = "", None
    if request.method == "POST":
        try:
            _feed, token = calendar.make_feed(request.user)
            address = f"{settings.BOGET_ADDRESS}{reverse('meetings:feed', args=[token])}"
        except BogetError as met:
            error = met
    context = {
        "feeds": list_feeds(request.user),
        "address": address,
        "trail": build_trail(None, (_("Calendar"), "")),
        "part": "meetings",
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/calendar.html", context, status=choose_status(error) if error else 200)


@require_POST
@login_required
def revoke_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop one of one's own addresses."""
    if not calendar.revoke_feed(request.user, pk):
        raise Http404
    messages.success(request, _("The address no longer works."))
    return redirect("meetings:calendar")


@require_GET
@never_cache
def read_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the owner of the address: what that person may see today."""
    user = calendar.open_feed(token)
    if user is None:
        raise Http404
    with override(user.language):
        return HttpResponse(write_feed(list_calendar(user).prefetch_related("items")), content_type=CALENDAR_TYPE)
