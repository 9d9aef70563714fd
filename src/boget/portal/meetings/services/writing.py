"""What every write into the plan and the group shares: checked text, the version check, the entry of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from boget.portal.accounts.models import User
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.models import Revision
from boget.portal.core.partial_dates import end_of, parse_partial_date
from boget.portal.core.services import SYSTEM, Actor, Entry, append_revision
from boget.portal.registry.checks import check_text

LONG, SHORT = 4000, 500
REPEAT = dt.timedelta(minutes=1)
"""Within this time the same form of the same person is one click too many."""
Changes = Mapping[str, tuple[Any, Any]]


def choose_actor(by: User | None) -> Actor:
    """The person as the log keeps it; the system where nobody is behind a write."""
    return actor_of(by) if by is not None else SYSTEM


def read_text(where: Any, value: Any, *, limit: int = LONG, is_required: bool = False) -> str:
    """Text that can be stored. InvalidInput: empty though required, too long, characters that cannot be kept."""
    text = check_text(where, str(value or "").replace("\r\n", "\n"), limit=limit)
    if is_required and not text:
        raise refuse("required", where=where)
    return text


def read_reason(value: Any) -> str:
    """The reason of a change. InvalidInput where it is not given."""
    text = check_text("", value or "", limit=SHORT)
    if not text:
        raise refuse("reason_missing")
    return text


def read_due(where: Any, value: str) -> tuple[str, dt.date]:
    """A due date as stored, and the last day of its period. InvalidInput: empty, or no date."""
    text = " ".join(str(value or "").split())
    if not text:
        raise refuse("required", where=where)
    stored = parse_partial_date(text, where=where)
    return stored, end_of(stored)


def require_version(record: Any, version: int, *, record_type: str, record_id: str) -> None:
    """Conflict where somebody else has written since the page was opened."""
    if record.version == version:
        return
    last = Revision.objects.filter(record_type=record_type, record_id=record_id).first()
    who = (last.organisation or last.actor_name) if last else ""
    raise Conflict("stale", where=record_id, who=who, time=last.at if last else "")


def log(
    record_type: str, record_id: str, changes: Changes, *, actor: Actor, kind: str = "change", root: str = "", reason: str = ""
) -> None:
    """One entry of the log; nothing where nothing differs."""
    differing = {name: (plain(old), plain(new)) for name, (old, new) in changes.items() if plain(old) != plain(new)}
    if differing:
        append_revision(Entry(record_type, record_id, kind, differing, root_id=root, reason=reason), actor=actor)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def now() -> dt.datetime:
    return timezone.now()
