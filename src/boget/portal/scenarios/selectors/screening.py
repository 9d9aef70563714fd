"""The current screening as a reader may see it: rows of the facilities open to them, grouped by who receives the water."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.registry.places import name_place
from boget.portal.registry.selectors.scores import add_scores
from boget.portal.scenarios.models import Grade, Screening, ScreeningRow
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.screening_ranks import value_row
from boget.portal.scenarios.selectors.screening_stocks import Stock, list_stocks

if TYPE_CHECKING:
    from boget.science.river.ranking import Place, RankValue, WaterRisk

HOME = "KZ"
SEA = "caspian_sea"
BASES = ("mean", "high")
ORDERS = ("time", "rank")
IMPRECISE_RULE = "criterion.imprecise_point"
SECTIONS = ("neighbour", "sea", "closed", "unknown", "foreign")
"""Facilities of the country by neighbour, at the sea, in closed basins, without a way; those of other countries above us."""


@dataclass(frozen=True, slots=True)
class ScreeningQuery:
    """What is asked for: the reading, the order, filters by neighbour and basin ("" = all)."""

    basis: str = "mean"
    order: str = "time"
    neighbour: str = ""
    basin: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.neighbour or self.basin)


@dataclass(frozen=True, slots=True)
class Line:
    """A facility with the meeting that counts for it and the others on its way. is_imprecise: its point may be far off."""

    facility: Any
    row: ScreeningRow
    others: tuple[ScreeningRow, ...]
    is_imprecise: bool
    stock: Stock | None
    value: RankValue | None = None
    place: Place | None = None

    def read(self, basis: str) -> tuple[float | None, float | None, float | None]:
        """5, 50 and 95 % of the travel time in the reading, s."""
        prefix = "t" if basis == "mean" else "high"
        low, middle, high = (getattr(self.row, f"{prefix}{share}_s") for share in ("05", "50", "95"))
        return low, middle, high

    def say_time(self, basis: str) -> saying.Said:
        """The travel time in words with its interval."""
        from boget.science.river.outcome import Quantiles

        return saying.say_time(Quantiles(*self.read(basis)))

    def share(self, basis: str) -> float | None:
        """Probability to be there within two days."""
        share: float | None = self.row.p48 if basis == "mean" else self.row.p48_high
        return share

    def grade(self, basis: str) -> str:
        return str(self.row.grade if basis == "mean" else self.row.grade_high)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one section with one receiving country and one basin, with the water risk index of their stocks."""

    section: str
    country: str
    basin: str
    lines: tuple[Line, ...]
    risk: WaterRisk

    @property
    def code(self) -> str:
        return "-".join(filter(None, [self.section, self.country, self.basin]))


@dataclass(frozen=True, slots=True)
class Counts:
    """Facilities of the country, and of them those on a way to a border, to the sea, in closed basins, without a way; `yes` and
    `possible` of those that reach a border; `imprecise` points; `foreign` by country, those above us."""

    total: int
    border: int
    sea: int
    closed: int
    unknown: int
    yes: int
    possible: int
    imprecise: int
    foreign: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page. counts: of everything open to the reader; the groups: of what the filters leave."""

    screening: Screening
    groups: tuple[Group, ...]
    counts: Counts
    neighbours: tuple[str, ...]
    basins: tuple[str, ...]

    @property
    def lines(self) -> Iterator[Line]:
        return (line for group in self.groups for line in group.lines)


def current_screening() -> Screening | None:
    found: Screening | None = Screening.objects.filter(is_current=True).first()
    return found


def read_board(user: Any, query: ScreeningQuery) -> Board | None:
    """The board for a reader; None while no screening has been computed."""
    screening = current_screening()
    if screening is None:
        return None
    lines = rank_lines(list_lines(screening, user))
    chosen = [line for line in lines if is_wanted(line, query)]
    return Board(
        screening,
        tuple(group_lines(chosen, query)),
        count_lines(lines),
        tuple(sorted({line.row.country for line in lines if section_of(line) == "neighbour"})),
        tuple(
            dict.fromkeys(
                line.facility.basin for line in sorted(lines, key=lambda one: one.facility.basin) if line.facility.basin
            )
        ),
    )


def list_lines(screening: Screening, user: Any) -> list[Line]:
    """A line for each facility open to the reader that the screening holds. Three queries."""
    open_to = Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED)
    facilities = {one.pk: one for one in add_scores(open_to, user).select_related("operator_organisation").defer("values")}
    rows: defaultdict[int, list[ScreeningRow]] = defaultdict(list)
    for row in ScreeningRow.objects.filter(screening=screening, facility__in=facilities).order_by("facility__public_id"):
        rows[row.facility_id].append(row)
    stocks = list_stocks(rows)
    return [make_line(facilities[key], found, stocks.get(key)) for key, found in rows.items()]


def make_line(facility: Any, rows: Sequence[ScreeningRow], stock: Stock | None) -> Line:
    from boget.science.river.screening_rules import read_rule

    ordered = sorted(rows, key=lambda row: row.number)
    main = choose_meeting(facility, ordered)
    others = tuple(row for row in ordered if row is not main)
    radius = facility.coordinate_radius_m
    is_placed = main.details.get("place") == "confirmed"
    is_imprecise = not is_placed and (radius is None or radius > read_rule(IMPRECISE_RULE))
    return Line(facility, main, others, is_imprecise, stock)


def choose_meeting(facility: Any, rows: Sequence[ScreeningRow]) -> ScreeningRow:
    """The meeting that counts: out of the country for a facility of ours, into ours for one of another country."""
    for row in rows:
        if row.border and (row.country != HOME if facility.country == HOME else row.country == HOME):
            return row
    return rows[0]


def rank_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines with their places among those the reader sees; without a volume a line has none."""
    from boget.science.river.ranking import place_values

    values = {index: value for index, line in enumerate(lines) if (value := value_row(line.row, line.stock)) is not None}
    places = dict(zip(values, place_values(list(values.values())), strict=True))
    return [replace(line, value=values.get(index), place=places.get(index)) for index, line in enumerate(lines)]


