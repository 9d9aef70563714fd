"""The database back end: pragmas read back, a safe journal, an old library refused."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection, connections

from boget.portal.core.sqlite import base

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="another database is under test")


@pytest.fixture
def file_connection(tmp_path: Path, django_db_blocker: Any) -> Any:
    """A connection to a database file: the tests' own database lives in memory and has no journal."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict | {"NAME": tmp_path / "a.sqlite3"}
    wrapper = base.DatabaseWrapper(settings, alias="file")
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


def read_pragma(wrapper: Any, name: str) -> Any:
    wrapper.ensure_connection()
    return wrapper.connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_pragmas_are_read_back(file_connection: Any) -> None:
    assert read_pragma(file_connection, "journal_mode") == "wal"
    assert read_pragma(file_connection, "synchronous") == 2  # FULL: an acknowledged write survives a loss of power
    assert read_pragma(file_connection, "foreign_keys") == 1
    assert read_pragma(file_connection, "busy_timeout") == 20_000
    assert read_pragma(file_connection, "mmap_size") == 0


def test_library_is_safe_in_wal_mode(file_connection: Any) -> None:
    file_connection.ensure_connection()
    version = file_connection.connection.execute("SELECT sqlite_version()").fetchone()[0]
    assert tuple(int(part) for part in version.split(".")) >= base.SAFE_WAL


def test_writing_transactions_take_their_lock_at_once(file_connection: Any) -> None:
    file_connection.ensure_connection()
    assert file_connection.transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize("version", [(3, 37, 0), (3, 40, 1), (3, 51, 2)])
def test_faulty_library_falls_back_to_the_delete_journal(version: tuple[int, ...]) -> None:
    with pytest.warns(RuntimeWarning, match="can corrupt a WAL database"):
        assert base.choose_journal(version) == "DELETE"


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_sound_library_uses_wal_without_a_warning(version: tuple[int, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert base.choose_journal(version) == "WAL"


def test_too_old_library_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"3\.36\.0 is too old"):
        base.choose_journal((3, 36, 0))


def test_faulty_library_is_used_with_the_delete_journal(file_connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base.sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.warns(RuntimeWarning):
        assert read_pragma(file_connection, "journal_mode") == "delete"


def test_a_new_database_is_for_its_owner_only(file_connection: Any, tmp_path: Path) -> None:
    file_connection.ensure_connection()
    file_connection.connection.execute("CREATE TABLE a (b)")
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("a.sqlite3*")}
    assert modes and set(modes.values()) == {0o600}, modes
