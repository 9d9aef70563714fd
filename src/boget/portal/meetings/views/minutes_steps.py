"""The way of the minutes by pages: close, comments, final, signatures, distribution, correction; the frozen versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.accounts.selectors import today
from boget.portal.core.formatting import LANGUAGES, current_language
from boget.portal.meetings.forms.meetings import ReasonForm, VersionForm
from boget.portal.meetings.forms.minutes import CommentForm, CommentsForm, FinalForm, SignForm
from boget.portal.meetings.models import GroupRole, Meeting, MinutesVersion
from boget.portal.meetings.selectors.attendance import list_attendance
from boget.portal.meetings.selectors.meetings import may_read_minutes
from boget.portal.meetings.selectors.minutes import find_last_signed, list_readable_versions
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import minutes_steps as services
from boget.portal.meetings.services.minutes_content import build_content
from boget.portal.meetings.services.minutes_docx import MEDIA_TYPE as DOCX
from boget.portal.meetings.services.minutes_docx import write_docx
from boget.portal.meetings.services.minutes_paper import Paper, lay_out, lay_out_version
from boget.portal.meetings.services.minutes_pdf import MEDIA_TYPE as PDF
from boget.portal.meetings.services.minutes_pdf import write_pdf
from boget.portal.meetings.views.meeting_pages import (
    answer_form,
    build_trail,
    describe_page,
    for_readers,
    for_secretary,
    read_version,
    show_form,
)
from boget.portal.meetings.views.minutes import render_minutes
from boget.science.errors import BogetError

FORMATS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {"docx": (DOCX, write_docx), "pdf": (PDF, write_pdf)}
USUAL_DAYS = 7


@require_POST
@for_secretary
def close_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The meeting is over: the draft of the minutes is there."""
    try:
        version = services.close_meeting(meeting, by=request.user, version=read_version(request))
    except BogetError as error:
        meeting.refresh_from_db()
        return render_minutes(request, meeting, error=error)
    messages.success(request, _("The meeting is closed. The draft minutes are ready in Word and PDF."))
    return redirect("meetings:minutes-version", number=meeting.number, place=version.number)


