"""What a progress report says, as plain values: all forms of paper are made from this and from nothing else.

Texts are in the language of the report. Every number carries the line of its source.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed. value None: unknown, and the text says so. link: address of the list with the same count."""

    value: float | None
    text: str
    source: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who presents the report; empty where nobody is named."""

    name: str = ""
    post: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class GroupPart:
    """Mandate, composition, tasks, meetings so far."""

    heading: str
    mandate: tuple[Sentence, ...]
    tasks: tuple[str, ...]
    meetings: tuple[Sentence, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the plan table. state: code of meetings.ItemState as of the period's end; outcome: the cell «Выполнение»."""

    ref: str
    number: int
    text: str
    due: str
    bodies: str
    outcome: str
    state: str
    days_late: int
    is_reported: bool

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True, slots=True)
class PlanPart:
    heading: str
    total: Number
    done: Number
    late: Number
    rows: tuple[PlanRow, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ItemPart:
    """What was reported on one item within the period."""

    ref: str
    title: str
    lines: tuple[Sentence, ...]
    outcome: str
    source: str


@dataclass(frozen=True, slots=True)
class StepRow:
    number: str
    text: str
    due: str
    bodies: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """A line of a table of counts. symbol: of `map_drawing.SYMBOLS`, empty where there is none."""

    code: str
    label: str
    number: Number
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A facility on the map, degrees, as exact as the report's level allows."""

    longitude: float
    latitude: float
    symbol: str


@dataclass(frozen=True, slots=True)
class RegisterPart:
    heading: str
    as_of: str
    sentence: Sentence
    total: Number
    added: Number
    unplaced: Number
    rows: tuple[CountRow, ...]
    points: tuple[Point, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HazardRow:
    """A facility of the ranking; low and high are its index at the best and the worst that its unknown inputs can be."""

    place: str
    public_id: str
    name: str
    region: str
    value: float
    low: float
    high: float
    text: str
    inputs: str


@dataclass(frozen=True, slots=True)
class HazardPart:
    heading: str
    rows: tuple[HazardRow, ...]
    rated: Number
    unrated: Number
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TransboundaryRow:
    """Facilities whose water reaches a neighbour through a basin; code: section, country and basin. yes and possible: how many
    of them are there in two days. soonest: the shortest time with its interval, and whose it is."""

    code: str
    label: str
    total: int
    yes: int
    possible: int
    soonest: str


@dataclass(frozen=True, slots=True)
class TransboundaryPart:
    """The screening. low and high: facilities that reach a border in two days surely, and surely or possibly."""

    heading: str
    sentence: Sentence
    low: Number
    high: Number
    rows: tuple[TransboundaryRow, ...]
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    public_id: str
    title: str
    due: str
    bodies: str
    status: str


@dataclass(frozen=True, slots=True)
class ActionsPart:
    heading: str
    total: Number
    states: tuple[CountRow, ...]
    gaps: tuple[CountRow, ...]  # overdue, unfunded, money not stated, no indicator
    changes: tuple[CountRow, ...]  # within the period
    money: Sentence
    overdue: tuple[ActionRow, ...]  # the longest overdue first, at most OVERDUE_SHOWN
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    number: str
    date: str
    kind: str
    mode: str
    decisions: Number


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where the numbers of one part come from. as_of: the day they stand for."""

    part: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class ProgressContext:
    """A report of a period for readers of a level. Dates are ISO; ``as_of`` and ``made_on`` are written out."""

    language: str
    code: str
    year: int
    since: str
    until: str
    period: str
    as_of: str
    made_on: str
    level: int
    level_label: str
    is_demo: bool
    title: str
    reporter: Reporter
    group: GroupPart
    results: tuple[Sentence, ...]
    plan: PlanPart | None
    items: tuple[ItemPart, ...]
    steps: tuple[StepRow, ...]
    register: RegisterPart
    hazard: HazardPart
    actions: ActionsPart
    meetings: tuple[MeetingRow, ...]
    sources: tuple[SourceRow, ...]
    limits: tuple[str, ...]
    snapshot: str
    transboundary: TransboundaryPart | None = None  # what was released before there was a screening has none


# --- freezing ------------------------------------------------------------------------------------------------------


def write_context(value: Any) -> Any:
    """A context, or a part of one, as JSON holds it."""
    if is_dataclass(value):
        return {field.name: write_context(getattr(value, field.name)) for field in fields(value)}
    return [write_context(item) for item in value] if isinstance(value, tuple) else value


def read_context(stored: Mapping[str, Any]) -> ProgressContext:
    """The context that `write_context` wrote. TypeError or KeyError for anything else."""
    return _read(ProgressContext, stored)


@cache
def _hints(of: type) -> dict[str, Any]:
    return get_type_hints(of)


def _read(of: Any, stored: Any) -> Any:
    if get_origin(of) is types.UnionType:
        return None if stored is None else _read(get_args(of)[0], stored)
    if get_origin(of) is tuple:
        return tuple(_read(get_args(of)[0], item) for item in stored)
    if is_dataclass(of):
        return of(**{name: _read(hint, stored[name]) for name, hint in _hints(of).items() if name in stored})
    return stored
