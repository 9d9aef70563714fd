"""Actions as of the end of the period: by state, gaps, changes within the period, the longest overdue."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from boget.portal.actions.models import (
    OPEN_STATES,
    ActionParty,
    ActionReport,
    ActionState,
    Funding,
    PartyRole,
    ReportKind,
)
from boget.portal.core.formatting import format_number
from boget.portal.core.partial_dates import end_of
from boget.portal.reports.progress import wording
from boget.portal.reports.progress.context import ActionRow, ActionsPart, CountRow, Sentence
from boget.portal.reports.progress.period import Frame, count, say_day

OVERDUE_SHOWN = 8
LONGEST_TITLE = 160
COLUMNS = ("pk", "public_id", "title", "language", "state", "due", "due_end", "funding", "indicator", "cost_kzt", "created_at")
GAP_LISTS = {
    "late": "?late=1",
    "unfunded": "?unfunded=1",
    "not_stated": "?funding=not_stated",
    "no_indicator": "?no_indicator=1",
}
CHANGES = (ReportKind.APPROVE, ReportKind.CLAIM, ReportKind.VERIFY, ReportKind.RETURN, ReportKind.POSTPONE, ReportKind.CANCEL)


@dataclass(frozen=True, slots=True)
class ActionThen:
    """An action as it stood at the end of the period; money and indicator are those of today."""

    row: Any
    state: str
    due: str
    due_end: dt.date | None

    def count_days_late(self, day: dt.date) -> int:
        is_open = self.state in OPEN_STATES and self.due_end is not None
        return max((day - self.due_end).days, 0) if is_open and self.due_end else 0


def read_actions(frame: Frame) -> list[ActionThen]:
    """Actions that the readers of the report may see and that existed at the end of the period."""
    rows = frame.audience.actions().filter(created_at__lt=frame.end).order_by("public_id")
    found = list(rows.values_list(*COLUMNS, named=True))
    changed = _read_changes(frame)
    return [_roll_back(row, changed.get(row.pk)) for row in found]


def _read_changes(frame: Frame) -> dict[int, tuple[str, str]]:
    """State and date at the end of the period of the actions that were written about since."""
    told = ActionReport.objects.order_by("at", "id")
    later: dict[int, str] = {}
    for action_id, old_due, new_due in told.filter(at__gte=frame.end).values_list("action_id", "old_due", "new_due"):
        later.setdefault(action_id, "")
        if new_due and not later[action_id]:
            later[action_id] = old_due
    if not later:
        return {}
    before = told.filter(at__lt=frame.end, action_id__in=later).values_list("action_id", "state_after")
    states = dict(before)  # the last one of each stays
    return {pk: (states.get(pk, ActionState.PROPOSED), old_due) for pk, old_due in later.items()}


def _roll_back(row: Any, changed: tuple[str, str] | None) -> ActionThen:
    if changed is None:
        return ActionThen(row, row.state, row.due, row.due_end)
    state, old_due = changed
    return ActionThen(row, state, old_due or row.due, end_of(old_due) if old_due else row.due_end)


def build_actions(frame: Frame) -> ActionsPart:
    actions = read_actions(frame)
    source, link = _say_source(frame), reverse("actions:actions")
    states = Counter(then.state for then in actions)
    live = [then for then in actions if then.state != ActionState.CANCELLED]
    late = sorted((then for then in live if then.count_days_late(frame.as_of)), key=lambda then: (then.due_end, then.row.pk))
    gaps = _count_gaps(live, len(late))
    total = len(actions)
    return ActionsPart(
        heading=wording.say_actions(
            total, verified=states[ActionState.VERIFIED], late=len(late), unfunded=gaps["unfunded"]
        ),
        total=count(total, source, link=link),
        states=tuple(
            CountRow(code, wording.cap(str(label)), count(states[code], source, link=f"{link}?state={code}"))
            for code, label in ActionState.choices
        ),
        gaps=tuple(
            CountRow(code, label, count(gaps[code], source, link=f"{link}{GAP_LISTS[code]}")) for code, label in _name_gaps()
        ),
        changes=_count_changes(frame, source),
        money=Sentence(_say_money(live), source),
        overdue=_list_overdue(late, frame),
        notes=_list_notes(frame, len(late)),
        source=source,
    )


def _count_gaps(live: Sequence[ActionThen], late: int) -> dict[str, int]:
    return {
        "late": late,
        "unfunded": sum(then.row.funding == Funding.UNFUNDED for then in live),
        "not_stated": sum(then.row.funding == Funding.NOT_STATED for then in live),
        "no_indicator": sum(not then.row.indicator for then in live),
    }


def _name_gaps() -> list[tuple[str, str]]:
    return [
        ("late", _("Overdue")),
        ("unfunded", _("Unfunded")),
        ("not_stated", _("Source of money not stated")),
        ("no_indicator", _("Without indicator")),
    ]


def _count_changes(frame: Frame, source: str) -> tuple[CountRow, ...]:
    """What happened within the period."""
    visible = frame.audience.actions()
    proposed = visible.filter(created_at__gte=frame.start, created_at__lt=frame.end).count()
    told = ActionReport.objects.filter(at__gte=frame.start, at__lt=frame.end, action__in=visible, kind__in=CHANGES)
    counts = Counter(told.values_list("kind", flat=True))
    rows = [CountRow("proposed", pgettext("actions in the period", "Proposed"), count(proposed, source))]
    return (*rows, *(CountRow(kind, wording.cap(str(kind.label)), count(counts[kind], source)) for kind in CHANGES))


def _say_money(live: Sequence[ActionThen]) -> str:
    stated = [then.row.cost_kzt for then in live if then.row.cost_kzt is not None]
    if not stated:
        return _("Money stated for none of %(all)s actions") % {"all": len(live)}
    return _("Money stated for %(stated)s of %(all)s actions: %(sum)s tenge") % {
        "stated": len(stated),
        "all": len(live),
        "sum": format_number(float(sum(stated))),
    }


def _list_overdue(late: Sequence[ActionThen], frame: Frame) -> tuple[ActionRow, ...]:
    shown = late[:OVERDUE_SHOWN]
    bodies = _name_bodies([then.row.pk for then in shown], frame)
    return tuple(
        ActionRow(
            public_id=then.row.public_id,
            title=cut(wording.tag_language(then.row.title, of=then.row.language, wanted=frame.language)),
            due=wording.say_due(then.due, ""),
            bodies=bodies.get(then.row.pk, wording.unknown()),
            status=wording.cap(wording.say_late(then.count_days_late(frame.as_of))),
        )
        for then in shown
    )


def cut(text: str, longest: int = LONGEST_TITLE) -> str:
    """A text of at most so many characters, cut at a word."""
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0].rstrip(',;: ')}…"


def _name_bodies(ids: Iterable[int], frame: Frame) -> dict[int, str]:
    is_responsible = Q(role__in=(PartyRole.LEAD, PartyRole.CO))
    parties = ActionParty.objects.filter(is_responsible, action_id__in=list(ids)).select_related("organisation__successor")
    names: dict[int, list[str]] = {}
    for party in parties:
        names.setdefault(party.action_id, []).append(frame.names.name(party.organisation, frame.as_of))
    return {pk: ", ".join(found) for pk, found in names.items()}


def _say_source(frame: Frame) -> str:
    return _("Action plan, as of %(day)s") % {"day": say_day(frame.as_of, frame.language)}


def _list_notes(frame: Frame, late: int) -> tuple[str, ...]:
    notes = []
    if frame.as_of < frame.day:
        notes.append(
            _("Money and indicators are those of %(day)s: earlier ones are not kept apart.")
            % {"day": say_day(frame.day, frame.language)}
        )
    if late > OVERDUE_SHOWN:
        notes.append(_("Shown: the %(shown)s longest overdue of %(all)s.") % {"shown": OVERDUE_SHOWN, "all": late})
    return tuple(notes)
