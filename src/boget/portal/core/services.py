"""The revision log: the only way to append to it, and the check that nobody did anything else.

Each entry carries the SHA-256 of its own content and of the entry before it. A cut at the end of the log cannot be seen
from inside, so the head is anchored outside (docs/operator/audit.md) and given to :func:`verify_chain`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from boget.portal.core.bulk import insert_rows
from boget.portal.core.models import ChainHead, Installation, Revision

GENESIS = "0" * 64
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: code (the account's e-mail), the name and the organisation as they are today."""

    code: str
    name: str = ""
    organisation: str = ""


SYSTEM = Actor("system", "Boget")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to write into the log. changes: {field: (old, new)}, values that JSON can hold."""

    record_type: str
    record_id: str
    kind: str
    changes: Mapping[str, Sequence[Any]]
    root_id: str = ""
    source: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the log does not hold: entry number and what is wrong there."""

    seq: int
    fault: str  # changed | missing | order | head | anchor


@dataclass(frozen=True, slots=True)
class Drift:
    """A place where a table does not hold what the log says: id of the record, field (empty for all of it), what is wrong."""

    record: str
    field: str
    fault: str  # value | column | missing | unlogged


@dataclass(frozen=True, slots=True)
class ChainReport:
    entries: int
    head: str
    breaks: list[Break] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.breaks


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False)


def write_canonical(value: Any) -> str:
    """JSON with one spelling: keys sorted, no spaces, text as it is."""
    return _canonical.encode(value)


def hash_revision(revision: Revision) -> str:
    """SHA-256 over the previous hash and every column of the entry, as 64 hexadecimal digits."""
    content = [
        revision.prev_hash, revision.seq, revision.record_type, revision.record_id, revision.root_id,
        revision.at.astimezone(UTC).isoformat(), revision.actor, revision.actor_name, revision.organisation,
        revision.source, revision.reason, revision.kind, revision.changes_text,
    ]  # fmt: skip
    return hashlib.sha256(write_canonical(content).encode()).hexdigest()


@transaction.atomic
def append_revisions(entries: Iterable[Entry], *, actor: Actor, at: datetime | None = None) -> list[Revision]:
    """Append entries in order, inside the caller's transaction. Returns them with number and hash."""
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    moment = at or datetime.now(UTC)
    revisions = []
    for entry in entries:
        revision = _build_revision(entry, actor=actor, at=moment, head=head)
        head.seq, head.hash = revision.seq, revision.hash
        revisions.append(revision)
    insert_rows(revisions)
    head.save(update_fields=["seq", "hash"])
    return revisions


def append_revision(entry: Entry, *, actor: Actor) -> Revision:
    """Append one entry; see :func:`append_revisions`."""
    return append_revisions([entry], actor=actor)[0]


def _build_revision(entry: Entry, *, actor: Actor, at: datetime, head: ChainHead) -> Revision:
    revision = Revision(
        seq=head.seq + 1,
        record_type=entry.record_type,
        record_id=entry.record_id,
        root_id=entry.root_id or entry.record_id,
        at=at,
        actor=actor.code,
        actor_name=actor.name,
        organisation=actor.organisation,
        source=entry.source,
        reason=entry.reason,
        kind=entry.kind,
        changes_text=write_canonical({name: list(pair) for name, pair in entry.changes.items()}),
        prev_hash=head.hash,
    )
    revision.hash = hash_revision(revision)
    return revision


def verify_chain(*, anchors: Iterable[tuple[int, str]] = ()) -> ChainReport:
    """Read the whole log once and list every break.

    anchors: (entry number, hash) pairs noted outside the database; without one a cut at the end stays unseen if the
    head row was changed with it.
    """
    wanted: dict[int, set[str]] = {}
    for number, digest in anchors:  # two that differ for one entry: the log was written anew between them
        wanted.setdefault(number, set()).add(digest)
    breaks: list[Break] = []
    seen, previous = 0, (0, GENESIS)
    for revision in Revision.objects.order_by("seq").iterator(chunk_size=BATCH):
        breaks += _find_faults(revision, *previous)
        if revision.seq in wanted and wanted.pop(revision.seq) != {revision.hash}:
            breaks.append(Break(revision.seq, "anchor"))
        previous, seen = (revision.seq, revision.hash), seen + 1
    head = ChainHead.objects.filter(pk=1).first()
    if (head.seq, head.hash) != previous if head else seen:
        breaks.append(Break(previous[0], "head"))
    breaks += [Break(seq, "anchor") for seq in wanted]
    return ChainReport(entries=seen, head=previous[1], breaks=breaks)


def _find_faults(revision: Revision, last_seq: int, last_hash: str) -> Iterator[Break]:
    if revision.seq != last_seq + 1:
        yield Break(revision.seq, "missing")
    elif revision.prev_hash != last_hash:
        yield Break(revision.seq, "order")
    if hash_revision(revision) != revision.hash:
        yield Break(revision.seq, "changed")


def read_head() -> tuple[int, str]:
    """Number and hash of the last entry: what an anchor notes."""
    head = ChainHead.objects.filter(pk=1).first()
    return (head.seq, head.hash) if head else (0, GENESIS)


def describe_installation() -> Installation:
    """The installation's row, made on first use."""
    return Installation.objects.get_or_create(pk=1)[0]
