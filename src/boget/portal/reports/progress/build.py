"""Builds the context of a report: the only reader of the database behind the papers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from boget.portal.core.levels import Level
from boget.portal.core.models import Installation, Revision
from boget.portal.registry.models import Snapshot
from boget.portal.registry.selectors.past import RECORDS
from boget.portal.reports.progress import wording
from boget.portal.reports.progress.actions_part import build_actions
from boget.portal.reports.progress.audience import choose_audience
from boget.portal.reports.progress.context import PlanPart, ProgressContext, RegisterPart, Sentence, SourceRow
from boget.portal.reports.progress.group_part import (
    build_group,
    build_meetings,
    build_reporter,
    read_group,
    read_meetings,
)
from boget.portal.reports.progress.hazard_part import build_hazard, say_rated
from boget.portal.reports.progress.period import Frame, Names, short_day
from boget.portal.reports.progress.plan_part import build_items, build_plan, build_steps, read_items, read_plan
from boget.portal.reports.progress.register_part import build_register, read_register
from boget.portal.reports.progress.transboundary_part import build_transboundary


def build_context(
    user: Any,
    *,
    since: dt.date,
    until: dt.date,
    year: int,
    language: str,
    day: dt.date,
    level: Level = Level.GROUP,
    code: str = "",
    snapshot: Snapshot | None = None,
) -> ProgressContext:
    """The report on the plan of a year for a period, for readers of a level, as of the end of the period.

    day: today. user None: the system itself. Nothing above ``level``, or above the user's own level, is in it.
    """
    group = read_group()
    audience = choose_audience(user, level, country=group.country if group else "")
    frame = Frame(user, audience, since, until, year, language, day, Names(language))
    with translation.override(language):
        return _build(frame, code, snapshot or find_snapshot())


def find_snapshot() -> Snapshot | None:
    """The newest snapshot, if nothing of the register changed since it was taken."""
    newest: Snapshot | None = Snapshot.objects.order_by("-number").first()
    if newest is None or Revision.objects.filter(seq__gt=newest.seq, record_type__in=RECORDS).exists():
        return None
    return newest


def _build(frame: Frame, code: str, snapshot: Snapshot | None) -> ProgressContext:
    plan, held, then = read_plan(frame), read_meetings(frame), read_register(frame)
    items = read_items(frame, plan) if plan else []
    table = build_plan(frame, plan, items) if plan else None
    register = build_register(frame, then)
    context = ProgressContext(
        language=frame.language,
        code=code,
        year=frame.year,
        since=frame.since.isoformat(),
        until=frame.until.isoformat(),
        period=f"{short_day(frame.since)}–{short_day(frame.until)}",
        as_of=short_day(frame.as_of),
        made_on=short_day(frame.day),
        level=int(frame.audience.level),
        level_label=str(frame.audience.level.label),
        is_demo=Installation.objects.filter(is_demo=True).exists(),
        title=wording.say_title(frame.year),
        reporter=build_reporter(frame),
        group=build_group(frame, read_group(), held),
        results=(),
        plan=table,
        items=build_items(frame, items),
        steps=build_steps(frame, items),
        register=register,
        hazard=build_hazard(frame),
        transboundary=build_transboundary(frame),
        actions=build_actions(frame),
        meetings=build_meetings(frame, held),
        sources=(),
        limits=_list_limits(),
        snapshot=str(snapshot.number) if snapshot else "",
    )
    return replace(context, results=_list_results(frame, context), sources=_list_sources(frame, context))


def _list_results(frame: Frame, context: ProgressContext) -> tuple[Sentence, ...]:
    """Three to six sentences, generated; the secretary may write others."""
    found = [*_say_plan_result(frame, context.plan)]
    if context.meetings:
        text = _("Meetings and seminars held in the period: %(number)s.") % {"number": len(context.meetings)}
        found.append(Sentence(text, _("Meetings of the Working Group")))
    found.append(_say_register_result(context.register))
    found.append(Sentence(f"{say_rated(context.hazard)}.", context.hazard.source))
    found.append(Sentence(f"{context.actions.heading}.", context.actions.source))
    return tuple(found)


def _say_plan_result(frame: Frame, plan: PlanPart | None) -> list[Sentence]:
    if plan is None:
        text = _("There is no approved work plan for %(year)s that the readers of this report may see.") % {"year": frame.year}
        return [Sentence(text, _("Work plans"))]
    numbers = [int(number.value or 0) for number in (plan.done, plan.late, plan.total)]
    since, until = short_day(frame.since), short_day(frame.as_of)
    return [Sentence(wording.say_results(*numbers, since=since, until=until), plan.source)]


def _say_register_result(register: RegisterPart) -> Sentence:
    text = wording.say_register(int(register.total.value or 0), register.added.text)
    return Sentence(text, register.sentence.source)


def _list_sources(frame: Frame, context: ProgressContext) -> tuple[SourceRow, ...]:
    as_of, today = short_day(frame.as_of), short_day(frame.day)
    rows = [
        SourceRow(context.group.heading, context.group.source, as_of),
        SourceRow(_("Work plan"), context.plan.source if context.plan else wording.unknown(), as_of),
        SourceRow(_("Register"), context.register.sentence.source, context.register.as_of),
        SourceRow(_("Ranking"), context.hazard.source, today),
        SourceRow(_("Actions"), context.actions.source, as_of),
    ]
    if context.transboundary is not None:
        rows.insert(-1, SourceRow(_("Transboundary screening"), context.transboundary.source, today))
    if context.snapshot:
        text = _("Snapshot of the register No %(number)s") % {"number": context.snapshot}
        rows.append(SourceRow(_("Snapshot"), text, context.register.as_of))
    return tuple(rows)


def _list_limits() -> tuple[str, ...]:
    """What the numbers do not show."""
    return (
        _("The register is not a census: facilities may be missing, and each value is as good as its source."),
        _("The hazard index orders facilities for attention. It is no measure of risk and no judgement on safety."),
        _("“Done” is what the responsible body reported; an action counts as verified only after another body confirmed it."),
        _("Unknown is neither zero nor “no”."),
    )


def say_footer(context: ProgressContext) -> str:
    """The foot of each page: code, day of the numbers, snapshot."""
    parts = [context.code] if context.code else []
    parts.append(_("data as of %(day)s") % {"day": context.as_of})
    if context.snapshot:
        parts[-1] = _("data as of %(day)s, snapshot No %(number)s") % {"day": context.as_of, "number": context.snapshot}
    if context.register.as_of != context.as_of:
        parts.append(_("register as of %(day)s") % {"day": context.register.as_of})
    if context.is_demo:
        parts.append(_("demonstration data"))
    return " · ".join(parts)
