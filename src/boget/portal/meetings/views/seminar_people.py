"""People of a seminar: registering, attendance, the quiz, certificates, the sheet to sign."""

from __future__ import annotations

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from qrcode.image.svg import SvgPathFillImage

from boget.portal.meetings.forms.seminars import GuestForm, QuizForm
from boget.portal.meetings.models import Meeting, QuizAnswer, Registration
from boget.portal.meetings.selectors import seminars as selectors
from boget.portal.meetings.selectors.certificates import TYPES, name_file, write_certificates
from boget.portal.meetings.services import seminars as services
from boget.portal.meetings.views.seminar_pages import (
    answer,
    build_trail,
    find_address,
    for_organiser,
    for_readers,
    render_seminar,
)
from boget.science.errors import BogetError

EMPTY_ROWS = range(12)
"""Lines on the sheet for people who come without having registered."""


@require_POST
@for_readers
def register(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Sign oneself up."""
    try:
        services.register(seminar, by=request.user)
    except BogetError as error:
        return render_seminar(request, seminar, error=error)
    messages.success(request, _("You are registered. The seminar is in your calendar feed."))
    return redirect("meetings:seminar", number=seminar.number)


@require_POST
@for_readers
def leave(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Take one's own registration back; without one nothing happens."""
    row = seminar.registrations.select_related("seminar__group").filter(user=request.user).first()
    return _cancel(request, seminar, row, said=_("Your registration is cancelled."))


@require_POST
@for_organiser
def remove_participant(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Cancel somebody's registration."""
    pk = request.POST.get("participant", "")
    rows = seminar.registrations.select_related("seminar__group")
    row = rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 10 else None
    if row is None:
        raise Http404
    return _cancel(request, seminar, row, said=_("Registration cancelled: %(name)s") % {"name": row.name}, part="participants")


def _cancel(
    request: HttpRequest, seminar: Meeting, row: Registration | None, *, said: str, part: str = ""
) -> HttpResponse:
    try:
        if row is not None:
            services.cancel_registration(row, by=request.user)
            messages.success(request, said)
    except BogetError as error:
        return render_seminar(request, seminar, error=error)
    return redirect(find_address(seminar, part=part))


@require_POST
@for_organiser
def take_attendance(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Save the ticks that differ from what the page showed: what somebody else ticked meanwhile stays."""
    marks: dict[int, bool | None] = {}
    for name in request.POST:
        prefix, _dash, pk = name.partition("-")
        if prefix == "was" and pk.isdecimal() and len(pk) < 10:
            is_ticked, was_ticked = f"present-{pk}" in request.POST, request.POST[name] == "1"
            if is_ticked != was_ticked:
                marks[int(pk)] = is_ticked
    try:
        changed = services.take_attendance(seminar, marks, by=request.user)
    except BogetError as error:
        return render_seminar(request, seminar, error=error)
    said = ngettext("Attendance saved: %(count)s mark changed.", "Attendance saved: %(count)s marks changed.", changed)
    messages.success(request, said % {"count": changed})
    return redirect(find_address(seminar, part="participants"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def add_guest(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Put somebody without an account on the list."""
    form = GuestForm(request.POST or None)

    def write() -> HttpResponse:
        services.add_guest(seminar, **form.cleaned_data, by=request.user)
        return redirect(find_address(seminar, part="participants"))

    return answer(request, seminar, form, write=write, heading=_("New participant"), action=_("Add the participant"))


@require_GET
@for_organiser
def show_certificates(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Those who were there, as a page to print; ``?f=csv`` and ``?f=xlsx`` as a file."""
    wanted = request.GET.get("f", "")
    if wanted in TYPES:
        file = HttpResponse(write_certificates(seminar, wanted), content_type=TYPES[wanted])
        file.headers["Content-Disposition"] = f'attachment; filename="{name_file(seminar, wanted)}"'
        return file
    context = {
        "seminar": seminar,
        "rows": selectors.list_certificates(seminar),
        "has_quiz": seminar.questions.exists(),
        "trail": build_trail(seminar, (_("Certificates"), "")),
        "part": "seminars",
    }
    return render(request, "meetings/seminar_certificates.html", context)


@require_GET
@for_organiser
def show_sheet(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """The list to sign at the door, with a code that leads to the registration."""
    people = [row.registration for row in selectors.list_participants(seminar) if not row.registration.is_cancelled]
    context = {
        "seminar": seminar,
        "people": people,
        "empty_rows": [len(people) + number + 1 for number in EMPTY_ROWS],
        "code_svg": _draw_code(f"{settings.BOGET_ADDRESS}{find_address(seminar)}"),
        "trail": build_trail(seminar, (_("Sign-in sheet"), "")),
        "part": "seminars",
    }
    return render(request, "meetings/seminar_sheet.html", context)


def _draw_code(address: str) -> str:
    """The QR code of an address as an <svg> element."""
    return qrcode.make(address, image_factory=SvgPathFillImage, box_size=14).to_string(encoding="unicode")


# --- the quiz ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_organiser
def edit_quiz(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """The questions as one text."""
    stored = {"text": services.write_questions(list(seminar.questions.all())), "version": seminar.version}
    form = QuizForm(request.POST or None, initial=stored)
    has_answers = QuizAnswer.objects.filter(registration__seminar=seminar).exists()

    def write() -> HttpResponse:
        count = services.set_quiz(seminar, form.cleaned_data["text"], by=request.user, version=form.cleaned_data["version"])
        messages.success(request, ngettext("%(count)s question saved.", "%(count)s questions saved.", count) % {"count": count})
        return redirect(find_address(seminar, part="quiz"))

    return answer(
        request,
        seminar,
        form,
        write=write,
        heading=_("Quiz"),
        action=_("Save the questions"),
        keep=f"quiz-{seminar.pk}",
        template="meetings/seminar_quiz_form.html",
        has_answers=has_answers,
    )


@require_POST
@for_readers
def answer_quiz(request: HttpRequest, seminar: Meeting) -> HttpResponse:
    """Count one's answers; what was chosen stays in the form where something is missing."""
    row = seminar.registrations.select_related("seminar__group").filter(user=request.user, is_cancelled=False).first()
    if row is None:
        raise Http404
    chosen: dict[int, int] = {}
    for name, value in request.POST.items():
        prefix, _dash, pk = name.partition("-")
        if prefix == "question" and pk.isdecimal() and len(pk) < 10 and str(value).isdecimal() and len(str(value)) < 4:
            chosen[int(pk)] = int(str(value))
    try:
        services.answer_quiz(row, chosen, by=request.user)
    except BogetError as error:
        return render_seminar(request, seminar, error=error, chosen=chosen)
    return redirect(find_address(seminar, part="quiz"))