def section_of(line: Line) -> str:
    if line.facility.country != HOME:
        return "foreign"
    if line.row.border:
        return "neighbour"
    if line.row.kind == "none":
        return "unknown"
    return "sea" if line.row.end == SEA else "closed"


def is_wanted(line: Line, query: ScreeningQuery) -> bool:
    if query.basin and line.facility.basin != query.basin:
        return False
    return not query.neighbour or (line.row.country == query.neighbour and section_of(line) == "neighbour")


def group_lines(lines: Iterable[Line], query: ScreeningQuery) -> list[Group]:
    """Groups in the order of the sections, the largest first; a closed basin is a group of its own section."""
    from boget.science.river.ranking import water_risk_index

    found: defaultdict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        section = section_of(line)
        country = {"neighbour": line.row.country, "foreign": line.facility.country}.get(section, "")
        found[section, country, line.facility.basin].append(line)
    ordered = sorted(found.items(), key=lambda one: (SECTIONS.index(one[0][0]), -len(one[1]), one[0]))
    return [
        Group(*key, tuple(sorted(own, key=lambda line: order_of(line, query))), water_risk_index(list_stocks_of(own)))
        for key, own in ordered
    ]


def list_stocks_of(lines: Iterable[Line]) -> list[tuple[float | None, str]]:
    return [(line.stock.mass_kg, line.stock.hazard_class) if line.stock else (None, "") for line in lines]


def order_of(line: Line, query: ScreeningQuery) -> tuple[float, float, str]:
    """Soonest first, or by rank with those without one at the end."""
    middle = line.read(query.basis)[1]
    time = math.inf if middle is None else middle
    if query.order == "rank":
        return (line.place.place if line.place else math.inf, time, line.facility.public_id)
    return (-(line.share(query.basis) or 0.0), time, line.facility.public_id)


def count_lines(lines: Sequence[Line], basis: str = "mean") -> Counts:
    own = [line for line in lines if line.facility.country == HOME]
    sections = [section_of(line) for line in own]
    grades = [line.grade(basis) for line in own if line.row.border]
    foreign: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        if line.facility.country != HOME and line.row.country == HOME:
            foreign[line.facility.country] += 1
    return Counts(
        total=len(own),
        border=sections.count("neighbour"),
        sea=sections.count("sea"),
        closed=sections.count("closed"),
        unknown=sections.count("unknown"),
        yes=grades.count(Grade.YES),
        possible=grades.count(Grade.POSSIBLE),
        imprecise=sum(1 for line in own if line.row.border and line.is_imprecise),
        foreign=dict(sorted(foreign.items())),
    )


def name_basin(code: str, *, is_short: bool = True) -> str:
    language = (get_language() or "ru")[:2]
    return name_place("basin", code, language=language, is_short=is_short) if code else ""
