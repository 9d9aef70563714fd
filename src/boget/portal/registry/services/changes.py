"""Changes of values: with source and reason, against the version that was read, undoable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.core.services import Actor, Entry, append_revision
from boget.portal.core.signals import record_changed
from boget.portal.registry.checks import check_claim, check_text, check_together
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.services.registration import stamp
from boget.portal.registry.services.summary import FIELDS, fill_columns, refresh_totals
from boget.portal.registry.values import Claim, Value

NOT_UNDONE = {RevisionKind.CREATE, RevisionKind.PUBLISH, RevisionKind.RETIRE}
MODELS: dict[str, type[Record]] = {"facility": Facility, "impoundment": Impoundment, "dam": Dam}
Values = dict[str, Value]
MOST_PROPOSALS = 20
"""That wait for one field: each entry of the log repeats all claims of its field, so the log grows by their square."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the new values come from and why the record is changed: both are required."""

    text: str
    reason: str

    def check(self) -> None:
        if not check_text("", self.text, limit=2000):
            raise refuse("source_missing")
        if not check_text("", self.reason, limit=2000):
            raise refuse("reason_missing")


@dataclass(slots=True)
class _Edit:
    """A record under change: locked row, its facility, the values before and after."""

    record: Record
    facility: Facility
    before: Values
    after: Values


@transaction.atomic
def change_values(
    record: Record, claims: Mapping[str, Claim | None], *, source: Source, actor: Actor, version: int
) -> Revision:
    """Show new values; the old ones stay as claims. ``None`` makes a field unknown.

    version: the record's version the writer saw; Conflict when it is no longer the current one.
    """
    source.check()
    edit = _open(record, version)
    fields = FIELDS[record.record_type]
    for code, claim in claims.items():
        if code not in fields:
            raise refuse("unknown_field", value=code, allowed=", ".join(fields))
        new = check_claim(fields[code], claim) if claim else None
        if new is not None:
            new = stamp(new, actor=actor, moment=datetime.now(UTC), source=source.text)
        shown = edit.before.get(code, Value())
        if (new is None and shown.shown is None) or (new is not None and new.says_the_same(shown.shown)):
            continue
        edit.after[code] = shown.show(new, why=source.reason)
    return _close(edit, kind=RevisionKind.CHANGE, source=source, actor=actor)


@transaction.atomic
def add_claim(record: Record, code: str, claim: Claim, *, source: Source, actor: Actor, is_proposal: bool) -> Revision:
    """Put another source's value beside the shown one. is_proposal: an operator's word that waits for the authority."""
    source.check()
    edit = _open(record, None)
    field = FIELDS[record.record_type][code]
    checked = stamp(check_claim(field, claim), actor=actor, moment=datetime.now(UTC), source=source.text)
    before = edit.before.get(code, Value())
    waiting = sum(other.is_proposal for other in before.claims)
    if is_proposal and waiting >= MOST_PROPOSALS:
        raise refuse("too_many_proposals", where=field.label, value=waiting, allowed=f"≤ {MOST_PROPOSALS}")
    edit.after[code] = before.add(replace(checked, is_proposal=is_proposal))
    kind = RevisionKind.PROPOSE if is_proposal else RevisionKind.CLAIM
    return _close(edit, kind=kind, source=source, actor=actor)


@transaction.atomic
def choose_claim(record: Record, code: str, position: int, *, reason: str, actor: Actor, version: int) -> Revision:
    """Show another of the claims of a field. position: index among the other claims as the writer saw them."""
    edit = _open(record, version)
    value = edit.before.get(code, Value())
    if not 0 <= position < len(value.others):
        raise refuse("not_in_list", where=FIELDS[record.record_type][code].label, value=position + 1)
    chosen = value.others[position]
    source = Source(chosen.source or "—", reason)
    source.check()
    edit.after[code] = value.show(chosen, why=reason)
    return _close(edit, kind=RevisionKind.CHOOSE, source=source, actor=actor)


@transaction.atomic
def undo_revision(revision: Revision, *, reason: str, actor: Actor) -> Revision:
    """Bring back what a change replaced. Refused when a field was changed again since, or for a creation."""
    if revision.kind in NOT_UNDONE or revision.record_type not in MODELS:
        raise refuse("undo_refused", where=revision.record_id)
    record = MODELS[revision.record_type]._default_manager.get(public_id=revision.record_id)
    edit = _open(record, None)
    for code, (old, new) in revision.changes.items():
        if (edit.record.values.get(code) or None) != (new or None):
            raise refuse("undo_refused", where=FIELDS[record.record_type][code].label)
        edit.after[code] = Value.read(old)
    source = Source(f"№ {revision.seq}", reason)
    source.check()
    return _close(edit, kind=RevisionKind.UNDO, source=source, actor=actor)


