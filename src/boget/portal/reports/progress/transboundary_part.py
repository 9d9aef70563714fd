"""The screening of all facilities for the report: how many may reach a border in two days, by neighbour and basin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from boget.portal.core.formatting import format_number
from boget.portal.registry.places import COUNTRIES, name_place
from boget.portal.registry.selectors.points import choose_name
from boget.portal.reports.progress.context import Sentence, TransboundaryPart, TransboundaryRow
from boget.portal.reports.progress.period import Frame, count, local_day, say_day
from boget.portal.scenarios.models import Grade, Screening, ScreeningRow
from boget.portal.scenarios.selectors.screening import (
    Counts,
    Line,
    ScreeningQuery,
    count_lines,
    current_screening,
    group_lines,
    make_line,
)
from boget.portal.scenarios.selectors.screening_stocks import list_stocks

MARK = "ᴾ"
"""At each number: the criterion of two days is not checked against its source."""
BASIS = "mean"


def build_transboundary(frame: Frame) -> TransboundaryPart | None:
    """The current screening for the readers of the report; None while there is none, or none of its facilities is theirs."""
    screening = current_screening()
    lines = list_lines(screening, frame) if screening else []
    if screening is None or not lines:
        return None
    source, counts = _say_source(screening, frame), count_lines(lines, BASIS)
    low, high = counts.yes, counts.yes + counts.possible
    return TransboundaryPart(
        heading=_say_range(low, high) + MARK,
        sentence=Sentence(_say_ways(counts), source),
        low=count(low, source, link=reverse("scenarios:screening")),
        high=count(high, source, link=reverse("scenarios:screening")),
        rows=tuple(_list_rows(lines, frame)),
        notes=tuple(_list_notes(screening, lines, frame)),
        source=source,
    )


def list_lines(screening: Screening, frame: Frame) -> list[Line]:
    """A line for each facility that the readers of the report see, those of other countries too."""
    facilities = {one.pk: one for one in frame.audience.all_facilities()}
    rows: defaultdict[int, list[ScreeningRow]] = defaultdict(list)
    for row in ScreeningRow.objects.filter(screening=screening, facility__in=facilities).order_by("facility__public_id"):
        rows[row.facility_id].append(row)
    stocks = list_stocks(rows)
    return [make_line(facilities[key], found, stocks.get(key)) for key, found in rows.items()]


def _say_range(low: int, high: int) -> str:
    if low == high:
        return _("To a border in less than 48 hours: %(count)s facilities (screening)") % {"count": format_number(low)}
    values = {"low": format_number(low), "high": format_number(high)}
    return _("To a border in less than 48 hours: from %(low)s to %(high)s facilities (screening)") % values


def _say_ways(counts: Counts) -> str:
    values = {name: format_number(getattr(counts, name)) for name in ("total", "border", "sea", "closed", "unknown")}
    return _(
        "Facilities: %(total)s; on a way to a border: %(border)s; to the Caspian Sea: %(sea)s; in a closed basin: %(closed)s; "
        "way of the water unknown: %(unknown)s"
    ) % values


def _say_source(screening: Screening, frame: Frame) -> str:
    values = {"day": say_day(local_day(screening.created_at), frame.language), "network": screening.network_version[:12]}
    return _("Transboundary screening of %(day)s, river network %(network)s") % values


# --- rows ----------------------------------------------------------------------------------------------------------


def _list_rows(lines: Sequence[Line], frame: Frame) -> Iterator[TransboundaryRow]:
    """One row for each neighbour and basin that can receive our water, then for each country whose water reaches us."""
    found: defaultdict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for group in group_lines([line for line in lines if line.row.border], ScreeningQuery()):
        basin = group.basin if group.section == "neighbour" else ""
        found[group.section, group.country, basin] += group.lines
    for key, own in found.items():
        grades = [line.grade(BASIS) for line in own]
        yield TransboundaryRow(
            code="-".join(filter(None, key)),
            label=_name_group(*key, language=frame.language),
            total=len(own),
            yes=grades.count(Grade.YES),
            possible=grades.count(Grade.POSSIBLE),
            soonest=_say_soonest(own, frame.language),
        )


def _name_group(section: str, country: str, basin: str, *, language: str) -> str:
    name = str(COUNTRIES.get(country, country))
    if section == "foreign":
        return _("Above us: %(country)s") % {"country": name}
    return " · ".join(filter(None, [name, name_place("basin", basin, language=language) if basin else ""]))


def _say_soonest(lines: Sequence[Line], language: str) -> str:
    """The facility with the shortest median time to the border, with its interval."""
    timed = [(middle, line) for line in lines if (middle := line.read(BASIS)[1]) is not None]
    if not timed:
        return _("no data")
    _time, line = min(timed, key=lambda pair: (pair[0], pair[1].facility.public_id))
    name = f"{choose_name(line.facility, language)} ({line.facility.public_id})"
    return f"{line.say_time(BASIS)}, {name}" + (" ?" if line.is_imprecise else "")


def _list_notes(screening: Screening, lines: Sequence[Line], frame: Frame) -> Iterator[str]:
    yield _("In less than 48 hours with a probability of at least 0.9 to at least 0.1; mean flow, mean of the wave.")
    yield _("%(mark)s provisional: two days of flow are an aid of the location criterion, not a limit.") % {"mark": MARK}
    yield _("Beyond the two-day aid does not mean no effect (Ridder 2016): no facility on a way to a border is left out.")
    if imprecise := sum(line.is_imprecise for line in lines if line.row.border):
        number = {"number": format_number(imprecise)}
        yield _("Points that may be far off, their times get a question mark: %(number)s.") % number
    if screening.stale_since is not None:
        day = say_day(local_day(screening.stale_since), frame.language)
        yield _("Facilities or rivers have changed since %(day)s: the screening is to be computed again.") % {"day": day}


def list_heads() -> tuple[str, ...]:
    """Heads of the table, on slides and in the workbook."""
    return (
        _("Receiving country and basin"),
        _("Facilities"),
        pgettext("reaches the border in two days", "yes"),
        pgettext("reaches the border in two days", "possible"),
        _("Soonest: median (5–95 %), facility"),
    )
