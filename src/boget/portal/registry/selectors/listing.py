"""The list of facilities: what the address asks for, which rows that is, how many, and one page of them.

Page, map, export and API all take their rows from here, so their numbers agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.registry.choices import Disclosure, RecordKind, Status
from boget.portal.registry.models import Facility
from boget.portal.registry.querysets import FacilityQuerySet
from boget.portal.registry.selectors import sorting
from boget.portal.registry.selectors.filters import FILTERS, Reader, read_filters, select_filters
from boget.portal.registry.selectors.scores import add_scores, add_thi
from boget.portal.registry.selectors.search import Wanted, add_rank, fold_wanted, match_text
from boget.portal.registry.values import round_total
from boget.science.provenance import Figure

SIZES = (25, 50, 100, 200)
DEFAULT_SIZE = 50
VIEWS = ("split", "list", "map")
DEFAULT_SORT = "-thi"
OPTIONAL_COLUMNS = {  # what the columns chooser offers: the code in the address -> the head of the column
    "volume": _("Volume"),
    "class": _("Class"),
    "thi": _("THI"),
    "inputs": _("Interval and inputs"),
    "height": _("Height"),
    "type": _("Type"),
    "operator": _("Operator"),
    "region": _("Region"),
    "known": _("Known fields"),
    "updated": _("Updated"),
}
DEFAULT_COLUMNS = ("volume", "class", "thi", "inputs")
PLAIN = ("q", "sort", "size", "after", "before", "view", "columns", "f", "lang")
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the address asks for, checked."""

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    sort: str = DEFAULT_SORT
    size: int = DEFAULT_SIZE
    after: str = ""
    before: str = ""
    view: str = VIEWS[0]
    columns: tuple[str, ...] = DEFAULT_COLUMNS

    @property
    def wanted(self) -> Wanted:
        return fold_wanted(self.text)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.text)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole list holds: rows, highest level among them, and the volume of the single facilities with a known one.

    Records of several ponds are not in the sum, because their ponds may have records of their own, nor are planned
    facilities, which hold nothing yet. is_about: a volume in the sum is an "about", and the sum is rounded to its place.
    """

    count: int = 0
    level: int = int(Level.PUBLIC)
    volume_m3: float | None = None
    volume_known: int = 0
    aggregates: int = 0
    planned: int = 0
    is_about: bool = False

    @property
    def counted(self) -> int:
        """Facilities whose volume would be in the sum if it were known."""
        return self.count - self.aggregates - self.planned

    @property
    def volume(self) -> Figure:
        return Figure(self.volume_m3, "m3", kind="estimated", about=self.is_about)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. first, last: numbers of its rows counted from 1."""

    rows: list[Any]
    totals: Totals
    first: int = 0
    last: int = 0
    previous_token: str = ""
    next_token: str = ""


# --- the address ---------------------------------------------------------------------------------------------------


def read_query(address: QueryDict, *, sizes: Iterable[int] = SIZES) -> ListQuery:
    """What an address asks for, or InvalidInput that names the allowed filters or values."""
    allowed = (*FILTERS, *PLAIN)
    for name in address:
        if name not in allowed:
            raise refuse("unknown_filter", value=name[:80], allowed=", ".join(allowed))
    filters = read_filters(dict(address.lists()))
    text = _read_text(address)
    query = ListQuery(
        filters, text, sort=_read_sort(address, text), after=address.get("after", ""), before=address.get("before", "")
    )
    size = _choose(address, "size", {str(size) for size in sizes}, where=_("Rows"), default=str(DEFAULT_SIZE))
    view = _choose(address, "view", set(VIEWS), where=_("View"), default=VIEWS[0])
    return replace(query, size=int(size), view=view, columns=_read_columns(address))


def _read_text(address: QueryDict) -> str:
    text = address.get("q", "").strip()
    if len(text) > LONGEST_TEXT:
        raise refuse("too_long", where=_("Text"), value=len(text), allowed=f"≤ {LONGEST_TEXT}")
    return text


def _read_sort(address: QueryDict, text: str) -> str:
    has_text = not fold_wanted(text).is_empty
    allowed = sorting.list_sorts(has_text=has_text)
    default = sorting.MATCH if has_text else DEFAULT_SORT
    return _choose(address, "sort", set(allowed), where=_("Order"), default=default)


def _choose(address: QueryDict, name: str, allowed: set[str], *, where: Any, default: str) -> str:
    value = address.get(name, "").strip() or default
    if value not in allowed:
        raise refuse("bad_filter", where=where, value=value[:80], allowed=", ".join(sorted(allowed)))
    return value


