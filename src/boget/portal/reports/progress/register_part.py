"""The inventory in numbers: facilities by status as of the end of the period, and their places on the map."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.registry.choices import Disclosure, Status
from boget.portal.registry.selectors.reading import read_point
from boget.portal.reports.progress import wording
from boget.portal.reports.progress.context import CountRow, Number, Point, RegisterPart, Sentence
from boget.portal.reports.progress.period import Frame, count, say_day, short_day

GROUPS = {
    Status.ACTIVE: "active",
    Status.REPROCESSING: "active",
    Status.INACTIVE: "inactive",
    Status.TEMPORARILY_CLOSED: "inactive",
    Status.CLOSED: "inactive",
    Status.CLOSED_REHABILITATED: "inactive",
    Status.NEGLECTED: "abandoned",
    Status.ABANDONED: "abandoned",
    Status.PLANNED: "planned",
    Status.UNKNOWN: "unknown",
}
"""Groups of the one sentence and of the symbols of the map; the table names every status."""
COLUMNS = ("public_id", "status", "disclosure", "longitude", "latitude", "coordinate_radius_m")


@dataclass(frozen=True, slots=True)
class RegisterThen:
    """Rows of the register with their status at the end of the period.

    as_of: the day they stand for. is_rolled: whether the log reaches back to the end of the period. added: public ids of
    those that were registered within the period, None where the log begins after it.
    """

    rows: list[Any]
    statuses: dict[str, str]
    as_of: dt.date
    is_rolled: bool
    added: frozenset[str] | None


def read_register(frame: Frame) -> RegisterThen:
    """The rows that the readers of the report may see, without those registered after the period."""
    rows = list(frame.audience.facilities().values_list(*COLUMNS, named=True))
    log = Revision.objects.filter(record_type="facility")
    created = log.filter(kind="create")
    if (begins := created.aggregate(at=Min("at"))["at"]) is None or begins >= frame.end:
        return RegisterThen(rows, {row.public_id: row.status for row in rows}, frame.day, False, None)
    later = set(created.filter(at__gte=frame.end).values_list("record_id", flat=True))
    statuses, hidden = _roll_back(log.filter(at__gte=frame.end).exclude(kind="create"), frame)
    kept = [row for row in rows if row.public_id not in later | hidden]
    within = created.filter(at__gte=frame.start, at__lt=frame.end).values_list("record_id", flat=True)
    added = frozenset(within) & {row.public_id for row in kept}
    then = {row.public_id: statuses.get(row.public_id, row.status) for row in kept}
    return RegisterThen(kept, then, frame.as_of, True, added)


def _roll_back(later: Any, frame: Frame) -> tuple[dict[str, str], set[str]]:
    """Statuses before the first change after the period, and records that were no open ones then."""
    statuses: dict[str, str] = {}
    disclosures: dict[str, str] = {}
    for revision in later.order_by("seq").iterator(chunk_size=500):
        changes = revision.changes
        if "status" in changes:
            statuses.setdefault(revision.record_id, _read_status(changes["status"][0]))
        if "disclosure" in changes:
            disclosures.setdefault(revision.record_id, changes["disclosure"][0])
    open_then = {Disclosure.PUBLISHED, Disclosure.DRAFT} if frame.audience.level >= Level.AUTHORITY else {Disclosure.PUBLISHED}
    return statuses, {record_id for record_id, was in disclosures.items() if was not in open_then}


def _read_status(stored: Any) -> str:
    claim = (stored or {}).get("shown")
    return str(claim["value"]) if claim else Status.UNKNOWN


def build_register(frame: Frame, then: RegisterThen) -> RegisterPart:
    source = _say_source(frame, then)
    link = reverse("registry:facilities") + (f"?country={frame.audience.country}" if frame.audience.country else "?")
    counts = Counter(then.statuses.values())
    groups = dict.fromkeys(GROUPS.values(), 0)
    for status, number in counts.items():
        groups[GROUPS.get(Status(status), "unknown")] += number
    points = tuple(_list_points(frame, then))
    total = len(then.rows)
    return RegisterPart(
        heading=_("Inventory and map of tailings facilities"),
        as_of=short_day(then.as_of),
        sentence=Sentence(wording.say_statuses(total, groups), source),
        total=count(total, source, link=link),
        added=_count_added(then, source, link),
        unplaced=count(total - len(points), source, link=f"{link}&precision=unknown"),
        rows=tuple(
            CountRow(code, str(label), count(counts[code], source, link=f"{link}&status={code}"), GROUPS[Status(code)])
            for code, label in Status.choices
            if counts.get(code) or code == Status.UNKNOWN
        ),
        points=points,
        notes=_list_notes(frame, then, total - len(points)),
    )


def _count_added(then: RegisterThen, source: str, link: str) -> Number:
    return Number(None, wording.unknown(), source, link) if then.added is None else count(len(then.added), source, link=link)


def _list_points(frame: Frame, then: RegisterThen) -> Iterable[Point]:
    level = int(frame.audience.level)
    for row in then.rows:
        point = read_point(row, level=level)
        if point is not None:
            yield Point(point[0], point[1], GROUPS[Status(then.statuses[row.public_id])])


def _say_source(frame: Frame, then: RegisterThen) -> str:
    return _("Register of tailings facilities, as of %(day)s") % {"day": say_day(then.as_of, frame.language)}


def _count_others(frame: Frame) -> int:
    """Facilities of other countries that the readers may see today."""
    if not frame.audience.country:
        return 0
    return frame.audience.all_facilities().exclude(country=frame.audience.country).count()


def _list_notes(frame: Frame, then: RegisterThen, unplaced: int) -> tuple[str, ...]:
    notes = []
    if not then.is_rolled:
        notes.append(
            _("The log of the register begins after %(until)s: the numbers are those of %(day)s.")
            % {"until": say_day(frame.as_of, frame.language), "day": say_day(frame.day, frame.language)}
        )
    if others := _count_others(frame):
        notes.append(_("The register also holds facilities of other countries: %(number)s.") % {"number": others})
    if unplaced:
        notes.append(_("Not on the map, place unknown: %(number)s.") % {"number": unplaced})
    if frame.audience.level < Level.AUTHORITY:
        notes.append(_("Places are shown to about one kilometre."))
    return tuple(notes)
