"""Reports are made, kept, released; templates are put in. A released report never changes: the next one has the next number."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import today
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.core.services import Entry, append_revision
from boget.portal.jobs.running import JobContext
from boget.portal.jobs.services import request_job
from boget.portal.meetings.models import WorkPlan
from boget.portal.registry.checks import check_text
from boget.portal.registry.services.snapshots import make_snapshot
from boget.portal.reports.models import ProgressReport, ReportState, ReportTemplate
from boget.portal.reports.progress import selectors
from boget.portal.reports.progress.build import build_context
from boget.portal.reports.progress.context import ProgressContext, write_context
from boget.portal.reports.progress.docx_file import write_docx
from boget.portal.reports.progress.parts import list_parts
from boget.portal.reports.progress.pdf_file import write_pdf
from boget.portal.reports.progress.pptx_file import write_pptx
from boget.portal.reports.progress.xlsx_file import write_xlsx

MIME = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FORMS = tuple(MIME)
RECORD = "progress_report"
JOB = "reports.progress"
LONGEST_TEXT = 6000
LARGEST_TEMPLATE = 10 * 1024 * 1024
TEMPLATE_KINDS = ("pptx", "docx")
CHECK_SECONDS = 20
"""How long the reading of a template of somebody's own may take."""


# --- drafts --------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_report(
    *, year: int, since: dt.date, until: dt.date, languages: Sequence[str], level: Level, by: User
) -> ProgressReport:
    """A draft under the next number of the year. The same form sent twice gives the draft that is there already.

    InvalidInput: no approved plan of that year, a period that ends before it begins, no language.
    """
    _check_period(year, since, until, languages)
    chosen = ",".join(code for code in selectors.LANGUAGES if code in languages)
    same = {"year": year, "since": since, "until": until, "languages": chosen, "level": int(level), "made_by": by}
    draft = ProgressReport.objects.filter(state=ReportState.DRAFT, version=1, **same).first()
    if draft is not None:
        return draft
    report = ProgressReport.objects.create(code=_choose_code(year), made_at=timezone.now(), **same)
    changes = {"since": (None, since.isoformat()), "until": (None, until.isoformat()), "languages": (None, chosen)}
    append_revision(Entry(RECORD, report.code, "create", changes), actor=actor_of(by))
    return report


def _check_period(year: int, since: dt.date, until: dt.date, languages: Sequence[str]) -> None:
    if not WorkPlan.objects.exclude(state="draft").filter(year=year).exists():
        years = WorkPlan.objects.exclude(state="draft").order_by("year").values_list("year", flat=True)
        raise refuse("not_in_list", where=_("Work plan"), value=year, allowed=", ".join(map(str, years)))
    if until < since:
        raise refuse("range", where=_("Last day"), value=until.isoformat(), allowed=f"≥ {since.isoformat()}")
    if until > today():
        raise refuse("range", where=_("Last day"), value=until.isoformat(), allowed=f"≤ {today().isoformat()}")
    if not set(languages) & set(selectors.LANGUAGES):
        raise refuse("required", where=_("Languages"))


def _choose_code(year: int) -> str:
    codes = ProgressReport.objects.filter(year=year).select_for_update().values_list("code", flat=True)
    numbers = [int(code.partition("-")[2]) for code in codes]
    return f"{year}-{max(numbers, default=0) + 1}"


def _require_draft(report: ProgressReport, version: int) -> ProgressReport:
    """The row locked. Conflict for a stale version, InvalidInput for a released report."""
    locked = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if locked.state == ReportState.RELEASED:
        raise refuse("report_released", where=locked.code)
    if locked.version != version:
        last = Revision.objects.filter(record_type=RECORD, record_id=locked.code).first()
        raise Conflict("stale", where=locked.code, who=last.actor_name if last else "", time=last.at if last else "")
    return locked


@transaction.atomic
def save_choices(
    report: ProgressReport,
    *,
    hidden: Sequence[str],
    order: Sequence[str],
    texts: Mapping[str, str],
    language: str,
    version: int,
    by: User,
) -> ProgressReport:
    """Keep which parts are shown, in which order, and the sentences written by hand in a language.

    A text equal to the generated one is not kept: the part goes on following the data.
    """
    locked = _require_draft(report, version)
    generated = {part.code: part.text for part in list_parts(selectors.read_report(locked, by, language))}
    kept = {}
    for code, text in texts.items():
        plain = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        check_text(_("Text"), plain, limit=LONGEST_TEXT)
        if code in generated and plain != "\n".join(line.strip() for line in generated[code].splitlines() if line.strip()):
            kept[code] = plain
    known = set(generated)
    old = dict(locked.choices)
    written = {**old.get("texts", {}), language: kept}
    choices = {
        "hidden": [code for code in hidden if code in known],
        "order": [code for code in order if code in known],
        "texts": {code: found for code, found in written.items() if found},
    }
    return _write_choices(locked, choices, old, by)


def _write_choices(report: ProgressReport, choices: dict[str, Any], old: dict[str, Any], by: User) -> ProgressReport:
    if choices == old:
        return report
    report.choices, report.version = choices, report.version + 1
    report.save(update_fields=["choices", "version"])
    append_revision(Entry(RECORD, report.code, "change", {"choices": (old, choices)}), actor=actor_of(by))
    return report


