"""What an operator says about its own facilities: claims that wait beside the shown values for the authority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from boget.portal.core.errors import refuse
from boget.portal.core.models import Revision
from boget.portal.core.services import Actor
from boget.portal.registry.models import Record
from boget.portal.registry.services.changes import Source, add_claim
from boget.portal.registry.services.registration import stamp
from boget.portal.registry.values import Claim, Value


@transaction.atomic
def propose_values(record: Record, claims: Mapping[str, Claim], *, source: Source, actor: Actor) -> list[Revision]:
    """Put several proposals beside the shown values, all or none; what is on record already is left out."""
    source.check()
    known = type(record)._default_manager.select_for_update().get(pk=record.pk)
    fresh = {
        code: claim
        for code, claim in claims.items()
        if not _is_on_record(known, code, stamp(claim, actor=actor, moment=datetime.now(UTC), source=source.text))
    }
    if not fresh:
        raise refuse("nothing_changed")
    return [add_claim(record, c, claim, source=source, actor=actor, is_proposal=True) for c, claim in fresh.items()]


def _is_on_record(record: Record, code: str, claim: Claim) -> bool:
    value = Value.read(record.values.get(code))
    return any(claim.says_the_same(other) for other in value.claims)
