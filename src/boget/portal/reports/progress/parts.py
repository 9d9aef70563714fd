"""The parts of the report in order, each with its title, sentences, tables, chart or map. Slides and Word are made of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from boget.portal.reports.progress import wording
from boget.portal.reports.progress.context import (
    CountRow,
    HazardPart,
    ItemPart,
    Point,
    ProgressContext,
    Sentence,
    TransboundaryPart,
)
from boget.portal.reports.progress.hazard_part import MARK, is_provisional, say_rated
from boget.portal.reports.progress.transboundary_part import list_heads

TEXT_PT, TABLE_PT, NOTE_PT = 20, 14, 14
SMALL_TEXT_PT = 18
SIGNS = {"active": "●", "inactive": "■", "abandoned": "▲", "planned": "◊", "unknown": "○"}
"""Symbols of the map as letters that every office type has."""
WHOLE_ROWS = 4
"""Rows of a plan table on one slide, as in the Ministry's own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. kind: text | list | strong | quiet."""

    text: str
    kind: str = "text"
    size_pt: int = TEXT_PT


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. share: of the width."""

    head: str
    share: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts. most_rows: on one slide."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    most_rows: int = 99


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with intervals, the first on top. name: of the number, label: of the things; alt: what a reader who cannot see it
    is told."""

    bars: tuple[Bar, ...]
    name: str
    label: str
    alt: str


