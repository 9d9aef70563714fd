"""The work plan of a year as a reader sees it: the Ministry's table with state, lateness and the last report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.core.formatting import format_partial_date
from boget.portal.meetings.models import (
    Deliverable,
    DeliverableKind,
    ItemPartyRole,
    ItemState,
    PlanItem,
    PlanReport,
    PlanState,
    WorkPlan,
)
from boget.portal.meetings.selectors.meetings import list_meetings
from boget.portal.meetings.selectors.names import NameBook
from boget.portal.meetings.selectors.rights import (
    documents_visible_to,
    group_access_of,
    items_reportable_by,
    plans_visible_to,
)
from boget.portal.registry.models import Snapshot

OPEN_STATES = (ItemState.PLANNED, ItemState.IN_PROGRESS)
MOST_OBJECTS = 50
TOO_LARGE = 10_000  # numbers of an address that no column holds
FALLBACKS = {"ru": ("ru", "kk", "en"), "kk": ("kk", "ru", "en"), "en": ("en", "ru", "kk")}
ADDRESSES = {  # kind of a deliverable -> name of the page of its object
    DeliverableKind.SNAPSHOT: "registry:snapshot",
    DeliverableKind.MEETING: "meetings:meeting",
    DeliverableKind.DOCUMENT: "meetings:document",
    DeliverableKind.PLAN_VERSION: "actions:plan",
}


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable in words, with the address of its object where there is a page."""

    pk: int
    kind: str
    ref: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the table. Names of bodies are those of the paper's day; ``text_language`` is the language the text is in."""

    item: PlanItem
    number: int
    ref: str
    text: str
    text_language: str
    due: str
    due_label: str
    due_end: dt.date
    first_due_label: str  # empty where the date was never moved
    responsible: list[str]
    support: list[str]
    state: str
    state_label: str
    is_late: bool
    days_late: int
    days_left: int | None  # of an open item that is not late
    last_report: PlanReport | None
    next_step: str
    next_due_label: str
    deliverables: list[DeliverableLine]
    can_report: bool

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether the responsible body has said "done" and the secretary has not confirmed it."""
        return self.state == ItemState.DONE and not self.item.is_done_confirmed


@dataclass(frozen=True, slots=True)
class PlanTable:
    plan: WorkPlan
    rows: list[PlanRow]
    day: dt.date
    paper_day: dt.date
    is_member: bool
    can_manage: bool

    @property
    def total(self) -> int:
        return sum(row.state != ItemState.CANCELLED for row in self.rows)

    @property
    def done(self) -> int:
        return sum(row.state == ItemState.DONE for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def to_come(self) -> int:
        return sum(row.is_open and not row.is_late for row in self.rows)

    @property
    def carried(self) -> int:
        return sum(row.state == ItemState.CARRIED for row in self.rows)


def is_late(item: PlanItem, day: dt.date) -> bool:
    """Whether an open item is past the end of its period: an item due in June is late from 1 July on. A draft binds nobody."""
    return item.state in OPEN_STATES and day > item.due_end and item.plan.state != PlanState.DRAFT


def choose_paper_day(plan: WorkPlan, day: dt.date) -> dt.date:
    """The day whose names of bodies the plan prints: of its approval; of its first day where that is not known.

    A draft is no paper yet: today's names, at most those of the last day of its year.
    """
    if plan.approved_on:
        return plan.approved_on
    first, last = dt.date(plan.year, 1, 1), dt.date(plan.year, 12, 31)
    return min(max(day, first), last) if plan.state == PlanState.DRAFT else first


def say_text(record: Any, name: str, language: str) -> tuple[str, str]:
    """A text of a record in a language, else in another one; with the language it is in."""
    for code in FALLBACKS[language]:
        text = getattr(record, f"{name}_{code}")
        if text:
            return text, code
    return "", language


def select_items(plan: WorkPlan) -> QuerySet[PlanItem]:
    """Items of a plan with all that a row needs, in a fixed number of queries."""
    return (
        plan.items.select_related("plan__group", "carried_from__plan")
        .prefetch_related(
            "parties__organisation__successor",
            "deliverables",
            Prefetch("reports", PlanReport.objects.select_related("organisation", "by")),
        )
        .order_by("number")
    )


def read_plan(user: Any, year: int, day: dt.date | None = None, *, language: str = "") -> PlanTable | None:
    """The plan of a year; None where there is none that the reader may see. day: of which lateness is told."""
    plan = find_plan(user, year)
    if plan is None:
        return None
    day = day or today()
    access = group_access_of(user)
    builder = _Builder(user, plan, day, language or (get_language() or "ru")[:2])
    rows = [builder.build(item) for item in select_items(plan)]
    return PlanTable(plan, rows, day, builder.book.day, access.is_member, access.can_manage)


def find_plan(user: Any, year: int) -> WorkPlan | None:
    """The plan of a year, None where there is none that the reader may see."""
    return plans_visible_to(user).select_related("group").filter(year=year).first() if year < TOO_LARGE else None


def read_row(user: Any, item: PlanItem, day: dt.date | None = None) -> PlanRow:
    """One item as a row."""
    language = (get_language() or "ru")[:2]
    return _Builder(user, item.plan, day or today(), language).build(select_items(item.plan).get(pk=item.pk))


def find_item(user: Any, year: int, number: int) -> PlanItem | None:
    """An item of a plan that the reader may see."""
    if not (year < TOO_LARGE and number < TOO_LARGE):
        return None
    items = PlanItem.objects.select_related("plan__group", "carried_from__plan")
    return items.filter(plan__in=plans_visible_to(user), plan__year=year, number=number).first()


def list_late_items(user: Any, day: dt.date) -> list[PlanRow]:
    """Late items of all plans that the reader may see, the oldest due date first."""
    items = PlanItem.objects.filter(plan__in=plans_visible_to(user), state__in=OPEN_STATES, due_end__lt=day)
    plans = WorkPlan.objects.filter(pk__in=items.values("plan")).exclude(state=PlanState.DRAFT).select_related("group")
    language = (get_language() or "ru")[:2]
    rows = []
    for plan in plans.order_by("year"):
        builder = _Builder(user, plan, day, language)
        rows += [builder.build(item) for item in select_items(plan).filter(state__in=OPEN_STATES, due_end__lt=day)]
    return sorted(rows, key=lambda row: (row.due_end, row.ref))


class _Builder:
    """Rows of one plan for one reader."""

    def __init__(self, user: Any, plan: WorkPlan, day: dt.date, language: str) -> None:
        self.day, self.language = day, language if language in FALLBACKS else "ru"
        self.access = group_access_of(user)
        self.book = NameBook(choose_paper_day(plan, day), self.language)
        self.reportable = set(items_reportable_by(user).filter(plan=plan).values_list("pk", flat=True))
        self.list_deliverables = build_deliverable_reader(user)

    def build(self, item: PlanItem) -> PlanRow:
        text, text_language = say_text(item, "text", self.language)
        reports = list(item.reports.all()) if self.access.is_member else []
        last = reports[0] if reports else None
        late = is_late(item, self.day)
        is_open = item.state in OPEN_STATES
        return PlanRow(
            item=item,
            number=item.number,
            ref=item.ref,
            text=text,
            text_language=text_language,
            due=item.due,
            due_label=self._say_date(item.due),
            due_end=item.due_end,
            first_due_label=self._say_date(item.first_due) if item.first_due != item.due else "",
            responsible=self._list_names(item, ItemPartyRole.RESPONSIBLE),
            support=self._list_names(item, ItemPartyRole.SUPPORT),
            state=item.state,
            state_label=str(item.get_state_display()),
            is_late=late,
            days_late=(self.day - item.due_end).days if late else 0,
            days_left=(item.due_end - self.day).days if is_open and not late else None,
            last_report=last,
            next_step=last.next_step if last else "",
            next_due_label=self._say_date(last.next_due) if last and last.next_due else "",
            deliverables=self.list_deliverables(item.deliverables.all()),
            can_report=item.pk in self.reportable and item.state in OPEN_STATES,
        )

    def _say_date(self, iso: str) -> str:
        return format_partial_date(iso, language=self.language)

    def _list_names(self, item: PlanItem, role: str) -> list[str]:
        return [self.book.name(party.organisation) for party in item.parties.all() if party.role == role]


def build_deliverable_reader(user: Any) -> Callable[[Iterable[Deliverable]], list[DeliverableLine]]:
    """Deliverables as the reader may see them: what is said about a document that is hidden is hidden with it."""
    readable: dict[str, bool] = {}

    def may_read(row: Deliverable) -> bool:
        if row.kind != DeliverableKind.DOCUMENT:
            return True
        if row.ref and row.ref not in readable:
            readable[row.ref] = row.ref.isdigit() and documents_visible_to(user).filter(pk=int(row.ref)).exists()
        return readable[row.ref] if row.ref else group_access_of(user).is_member

    return lambda rows: [_describe_deliverable(row) for row in rows if may_read(row)]


def _describe_deliverable(row: Deliverable) -> DeliverableLine:
    label = row.label or " ".join(part for part in (str(row.get_kind_display()), row.ref) if part)
    return DeliverableLine(row.pk, row.kind, row.ref, label, find_address(row.kind, row.ref))


def find_address(kind: str, ref: str) -> str:
    """The page of the object that a deliverable names, empty where it has none."""
    name = ADDRESSES.get(DeliverableKind(kind)) if kind in DeliverableKind.values else None
    if not name or not ref:
        return ""
    try:
        return reverse(name, args=[ref])
    except NoReverseMatch:
        return ""


def list_objects(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be linked as a deliverable, by kind: ("snapshot:118", words). Objects first, then what is named in words."""
    snapshots = [(f"snapshot:{s.number}", f"{s.number} · {s.name}") for s in Snapshot.objects.all()[:MOST_OBJECTS]]
    meetings = list_meetings(user).order_by("-number")[:MOST_OBJECTS]
    days = [(f"meeting:{m.number}", f"{m.number} · {date_format(m.day, 'SHORT_DATE_FORMAT')}") for m in meetings]
    documents = documents_visible_to(user).order_by("-pk")[:MOST_OBJECTS]
    files = [(f"document:{document.pk}", document.title) for document in documents]
    in_words = (DeliverableKind.DOCUMENT, DeliverableKind.ROUND, DeliverableKind.PLAN_VERSION, DeliverableKind.OTHER)
    groups = [
        (str(DeliverableKind.SNAPSHOT.label), snapshots),
        (str(DeliverableKind.MEETING.label), days),
        (str(DeliverableKind.DOCUMENT.label), files),
        (str(_("named in words")), [(f"{kind.value}:", str(kind.label)) for kind in in_words]),
    ]
    return [(label, rows) for label, rows in groups if rows]


def list_years(user: Any) -> list[WorkPlan]:
    """Plans that the reader may see, the newest first."""
    return list(plans_visible_to(user))


def choose_plan(user: Any, day: dt.date | None = None) -> WorkPlan | None:
    """The plan to open first: of this year, else the newest that the reader may see."""
    plans = list_years(user)
    return next((plan for plan in plans if plan.year == (day or today()).year), plans[0] if plans else None)


def list_story(item: PlanItem) -> list[PlanReport]:
    """All reports on an item and on the items of earlier years it was carried from, the newest first."""
    chain = [item.pk]
    while (earlier := item.carried_from) is not None and earlier.pk not in chain:
        chain.append(earlier.pk)
        item = earlier
    found = PlanReport.objects.filter(item__in=chain).select_related("item__plan", "organisation", "by")
    return list(found.order_by("-at", "-id"))


def list_bodies() -> list[Organisation]:
    """Bodies that can be made responsible for new work: those that exist under their present name."""
    return list(Organisation.objects.filter(successor=None).order_by("kind", "short_ru", "name_ru"))
