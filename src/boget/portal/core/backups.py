"""Backup and restore of the SQLite database, while the portal runs. PostgreSQL has its own tools (pg_dump).

A backup is a database file made by SQLite's online backup and a note beside it (``<file>.json``) with its SHA-256, the
number of rows of each table and the head of the revision log. Nothing is called a backup before it was read back.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection

import boget
from boget.portal.core.services import verify_chain

CHUNK = 1 << 20


class BackupError(Exception):
    """A backup cannot be made or must not be restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupNote:
    """What is noted beside a backup. rows: table -> number of rows; head: hash of the last entry of the revision log."""

    version: str
    made_at: str
    sha256: str
    rows: dict[str, int]
    head: str


def write_backup(target: Path) -> BackupNote:
    """Copy the running database into a new file, read the copy back and note what it holds.

    BackupError: not SQLite, the file exists, the copy is not sound. A copy that is not sound is removed.
    """
    _require_sqlite()
    if target.exists():
        raise BackupError(f"{target} exists. Choose another name; a backup is never written over another one.")
    if not _has_content(Path(_live_path())):
        raise BackupError(f"There is no database at {_live_path()}. Check BOGET_VAR.")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(Path(_live_path()), target)
        _settle(target)
        note = _describe(target)
    except Exception:
        target.unlink(missing_ok=True)
        raise
    _note_path(target).write_text(json.dumps(asdict(note), indent=1, sort_keys=True) + "\n")
    return note


def check_backup(source: Path) -> BackupNote:
    """Read a backup back and compare it with its note. BackupError says what differs."""
    if not source.is_file() or not _note_path(source).is_file():
        raise BackupError(f"{source} or the note {_note_path(source).name} beside it is missing.")
    noted = BackupNote(**json.loads(_note_path(source).read_text()))
    if _hash_file(source) != noted.sha256:
        raise BackupError(f"{source} is not the file that was written: its SHA-256 differs from the note.")
    found = _describe(source)
    if (found.rows, found.head) != (noted.rows, noted.head):
        raise BackupError(f"{source} holds other rows than its note says.")
    return noted


def restore_backup(source: Path, *, is_forced: bool) -> Path | None:
    """Put a checked backup in the place of the database; returns where the former database was kept, if there was one.

    BackupError: a database with content is there and is_forced is not set, or the backup does not pass its check.
    """
    _require_sqlite()
    check_backup(source)
    live = Path(_live_path())
    kept = None
    if _has_content(live):
        if not is_forced:
            raise BackupError(f"{live} is a database with content. Stop the portal and add --force to replace it.")
        kept = live.with_name(f"{live.stem}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{live.suffix}")
        _copy(live, kept)
    live.parent.mkdir(parents=True, exist_ok=True)
    connection.close()
    _copy(source, live)  # SQLite's own copy: safe for a connection that is still open elsewhere
    cache.clear()  # what was kept was counted in the former database
    return kept


def _require_sqlite() -> None:
    if connection.vendor != "sqlite":
        raise BackupError("The database is PostgreSQL: use pg_dump and pg_restore (docs/operator/backup.md).")


def _live_path() -> str:
    return str(connection.settings_dict["NAME"])


def _note_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)  # it holds hidden fields and hashes of passwords
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=20)) as write:
        read.backup(write)


def _settle(path: Path) -> None:
    """Leave write-ahead mode, so that the copy is one file that needs no other beside it."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def _describe(path: Path) -> BackupNote:
    """Integrity, row counts and the revision chain of a database file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as copy:
        state = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if state != "ok":
            raise BackupError(f"{path} is damaged: {state}")
        names = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
        rows = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    with _looking_at(path):
        report = verify_chain()
    if not report.is_sound:
        fault = report.breaks[0]
        raise BackupError(f"{path}: the revision log breaks at entry {fault.seq} ({fault.fault}).")
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return BackupNote(boget.__version__, made_at, _hash_file(path), rows, report.head)


@contextmanager
def _looking_at(path: Path) -> Iterator[None]:
    """Django's connection reads another database file for a moment."""
    settings: dict[str, Any] = connection.settings_dict
    live = settings["NAME"]
    connection.close()
    settings["NAME"] = f"file:{path}?mode=ro&immutable=1"
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = live


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
