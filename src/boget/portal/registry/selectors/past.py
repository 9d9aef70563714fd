"""A facility as it was: values rebuilt from the revision log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from boget.portal.core.models import Revision, RevisionKind
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.values import Value

RECORDS = ("facility", "impoundment", "dam")
DISCLOSURE = "disclosure"
LAST_DAY = dt.date.max - dt.timedelta(days=2)  # the day after it still exists in every zone


@dataclass(frozen=True, slots=True)
class Whole:
    """A facility with its structures."""

    facility: Facility
    impoundments: list[Impoundment]
    dams: list[Dam]

    @property
    def records(self) -> list[Record]:
        return [self.facility, *self.impoundments, *self.dams]


def read_whole(facility: Facility) -> Whole:
    """The facility as it is now."""
    whole = Whole(facility, list(facility.impoundments.all()), list(facility.dams.all()))
    for structure in (*whole.impoundments, *whole.dams):
        structure.facility = facility
    return whole


def end_of_day(day: dt.date) -> dt.datetime:
    """The first moment after a day, in the zone of the installation; for the last days of the calendar one before them."""
    start = dt.datetime.combine(min(day, LAST_DAY) + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(start, timezone.get_default_timezone())


def read_whole_at(facility: Facility, day: dt.date) -> Whole | None:
    """The facility as the register held it at the end of a day; None before it was registered.

    Structures registered later are absent. Only values and disclosure go back: the mirrored columns stay as they are now
    and are not to be read from the result.
    """
    whole = read_whole(facility)
    before, after = _split(facility.public_id, end_of_day(day))
    kept = [record for record in whole.records if (record.record_type, record.public_id) in before]
    if facility not in kept:
        return None
    for record in kept:
        record.values = before[(record.record_type, record.public_id)]
    facility.disclosure = _disclosure_before(facility, after)
    return Whole(
        facility,
        [record for record in kept if isinstance(record, Impoundment)],
        [record for record in kept if isinstance(record, Dam)],
    )


State = dict[tuple[str, str], dict[str, Any]]


def _split(public_id: str, moment: dt.datetime) -> tuple[State, list[Revision]]:
    """Values of each record before the moment, and the revisions from it on, oldest first."""
    state: State = {}
    after = []
    for revision in Revision.objects.filter(root_id=public_id, record_type__in=RECORDS).order_by("seq"):
        if revision.at >= moment:
            after.append(revision)
        else:
            values = state.setdefault((revision.record_type, revision.record_id), {})
            values.update(_read_changes(revision))
    return {key: {code: new for code, new in values.items() if new} for key, values in state.items()}, after


def _read_changes(revision: Revision) -> dict[str, Any]:
    """The new values of fields; disclosure and other facts beside them are left out."""
    return {c: new for c, (_old, new) in revision.changes.items() if (revision.record_type, c) in DICTIONARY}


def _disclosure_before(facility: Facility, after: Iterable[Revision]) -> str:
    changes = (revision.changes for revision in after if revision.record_type == "facility")
    return next((change[DISCLOSURE][0] for change in changes if DISCLOSURE in change), facility.disclosure)


def list_closed_spans(public_id: str) -> list[tuple[Revision, Revision | None]]:
    """When a facility was not published: the entry that closed it and the one that opened it, None while it is closed.

    What was entered in such a time and taken back before its end was never open to anybody below the authority.
    """
    kinds = (RevisionKind.CREATE, RevisionKind.PUBLISH, RevisionKind.RETIRE)
    entries = Revision.objects.filter(record_type=Facility.record_type, record_id=public_id, kind__in=kinds)
    spans: list[tuple[Revision, Revision | None]] = []
    closed: Revision | None = None
    for revision in entries.order_by("seq"):
        disclosure = revision.changes.get(DISCLOSURE, [None, Disclosure.PUBLISHED])[1]
        if disclosure != Disclosure.PUBLISHED:
            closed = closed or revision
        elif closed is not None:
            spans.append((closed, revision))
            closed = None
    return [*spans, (closed, None)] if closed else spans


def was_open(whole: Whole) -> bool:
    """Whether the facility of that day was published."""
    return whole.facility.disclosure == Disclosure.PUBLISHED


def read_values_at_version(record: Record, version: int) -> dict[str, Value]:
    """The values that a record had in one of its versions: each version is one revision of the record."""
    revisions = Revision.objects.filter(record_type=record.record_type, record_id=record.public_id).order_by("seq")
    values: dict[str, Value] = {}
    for revision in revisions[: max(version, 0)]:
        values.update({code: Value.read(new) for code, new in _read_changes(revision).items()})
    return values