@dataclass(frozen=True, slots=True)
class Map:
    points: tuple[Point, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part. before and after: sentences around the table; source_text: the sentences as the system wrote them, where a
    person wrote others; notes: sources of its numbers."""

    code: str
    title: str
    before: tuple[Line, ...] = ()
    table: Table | None = None
    bars: Bars | None = None
    map: Map | None = None
    after: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    source_text: str = ""
    more: tuple[Table, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        """The sentences that may be written by hand, one a line."""
        return "\n".join(line.text for line in self.before)


def list_parts(context: ProgressContext, choices: Mapping[str, Any] | None = None) -> list[Part]:
    """The parts that are shown, in the order and with the texts that the secretary chose."""
    chosen = choices or {}
    with translation.override(context.language):
        parts = list(_iterate(context))
        texts = chosen.get("texts", {}).get(context.language, {})
        hidden, order = set(chosen.get("hidden", ())), list(chosen.get("order", ()))
        kept = [_write_by_hand(part, texts.get(part.code)) for part in parts if part.code not in hidden]
    known = {code: place for place, code in enumerate(order)}
    default = {part.code: place for place, part in enumerate(parts)}
    return sorted(kept, key=lambda part: _find_place(part.code, known, default))


def _find_place(code: str, known: Mapping[str, int], default: Mapping[str, int]) -> tuple[float, int]:
    """The chosen place; a part that came later stands behind the nearest one before it."""
    if code in known:
        return known[code], 0
    before = [known[other] for other, place in default.items() if place < default[code] and other in known]
    return (max(before) + 0.5 if before else -0.5), default[code]


def _write_by_hand(part: Part, text: str | None) -> Part:
    if text is None or text.strip() == part.text.strip():
        return part
    written = [line.strip() for line in text.splitlines() if line.strip()]
    lines = tuple(_shape_line(line, number, part.before) for number, line in enumerate(written))
    note = _("Edited by hand, the source says: %(text)s") % {"text": " ".join(part.text.split())}
    return replace(part, before=lines, source_text=part.text, notes=(note, *part.notes))


def _shape_line(text: str, number: int, before: tuple[Line, ...]) -> Line:
    """A line written by hand, looking like the same line, or the line at the same place, as the system wrote it."""
    same = next((line for line in before if line.text == text), None)
    if same is not None:
        return same
    shape = before[min(number, len(before) - 1)] if before else Line("")
    return replace(shape, text=text)


def _iterate(context: ProgressContext) -> Iterator[Part]:
    yield _build_title(context)
    yield _build_group(context)
    yield _build_results(context)
    yield from _build_plan(context)
    yield from (_build_item(item) for item in context.items)
    yield _build_register(context)
    if context.hazard.rows:
        yield _build_ranking(context.hazard)
    if context.transboundary is not None:
        yield _build_transboundary(context.transboundary)
    yield _build_actions(context)
    if context.actions.overdue:
        yield _build_overdue(context)
    if context.meetings:
        yield _build_meetings(context)
    if context.steps:
        yield _build_steps(context)
    yield _build_sources(context)


def _build_title(context: ProgressContext) -> Part:
    reporter = context.reporter
    lines = [Line(reporter.name, "strong", 24)] if reporter.name else []
    lines += [Line(text, "text", TEXT_PT) for text in (reporter.post, reporter.body) if text]
    lines.append(Line(_("Period: %(period)s") % {"period": context.period}, "text", TEXT_PT))
    marks = [_("Open to: %(level)s") % {"level": context.level_label}]
    marks += [_("DEMONSTRATION DATA")] if context.is_demo else []
    after = (Line(context.made_on, "quiet", SMALL_TEXT_PT), Line(" · ".join(marks), "quiet", SMALL_TEXT_PT))
    return Part("title", context.title, tuple(lines), after=after, notes=(_("Period, reporter and level: as chosen."),))


def _build_group(context: ProgressContext) -> Part:
    group = context.group
    lines = [Line(sentence.text, "text", SMALL_TEXT_PT) for sentence in group.mandate]
    if group.tasks:
        lines.append(Line(_("Main tasks:"), "strong", SMALL_TEXT_PT))
        lines += [Line(task, "list", SMALL_TEXT_PT) for task in group.tasks]
    lines += [Line(sentence.text, "text", SMALL_TEXT_PT) for sentence in group.meetings]
    return Part("group", group.heading, tuple(lines), notes=_list_sources((*group.mandate, *group.meetings)))


def _build_results(context: ProgressContext) -> Part:
    lines = tuple(Line(sentence.text, "list", TEXT_PT) for sentence in context.results)
    return Part("results", _("Main results of the period"), lines, notes=_list_sources(context.results))


def _list_sources(sentences: tuple[Sentence, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence.source for sentence in sentences if sentence.source))


def _build_plan(context: ProgressContext) -> Iterator[Part]:
    plan = context.plan
    if plan is None:
        return
    columns = (
        Column(pgettext("plan table", "No"), 0.05),
        Column(pgettext("plan table", "Activity"), 0.43),
        Column(pgettext("plan table", "Due"), 0.15),
        Column(pgettext("plan table", "Responsible bodies"), 0.18),
        Column(pgettext("plan table", "Implementation"), 0.19),
    )
    rows = tuple((str(row.number), row.text, row.due, row.bodies, row.outcome) for row in plan.rows)
    yield Part("plan", plan.heading, table=Table(columns, rows, plan.heading, WHOLE_ROWS), notes=(plan.source,))


def _build_item(item: ItemPart) -> Part:
    lines = tuple(Line(sentence.text, "text", TEXT_PT) for sentence in item.lines)
    after = (Line(_("Implementation: %(outcome)s") % {"outcome": item.outcome}, "quiet", SMALL_TEXT_PT),)
    return Part(f"item:{item.ref}", item.title, lines, after=after, notes=(item.source,))


def _build_register(context: ProgressContext) -> Part:
    register = context.register
    columns = (Column(_("Status"), 0.68), Column(_("Facilities"), 0.32, is_number=True))
    rows = tuple((f"{SIGNS[row.symbol]} {wording.cap(row.label)}", row.number.text) for row in register.rows)
    total = (_("Total in the register (not a census)"), register.total.text)
    return Part(
        "register",
        register.heading,
        (Line(register.sentence.text, "text", SMALL_TEXT_PT),),
        table=Table(columns, (*rows, total), _("Facilities by status")),
        map=Map(register.points, _say_map(context)),
        after=(Line(" ".join((*register.notes, _say_boundaries())), "quiet", NOTE_PT),),
        notes=(register.sentence.source, _say_boundaries()),
    )


def _say_boundaries() -> str:
    return _("Boundaries: © OpenStreetMap contributors, Natural Earth; generalised, without legal meaning.")


def _say_map(context: ProgressContext) -> str:
    shown: dict[str, int] = {}
    for point in context.register.points:
        shown[point.symbol] = shown.get(point.symbol, 0) + 1
    groups = _name_groups()
    listed = "; ".join(f"{groups[code]}: {shown[code]}" for code in SIGNS if code in shown)
    return _("Map of Kazakhstan with %(number)s tailings facilities by status: %(groups)s. The table has the same numbers.") % {
        "number": len(context.register.points),
        "groups": listed or wording.unknown(),
    }


def _name_groups() -> dict[str, str]:
    return {
        "active": pgettext("facilities", "active"),
        "inactive": pgettext("facilities", "inactive"),
        "abandoned": pgettext("facilities", "abandoned"),
        "planned": pgettext("facilities", "planned"),
        "unknown": pgettext("facilities", "status unknown"),
    }


def _build_ranking(hazard: HazardPart) -> Part:
    mark = MARK if is_provisional() else ""
    bars = tuple(
        Bar(f"{row.name} ({row.place})", row.value, row.low, row.high, f"{row.text}{mark}") for row in hazard.rows
    )
    alt = _("Bar chart of the hazard index THI with intervals: %(rows)s") % {
        "rows": "; ".join(f"{row.name}: {row.text}, {_('place')} {row.place}" for row in hazard.rows)
    }
    columns = (
        Column(_("Place"), 0.09),
        Column(_("Facility"), 0.39),
        Column(_("Region"), 0.24),
        Column(_("THI (range)"), 0.16, is_number=True),
        Column(_("Inputs known"), 0.12, is_number=True),
    )
    rows = tuple(
        (row.place, f"{row.name} ({row.public_id})", row.region or wording.unknown(), f"{row.text}{mark}", row.inputs)
        for row in hazard.rows
    )
    return Part(
        "ranking",
        hazard.heading,
        bars=Bars(bars, "THI", _("Facility (place)"), alt),
        after=tuple(Line(note, "quiet", NOTE_PT) for note in (f"{say_rated(hazard)}.", *hazard.notes)),
        notes=(hazard.source,),
        more=(Table(columns, rows, hazard.heading),),
    )


def _build_transboundary(part: TransboundaryPart) -> Part:
    shares = (0.34, 0.11, 0.09, 0.12, 0.34)
    heads = enumerate(zip(list_heads(), shares, strict=True))
    columns = tuple(Column(head, share, is_number=0 < place < 4) for place, (head, share) in heads)
    rows = tuple((row.label, str(row.total), str(row.yes), str(row.possible), row.soonest) for row in part.rows)
    return Part(
        "transboundary",
        part.heading,
        (Line(f"{part.sentence.text}.", "text", SMALL_TEXT_PT),),
        table=Table(columns, rows, part.heading),
        after=tuple(Line(note, "quiet", NOTE_PT) for note in part.notes),
        notes=(part.source,),
    )


def _build_actions(context: ProgressContext) -> Part:
    actions = context.actions
    changes = _("Changes in the period: %(changes)s.") % {"changes": _list_counts(actions.changes)}
    columns = (Column(_("Status"), 0.38), Column(_("Actions"), 0.12, is_number=True))
    columns += (Column(_("Needs attention"), 0.38), Column(_("Actions"), 0.12, is_number=True))
    gaps = [(row.label, row.number.text) for row in actions.gaps]
    rows = tuple(
        (row.label, row.number.text, *(gaps[place] if place < len(gaps) else ("", "")))
        for place, row in enumerate(actions.states)
    )
    return Part(
        "actions",
        actions.heading,
        (Line(f"{actions.money.text}.", "text", SMALL_TEXT_PT), Line(changes, "text", SMALL_TEXT_PT)),
        table=Table(columns, rows, _("Actions by status")),
        after=tuple(Line(note, "quiet", NOTE_PT) for note in actions.notes),
        notes=(actions.source,),
    )


def _list_counts(rows: tuple[CountRow, ...]) -> str:
    return "; ".join(f"{row.label.lower()}: {row.number.text}" for row in rows)


def _build_overdue(context: ProgressContext) -> Part:
    columns = (
        Column(pgettext("plan table", "No"), 0.1),
        Column(pgettext("plan table", "Action"), 0.42),
        Column(pgettext("plan table", "Due"), 0.15),
        Column(pgettext("plan table", "Responsible bodies"), 0.17),
        Column(pgettext("plan table", "Implementation"), 0.16),
    )
    rows = tuple((row.public_id, row.title, row.due, row.bodies, row.status) for row in context.actions.overdue)
    title = _("Action plan: the longest overdue")
    return Part("overdue", title, table=Table(columns, rows, title), notes=(context.actions.source,))


def _build_meetings(context: ProgressContext) -> Part:
    columns = (
        Column(_("Date"), 0.16),
        Column(pgettext("plan table", "No"), 0.08),
        Column(_("Kind"), 0.4),
        Column(_("Form"), 0.2),
        Column(_("Decisions"), 0.16, is_number=True),
    )
    rows = tuple((row.date, row.number, row.kind, row.mode, row.decisions.text) for row in context.meetings)
    title = _("Meetings and seminars of the period")
    return Part("meetings", title, table=Table(columns, rows, title), notes=(_("Meetings of the Working Group"),))


def _build_steps(context: ProgressContext) -> Part:
    columns = (
        Column(pgettext("plan table", "No"), 0.05),
        Column(pgettext("plan table", "Activity"), 0.52),
        Column(pgettext("plan table", "Due"), 0.2),
        Column(pgettext("plan table", "Responsible bodies"), 0.23),
    )
    rows = tuple((row.number, row.text, row.due, row.bodies) for row in context.steps)
    source = context.plan.source if context.plan else ""
    return Part("steps", _("Further steps"), table=Table(columns, rows, _("Further steps"), WHOLE_ROWS), notes=(source,))


def _build_sources(context: ProgressContext) -> Part:
    columns = (Column(_("Part"), 0.25), Column(_("Source"), 0.57), Column(_("As of"), 0.18))
    rows = tuple((row.part, row.source, row.as_of) for row in context.sources)
    limits = (Line(_("What these data do not show"), "strong", SMALL_TEXT_PT),)
    limits += tuple(Line(text, "list", SMALL_TEXT_PT) for text in context.limits)
    title = _("How the numbers were obtained")
    notes = tuple(row.source for row in context.sources)
    return Part("sources", title, table=Table(columns, rows, title), after=limits, notes=notes)
