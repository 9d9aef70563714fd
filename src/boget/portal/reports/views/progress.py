"""Progress reports: the list, the builder, what a released one says, its files, the templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.accounts.models import LANGUAGE_NAMES
from boget.portal.accounts.selectors import today
from boget.portal.core.errors import choose_status, translate
from boget.portal.core.levels import Level
from boget.portal.jobs.selectors import find_job
from boget.portal.reports.forms import NewReportForm, TemplateForm
from boget.portal.reports.models import ProgressReport, ReportState, ReportTemplate
from boget.portal.reports.progress import selectors, services
from boget.portal.reports.progress.deck import build_deck
from boget.portal.reports.progress.parts import list_parts
from boget.science.errors import BogetError

LANGUAGE_WORDS = dict(LANGUAGE_NAMES)
FORM_WORDS = {"pptx": "PPTX", "pdf": "PDF", "docx": "DOCX", "xlsx": "XLSX"}


def for_makers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who makes reports finds these pages; strangers are asked to sign in."""

    @login_required
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_make_reports(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
def list_reports(request: HttpRequest) -> HttpResponse:
    """Reports that the reader may see, the newest first."""
    rows = selectors.reports_visible_to(request.user)
    context = {
        "rows": [(report, selectors.list_languages(report)) for report in rows],
        "can_make": selectors.may_make_reports(request.user),
        "forms": FORM_WORDS,
    }
    return render(request, "reports/reports.html", context)


@for_makers
@require_http_methods(["GET", "POST"])
def start_report(request: HttpRequest) -> HttpResponse:
    """The form of a new report, filled in; sending it opens the builder."""
    language = (get_language() or "ru")[:2]
    proposed = selectors.propose_period(today())
    form = NewReportForm(request.POST or None, proposed=proposed, language=language)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            report = services.start_report(**{**given, "level": Level(given["level"])}, by=request.user)
        except BogetError as error:
            form.add_error(None, translate(error))
        else:
            return redirect("reports:report", report.code)
    status = 422 if form.errors else 200
    trail = [(_("Reports"), reverse("reports:reports")), (_("New report"), "")]
    return render(request, "reports/report_new.html", {"form": form, "trail": trail}, status=status)


@never_cache
@require_GET
def show_report(request: HttpRequest, code: str) -> HttpResponse:
    """A draft in the builder, a released report to read; ``?f=pptx&lang=ru`` the file."""
    report = _find(request, code)
    language = _choose_language(request, report)
    if form := request.GET.get("f", ""):
        return _send_file(request, report, form, language)
    if report.state == ReportState.DRAFT:
        return _show_builder(request, report, language)
    context = selectors.read_report(report, request.user, language)
    parts = [(part, selectors.list_numbers(context, part.code)) for part in list_parts(context, report.choices)]
    page = {**_describe(report, language), "parts": parts, "context": context}
    return render(request, "reports/report.html", page)


def _find(request: HttpRequest, code: str) -> ProgressReport:
    report: ProgressReport | None = selectors.reports_visible_to(request.user).filter(code=code).first()
    if report is None:
        raise Http404
    return report


def _choose_language(request: HttpRequest, report: ProgressReport) -> str:
    """The language of the report that is asked for, else the reader's if the report has it, else its first."""
    languages = selectors.list_languages(report)
    wanted = request.GET.get("in") or request.POST.get("in") or (get_language() or "ru")[:2]
    return wanted if wanted in languages else languages[0]


def _describe(report: ProgressReport, language: str) -> dict[str, Any]:
    return {
        "report": report,
        "language": language,
        "report_languages": [(code, LANGUAGE_WORDS[code]) for code in selectors.list_languages(report)],
        "forms": FORM_WORDS,
        "is_large": selectors.is_large(report),
        "trail": [(_("Reports"), reverse("reports:reports")), (report.code, "")],
    }


def _show_builder(
    request: HttpRequest, report: ProgressReport, language: str, *, status: int = 200, error: str = ""
) -> HttpResponse:
    context = selectors.read_report(report, request.user, language)
    hidden = set(report.choices.get("hidden", ()))
    parts = list_parts(context, {**report.choices, "hidden": []})
    deck = build_deck(context, report.choices)
    pages: dict[str, list[int]] = {}
    for number, slide in enumerate(deck.slides, start=1):
        pages.setdefault(slide.part, []).append(number)
    page = {
        **_describe(report, language),
        "rows": [
            (part, part.code not in hidden, _say_pages(pages.get(part.code, [])), selectors.list_numbers(context, part.code))
            for part in parts
        ],
        "hints": selectors.list_hints(report, context, request.user),
        "slides": len(deck.slides),
        "context": context,
        "error": error,
    }
    return render(request, "reports/report_builder.html", page, status=status)


def _say_pages(numbers: list[int]) -> str:
    if not numbers:
        return ""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


# --- files ---------------------------------------------------------------------------------------------------------


def _send_file(request: HttpRequest, report: ProgressReport, form: str, language: str) -> HttpResponse:
    if form not in services.FORMS:
        raise Http404
    if selectors.is_large(report):
        messages.info(request, _("The report is large: ask for the file here, it is made in the background."))
        return redirect("reports:report", report.code)
    return _attach(services.make_file(report, form=form, language=language, by=request.user), report, form, language)


def _attach(content: bytes, report: ProgressReport, form: str, language: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=services.MIME[form])
    mark = "" if report.state == ReportState.RELEASED else "-draft"
    answer["Content-Disposition"] = f'attachment; filename="boget-progress-{report.code}-{language}{mark}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@never_cache
@require_POST
def make_file(request: HttpRequest, code: str) -> HttpResponse:
    """The file of a report: at once, or by a job where the report is large."""
    report = _find(request, code)
    language, form = _choose_language(request, report), request.POST.get("form", "")
    if form not in services.FORMS:
        raise Http404
    if selectors.is_large(report):
        job = services.request_file(report, form=form, language=language, by=request.user)
        return redirect("jobs:job", job.public_id)
    return _attach(services.make_file(report, form=form, language=language, by=request.user), report, form, language)


@login_required
@never_cache
@require_GET
def send_made_file(request: HttpRequest, job_id: str) -> HttpResponse:
    """The file that a job made, for whoever asked for it and still may read the report."""
    job = find_job(request.user, job_id)
    if job is None or job.kind != services.JOB or job.requested_by != request.user.code or "path" not in job.result:
        raise Http404
    report = _find(request, str(job.payload["code"]))
    if report.state == ReportState.RELEASED and job.payload["version"] != report.version:
        raise Http404  # made of the draft: it may say something else than what was released
    if not default_storage.exists(job.result["path"]):
        raise Http404
    with default_storage.open(job.result["path"]) as stream:
        return _attach(stream.read(), report, job.payload["form"], job.payload["language"])


# --- what the secretary does ---------------------------------------------------------------------------------------


@for_makers
@require_POST
def save_report(request: HttpRequest, code: str) -> HttpResponse:
    """Keep ticks, order and texts; a press on up or down moves a part as well."""
    report = _find(request, code)
    language = _choose_language(request, report)
    order = _move(request.POST.getlist("order"), request.POST.get("move", ""))
    shown = set(request.POST.getlist("shown"))
    texts = {name.removeprefix("text:"): value for name, value in request.POST.items() if name.startswith("text:")}
    try:
        services.save_choices(
            report,
            hidden=[part for part in order if part not in shown],
            order=order,
            texts=texts,
            language=language,
            version=_read_version(request),
            by=request.user,
        )
    except BogetError as error:
        return _show_builder(request, report, language, status=choose_status(error), error=translate(error))
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('reports:report', args=[code])}?in={language}#parts")


