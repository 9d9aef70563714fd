"""Files of meetings: checked by content, kept under made-up names outside of what is served, removed without a trace lost."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.core.text import is_storable
from boget.portal.jobs import clock
from boget.portal.meetings.file_kinds import ALLOWED, FileKind, find_kind
from boget.portal.meetings.models import AgendaItem, Meeting, MeetingDocument, MeetingState
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services.attendance import check_text
from boget.portal.meetings.services.locking import lock_meeting, log_change

LARGEST = 10 * 1024 * 1024  # bytes; a whole request is bounded a little above (settings)
LONGEST_TITLE, LONGEST_NAME = 300, 120
FOLDER = "meetings"


def store_document(
    meeting: Meeting, upload: UploadedFile[bytes], values: Mapping[str, Any], *, by: User, item: AgendaItem | None = None
) -> MeetingDocument:
    """Keep a file. `values`: title (else the file's name), level (group by default), language.

    The same content of the same meeting and item sent twice is one document. Raises InvalidInput: too large, empty, of a kind
    that is not allowed, a level above one's own, the meeting was cancelled.
    """
    kind, digest = _examine(upload)
    level = _check_level(values.get("level", int(Level.GROUP)), by)
    title = " ".join(str(values.get("title") or PurePath(str(upload.name)).stem).split())
    check_text(title, _("Title"), LONGEST_TITLE)
    path = ""
    try:
        with transaction.atomic():
            current = lock_meeting(meeting)
            if current.state == MeetingState.CANCELLED:
                raise refuse("meeting_step", where=_("Document"), value=current.get_state_display(), allowed="")
            same = current.documents.filter(sha256=digest, item=item, removed_at=None).first()
            if same is not None:
                return same
            path = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", upload)
            return _record(
                current,
                MeetingDocument(
                    item=item,
                    title=title,
                    file_name=_clean_name(str(upload.name), kind),
                    path=path,
                    size=upload.size or 0,
                    sha256=digest,
                    kind=kind.media_type,
                    level=level,
                    language=str(values.get("language") or ""),
                ),
                by=by,
            )
    except Exception:
        if path:
            default_storage.delete(path)
        raise


def _record(meeting: Meeting, document: MeetingDocument, *, by: User) -> MeetingDocument:
    document.meeting, document.uploaded_at, document.uploaded_by = meeting, clock.read_now(), by
    document.save()
    changes = {
        "title": (None, document.title),
        "sha256": (None, document.sha256),
        "size": (None, document.size),
        "level": (None, document.level),
    }
    log_change(meeting, ("document", f"{meeting.code}/{document.pk}"), changes, by=by, kind="create")
    return document


@transaction.atomic
def remove_document(document: MeetingDocument, *, by: User, reason: str) -> MeetingDocument:
    """Take a file away. What it was, who brought it and its SHA-256 stay on record. Raises InvalidInput: no reason, a scan."""
    if not reason.strip():
        raise refuse("reason_missing")
    current = MeetingDocument.objects.select_for_update().select_related("meeting").get(pk=document.pk)
    if current.removed_at is not None:
        return current
    if current.meeting.minutes.filter(scan=current).exists():
        raise refuse("minutes_signed", where=current.meeting.number)
    current.removed_at = clock.read_now()
    current.save(update_fields=["removed_at"])
    record = ("document", f"{current.meeting.code}/{current.pk}")
    log_change(current.meeting, record, {"sha256": (current.sha256, None)}, by=by, kind="retire", reason=reason.strip())
    transaction.on_commit(lambda: default_storage.delete(current.path))
    return current


def _examine(upload: UploadedFile[bytes]) -> tuple[FileKind, str]:
    name, size = str(upload.name)[:LONGEST_NAME], upload.size or 0
    if size > LARGEST:
        raise refuse("file_too_large", value=name, allowed=_("10 MB"))
    if not size:
        raise refuse("file_empty", value=name)
    kind = find_kind(upload, size)
    if kind is None:
        raise refuse("document_kind", value=name, allowed=ALLOWED)
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    return kind, digest.hexdigest()


def _check_level(wanted: Any, by: User) -> int:
    own = group_access_of(by).level
    allowed = [level for level in Level if level <= own]
    if wanted not in [int(level) for level in allowed]:
        raise refuse("level_above", where=_("Open to"), allowed=", ".join(str(level.label) for level in allowed))
    return int(wanted)


def _clean_name(name: str, kind: FileKind) -> str:
    """The name under which the file is offered: without folders, with the ending of its content."""
    stem = PurePath(name.replace("\\", "/")).name
    stem = stem[: -len(PurePath(stem).suffix)] if PurePath(stem).suffix else stem
    stem = "".join(letter for letter in stem if letter.isprintable() and letter not in '"\'<>|:*?/\\;')
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'document'}.{kind.ending}" if is_storable(stem) else f"document.{kind.ending}"