def _show_step(
    request: HttpRequest, meeting: Meeting, form: Form, write: Callable[[], Any], *, heading: str, action: str, **more: Any
) -> HttpResponse:
    """The page of one step; after it the meeting."""
    back = reverse("meetings:meeting", args=[meeting.number])

    def save() -> HttpResponse:
        write()
        return redirect(back)

    def show(**refused: Any) -> HttpResponse:
        return show_form(request, meeting, form, heading=heading, action=action, **more, **refused)

    return answer_form(request, form, write=save, show=show)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def open_comments(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Send the draft round with the day until which comments are taken."""
    initial = {"version": meeting.version, "until": meeting.comments_due or today() + dt.timedelta(days=USUAL_DAYS)}
    form = CommentsForm(request.POST or None, initial=initial)

    def write() -> None:
        cleaned = form.cleaned_data
        services.open_comments(meeting, until=cleaned["until"], by=request.user, version=cleaned["version"])
        messages.success(request, _("The draft is open for comments. Members and participants are told."))

    note = _("The members of the group and all participants with an account are told.")
    return _show_step(
        request, meeting, form, write, heading=_("Open the draft for comments"), action=_("Open for comments"), note=note
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def finalise_minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The end of the comments."""
    form = FinalForm(request.POST or None, initial={"version": meeting.version})

    def write() -> None:
        cleaned = form.cleaned_data
        services.finalise_minutes(meeting, by=request.user, version=cleaned["version"], reason=cleaned["reason"])
        messages.success(request, _("The minutes are final. Print them for signature."))

    note = _("After this the text is changed no more; before the signature the draft can be opened again with a reason.")
    return _show_step(
        request, meeting, form, write, heading=_("Make the minutes final"), action=_("Make the minutes final"), note=note
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def reopen_draft(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Back from final to draft."""
    form = ReasonForm(request.POST or None, initial={"version": meeting.version})

    def write() -> None:
        cleaned = form.cleaned_data
        services.reopen_draft(meeting, by=request.user, version=cleaned["version"], reason=cleaned["reason"])

    heading = _("Open the draft again")
    return _show_step(request, meeting, form, write, heading=heading, action=heading)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def sign_minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Who signed the paper and when."""
    form = SignForm(
        request.POST or None, meeting=meeting, initial={"version": meeting.version, "day": today(), **_name_officers(meeting)}
    )

    def write() -> None:
        cleaned = form.cleaned_data
        services.sign_minutes(
            meeting,
            chair=cleaned["chair"],
            secretary=cleaned["secretary"],
            day=cleaned["day"],
            scan=cleaned["scan"],
            by=request.user,
            version=cleaned["version"],
        )
        messages.success(request, _("The minutes are signed. From now on they are not changed."))

    note = _("Signed minutes are never changed. A correction is a new version with its reason.")
    return _show_step(
        request, meeting, form, write, heading=_("Enter the signatures"), action=_("Enter the signatures"), note=note
    )


def _name_officers(meeting: Meeting) -> dict[str, str]:
    rows = [row for row in list_attendance(meeting) if row.person is not None and row.is_present]
    names = {}
    for field, roles in (("chair", (GroupRole.CHAIR, GroupRole.DEPUTY)), ("secretary", (GroupRole.SECRETARY,))):
        found = sorted((row for row in rows if row.person.role in roles), key=lambda row: roles.index(row.person.role))
        names[field] = found[0].name if found else ""
    return names


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def distribute_minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Tell everybody that the signed minutes are there."""
    form = VersionForm(request.POST or None, initial={"version": meeting.version})

    def write() -> None:
        count = services.distribute_minutes(meeting, by=request.user, version=form.cleaned_data["version"])
        messages.success(request, ngettext("%(count)s person told.", "%(count)s persons told.", count) % {"count": count})

    note = _("Members of the group and all participants with an account are told that the signed minutes are there.")
    heading = _("Distribute the minutes")
    return _show_step(request, meeting, form, write, heading=heading, action=heading, note=note)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def correct_minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Open a correction of signed minutes."""
    form = ReasonForm(request.POST or None, initial={"version": meeting.version})

    def write() -> None:
        cleaned = form.cleaned_data
        services.correct_minutes(meeting, reason=cleaned["reason"], by=request.user, version=cleaned["version"])

    note = _("The signed version stays as it is. The corrected one is a new version that carries the reason.")
    heading = _("Correct the signed minutes")
    return _show_step(request, meeting, form, write, heading=heading, action=_("Open a correction"), note=note)


# --- comments ------------------------------------------------------------------------------------------------------------


@require_POST
@for_readers
def add_comment(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A comment of a member on the draft."""
    if not group_access_of(request.user).is_member:
        raise Http404
    form = CommentForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return render_minutes(request, meeting, comment_form=form)
    try:
        services.add_comment(meeting, form.cleaned_data["text"], item=form.cleaned_data["item"], by=request.user)
    except BogetError as error:
        return render_minutes(request, meeting, comment_form=form, error=error)
    messages.success(request, _("The comment is saved."))
    return redirect(f"{reverse('meetings:minutes', args=[meeting.number])}#comments")


@require_POST
@for_secretary
def answer_comment(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Take a comment over, or say why not."""
    comment = meeting.comments.select_related("meeting__group").filter(pk=pk).first()
    if comment is None:
        raise Http404
    is_accepted = request.POST.get("take") == "yes"
    try:
        services.answer_comment(comment, is_accepted=is_accepted, answer=request.POST.get("answer", ""), by=request.user)
    except BogetError as error:
        return render_minutes(request, meeting, error=error)
    return redirect(f"{reverse('meetings:minutes', args=[meeting.number])}#comments")


# --- papers --------------------------------------------------------------------------------------------------------------


@require_GET
@for_readers
def show_version(request: HttpRequest, meeting: Meeting, place: int) -> HttpResponse:
    """A frozen version to read; ``?f=docx`` and ``?f=pdf`` as a file, ``?in=kk`` in a language."""
    versions = list_readable_versions(request.user, meeting) if may_read_minutes(request.user, meeting) else []
    version = next((row for row in versions if row.number == place), None)
    if version is None:
        raise Http404
    language = _choose_language(request)
    paper = lay_out_version(version, language)
    if request.GET.get("f"):
        return _send_paper(request, paper, f"minutes-{meeting.number}-v{version.number}-{language}")
    return _render_paper(request, meeting, paper, version=version)


@require_GET
@for_readers
def show_paper(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The paper as the minutes stand now, not frozen: members."""
    if not group_access_of(request.user).is_member:
        raise Http404
    language = _choose_language(request)
    paper = lay_out(build_content(meeting), language)
    if request.GET.get("f"):
        return _send_paper(request, paper, f"minutes-{meeting.number}-{language}")
    return _render_paper(request, meeting, paper)


def _render_paper(
    request: HttpRequest, meeting: Meeting, paper: Paper, *, version: MinutesVersion | None = None
) -> HttpResponse:
    heading = _("Minutes, version %(number)s") % {"number": version.number} if version else _("Minutes as they stand")
    context = {
        **describe_page(meeting),
        "trail": build_trail(
            meeting, (pgettext("of a meeting", "Minutes"), reverse("meetings:minutes", args=[meeting.number])), (heading, "")
        ),
        "heading": heading,
        "paper": paper,
        "frozen": version,
        "signed": find_last_signed(meeting),
        "paper_languages": [(code, code == paper.language) for code in LANGUAGES],
        "can_manage": group_access_of(request.user).can_manage,
    }
    return render(request, "meetings/minutes_paper.html", context)


def _choose_language(request: HttpRequest) -> str:
    wanted = request.GET.get("in", "")
    return wanted if wanted in LANGUAGES else current_language()


def _send_paper(request: HttpRequest, paper: Paper, name: str) -> HttpResponse:
    wanted = request.GET["f"]
    if wanted not in FORMATS:
        raise Http404
    media_type, write = FORMATS[wanted]
    answer = HttpResponse(write(paper), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
    return answer