@transaction.atomic
def release_report(report: ProgressReport, *, version: int, by: User) -> ProgressReport:
    """Freeze what the report says in each of its languages, with a snapshot of the register. Nothing of it changes later."""
    locked = _require_draft(report, version)
    snapshot = make_snapshot(str(_("Progress report %(code)s")) % {"code": locked.code}, by=actor_of(by))
    contexts = {}
    for language in selectors.list_languages(locked):
        context = build_context(
            by,
            since=locked.since,
            until=locked.until,
            year=locked.year,
            language=language,
            day=today(),
            level=Level(locked.level),
            code=locked.code,
            snapshot=snapshot,
        )
        contexts[language] = write_context(context)
    locked.context, locked.sha256 = contexts, selectors.sign_report(contexts, locked.choices)
    locked.snapshot_number, locked.state, locked.released_at = snapshot.number, ReportState.RELEASED, timezone.now()
    locked.version += 1
    locked.save()
    changes = {"state": ("draft", "released"), "sha256": ("", locked.sha256), "snapshot": (None, snapshot.number)}
    append_revision(Entry(RECORD, locked.code, "publish", changes), actor=actor_of(by))
    return locked


@transaction.atomic
def delete_draft(report: ProgressReport, *, version: int, by: User) -> None:
    """Throw a draft away; its number is not given out again while a later one exists."""
    locked = _require_draft(report, version)
    append_revision(Entry(RECORD, locked.code, "retire", {"state": ("draft", None)}), actor=actor_of(by))
    locked.delete()


# --- files ---------------------------------------------------------------------------------------------------------


def write_form(context: ProgressContext, form: str, choices: Mapping[str, Any] | None = None) -> bytes:
    """The file of a format, made from the context and nothing else; PPTX and DOCX in the template that is in use."""
    if form == "pptx":
        return write_pptx(context, choices, template=read_template("pptx"))
    if form == "docx":
        return write_docx(context, choices, template=read_template("docx"))
    if form == "pdf":
        return write_pdf(context, choices)
    if form == "xlsx":
        return write_xlsx(context, choices)
    raise refuse("not_in_list", where=_("Format"), value=form, allowed=", ".join(FORMS))


def make_file(report: ProgressReport, *, form: str, language: str, by: Any) -> bytes:
    """The file of a report for a reader who may see it."""
    if language not in selectors.list_languages(report):
        raise refuse("not_in_list", where=_("Language"), value=language, allowed=report.languages)
    return write_form(selectors.read_report(report, by, language), form, report.choices)


def request_file(report: ProgressReport, *, form: str, language: str, by: User) -> Any:
    """Ask for a file of a large report; returns the job."""
    payload = {"code": report.code, "form": form, "language": language, "version": report.version}
    key = f"{JOB}:{report.code}:{report.version}:{language}:{form}:{by.code}:{timezone.now():%Y%m%d%H%M}"
    return request_job(JOB, payload, by=by, idempotency_key=key)


def run_job(context: JobContext) -> Mapping[str, Any] | None:
    """Make a file in the background and keep it for whoever asked."""
    payload, user = context.payload, context.requester
    report = selectors.reports_visible_to(user).filter(code=payload["code"]).first()
    if report is None or user is None:
        raise refuse("report_gone", where=str(payload["code"]))
    context.report(0.1, step="build")
    content = make_file(report, form=payload["form"], language=payload["language"], by=user)
    context.report(0.9, step="keep")
    with context.finishing() as result:
        path = f"reports/{context.job_id}.{payload['form']}"
        default_storage.delete(path)
        result.update(path=default_storage.save(path, ContentFile(content)), url=f"/reports/files/{context.job_id}/")
    return None


# --- templates -----------------------------------------------------------------------------------------------------


@transaction.atomic
def put_template(content: bytes, *, name: str, kind: str, by: User) -> ReportTemplate:
    """Keep a template of the body's own and use it from now on. It is read by a process of its own first.

    InvalidInput: another kind of file, too large, or one that cannot be read.
    """
    if kind not in TEMPLATE_KINDS:
        raise refuse("not_in_list", where=_("Template"), value=kind, allowed=", ".join(TEMPLATE_KINDS))
    if len(content) > LARGEST_TEMPLATE:
        raise refuse("file_too_large", value=name[:80], allowed=f"{LARGEST_TEMPLATE // 1024**2} MB")
    check_template(content, kind)
    digest = hashlib.sha256(content).hexdigest()
    path = default_storage.save(f"report-templates/{digest[:16]}.{kind}", ContentFile(content))
    ReportTemplate.objects.filter(kind=kind).update(is_used=False)
    made = ReportTemplate.objects.create(
        kind=kind, name=name[:200], path=path, sha256=digest, is_used=True, uploaded_at=timezone.now(), uploaded_by=by
    )
    append_revision(Entry("report_template", str(made.pk), "create", {"sha256": (None, digest)}), actor=actor_of(by))
    return made


@transaction.atomic
def choose_template(template: ReportTemplate | None, *, kind: str, by: User) -> None:
    """Use one of the templates, or none."""
    ReportTemplate.objects.filter(kind=kind).update(is_used=False)
    if template is not None:
        ReportTemplate.objects.filter(pk=template.pk).update(is_used=True)
    changes = {kind: (None, template.sha256 if template else "")}
    append_revision(Entry("report_template", kind, "choose", changes), actor=actor_of(by))


def check_template(content: bytes, kind: str) -> None:
    """Open the file in a child process with little memory and time. InvalidInput ``bad_template`` where that fails."""
    command = [sys.executable, "-m", "boget.portal.reports.progress.template_check", kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=CHECK_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise refuse("bad_template", where=kind) from None
    if done.returncode != 0:
        raise refuse("bad_template", where=kind)


def read_template(kind: str) -> bytes | None:
    """The template in use; None where there is none, or where the file is not the one that was checked."""
    template = selectors.find_template(kind)
    if template is None or not default_storage.exists(template.path):
        return None
    with default_storage.open(template.path) as stream:
        content: bytes = stream.read()
    return content if hashlib.sha256(content).hexdigest() == template.sha256 else None
