"""The work plan as of the end of the period: rows, what was reported on each item, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from boget.portal.core.formatting import format_partial_date
from boget.portal.core.levels import Level
from boget.portal.core.partial_dates import end_of
from boget.portal.meetings.models import ItemState, Meeting, MeetingDocument, PlanItem, PlanReport, WorkPlan
from boget.portal.meetings.selectors.meetings import OVER
from boget.portal.meetings.selectors.plan import OPEN_STATES, choose_paper_day
from boget.portal.reports.progress import wording
from boget.portal.reports.progress.addresses import link_to
from boget.portal.reports.progress.context import ItemPart, PlanPart, PlanRow, Sentence, StepRow
from boget.portal.reports.progress.period import Frame, count, local_day, say_day


@dataclass(frozen=True, slots=True)
class ItemThen:
    """An item as it stood at the end of the period. reports: those made by then, the oldest first."""

    item: PlanItem
    state: str
    due: str
    done_on: dt.date | None
    reports: tuple[PlanReport, ...]

    def count_days_late(self, day: dt.date) -> int:
        return max((day - end_of(self.due)).days, 0) if self.state in OPEN_STATES else 0


def read_plan(frame: Frame) -> WorkPlan | None:
    return frame.audience.plans().filter(year=frame.year).first()


def read_items(frame: Frame, plan: WorkPlan) -> list[ItemThen]:
    """Items by number, with their state and date rolled back to the end of the period by the reports made since."""
    reports = PlanReport.objects.select_related("organisation").order_by("at", "id")
    items = plan.items.order_by("number").prefetch_related(
        "parties__organisation__successor", "deliverables", Prefetch("reports", queryset=reports, to_attr="story")
    )
    found = []
    for item in items:
        item.plan = plan
        found.append(_roll_back(item, frame))
    return found


def _roll_back(item: PlanItem, frame: Frame) -> ItemThen:
    before = tuple(report for report in item.story if report.at < frame.end)  # type: ignore[attr-defined]
    after = [report for report in item.story if report.at >= frame.end]  # type: ignore[attr-defined]
    due = next((report.old_due for report in after if report.new_due and report.old_due), item.due)
    state, done_on = item.state, item.done_on
    if after:
        state = before[-1].state_after if before else ItemState.PLANNED
    is_done_by_then = done_on is not None and done_on <= frame.as_of
    if state == ItemState.DONE and not is_done_by_then:
        done_on = local_day(before[-1].at) if before else None
        state = ItemState.DONE if done_on else ItemState.PLANNED
    if is_done_by_then and item.state == ItemState.DONE:
        state, done_on = ItemState.DONE, item.done_on
    return ItemThen(item, state, due, done_on if state == ItemState.DONE else None, before)


# --- the table -----------------------------------------------------------------------------------------------------


def build_plan(frame: Frame, plan: WorkPlan, items: Sequence[ItemThen]) -> PlanPart:
    rows = tuple(_build_row(then, frame, plan) for then in items)
    source, link = _say_source(frame), link_to("meetings:plan", plan.year)
    counted = [row for row in rows if row.state != ItemState.CANCELLED]
    return PlanPart(
        heading=_("Work Plan of the Working Group for %(year)s: implementation") % {"year": plan.year},
        total=count(len(counted), source, link=link),
        done=count(sum(row.state == ItemState.DONE for row in rows), source, link=link),
        late=count(sum(row.is_late for row in rows), source, link=link),
        rows=rows,
        source=source,
    )


def _say_source(frame: Frame) -> str:
    return _("Work plan for %(year)s, reports of the responsible bodies made by %(day)s") % {
        "year": frame.year,
        "day": say_day(frame.as_of, frame.language),
    }


def _build_row(then: ItemThen, frame: Frame, plan: WorkPlan) -> PlanRow:
    days_late = then.count_days_late(frame.as_of)
    return PlanRow(
        ref=then.item.ref,
        number=then.item.number,
        text=wording.choose_text(then.item, "text", frame.language),
        due=wording.say_due(then.due, then.item.first_due),
        bodies=_say_bodies(then.item, frame, choose_paper_day(plan, frame.as_of)),
        outcome=_say_outcome(then, frame, days_late),
        state=then.state,
        days_late=days_late,
        is_reported=bool(then.reports),
    )


def _say_bodies(item: PlanItem, frame: Frame, day: dt.date, *, with_support: bool = True) -> str:
    names: dict[str, list[str]] = {"responsible": [], "support": []}
    for party in item.parties.all():
        names[party.role].append(frame.names.name(party.organisation, day))
    return wording.say_bodies(names["responsible"], names["support"] if with_support else [])


def _say_outcome(then: ItemThen, frame: Frame, days_late: int) -> str:
    """The cell «Выполнение»: what is known, and that nothing was reported where that is so."""
    parts = []
    if then.state == ItemState.DONE:
        parts.append(wording.say_done(then.done_on))
        if not then.item.is_done_confirmed:
            parts.append(_("not yet confirmed by the secretary"))
    elif days_late:
        parts.append(wording.say_late(days_late))
    if then.state != ItemState.DONE:
        parts.append(str(ItemState(then.state).label))
    if not days_late and then.state in OPEN_STATES:
        parts.append(wording.say_left((end_of(then.due) - frame.as_of).days))
    if not then.reports and then.state in OPEN_STATES:
        parts.append(_("no report received"))
    return wording.cap("; ".join(parts))


# --- what was reported ---------------------------------------------------------------------------------------------


def build_items(frame: Frame, items: Sequence[ItemThen]) -> tuple[ItemPart, ...]:
    """One part for each item on which something was reported within the period; the public reads no reports."""
    if frame.audience.level < Level.GROUP:
        return ()
    documents = _list_documents(frame, items)
    found = []
    for then in items:
        told = [report for report in then.reports if report.at >= frame.start]
        if told:
            found.append(_build_item(then, told, frame, documents))
    return tuple(found)


def _build_item(then: ItemThen, told: list[PlanReport], frame: Frame, documents: set[str]) -> ItemPart:
    last = told[-1]
    body = frame.names.name(last.organisation, frame.as_of) if last.organisation else wording.unknown()
    source = _("Report of %(day)s, %(body)s") % {"day": say_day(local_day(last.at), frame.language), "body": body}
    lines = [
        (_("Done: %(text)s"), _join(report.done and _say(report, report.done, frame) for report in told)),
        (_("Result: %(text)s"), _join(report.result and _say(report, report.result, frame) for report in told)),
        (_("Next: %(text)s"), _say_next(then, last, frame)),
        (_("Documents: %(text)s"), _say_documents(then, told, documents)),
    ]
    return ItemPart(
        ref=then.item.ref,
        title=wording.say_item(then.item.number, wording.choose_text(then.item, "text", frame.language)),
        lines=tuple(Sentence(pattern % {"text": text}, source) for pattern, text in lines if text),
        outcome=_say_outcome(then, frame, then.count_days_late(frame.as_of)),
        source=source,
    )


def _say(report: PlanReport, text: str, frame: Frame) -> str:
    return wording.tag_language(text.strip(), of=report.language, wanted=frame.language)


def _join(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _say_next(then: ItemThen, last: PlanReport, frame: Frame) -> str:
    if not last.next_step:
        return ""
    due = format_partial_date(last.next_due or then.due)
    bodies = _say_bodies(then.item, frame, frame.as_of, with_support=False)
    return _("%(step)s Due: %(due)s. Responsible: %(bodies)s") % {
        "step": _end(_say(last, last.next_step, frame)),
        "due": due.rstrip("."),
        "bodies": bodies,
    }


def _end(text: str) -> str:
    return text if text.endswith((".", ")", ";", "!", "?")) else f"{text}."


def _say_documents(then: ItemThen, told: list[PlanReport], documents: set[str]) -> str:
    """Deliverables of the item and the evidence of the reports; a file above the level of the report is not named."""
    names = [
        row.label or f"{row.get_kind_display()} {row.ref}".strip()
        for row in then.item.deliverables.all()
        if row.kind != "document" or (row.ref in documents if row.ref else True)
    ]
    return "; ".join(dict.fromkeys([*names, *(" ".join(report.evidence.split()) for report in told if report.evidence)]))


def _list_documents(frame: Frame, items: Sequence[ItemThen]) -> set[str]:
    """Ids of the files that the readers of the report may open."""
    refs = {row.ref for then in items for row in then.item.deliverables.all() if row.kind == "document"}
    numbers = [int(ref) for ref in refs if ref.isdigit()]
    open_files = MeetingDocument.objects.filter(pk__in=numbers, removed_at=None, level__lte=int(frame.audience.level))
    return {str(pk) for pk in open_files.values_list("pk", flat=True)}


# --- further steps -------------------------------------------------------------------------------------------------


def build_steps(frame: Frame, items: Sequence[ItemThen]) -> tuple[StepRow, ...]:
    """What is open, by date: the next step where one was reported, else the item itself; then the next meeting."""
    is_open = frame.audience.level >= Level.GROUP
    steps = []
    for then in items:
        if then.state in OPEN_STATES:
            last = then.reports[-1] if then.reports and is_open else None
            due = last.next_due if last and last.next_step and last.next_due else then.due
            steps.append((end_of(due), then.item.number, _build_step(then, last, due, frame)))
    return (*(row for _day, _number, row in sorted(steps, key=lambda step: step[:2])), *_build_meeting_step(frame))


def _build_step(then: ItemThen, last: PlanReport | None, due: str, frame: Frame) -> StepRow:
    text = wording.choose_text(then.item, "text", frame.language)
    if last and last.next_step:
        text = _say(last, last.next_step, frame)
    bodies = _say_bodies(then.item, frame, frame.as_of)
    return StepRow(str(then.item.number), text, wording.say_date(due), bodies)


def _build_meeting_step(frame: Frame) -> tuple[StepRow, ...]:
    """The next session after the period that is planned by now."""
    coming = frame.audience.meetings().filter(kind="session", starts_at__gte=frame.end)
    meeting: Meeting | None = coming.exclude(state__in=[*OVER, "cancelled"]).order_by("starts_at").first()
    if meeting is None:
        return ()
    text = _("Holding meeting No %(number)s of the Working Group") % {"number": meeting.number}
    return (StepRow("", text, say_day(meeting.day, frame.language), meeting.host or wording.unknown()),)