def _read_columns(address: QueryDict) -> tuple[str, ...]:
    given = [part for value in address.getlist("columns") for part in value.split(",") if part]
    for name in given:
        if name not in OPTIONAL_COLUMNS:
            raise refuse("bad_filter", where=_("Columns"), value=name[:80], allowed=", ".join(OPTIONAL_COLUMNS))
    return tuple(name for name in OPTIONAL_COLUMNS if name in given) or DEFAULT_COLUMNS


# --- the rows ------------------------------------------------------------------------------------------------------


def select_facilities(query: ListQuery, reader: Reader) -> FacilityQuerySet:
    """The rows of the list, unordered, each with ``level``; with the index where a filter asks for its class."""
    rows = Facility.objects.visible_to(reader.user)
    if Disclosure.RETIRED not in query.filters.get("disclosure", ()):
        rows = rows.exclude(disclosure=Disclosure.RETIRED)
    if "class" in query.filters:
        rows = add_thi(rows, reader.user)
    rows = rows.filter(select_filters(query.filters, reader))
    if query.text:
        rows = rows.none() if query.wanted.is_empty else rows.filter(match_text(query.wanted))
    return rows


def add_order(rows: FacilityQuerySet, query: ListQuery, reader: Reader) -> FacilityQuerySet:
    """The rows with the columns that their order compares."""
    if query.sort == sorting.MATCH:
        return add_rank(rows, query.wanted)
    is_by_index = query.sort.lstrip("-") == "thi" and "class" not in query.filters
    return add_thi(rows, reader.user) if is_by_index else rows


def order_facilities(rows: FacilityQuerySet, query: ListQuery, reader: Reader) -> FacilityQuerySet:
    """All rows in the order that the address asks for."""
    return add_order(rows, query, reader).order_by(*sorting.order_by(_choose_keys(query, reader)))


def _choose_keys(query: ListQuery, reader: Reader) -> list[sorting.Key]:
    return sorting.choose_keys(query.sort, language=reader.language)


def sum_up(rows: FacilityQuerySet) -> Totals:
    """Count and sums over the whole list, in one query."""
    is_single, is_planned = Q(record_kind=RecordKind.SINGLE), Q(status=Status.PLANNED)
    found = rows.aggregate(
        count=Count("pk"),
        highest=Max("level"),
        sum_m3=Sum("volume_m3", filter=is_single & ~is_planned),
        step_m3=Max("volume_step_m3", filter=is_single & ~is_planned),
        volume_known=Count("volume_m3", filter=is_single & ~is_planned),
        aggregates=Count("pk", filter=~is_single),
        planned=Count("pk", filter=is_single & is_planned),
    )
    level, total, step = found.pop("highest") or 0, found.pop("sum_m3"), found.pop("step_m3")
    volume = None if total is None else round_total(total, step)
    return Totals(level=level, volume_m3=volume, is_about=step is not None, **found)


def read_page(query: ListQuery, reader: Reader) -> Page:
    """One page and the totals of the whole list."""
    rows, keys = select_facilities(query, reader), _choose_keys(query, reader)
    forwards, token = not query.before, query.after or query.before
    totals, position = sum_up(rows), 0
    start = add_order(rows, query, reader)
    if token:
        position, values = sorting.read_token(token, query.sort, keys, where=_("Page"))
        start = start.filter(sorting.select_beyond(keys, values, forwards=forwards))
    found = _fetch(start, keys, query, reader, forwards=forwards)
    return _build_page(found, query, totals, keys, position=position, forwards=forwards)


def _fetch(start: FacilityQuerySet, keys: list[sorting.Key], query: ListQuery, reader: Reader, *, forwards: bool) -> list[Any]:
    """One row more than the page holds, in the order of the list.

    The inner query finds the ids in narrow indexes; only the rows of the page are read in full.
    """
    order = sorting.order_by(keys, forwards=forwards)
    inner = start.order_by(*order).values("pk")[: query.size + 1]
    wide = add_scores(Facility.objects.visible_to(reader.user).filter(pk__in=inner), reader.user)
    ranked = add_rank(wide, query.wanted) if query.sort == sorting.MATCH else wide
    return list(
        ranked.order_by(*order).defer("values", "footprint", "dam_axis", "search_exact", "search_keyboard", "search_latin")
    )


def _build_page(
    found: list[Any], query: ListQuery, totals: Totals, keys: list[sorting.Key], *, position: int, forwards: bool
) -> Page:
    has_more, rows = len(found) > query.size, found[: query.size]
    if not rows:
        return Page([], totals)
    if not forwards:
        rows.reverse()
    first = position + 1 if forwards else max(position - len(rows), 1)
    last = first + len(rows) - 1
    has_next, has_previous = (has_more, bool(query.after)) if forwards else (True, has_more)
    return Page(
        rows,
        totals,
        first,
        last,
        sorting.write_token(query.sort, keys, rows[0], position=first) if has_previous else "",
        sorting.write_token(query.sort, keys, rows[-1], position=last) if has_next else "",
    )
