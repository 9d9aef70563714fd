"""The dashboard: what is due, late, waiting for the reader, and the numbers, each with the list that has the same count.

All of it takes few queries: one for the register, two for the actions, one each for plan, meeting and ranking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.selectors.overview import DueAction, count_actions, list_due
from boget.portal.core.levels import Level
from boget.portal.meetings.models import ItemState, Meeting, PlanItem
from boget.portal.meetings.selectors.meetings import next_meeting
from boget.portal.meetings.selectors.plan import OPEN_STATES, is_late
from boget.portal.meetings.selectors.rights import GroupAccess, group_access_of, plans_visible_to
from boget.portal.registry.choices import RecordKind, Status
from boget.portal.registry.fields import find_field
from boget.portal.registry.fields.inputs import INPUTS
from boget.portal.registry.selectors.filters import FILTERS, Reader
from boget.portal.registry.selectors.listing import ListQuery, select_facilities
from boget.portal.registry.selectors.quintiles import Quintiles
from boget.portal.registry.selectors.rows import build_thi
from boget.portal.registry.selectors.scores import add_scores
from boget.portal.reports.progress.selectors import reports_visible_to
from boget.science.provenance import Figure

DUE_READ, TODAY_SHOWN = 8, 5
SOON_DAYS = 30
RANKED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One thing that waits for the reader. chip: bad | warn | info | neutral with its words."""

    chip: str
    words: str
    title: str
    link: str
    due: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with the address of its list; value None: unknown."""

    code: str
    value: int | None
    label: str
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    ref: str
    number: int
    text: str
    bodies: str
    due: str
    state: str
    state_label: str
    is_late: bool
    days: int  # late, or left
    done_on: dt.date | None
    link: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PlanPanel:
    year: int
    lines: Sequence[PlanLine]

    @property
    def total(self) -> int:
        return sum(line.state != ItemState.CANCELLED for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.state == ItemState.DONE for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)


@dataclass(frozen=True, slots=True)
class RankedLine:
    public_id: str
    facility: Any
    thi: Figure


@dataclass(frozen=True, slots=True)
class MissingLine:
    """An input of the index and the number of facilities where it is unknown."""

    label: Any
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class RegisterPanel:
    """Numbers of the register. known: public values that are known; changed_link: empty where there is no report yet."""

    total: int = 0
    unowned: int = 0
    unrated: int = 0
    rated: int = 0
    disputed: int = 0
    unknown_status: int = 0
    known: int = 0
    missing: Sequence[MissingLine] = field(default_factory=tuple)
    report_code: str = ""
    reported_at: dt.datetime | None = None
    changed: int = 0
    changed_link: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    today: Sequence[TodayRow]
    tiles: Sequence[Tile]
    plan: PlanPanel | None
    meeting: Meeting | None
    register: RegisterPanel
    ranked: Sequence[RankedLine]
    is_secretary: bool


def read_dashboard(user: Any, day: dt.date, now: dt.datetime) -> Dashboard:
    """Everything on the page, by the rights of the reader."""
    group = group_access_of(user)
    register = read_register(user)
    plan = read_plan(user, group, day)
    meeting = next_meeting(user, now) if group.is_member else None
    counts = count_actions(user, day)
    due = list_due(user, day, limit=DUE_READ)
    actions = reverse("actions:actions")
    tiles = [
        *_list_register_tiles(register),
        Tile("late", counts.overdue, _("actions overdue"), f"{actions}?late=1", _say_of(counts.live)),
        Tile("unfunded", counts.unfunded, _("actions unfunded"), f"{actions}?unfunded=1", _say_of(counts.live)),
    ]
    return Dashboard(
        today=list_today(due, plan=plan, meeting=meeting, day=day),
        tiles=tiles,
        plan=plan,
        meeting=meeting,
        register=register,
        ranked=read_ranked(user),
        is_secretary=access_of(user).can_administer,
    )


def _say_of(total: int) -> str:
    return _("of %(number)s not cancelled") % {"number": total}


# --- the register --------------------------------------------------------------------------------------------------


def read_register(user: Any) -> RegisterPanel:
    """Counts over the rows of the list without a filter, and what changed since the last report, in one query."""
    reader = Reader(user, Quintiles(), (get_language() or "ru")[:2])
    rows = add_scores(select_facilities(ListQuery(), reader), user)
    last = reports_visible_to(user).filter(state="released").order_by("-released_at")
    rows = rows.annotate(last_code=Subquery(last.values("code")[:1]), last_at=Subquery(last.values("released_at")[:1]))
    is_missing = {code: FILTERS["unknown"].select((code,), reader) for code in INPUTS}
    found = rows.order_by().aggregate(
        total=Count("pk"),
        unowned=Count("pk", filter=Q(operator_organisation__isnull=True)),
        rated=Count("pk", filter=Q(thi_value__isnull=False)),
        disputed=Count("pk", filter=Q(is_disputed=True)),
        unknown_status=Count("pk", filter=Q(status__in=[Status.UNKNOWN, ""])),
        known=Sum("known_count"),
        changed=Count("pk", filter=Q(updated_at__gte=F("last_at"))),
        report_code=Max("last_code"),
        reported_at=Max("last_at"),
        **{f"missing_{code}": Count("pk", filter=condition) for code, condition in is_missing.items()},
    )
    return _build_register(found)


def _build_register(found: dict[str, Any]) -> RegisterPanel:
    link = reverse("registry:facilities")
    missing = [
        MissingLine(find_field(of, code).label, found.pop(f"missing_{code}"), f"{link}?unknown={code}")
        for code, of in INPUTS.items()
    ]
    missing = [line for line in missing if line.count]
    reported_at = found["reported_at"]
    day = timezone.localtime(reported_at).date().isoformat() if reported_at else ""
    return RegisterPanel(
        **{**found, "known": found["known"] or 0, "report_code": found["report_code"] or ""},
        unrated=found["total"] - found["rated"],
        missing=tuple(sorted(missing, key=lambda line: -line.count)),
        changed_link=f"{link}?updated_since={day}" if day else "",
    )


def _list_register_tiles(register: RegisterPanel) -> list[Tile]:
    link = reverse("registry:facilities")
    return [
        Tile("facilities", register.total, _("facilities in the register"), link, _("not a census")),
        Tile("unowned", register.unowned, _("without a registered operator"), f"{link}?operator=none"),
        Tile("status", register.unknown_status, _("of unknown status"), f"{link}?status=unknown"),
        Tile("disputed", register.disputed, _("where sources differ"), f"{link}?disputed=yes"),
    ]


def read_ranked(user: Any) -> list[RankedLine]:
    """The facilities with the highest index, as the reader's level sees it."""
    rows = add_scores(select_facilities(ListQuery(), Reader(user, Quintiles())), user)
    rated = rows.filter(thi_value__isnull=False, record_kind=RecordKind.SINGLE).exclude(status=Status.PLANNED)
    shown = rated.order_by("-thi_value", "public_id").only("public_id", "name_ru", "name_kk", "name_en")[:RANKED_SHOWN]
    return [RankedLine(row.public_id, row, build_thi(row.thi_value, row.thi_low, row.thi_high)) for row in shown]


