"""Django's SQLite back end on a SQLite library that is safe in WAL mode.

SQLite 3.7.0-3.51.2 can corrupt a WAL database when two connections checkpoint at the same time (fixed in 3.51.3, listed
in the 3.53.0 change log). The wheel ``pysqlite3`` carries a fixed library; it takes the place of ``sqlite3`` before
Django's back end is imported. Where the wheel is absent and the library is old, the journal is rolled back to DELETE.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from typing import Any

try:
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:  # not Linux: the library that comes with Python is checked below like any other
    pass

import sqlite3

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base, features

SAFE_WAL = (3, 51, 3)
OLDEST = (3, 37, 0)  # STRICT tables and RETURNING
SAFE_PRAGMAS = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def choose_journal(version: tuple[int, ...]) -> str:
    """WAL on a safe library, DELETE with a warning on a faulty one.

    >>> choose_journal((3, 53, 4))
    'WAL'
    """
    if version < OLDEST:
        raise ImproperlyConfigured(f"SQLite {'.'.join(map(str, version))} is too old; 3.37 or newer is needed.")
    if version >= SAFE_WAL:
        return "WAL"
    warnings.warn(
        f"SQLite {'.'.join(map(str, version))} can corrupt a WAL database; the slower DELETE journal is used. "
        "Install the package pysqlite3 or set DATABASE_URL.",
        RuntimeWarning,
        stacklevel=2,
    )
    return "DELETE"


def make_private(path: str) -> None:
    """Make a database that is not there yet readable by its owner only: it holds hidden fields and hashes of passwords.

    The files that SQLite puts beside it take the same rights.
    """
    if path.startswith("file:") or ":memory:" in path:
        return
    with contextlib.suppress(OSError):  # it is there already, or SQLite says better why it cannot be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class DatabaseFeatures(features.DatabaseFeatures):
    # pysqlite3 lacks Connection.getlimit, which newer Django asks for
    max_query_params = 250_000


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["timeout"] = 20
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        make_private(str(conn_params["database"]))
        connection = super().get_new_connection(conn_params)
        connection.executescript(f"PRAGMA journal_mode={choose_journal(sqlite3.sqlite_version_info)}; {SAFE_PRAGMAS}")
        return connection
