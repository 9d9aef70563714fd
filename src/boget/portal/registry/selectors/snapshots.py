"""Snapshots of the register: what stood in it then, and what differs between two of them, as far as the reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from boget.portal.accounts.selectors import access_of
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.core.services import read_head
from boget.portal.registry.choices import Disclosure, RecordKind, Status
from boget.portal.registry.models import Facility, Snapshot
from boget.portal.registry.places import name_place
from boget.portal.registry.selectors.log import PLACES, Change, describe_change, is_told_names
from boget.portal.registry.selectors.past import DISCLOSURE, RECORDS
from boget.portal.registry.selectors.reading import filter_changes

UNKNOWN = "unknown"
CHUNK = 500
NAMES = {
    "ru": ("name_ru", "name_kk", "name_en"),
    "kk": ("name_kk", "name_ru", "name_en"),
    "en": ("name_en", "name_ru", "name_kk"),
}
Key = tuple[str, str]


# --- counts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountLine:
    code: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums of a snapshot at the reader's level: facilities, by status, by region; unknown stands last."""

    total: int
    statuses: list[CountLine]
    regions: list[CountLine]


def count_facilities(rows: Iterable[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """Sums by level from (disclosure, status, region) of each facility. Retired ones are not counted.

    What the public and the group count is published; the authority counts drafts as well.
    """
    kept = [row for row in rows if row["disclosure"] != Disclosure.RETIRED]
    published = [row for row in kept if row["disclosure"] == Disclosure.PUBLISHED]
    return {str(int(level)): _sum_up(kept if level == Level.AUTHORITY else published) for level in Level}


def _sum_up(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "total": len(rows),
        "status": dict(sorted(Counter(row["status"] or UNKNOWN for row in rows).items())),
        "region": dict(sorted(Counter(row["region"] or UNKNOWN for row in rows).items())),
    }


def read_register_rows() -> list[dict[str, str]]:
    """What is counted, from the tables as they stand now."""
    return list(Facility.objects.values("disclosure", "status", "region"))


def replay_rows(seq: int) -> list[dict[str, str]]:
    """What is counted, rebuilt from the log up to an entry: the same as was read from the tables then."""
    found: dict[str, dict[str, str]] = {}
    revisions = Revision.objects.filter(record_type="facility", seq__lte=seq).order_by("seq")
    for revision in revisions.iterator(chunk_size=CHUNK):
        row = found.setdefault(revision.record_id, {"disclosure": "", "status": "", "region": ""})
        for name in row:
            if name in revision.changes:
                new = revision.changes[name][1]
                row[name] = str(new or "") if name == DISCLOSURE else _shown(new)
    return list(found.values())


def _shown(stored: Any) -> str:
    shown = (stored or {}).get("shown")
    return str(shown["value"]) if shown else ""


def read_counts(snapshot: Snapshot, user: Any) -> Counts:
    """The sums that the reader's level may know."""
    stored = snapshot.counts[str(int(access_of(user).level))]
    language = (get_language() or "ru")[:2]
    statuses = _list_counts(stored["status"], lambda code: str(Status(code).label) if code in Status.values else code)
    regions = _list_counts(stored["region"], lambda code: name_place("region", code, language=language))
    return Counts(stored["total"], statuses, regions)


def _list_counts(counts: dict[str, int], say: Any) -> list[CountLine]:
    lines = [CountLine(code, say(code) if code != UNKNOWN else str(Status.UNKNOWN.label), n) for code, n in counts.items()]
    return sorted(lines, key=lambda line: (line.code == UNKNOWN, -line.number, line.label))


def is_log_unchanged(snapshot: Snapshot) -> bool:
    """Whether the entry that the snapshot names still carries the hash noted then."""
    if snapshot.seq == 0:
        return True
    return Revision.objects.filter(seq=snapshot.seq, hash=snapshot.hash).exists()


def list_snapshots() -> QuerySet[Snapshot]:
    return Snapshot.objects.all()


# --- comparison ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: before and after, who changed it last (where the reader is told) and when."""

    record_id: str
    change: Change
    who: str
    at: Any
    seq: int


@dataclass(frozen=True, slots=True)
class FacilityChange:
    """A facility that was added, removed or changed. fields: of a changed or removed one."""

    public_id: str
    name: str
    is_open: bool  # whether the reader may open its card now
    who: str
    at: Any
    fields: list[FieldChange]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between an older snapshot and a newer one (None: the register now)."""

    older: Snapshot
    newer: Snapshot | None
    added: list[FacilityChange]
    removed: list[FacilityChange]
    changed: list[FacilityChange]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed)

    @property
    def field_count(self) -> int:
        return sum(len(row.fields) for row in self.changed)


@dataclass(slots=True)
class _Window:
    """All that happened to one record between two moments: per field the first old and the last new value."""

    record_type: str
    record_id: str
    root_id: str
    changes: dict[str, list[Any]] = field(default_factory=dict)
    last: dict[str, Revision] = field(default_factory=dict)
    is_new: bool = False
    first: Revision | None = None

    def take(self, revision: Revision) -> None:
        self.first = self.first or revision
        self.is_new = self.is_new or revision.kind == RevisionKind.CREATE
        for code, (old, new) in revision.changes.items():
            self.changes.setdefault(code, [old, new])[1] = new
            self.last[code] = revision


def compare(user: Any, older: int, newer: int | None) -> Comparison | None:
    """Two snapshots by number, in either order; newer None: the register as it is now. None where one does not exist."""
    numbers = [older] if newer is None else [older, newer]
    found = sorted(Snapshot.objects.filter(number__in=numbers), key=lambda row: (row.seq, row.number))
    if len(found) != len(set(numbers)):
        return None
    first, second = found[0], (found[-1] if newer is not None else None)
    windows = _read_windows(first.seq, second.seq if second else read_head()[0])
    return _Comparer(user, windows).run(first, second)


def _read_windows(after: int, until: int) -> dict[Key, _Window]:
    windows: dict[Key, _Window] = {}
    revisions = Revision.objects.filter(record_type__in=RECORDS, seq__gt=after, seq__lte=until).order_by("seq")
    for revision in revisions.iterator(chunk_size=CHUNK):
        key = (revision.record_type, revision.record_id)
        windows.setdefault(key, _Window(revision.record_type, revision.record_id, revision.root_id)).take(revision)
    return windows


class _Comparer:
    """Sorts what happened into added, removed and changed facilities for one reader."""

    def __init__(self, user: Any, windows: dict[Key, _Window]) -> None:
        self.has_names = is_told_names(user)
        self.is_authority = access_of(user).level >= Level.AUTHORITY
        self.by_root: dict[str, list[_Window]] = {}
        for window in windows.values():
            self.by_root.setdefault(window.root_id, []).append(window)
        rows = Facility.objects.visible_to(user).filter(public_id__in=list(self.by_root))
        self.facilities = {row.public_id: row for row in rows}
        self.disclosures = dict(
            Facility.objects.filter(public_id__in=list(self.by_root)).values_list("public_id", "disclosure")
        )
        self.later: dict[str, str] = {}

    def run(self, first: Snapshot, second: Snapshot | None) -> Comparison:
        self.later = _read_later_disclosures(list(self.by_root), second.seq) if second else {}
        sorted_rows: dict[str, list[FacilityChange]] = {"added": [], "removed": [], "changed": []}
        for public_id in sorted(self.by_root):
            kind, row = self._sort(public_id)
            if kind:
                sorted_rows[kind].append(row)
        return Comparison(first, second, **sorted_rows)

    def _sort(self, public_id: str) -> tuple[str, FacilityChange]:
        """added, removed, changed, or nothing that this reader may know of."""
        windows = self.by_root[public_id]
        was, then = self._find_disclosures(public_id)
        facility = self.facilities.get(public_id)
        level = int(getattr(facility, "level", Level.PUBLIC))
        seen_before, seen_after = _is_seen(was, level), _is_seen(then, level)
        own = next((window for window in windows if window.record_type == "facility"), None)
        if facility is None:
            # known before, withdrawn since: its number was public, what stood in it is shown no more
            is_gone = seen_before and not seen_after
            return ("removed" if is_gone else ""), self._describe(public_id, None, own, [])
        if not seen_before and seen_after:
            return "added", self._describe(public_id, facility, own, [])
        if seen_before and not seen_after:
            return "removed", self._describe(public_id, facility, own, [])
        fields = [change for window in windows for change in self._list_fields(window, level)] if seen_after else []
        return ("changed" if fields else ""), self._describe(public_id, facility, own, fields)

    def _find_disclosures(self, public_id: str) -> tuple[str, str]:
        """Disclosure at the older and at the newer moment; empty before the facility was registered."""
        own = next((w for w in self.by_root[public_id] if w.record_type == "facility"), None)
        then = self.later.get(public_id, self.disclosures.get(public_id, ""))
        if own and own.is_new:
            return "", str(own.changes.get(DISCLOSURE, [None, then])[1])
        if own and DISCLOSURE in own.changes:
            old, new = own.changes[DISCLOSURE]
            return str(old), str(new)
        return then, then

    def _describe(
        self, public_id: str, facility: Facility | None, own: _Window | None, fields: list[FieldChange]
    ) -> FacilityChange:
        revision = own.last.get(DISCLOSURE) or own.first if own else None
        who = self._say_who(revision, facility) if revision and not fields else ""
        name = _say_name(facility) if facility else ""
        return FacilityChange(public_id, name, facility is not None, who, revision.at if revision else None, fields)

    def _list_fields(self, window: _Window, level: int) -> list[FieldChange]:
        changes = filter_changes(window, level=level)  # type: ignore[arg-type]  # reads record_type and changes only
        facility = self.facilities[window.root_id]
        found = []
        for code in sorted(changes, key=lambda code: PLACES.get((window.record_type, code), len(PLACES))):
            old, new = changes[code]
            if old == new:
                continue
            revision = window.last[code]
            change = describe_change(revision, code, changes[code])
            found.append(FieldChange(window.record_id, change, self._say_who(revision, facility), revision.at, revision.seq))
        return found

    def _say_who(self, revision: Revision, facility: Facility | None) -> str:
        """Body and, for those who are told, person; to the public and to other operators nobody is named."""
        if facility is None or int(getattr(facility, "level", 0)) < Level.AUTHORITY:
            return ""
        person = (revision.actor_name or revision.actor) if self.has_names else ""
        return ", ".join(part for part in (person, revision.organisation) if part)


def _is_seen(disclosure: str, level: int) -> bool:
    """Whether a reader of this level counts a facility of this disclosure; retired ones nobody counts."""
    return disclosure == Disclosure.PUBLISHED or (level >= Level.AUTHORITY and disclosure not in ("", Disclosure.RETIRED))


def _read_later_disclosures(public_ids: list[str], seq: int) -> dict[str, str]:
    """Disclosure at an entry of the log, of the facilities whose disclosure was changed after it."""
    found: dict[str, str] = {}
    later = Revision.objects.filter(
        Q(changes_text__contains=f'"{DISCLOSURE}":'), record_type="facility", record_id__in=public_ids, seq__gt=seq
    )
    for revision in later.order_by("-seq"):
        found[revision.record_id] = str(revision.changes[DISCLOSURE][0])
    return found


def _say_name(facility: Facility) -> str:
    codes = NAMES.get((get_language() or "ru")[:2], NAMES["ru"])
    name = next((text for code in codes if (text := getattr(facility, code))), "")
    kind = facility.record_kind
    return f"{name} ({RecordKind(kind).label})" if kind == RecordKind.AGGREGATE else name
