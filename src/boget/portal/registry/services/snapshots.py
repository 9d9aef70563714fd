"""Making a snapshot: the place in the log, named, with the sums of that moment. Nothing about it changes later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse
from boget.portal.core.models import ChainHead, RevisionKind
from boget.portal.core.services import Actor, Entry, append_revision
from boget.portal.registry.checks import check_text
from boget.portal.registry.models import Snapshot
from boget.portal.registry.selectors.snapshots import count_facilities, read_register_rows

WINDOW = timedelta(minutes=1)
"""The same name of the same person within this time is one click too many."""
LONGEST_NAME, LONGEST_NOTE = 200, 2000


@transaction.atomic
def make_snapshot(name: str, *, by: Actor, note: str = "") -> Snapshot:
    """Note the register as it is now, under the next number. InvalidInput: no name, a text that is too long."""
    name = check_text(_("Name of the snapshot"), name, limit=LONGEST_NAME)
    if not name:
        raise refuse("required", where=_("Name of the snapshot"))
    note = check_text(_("Note"), note, limit=LONGEST_NOTE)
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    now = datetime.now(UTC)
    if same := Snapshot.objects.filter(name=name, note=note, made_by=by.code, at__gte=now - WINDOW).first():
        return same
    made = Snapshot.objects.create(
        number=(Snapshot.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        name=name, note=note, seq=head.seq, hash=head.hash, at=now, made_by=by.code, made_by_name=by.name,
        counts=count_facilities(read_register_rows()),
    )  # fmt: skip
    changes = {"name": (None, name), "seq": (None, made.seq), "hash": (None, made.hash)}
    append_revision(Entry("snapshot", str(made.number), RevisionKind.CREATE, changes, reason=note), actor=by)
    return made