def _move(order: list[str], move: str) -> list[str]:
    """The order with one part a step up or down: ``up:plan``."""
    direction, _sep, part = move.partition(":")
    if part not in order or direction not in {"up", "down"}:
        return order
    place = order.index(part)
    other = min(max(place + (-1 if direction == "up" else 1), 0), len(order) - 1)
    order[place], order[other] = order[other], order[place]
    return order


def _read_version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@for_makers
@require_http_methods(["GET", "POST"])
def release_report(request: HttpRequest, code: str) -> HttpResponse:
    """The facts again, and a tick: a released report never changes."""
    report = _find(request, code)
    if request.method == "POST" and request.POST.get("confirmed"):
        services.release_report(report, version=_read_version(request), by=request.user)
        messages.success(request, _("Report %(code)s is released.") % {"code": code})
        return redirect("reports:report", code)
    if report.state == ReportState.RELEASED:
        return redirect("reports:report", code)
    page = {**_describe(report, selectors.list_languages(report)[0]), "is_unticked": request.method == "POST"}
    back = reverse("reports:report", args=[code])
    page["trail"] = [(_("Reports"), reverse("reports:reports")), (code, back), (_("Release"), "")]
    return render(request, "reports/report_release.html", page, status=422 if request.method == "POST" else 200)


@for_makers
@require_POST
def delete_report(request: HttpRequest, code: str) -> HttpResponse:
    services.delete_draft(_find(request, code), version=_read_version(request), by=request.user)
    messages.success(request, _("Draft %(code)s is deleted.") % {"code": code})
    return redirect("reports:reports")


@for_makers
@require_http_methods(["GET", "POST"])
def show_templates(request: HttpRequest) -> HttpResponse:
    """Templates of the body's own: put one in, use another one, use none."""
    if request.method == "POST" and "kind" in request.POST:
        return _choose_template(request)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        kind = file.name.rsplit(".", 1)[-1].lower()
        try:
            services.put_template(file.read(), name=file.name, kind=kind, by=request.user)
        except BogetError as error:
            form.add_error("file", translate(error))
        else:
            messages.success(request, _("The template is in use."))
            return redirect("reports:templates")
    trail = [(_("Reports"), reverse("reports:reports")), (_("Templates"), "")]
    page = {"form": form, "templates": ReportTemplate.objects.select_related("uploaded_by"), "trail": trail}
    return render(request, "reports/templates.html", page, status=422 if form.errors else 200)


def _choose_template(request: HttpRequest) -> HttpResponse:
    kind, wanted = request.POST.get("kind", ""), request.POST.get("use", "")
    if kind not in services.TEMPLATE_KINDS:
        raise Http404
    is_number = wanted.isdecimal() and len(wanted) < 10
    template = ReportTemplate.objects.filter(kind=kind, pk=int(wanted)).first() if is_number else None
    if wanted and template is None:
        raise Http404
    services.choose_template(template, kind=kind, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("reports:templates")
