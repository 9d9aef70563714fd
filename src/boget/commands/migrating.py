"""Tables and static files: brought up to date only where something changed, so that a second start is quick."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import boget
from boget.commands import CommandError


def list_pending() -> list[str]:
    """Names of the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> int:
    """Apply what is pending; returns how many migrations that were."""
    pending = list_pending()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    return len(pending)


def collect_static() -> bool:
    """Collect static files where any of them changed since the last time; returns whether it did."""
    require_bundles()
    mark = Path(settings.STATIC_ROOT) / ".sources"
    digest = hash_sources()
    if mark.exists() and mark.read_text() == digest:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(digest)
    return True


def hash_sources() -> str:
    """One hash over name, size and time of every static file."""
    digest = hashlib.sha256(boget.__version__.encode())
    for path, storage in _list_sources():
        stat = Path(storage.path(path)).stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _list_sources() -> list[tuple[str, Any]]:
    found = [(path, storage) for finder in get_finders() for path, storage in finder.list([])]
    return sorted(found, key=lambda pair: pair[0])


def require_bundles() -> None:
    """CommandError where styles and scripts were not built (a checkout; an installed package carries them)."""
    if not (settings.PORTAL / "static" / "dist" / "boget.css").exists():
        raise CommandError("styles and scripts are not built. Run: make build")
