"""`boget backup`, `boget restore` and `boget bench`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

from boget.commands import CommandError, open_portal


@contextmanager
def _open_keeping() -> Iterator[None]:
    with open_portal():
        from boget.portal.core.backups import BackupError

        try:
            yield
        except BackupError as error:
            raise CommandError(str(error)) from error


def run_backup(options: argparse.Namespace) -> int:
    with _open_keeping():
        from boget.portal.core.backups import write_backup

        note = write_backup(options.file.resolve())
    print(f"{options.file}: {sum(note.rows.values())} rows in {len(note.rows)} tables")
    print(f"sha256  {note.sha256}")
    print(f"head    {note.head}")
    return 0


def run_restore(options: argparse.Namespace) -> int:
    with _open_keeping():
        from boget.commands.migrating import list_pending
        from boget.portal.core.backups import restore_backup

        kept = restore_backup(options.file.resolve(), is_forced=options.force)
        pending = list_pending()
    if kept:
        print(f"the former database is kept: {kept}")
    print(f"restored from {options.file}")
    if pending:
        print("the backup is of an older version. Run: boget load")
    return 0


def run_bench_register(options: argparse.Namespace) -> int:
    """Measure the register with made-up facilities in a database of its own."""
    with open_portal():
        from boget.portal.registry.benchmark import run_benchmark

        result = run_benchmark()
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")
    return 0
