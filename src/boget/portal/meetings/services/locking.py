"""What every write to a meeting begins and ends with: the row locked at the version that was read, the entry of the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

from boget.portal.accounts.models import User
from boget.portal.core.services import Entry, append_revision
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.services.writing import choose_actor, require_version

Row = TypeVar("Row", bound=Model)


def lock_row(row: Row, version: int | None = None, *, record: tuple[str, str] = ("", "")) -> Row:
    """The row as it is now, locked until the transaction ends.

    record: type and id of the record in the log, to say who was faster. Raises Conflict where the version is another one.
    """
    current = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if version is not None:
        require_version(current, version, record_type=record[0], record_id=record[1])
    return current


def lock_meeting(meeting: Meeting, version: int | None = None) -> Meeting:
    """The meeting locked; Conflict if it was changed since."""
    return lock_row(meeting, version, record=("meeting", meeting.code))


def log_change(
    meeting: Meeting,
    record: tuple[str, str],
    changes: Mapping[str, tuple[Any, Any]],
    *,
    by: User | None,
    kind: str = "change",
    reason: str = "",
) -> None:
    """Append an entry about something of the meeting; nothing where nothing differs."""
    differing = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if differing or kind != "change":
        entry = Entry(record[0], record[1], kind, differing, root_id=meeting.code, reason=reason)
        append_revision(entry, actor=choose_actor(by))


def write_plain(value: Any) -> Any:
    """A value as the log keeps it."""
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
