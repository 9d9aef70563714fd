"""The list of actions: what the address asks for, which rows that is, how many, and one page of them.

Page and files take their rows from here, so their numbers agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from boget.portal.actions.models import OPEN_STATES, Action, ActionParty, ActionState, Funding
from boget.portal.actions.querysets import ActionQuerySet
from boget.portal.actions.selectors.filters import (
    FILTERS,
    FLAGS,
    Reader,
    read_filters,
    read_flags,
    select_filters,
    select_flags,
)
from boget.portal.actions.selectors.overview import RESPONSIBLE, ActionCounts, build_counts, count_rows, read_counts
from boget.portal.core.errors import refuse
from boget.portal.core.text import is_storable
from boget.portal.registry.selectors.search import Wanted, fold_wanted, match_text

SIZES = (25, 50, 100, 200)
DEFAULT_SIZE = 50
MOST_PAGES = 100_000
LONGEST_TEXT = 200
DEFAULT_SORT = "due"
SORTS = ("due", "number", "title", "money", "reported")
BY_BODY = "body"
PLAIN = ("q", "sort", "size", "page", "by", "f", "lang")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the address asks for, checked."""

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    text: str = ""
    sort: str = DEFAULT_SORT
    size: int = DEFAULT_SIZE
    page: int = 1
    is_by_body: bool = False

    @property
    def wanted(self) -> Wanted:
        return fold_wanted(self.text)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.text or self.flags)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. first, last: numbers of its rows from 1; views: numbers of each view under the same filters."""

    rows: list[Action]
    totals: ActionCounts
    views: Mapping[str, int]
    number: int = 1
    first: int = 0
    last: int = 0

    @property
    def has_next(self) -> bool:
        return self.last < self.totals.total


# --- the address -------------------------------------------------------------------------------------------------------


def read_query(address: QueryDict) -> ListQuery:
    """What an address asks for, or InvalidInput that names the allowed filters or values."""
    allowed = (*FLAGS, *FILTERS, *PLAIN)
    for name in address:
        if name not in allowed:
            raise refuse("unknown_filter", value=name[:80], allowed=", ".join(allowed))
    text = address.get("q", "").strip()
    if len(text) > LONGEST_TEXT:
        raise refuse("too_long", where=_("Text"), value=len(text), allowed=f"≤ {LONGEST_TEXT}")
    if not is_storable(text):
        raise refuse("control_character", where=_("Text"))
    query = ListQuery(read_filters(dict(address.lists())), read_flags(address.dict()), text)
    sorts = [sign + name for name in SORTS for sign in ("", "-")]
    return replace(
        query,
        sort=_choose(address, "sort", sorts, where=_("Order"), default=DEFAULT_SORT),
        size=int(_choose(address, "size", map(str, SIZES), where=_("Rows"), default=str(DEFAULT_SIZE))),
        page=_read_page(address.get("page", "")),
        is_by_body=_choose(address, "by", ("", BY_BODY), where=_("View"), default="") == BY_BODY,
    )


def _choose(address: QueryDict, name: str, allowed: Iterable[str], *, where: Any, default: str) -> str:
    value, known = address.get(name, "").strip() or default, list(allowed)
    if value not in known:
        raise refuse("bad_filter", where=where, value=value[:80], allowed=", ".join(filter(None, known)))
    return value


def _read_page(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and 1 <= int(text) <= MOST_PAGES):
        raise refuse("bad_filter", where=_("Page"), value=text[:20], allowed=f"1–{MOST_PAGES}")
    return int(text)


# --- the rows ----------------------------------------------------------------------------------------------------------


def select_base(query: ListQuery, reader: Reader) -> ActionQuerySet:
    """Rows under the filters and the text, whatever the view."""
    rows = Action.objects.visible_to(reader.user).filter(select_filters(query.filters, reader))
    if query.text:
        rows = rows.none() if query.wanted.is_empty else rows.filter(match_text(query.wanted))
    return rows


def select_actions(query: ListQuery, reader: Reader) -> ActionQuerySet:
    """The rows of the list, unordered."""
    return select_base(query, reader).filter(select_flags(query.flags, reader))


def order_actions(rows: ActionQuerySet, query: ListQuery) -> ActionQuerySet:
    """All rows in the order that the address asks for; the number settles ties."""
    name, is_down = query.sort.lstrip("-"), query.sort.startswith("-")
    if name == "due":
        return order_by_due(rows, is_down=is_down)
    if name == "number":
        return rows.order_by("-pk" if is_down else "pk")
    column = {"title": "sort_text", "money": "cost_kzt", "reported": "reported_at"}[name]
    return rows.order_by(_turn(column, is_down), "pk")


def order_by_due(rows: ActionQuerySet, *, is_down: bool = False) -> ActionQuerySet:
    """By date: what is still open first, the longest overdue on top; without a date after those with one."""
    is_closed = Case(When(state__in=(*OPEN_STATES, "done"), then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(is_closed=is_closed).order_by("is_closed", _turn("due_end", is_down), "pk")


def _turn(column: str, is_down: bool) -> Any:
    return F(column).desc(nulls_last=True) if is_down else F(column).asc(nulls_last=True)


def read_page(query: ListQuery, reader: Reader) -> Page:
    """One page and the counts of the whole list. The inner query finds the ids; only the rows of the page are read whole."""
    base, within = select_base(query, reader), select_flags(query.flags, reader)
    totals, views = _count(base, within, reader)
    rows = base.filter(within)
    number = min(query.page, max(-(-totals.total // query.size), 1))
    start = (number - 1) * query.size
    if query.is_by_body:
        return Page([], totals, views)
    ids = list(order_actions(rows, query).values_list("pk", flat=True)[start : start + query.size])
    found = Action.objects.defer("search_exact", "search_keyboard", "search_latin").in_bulk(ids)
    kept = [found[pk] for pk in ids]
    return Page(kept, totals, views, number, start + 1 if kept else 0, start + len(kept))


def _count(base: ActionQuerySet, within: Q, reader: Reader) -> tuple[ActionCounts, dict[str, int]]:
    """Counts of the list, and the rows of each view under the same filters; in one query where both are of the same rows."""
    views = {f"view_{name}": Count("pk", filter=select(reader)) for name, (_label, select) in FLAGS.items()}
    views["view_all"] = Count("pk")
    counts = {} if within else build_counts(reader.day)
    found = base.aggregate(**counts, **views)
    totals = count_rows(base.filter(within), reader.day) if within else read_counts(found)
    return totals, {name: found[f"view_{name}"] for name in ("all", *FLAGS)}


# --- by body -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class BodyCount:
    """Numbers of one body: actions in which it is responsible or co-responsible."""

    code: str
    name: str
    total: int = 0
    open: int = 0
    late: int = 0
    waiting: int = 0
    unfunded: int = 0


def count_bodies(query: ListQuery, reader: Reader) -> list[BodyCount]:
    """The list summed up by responsible body, most overdue actions first; an action counts for each of its bodies."""
    rows = select_actions(query, reader).values("pk")
    parts = ActionParty.objects.filter(role__in=RESPONSIBLE, action__in=rows).order_by().values("organisation_id")
    found = parts.annotate(
        total=Count("pk"),
        open=Count("pk", filter=Q(action__state__in=OPEN_STATES)),
        late=Count("pk", filter=Q(action__state__in=OPEN_STATES, action__due_end__lt=reader.day)),
        waiting=Count("pk", filter=Q(action__state=ActionState.DONE)),
        unfunded=Count("pk", filter=~Q(action__state=ActionState.CANCELLED) & Q(action__funding=Funding.UNFUNDED)),
    )
    counts: dict[str, BodyCount] = {}
    for row in found:
        pk = row.pop("organisation_id")
        count = counts.setdefault(reader.bodies.code(pk), BodyCount(reader.bodies.code(pk), reader.bodies.name(pk)))
        for name, value in row.items():
            setattr(count, name, getattr(count, name) + value)
    return sorted(counts.values(), key=lambda count: (-count.late, -count.open, count.name))