# --- the plan ------------------------------------------------------------------------------------------------------


def read_plan(user: Any, group: GroupAccess, day: dt.date) -> PlanPanel | None:
    """The newest plan that the reader may see, in one query."""
    language = (get_language() or "ru")[:2]
    newest = plans_visible_to(user).order_by("-year").values("pk")[:1]
    names = ("parties__organisation__pk", "parties__role")
    names += tuple(f"parties__organisation__{kind}_{code}" for kind in ("short", "name") for code in (language, "ru"))
    items = PlanItem.objects.filter(plan__in=Subquery(newest)).select_related("plan").order_by("number", "parties__position")
    columns = {f"party_{place}": F(name) for place, name in enumerate(names)}
    rows = list(items.annotate(**columns))
    if not rows:
        return None
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.number, []).append(row)
    lines = tuple(_build_line(parties, group, day, language) for parties in grouped.values())
    return PlanPanel(rows[0].plan.year, lines)


def _build_line(rows: list[Any], group: GroupAccess, day: dt.date, language: str) -> PlanLine:
    """rows: the item once for each of its bodies."""
    item = rows[0]
    responsible = [row for row in rows if row.party_1 == "responsible"]
    late = is_late(item, day)
    return PlanLine(
        ref=item.ref,
        number=item.number,
        text=getattr(item, f"text_{language}") or item.text_ru,
        bodies=", ".join(_choose_name(row) for row in responsible),
        due=item.due,
        state=item.state,
        state_label=str(item.get_state_display()),
        is_late=late,
        days=(day - item.due_end).days if late else (item.due_end - day).days,
        done_on=item.done_on,
        link=reverse("meetings:plan-item", args=[item.plan.year, item.number]),
        is_own=any(row.party_0 in group.lineage for row in responsible),
    )


def _choose_name(row: Any) -> str:
    return next((name for name in (row.party_2, row.party_3, row.party_4, row.party_5) if name), "")


# --- for me today --------------------------------------------------------------------------------------------------


def list_today(
    due: Sequence[DueAction], *, plan: PlanPanel | None, meeting: Meeting | None, day: dt.date
) -> list[TodayRow]:
    """The reader's own late things first, then what is due soon; where nothing is, the next three dates."""
    rows = [(row.days_left, _build_action(row)) for row in due if row.days_left is not None]
    for line in plan.lines if plan else ():
        if line.is_own and line.state in OPEN_STATES:
            rows.append((-line.days if line.is_late else line.days, _build_item(line)))
    if meeting is not None:
        rows.append(((meeting.day - day).days, _build_meeting(meeting, day)))
    rows.sort(key=lambda row: row[0])
    soon = [row for left, row in rows if left <= SOON_DAYS]
    return (soon or [row for _left, row in rows[:3]])[:TODAY_SHOWN]


def _say_days(days_left: int) -> tuple[str, str]:
    if days_left < 0:
        return "bad", _("overdue by %(days)s d") % {"days": -days_left}
    if days_left == 0:
        return "warn", _("today")
    return "neutral", _("%(days)s d left") % {"days": days_left}


def _build_action(row: DueAction) -> TodayRow:
    chip, words = _say_days(row.days_left or 0)
    action = row.action
    return TodayRow(chip, words, action.title, reverse("actions:action", args=[action.public_id]), action.due, action.public_id)


def _build_item(line: PlanLine) -> TodayRow:
    chip, words = _say_days(-line.days if line.is_late else line.days)
    note = _("item %(number)s of the work plan") % {"number": line.number}
    return TodayRow(chip, words, line.text, line.link, line.due, note)


def _build_meeting(meeting: Meeting, day: dt.date) -> TodayRow:
    chip, words = _say_days((meeting.day - day).days)
    title = _("Meeting No %(number)s of the Working Group") % {"number": meeting.number}
    link = reverse("meetings:meeting", args=[meeting.number])
    return TodayRow(chip, words, title, link, meeting.day.isoformat(), str(meeting.get_state_display()))


def choose_landing(user: Any) -> str:
    """Where a person who has signed in begins: an operator among the own facilities, others on the dashboard."""
    access = access_of(user)
    if access.roles and access.roles <= {"operator"} and access.level < Level.GROUP:
        return f"{reverse('registry:facilities')}?level=authority"
    return reverse("dashboard")
