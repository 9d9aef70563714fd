"""A form that is sent twice makes one record: a click too many, or a browser that asks again after a lost answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from boget.portal.core.models import Revision, RevisionKind
from boget.portal.core.services import Actor, read_head
from boget.portal.registry.checks import check_claim
from boget.portal.registry.services.summary import FIELDS
from boget.portal.registry.values import Claim, Value

WINDOW = timedelta(minutes=1)
"""Later than this the same input is meant."""
RECENT = 200  # entries of the log that are looked at


def find_repeated(
    record_type: str, claims: Mapping[str, Claim], *, actor: Actor, source: str, reason: str, root_id: str = ""
) -> str | None:
    """Id of the record that the same person has just made of the same values with the same source and reason.

    root_id: of the facility, for a structure. Call it behind the lock that lets one writer in at a time.
    """
    made = Revision.objects.filter(
        seq__gt=read_head()[0] - RECENT, at__gte=datetime.now(UTC) - WINDOW, kind=RevisionKind.CREATE,
        record_type=record_type, actor=actor.code, source=source, reason=reason,
    )  # fmt: skip
    fields = FIELDS[record_type]
    wanted = {code: check_claim(fields[code], claim) for code, claim in claims.items() if code in fields}
    for revision in made.filter(root_id=root_id) if root_id else made:
        if _stands_alone(revision) and _holds(revision, wanted, source=source):
            return revision.record_id
    return None


def _stands_alone(revision: Revision) -> bool:
    """Whether the entry made one record only: a facility that came with its structures is another form."""
    at_once = Revision.objects.filter(root_id=revision.root_id, kind=RevisionKind.CREATE, at=revision.at)
    return not at_once.exclude(seq=revision.seq).exists()


def _holds(revision: Revision, wanted: Mapping[str, Claim], *, source: str) -> bool:
    """Whether an entry of a creation holds exactly these claims; one without a source has that of the whole."""
    fields = FIELDS[revision.record_type]
    made = {code: Value.read(new).shown for code, (_old, new) in revision.changes.items() if code in fields}
    if made.keys() != wanted.keys():
        return False
    return all(_is_same(claim, made[code], source) for code, claim in wanted.items())


def _is_same(claim: Claim, made: Claim | None, source: str) -> bool:
    if made is None or made.source != (claim.source or source):
        return False
    parts = ("value", "low", "high", "interval", "kind", "about", "date")
    return all(getattr(claim, part) == getattr(made, part) for part in parts)