@transaction.atomic
def set_disclosure(facility: Facility, disclosure: str, *, reason: str, actor: Actor, merged_into: str = "") -> Revision:
    """Publish, withdraw or retire a facility. A retired id stays taken and leads to the record it was merged into."""
    facility = Facility.objects.select_for_update().get(pk=facility.pk)
    merged_into = merged_into.strip() if disclosure == Disclosure.RETIRED else ""
    reason = check_text("", reason, limit=2000)
    _check_disclosure(facility, disclosure, merged_into)
    if not reason:
        raise refuse("reason_missing")
    changes = {"disclosure": (facility.disclosure, disclosure), "merged_into": (facility.merged_into, merged_into)}
    facility.disclosure, facility.merged_into = disclosure, merged_into
    facility.version += 1
    facility.updated_at = timezone.now()
    facility.save()
    kind = RevisionKind.RETIRE if disclosure == Disclosure.RETIRED else RevisionKind.PUBLISH
    revision = append_revision(Entry("facility", facility.public_id, kind, changes, reason=reason), actor=actor)
    record_changed.send(Facility, facility_ids=[facility.pk])
    return revision


def _check_disclosure(facility: Facility, disclosure: str, merged_into: str) -> None:
    if disclosure not in Disclosure.values:
        allowed = ", ".join(Disclosure.values)
        raise refuse("not_in_list", where=_("Disclosure"), value=disclosure[:40], allowed=allowed)
    if (disclosure, merged_into) == (facility.disclosure, facility.merged_into):
        raise refuse("nothing_changed")
    others = Facility.objects.exclude(pk=facility.pk).exclude(disclosure=Disclosure.RETIRED)
    if merged_into and ("\x00" in merged_into or not others.filter(public_id=merged_into[:24]).exists()):
        raise refuse("merge_target", value=merged_into[:40])


def _open(record: Record, version: int | None) -> _Edit:
    """Lock the facility and the record, and check that nobody was faster."""
    facility_id = record.pk if isinstance(record, Facility) else record.facility_id  # type: ignore[attr-defined]
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    current = facility if isinstance(record, Facility) else type(record)._default_manager.select_for_update().get(pk=record.pk)
    if version is not None and version != current.version:
        last = Revision.objects.filter(record_type=record.record_type, record_id=record.public_id).first()
        who = (last.actor_name or last.actor) if last else ""
        raise Conflict("stale", where=record.public_id, who=who, time=last.at if last else "")
    before = {code: Value.read(stored) for code, stored in current.values.items()}
    return _Edit(current, facility, before, {})


def _close(edit: _Edit, *, kind: str, source: Source, actor: Actor) -> Revision:
    """Write the changed values, the columns, the totals and the revision."""
    if not edit.after:
        raise refuse("nothing_changed")
    record, changes = edit.record, {}
    for code, value in edit.after.items():
        stored = value.to_stored() if value.claims else None
        changes[code] = (record.values.get(code), stored)
        _put(record, code, stored)
    check_together({code: record.value_of(code) for code in record.values})
    record.version += 1
    if any(_is_open(edit, code) for code in changes):
        # the date is open to all, so a change of a hidden field or of a proposal must not move it
        record.updated_at = edit.facility.updated_at = timezone.now()
    fill_columns(record)
    record.save()
    refresh_totals(edit.facility)
    entry = Entry(
        record.record_type, record.public_id, kind, changes, edit.facility.public_id, source.text, source.reason
    )
    revision = append_revision(entry, actor=actor)
    record_changed.send(Facility, facility_ids=[edit.facility.pk])
    return revision


def _is_open(edit: _Edit, code: str) -> bool:
    """Whether everybody may see what changed in a field: claims of a public field that are no proposals."""
    before, after = edit.before.get(code, Value()), edit.after[code]
    sides = [(value.shown, [claim for claim in value.others if not claim.is_proposal]) for value in (before, after)]
    return FIELDS[edit.record.record_type][code].level == Level.PUBLIC and sides[0] != sides[1]


def _put(record: Record, code: str, stored: Any) -> None:
    if stored is None:
        record.values.pop(code, None)
    else:
        record.values[code] = stored


