"""The list of meetings, one meeting, and its way from planned to held."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.core.errors import choose_status, translate
from boget.portal.jobs import clock
from boget.portal.meetings.forms.meetings import MeetingChangeForm, MeetingForm, ReasonForm, describe_meeting
from boget.portal.meetings.models import Meeting, MeetingKind, MeetingState
from boget.portal.meetings.selectors import agenda, attendance, minutes
from boget.portal.meetings.selectors import meetings as selectors
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import meetings as services
from boget.portal.meetings.views.meeting_pages import (
    answer_form,
    build_trail,
    describe_page,
    for_readers,
    for_secretary,
    read_version,
    show_form,
)
from boget.science.errors import BogetError

WAY = (
    MeetingState.PLANNED, MeetingState.INVITED, MeetingState.ADOPTED, MeetingState.HELD, MeetingState.DRAFT,
    MeetingState.COMMENTS, MeetingState.FINAL, MeetingState.SIGNED, MeetingState.DISTRIBUTED,
)  # fmt: skip
CHIPS = {
    MeetingState.PLANNED: "neutral", MeetingState.INVITED: "info", MeetingState.ADOPTED: "info", MeetingState.HELD: "info",
    MeetingState.DRAFT: "info", MeetingState.COMMENTS: "warn", MeetingState.FINAL: "info", MeetingState.SIGNED: "ok",
    MeetingState.DISTRIBUTED: "ok", MeetingState.CANCELLED: "neutral",
}  # fmt: skip


@login_required
@never_cache
@require_GET
def list_meetings(request: HttpRequest) -> HttpResponse:
    """Meetings that the reader may see, the coming ones first."""
    access = group_access_of(request.user)
    rows = list(selectors.describe_meetings(request.user))
    if not access.is_member and not rows:
        raise Http404
    now = clock.read_now()
    waiting = [row for row in rows if row.starts_at > now - selectors.STILL_RUNNING and row.state not in selectors.OVER]
    context = {
        "coming": [(row, CHIPS[MeetingState(row.state)]) for row in reversed(waiting)],
        "past": [(row, CHIPS[MeetingState(row.state)]) for row in rows if row not in waiting],
        "can_manage": access.can_manage,
        "part": "meetings",
    }
    return render(request, "meetings/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def add_meeting(request: HttpRequest) -> HttpResponse:
    """Plan a meeting: the secretary."""
    if not group_access_of(request.user).can_manage:
        raise Http404
    initial = {
        "number": selectors.choose_number(MeetingKind.SESSION), "time_zone": request.user.time_zone, "mode": "hybrid",
        "languages": ["ru", "kk"], "minutes_language": "ru",
    }  # fmt: skip
    form = MeetingForm(request.POST or None, initial=initial)

    def write() -> HttpResponse:
        meeting = services.create_meeting(form.read_values(), by=request.user)
        return redirect("meetings:meeting", number=meeting.number)

    def show(**more: Any) -> HttpResponse:
        return show_form(
            request, None, form, heading=_("New meeting"), action=_("Plan the meeting"), keep="meeting-new", **more
        )

    return answer_form(request, form, write=write, show=show)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def edit_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Change time, place and the rest; those invited are told."""
    form = MeetingChangeForm(request.POST or None, initial=describe_meeting(meeting))

    def write() -> HttpResponse:
        cleaned = form.cleaned_data
        changed = services.change_meeting(
            meeting, form.read_values(), by=request.user, version=cleaned["version"], note=cleaned["note"]
        )
        return redirect("meetings:meeting", number=changed.number)

    def show(**more: Any) -> HttpResponse:
        keep = f"meeting-{meeting.pk}"
        return show_form(
            request, meeting, form, heading=_("Change the meeting"), action=_("Save the meeting"), keep=keep, **more
        )

    return answer_form(request, form, write=write, show=show)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def cancel_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Call the meeting off, with a reason that those invited read."""
    form = ReasonForm(request.POST or None, initial={"version": meeting.version})

    def write() -> HttpResponse:
        cleaned = form.cleaned_data
        services.cancel_meeting(meeting, by=request.user, version=cleaned["version"], reason=cleaned["reason"])
        return redirect("meetings:meeting", number=meeting.number)

    def show(**more: Any) -> HttpResponse:
        note = _("Everybody who was invited is told, and the meeting leaves their calendars.")
        return show_form(
            request,
            meeting,
            form,
            heading=_("Cancel the meeting"),
            action=_("Cancel the meeting"),
            note=note,
            is_danger=True,
            **more,
        )

    return answer_form(request, form, write=write, show=show)


@require_GET
@for_readers
def show_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """All of a meeting on one page."""
    return render_meeting(request, meeting)


def render_meeting(request: HttpRequest, meeting: Meeting, *, error: BogetError | None = None) -> HttpResponse:
    access = group_access_of(request.user)
    items = agenda.list_items(meeting)
    rows = attendance.list_attendance(meeting)
    documents = list(selectors.list_documents(request.user, meeting))
    briefings = agenda.brief_items(meeting, items, request.user) if access.is_member else {}
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting),
        "chip": CHIPS[MeetingState(meeting.state)],
        "way": describe_way(meeting),
        "next": choose_next(meeting, rows) if access.can_manage else None,
        "access": access,
        "lines": [(item, briefings.get(item.pk), [d for d in documents if d.item_id == item.pk]) for item in items],
        "planned_minutes": sum(item.minutes_planned or 0 for item in items),
        "bodies": attendance.group_by_body(rows) if access.is_member else [],
        "listed": len(rows),
        "answers": attendance.count_answers(rows),
        "quorum": attendance.count_quorum(meeting, rows),
        "is_over": meeting.state in selectors.OVER,
        "own": selectors.own_attendance(request.user, meeting),
        "can_answer": meeting.state in (MeetingState.INVITED, MeetingState.ADOPTED),
        "documents": [d for d in documents if d.item_id is None],
        "decisions": minutes.list_decisions(meeting) if selectors.may_read_minutes(request.user, meeting) else [],
        "may_read_minutes": selectors.may_read_minutes(request.user, meeting),
        "versions": minutes.list_readable_versions(request.user, meeting),
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/meeting.html", context, status=choose_status(error) if error else 200)


def describe_way(meeting: Meeting) -> list[tuple[Any, str]]:
    """The states in order with ``done``, ``now`` or ``ahead``."""
    if meeting.state == MeetingState.CANCELLED:
        return []
    place = WAY.index(MeetingState(meeting.state))
    words = ["done"] * place + ["now"] + ["ahead"] * (len(WAY) - place - 1)
    return [(state.label, word) for state, word in zip(WAY, words, strict=True)]


def choose_next(meeting: Meeting, rows: list[Any]) -> dict[str, Any] | None:
    """The secretary's next act: its words, and the address of a page or the step to post."""

    def page(name: str, label: str) -> dict[str, Any]:
        return {"label": label, "url": reverse(f"meetings:{name}", args=[meeting.number])}

    is_past = meeting.starts_at <= clock.read_now()
    if meeting.state in (MeetingState.PLANNED, MeetingState.INVITED) and not meeting.items.exists():
        return page("agenda", _("Prepare the agenda"))
    if meeting.state == MeetingState.PLANNED and not rows:
        return page("attendance", _("Choose the participants"))
    if meeting.state == MeetingState.ADOPTED and not any(row.is_present for row in rows):
        return page("attendance", _("Take attendance"))
    steps: dict[str, dict[str, Any]] = {
        MeetingState.PLANNED: {"label": _("Adopt the agenda"), "step": "adopt"}
        if is_past
        else page("invitations", _("Send the invitations")),
        MeetingState.INVITED: {"label": _("Adopt the agenda"), "step": "adopt"},
        MeetingState.ADOPTED: {"label": _("Mark as held"), "step": "hold"},
        MeetingState.HELD: page("minutes", _("Take minutes")),
        MeetingState.DRAFT: page("minutes-comments-open", _("Open for comments")),
        MeetingState.COMMENTS: page("minutes-final", _("Make the minutes final")),
        MeetingState.FINAL: page("minutes-sign", _("Enter the signatures")),
        MeetingState.SIGNED: page("minutes-distribute", _("Distribute the minutes")),
    }
    return steps.get(meeting.state)


@require_POST
@for_secretary
def take_step(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A step that needs no further words: adopt, hold, reopen."""
    steps = {"adopt": services.adopt_agenda, "hold": services.mark_held, "reopen": services.reopen_agenda}
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    try:
        step(meeting, by=request.user, version=read_version(request))
    except BogetError as error:
        meeting.refresh_from_db()
        return render_meeting(request, meeting, error=error)
    if request.POST["step"] == "hold":
        messages.success(request, _("The meeting is marked as held. Minutes can be taken."))
        return redirect("meetings:minutes", number=meeting.number)
    return redirect("meetings:meeting", number=meeting.number)
