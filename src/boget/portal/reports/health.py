"""Is this installation sound? What the health page and a monitor read."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from django.db import connection

import boget
from boget.portal.accounts.models import User
from boget.portal.core.models import Revision
from boget.portal.core.services import ChainReport, describe_installation, read_head, verify_chain
from boget.portal.registry.models import Facility

LEAST_FREE_BYTES = 500 * 1024**2  # below this a backup may not fit any more: the page warns


@dataclass(frozen=True, slots=True)
class Database:
    """The database behind this installation. journal: of SQLite, empty for another."""

    vendor: str
    version: str
    journal: str

    @property
    def is_safe(self) -> bool:
        """Whether an acknowledged write survives a crash with the journal in use."""
        return self.vendor != "sqlite" or self.journal in {"wal", "delete", "memory"}


def describe_database() -> Database:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            return Database("sqlite", version, journal)
        cursor.execute("SELECT version()")
        return Database(connection.vendor, str(cursor.fetchone()[0]).split(" on ")[0], "")


@dataclass(frozen=True, slots=True)
class Health:
    """What the secretary sees. chain: the result of a full check of the revision log, None when it was not asked for."""

    version: str
    python: str
    django: str
    database: Database
    head_seq: int
    head_hash: str
    facilities: int
    revisions: int
    people: int
    geodata_folder: str
    free_bytes: int
    chain: ChainReport | None

    @property
    def has_room(self) -> bool:
        return self.free_bytes >= LEAST_FREE_BYTES

    @property
    def free_gib(self) -> float:
        return self.free_bytes / 1024**3


def describe_health(*, is_checked: bool) -> Health:
    """Read versions, counts and the head of the log; with is_checked the whole log is verified."""
    seq, digest = read_head()
    return Health(
        version=boget.__version__,
        python=platform.python_version(),
        django=django.get_version(),
        database=describe_database(),
        head_seq=seq,
        head_hash=digest,
        facilities=Facility.objects.count(),
        revisions=Revision.objects.count(),
        people=User.objects.filter(is_active=True).count(),
        geodata_folder=describe_installation().geodata_folder,
        free_bytes=shutil.disk_usage(settings.VAR).free,
        chain=verify_chain() if is_checked else None,
    )


def describe_publicly() -> dict[str, Any]:
    """The short form, open to everybody: it answers, and which version it is."""
    describe_database()
    return {"status": "ok", "version": boget.__version__}
