"""The history of a facility as a reader of a level may see it: pages of entries, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.selectors import access_of, name_organisation
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.fields import DICTIONARY, Field
from boget.portal.registry.models import Facility
from boget.portal.registry.own_words import say_actor, say_own_words
from boget.portal.registry.selectors.past import RECORDS, list_closed_spans
from boget.portal.registry.selectors.reading import list_revisions
from boget.portal.registry.selectors.wording import cut, say_claim, say_source
from boget.portal.registry.values import Value

PAGE = 50
CHUNK = 200
UNDOABLE = (RevisionKind.CHANGE, RevisionKind.CLAIM, RevisionKind.CHOOSE, RevisionKind.PROPOSE, RevisionKind.UNDO)
PLACES = {key: place for place, key in enumerate(DICTIONARY)}
OTHER_FACTS = {
    "disclosure": _("Disclosure"),
    "merged_into": _("Merged into"),
    "operator_organisation": _("Operator in the list of organisations"),
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Conditions of the history page, and whether its reader is told who wrote.

    before: entry number to continue below; person: e-mail of the actor.
    """

    field: tuple[str, str] | None = None
    record_id: str = ""
    person: str = ""
    kind: str = ""
    before: int | None = None
    has_names: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.field or self.person or self.kind)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry: what it was and what it became, in words."""

    label: Any
    old: str
    new: str
    old_note: str
    new_note: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    revision: Revision
    changes: list[Change]
    who: str
    source: str
    reason: str
    is_undoable: bool

    @property
    def kind_label(self) -> str:
        return str(self.revision.get_kind_display())


@dataclass(frozen=True, slots=True)
class LogPage:
    entries: list[LogEntry]
    next_before: int | None


def read_page(facility: Facility, wanted: LogFilter, *, level: int, size: int = PAGE) -> LogPage:
    """One page; the entries that hold nothing for the level are absent."""
    entries = []
    for revision, changes in _iterate(facility, wanted, level):
        kept = _keep_field(revision, changes, wanted)
        if not kept and (wanted.field or level < Level.AUTHORITY):
            continue
        if len(entries) == size:
            return LogPage(entries, entries[-1].revision.seq)
        entries.append(describe_entry(revision, kept, level=level, has_names=wanted.has_names))
    return LogPage(entries, None)


def _iterate(facility: Facility, wanted: LogFilter, level: int) -> Iterator[tuple[Revision, dict[str, list[Any]]]]:
    """Revisions below ``before`` with their visible changes, in chunks by entry number."""
    before, open_to_level = wanted.before, _select_open(facility, level)
    while True:
        rows = _filter(facility, replace(wanted, before=before)).filter(open_to_level)[:CHUNK]
        chunk = list(rows)
        yield from list_revisions(chunk, level=level)
        if len(chunk) < CHUNK:
            return
        before = chunk[-1].seq


def _select_open(facility: Facility, level: int) -> Q:
    """Entries of the times in which the facility was open to the level: the past of a draft stays closed."""
    wanted = Q()
    for first, end in list_closed_spans(facility.public_id) if level < Level.AUTHORITY else ():
        wanted &= ~Q(seq__gte=first.seq, seq__lt=end.seq) if end else Q(seq__lt=first.seq)
    return wanted


def _filter(facility: Facility, wanted: LogFilter) -> QuerySet[Revision]:
    found = Revision.objects.filter(root_id=facility.public_id, record_type__in=RECORDS).order_by("-seq")
    conditions = Q()
    if wanted.before is not None:
        conditions &= Q(seq__lt=wanted.before)
    if wanted.kind:
        conditions &= Q(kind=wanted.kind)
    if wanted.person and wanted.has_names:
        conditions &= Q(actor=wanted.person)
    if wanted.field:
        conditions &= Q(record_type=wanted.field[0], changes_text__contains=f'"{wanted.field[1]}":')
    if wanted.record_id:
        conditions &= Q(record_id=wanted.record_id)
    return found.filter(conditions)


def _keep_field(revision: Revision, changes: dict[str, list[Any]], wanted: LogFilter) -> dict[str, list[Any]]:
    if wanted.field is None:
        return changes
    return {code: pair for code, pair in changes.items() if (revision.record_type, code) == wanted.field}


def is_told_names(user: Any) -> bool:
    """Whether this reader is told which person wrote: the authority; an operator sees the bodies, on own facilities too."""
    return access_of(user).level >= Level.AUTHORITY


def describe_entry(revision: Revision, changes: dict[str, list[Any]], *, level: int, has_names: bool) -> LogEntry:
    """An entry in words. Persons are named to the authority, reasons told to the working group and the authority."""
    codes = sorted(changes, key=lambda code: PLACES.get((revision.record_type, code), len(PLACES)))
    described = [describe_change(revision, code, changes[code]) for code in codes]
    who = ""
    if level >= Level.AUTHORITY:
        person = say_actor(revision.actor, revision.actor_name) if has_names else ""
        who = ", ".join(part for part in (person, revision.organisation) if part)
    return LogEntry(
        revision,
        described,
        who,
        say_own_words(revision.source),
        say_own_words(revision.reason) if level >= Level.GROUP else "",
        revision.kind in UNDOABLE,
    )


def describe_change(revision: Revision, code: str, pair: list[Any]) -> Change:
    field = DICTIONARY.get((revision.record_type, code))
    if field is None:
        old, new = (_say_fact(code, part) for part in pair)
        return Change(OTHER_FACTS.get(code, code), old, new, "", "")
    before, after = (part if isinstance(part, Value) else Value.read(part) for part in pair)
    note = say_source(after.shown)
    if before.shown == after.shown or (before.shown and before.shown.says_the_same(after.shown)):
        return _describe_added(field, before, after)
    return Change(field.label, _say(field, before), _say(field, after), cut(say_source(before.shown), 120), cut(note, 120))


def _say_fact(code: str, part: Any) -> str:
    if code == "disclosure" and part in Disclosure.values:
        return str(Disclosure(part).label)
    if code == "operator_organisation" and part:
        return name_organisation(str(part), language=(get_language() or "ru")[:2])
    return str(part or "—")


def _describe_added(field: Field, before: Value, after: Value) -> Change:
    """A change that left the shown value alone: a source was added beside it or taken away."""
    added = next((claim for claim in after.others if claim not in before.others), None)
    gone = next((claim for claim in before.others if claim not in after.others), None)
    old, new = (cut(say_claim(field, claim)) if claim else "—" for claim in (gone, added))
    return Change(field.label, old, new, cut(say_source(gone), 120), cut(say_source(added), 120))


def _say(field: Field, value: Value) -> str:
    return cut(say_claim(field, value.shown))


def list_people(facility: Facility) -> list[tuple[str, str]]:
    """Who wrote into the history, for the filter: (e-mail, name). For readers who are told who wrote."""
    rows = Revision.objects.filter(root_id=facility.public_id, record_type__in=RECORDS).order_by("actor", "-seq")
    return list({actor: say_actor(actor, name) for actor, name in rows.values_list("actor", "actor_name")}.items())
