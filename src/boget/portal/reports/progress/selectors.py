"""Reports as they are kept: who reads which, their contexts, and what to look at before one is released."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from boget.portal.accounts.selectors import access_of, today
from boget.portal.actions.models import Action
from boget.portal.core.levels import Level
from boget.portal.core.services import write_canonical
from boget.portal.meetings.models import PlanItem, PlanReport, WorkPlan
from boget.portal.reports.models import ProgressReport, ReportState, ReportTemplate
from boget.portal.reports.progress.addresses import link_to
from boget.portal.reports.progress.audience import Audience
from boget.portal.reports.progress.build import build_context
from boget.portal.reports.progress.context import Number, ProgressContext, read_context
from boget.portal.reports.progress.hazard_part import is_provisional
from boget.portal.reports.progress.period import short_day

LANGUAGES = ("ru", "kk", "en")
DIRECT_ITEMS, DIRECT_ACTIONS = 100, 3000
"""A report with more than these is made by a job, so that nobody waits in front of a blank page."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at before the report is made. kind: warn | info."""

    kind: str
    text: str
    link: str = ""


def reports_visible_to(user: Any) -> QuerySet[ProgressReport]:
    """The secretary all, everybody else the released ones up to the own level."""
    access = access_of(user)
    if access.can_administer:
        return ProgressReport.objects.all()
    return ProgressReport.objects.filter(state=ReportState.RELEASED, level__lte=int(access.level))


def may_make_reports(user: Any) -> bool:
    """Whether the person makes and releases reports: the secretary."""
    return access_of(user).can_administer


def list_languages(report: ProgressReport) -> list[str]:
    return [code for code in report.languages.split(",") if code in LANGUAGES]


def read_report(report: ProgressReport, user: Any, language: str) -> ProgressContext:
    """The context of a report: of a released one as it was frozen, of a draft as things stand now.

    ValueError where what is stored is not what was released.
    """
    if report.state == ReportState.RELEASED:
        if sign_report(report.context, report.choices) != report.sha256:
            raise ValueError(report.code)
        return read_context(report.context[language])
    return build_context(
        user,
        since=report.since,
        until=report.until,
        year=report.year,
        language=language,
        day=today(),
        level=Level(report.level),
        code=report.code,
    )


def sign_report(contexts: Mapping[str, Any], choices: Mapping[str, Any]) -> str:
    """SHA-256 over all that the files of a released report are made from."""
    return hashlib.sha256(write_canonical({"contexts": contexts, "choices": choices}).encode()).hexdigest()


def list_numbers(context: ProgressContext, code: str) -> list[tuple[str, Number]]:
    """The numbers of a part with their labels, for the pages: each has its source and the list behind it."""
    if code == "plan" and context.plan is not None:
        plan = context.plan
        return [(_("Items"), plan.total), (_("Done"), plan.done), (_("Overdue"), plan.late)]
    if code == "register":
        rows = [(row.label, row.number) for row in context.register.rows]
        return [(_("Total"), context.register.total), *rows, (_("Place unknown"), context.register.unplaced)]
    if code == "ranking":
        return [(_("With an index"), context.hazard.rated), (_("Too little data"), context.hazard.unrated)]
    if code == "transboundary" and context.transboundary is not None:
        part = context.transboundary
        return [(_("Surely in less than 48 hours"), part.low), (_("Surely or possibly in less than 48 hours"), part.high)]
    if code == "actions":
        rows = [(row.label, row.number) for row in (*context.actions.states, *context.actions.gaps)]
        return [(_("Total"), context.actions.total), *rows]
    return []


def find_last_released(*, before: dt.datetime | None = None) -> ProgressReport | None:
    """The newest released report."""
    released = ProgressReport.objects.filter(state=ReportState.RELEASED)
    if before is not None:
        released = released.filter(released_at__lt=before)
    found: ProgressReport | None = released.order_by("-released_at").first()
    return found


def find_template(kind: str) -> ReportTemplate | None:
    """The template of the body's own that is in use for a format."""
    found: ReportTemplate | None = ReportTemplate.objects.filter(kind=kind, is_used=True).first()
    return found


def is_large(report: ProgressReport) -> bool:
    """Whether the report is made by a job."""
    items = PlanItem.objects.filter(plan__year=report.year).count()
    return items > DIRECT_ITEMS or Action.objects.count() > DIRECT_ACTIONS


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the form of a new report starts with."""

    year: int
    since: dt.date
    until: dt.date


def propose_period(day: dt.date) -> Proposed:
    """From the day after the last released report on the plan, or the first day of its year, to today."""
    plan = WorkPlan.objects.exclude(state="draft").order_by("-year").first()
    year = plan.year if plan else day.year
    last = ProgressReport.objects.filter(state=ReportState.RELEASED, year=year).order_by("-until").first()
    since = last.until + dt.timedelta(days=1) if last else dt.date(year, 1, 1)
    return Proposed(year, min(since, day), day)


def list_hints(report: ProgressReport, context: ProgressContext, user: Any) -> list[Hint]:
    """What the secretary should look at: the report can be made all the same."""
    return [
        *_find_silent_items(context),
        *_find_late_reports(report),
        *_find_changes(report, context),
        *_find_disputes(context),
        *_find_marks(context),
    ]


def _find_silent_items(context: ProgressContext) -> list[Hint]:
    rows = context.plan.rows if context.plan else ()
    reported = {item.ref for item in context.items}
    hints = []
    for row in rows:
        if row.is_late and row.ref not in reported:
            text = _("Item %(number)s is overdue by %(days)s days and nobody reported on it in the period.")
            link = link_to("meetings:plan-item", context.year, row.number)
            hints.append(Hint("warn", text % {"number": row.number, "days": row.days_late}, link))
    return hints


def _find_late_reports(report: ProgressReport) -> list[Hint]:
    """Reports on items that were made after the end of the period: they are not in it."""
    later = PlanReport.objects.filter(item__plan__year=report.year, at__date__gt=report.until).count()
    if not later:
        return []
    text = _("Reports on items made after %(day)s are not in this report: %(number)s.")
    return [Hint("warn", text % {"day": short_day(report.until), "number": later}, link_to("meetings:plan", report.year))]


def _find_changes(report: ProgressReport, context: ProgressContext) -> list[Hint]:
    """Numbers that differ from those of the last released report."""
    last = find_last_released(before=report.made_at)
    if last is None or context.language not in last.context:
        return []
    before = read_context(last.context[context.language])
    pairs = [
        (_("facilities in the register"), before.register.total.text, context.register.total.text),
        (_("actions"), before.actions.total.text, context.actions.total.text),
    ]
    changed = [f"{name}: {old} → {new}" for name, old, new in pairs if old != new]
    if not changed:
        return []
    text = _("Changed since report %(code)s: %(changes)s.") % {"code": last.code, "changes": "; ".join(changed)}
    return [Hint("info", text, reverse("reports:report", args=[last.code]))]


def _find_disputes(context: ProgressContext) -> list[Hint]:
    disputed = Audience(Level(context.level)).all_facilities().filter(is_disputed=True).count()
    if not disputed:
        return []
    text = _("Facilities with values on which sources differ: %(number)s.") % {"number": disputed}
    return [Hint("info", text, f"{reverse('registry:facilities')}?disputed=yes")]


def _find_marks(context: ProgressContext) -> list[Hint]:
    if not (context.hazard.rows and is_provisional()):
        return []
    text = _("The table of the hazard index is provisional; the slide says so.")
    return [Hint("info", text, reverse("assessments:tables"))]
