"""Rows of the database as they are, to be put back later: cheaper than making them again through the services. SQLite only."""

from __future__ import annotations

from typing import Any

from django.db import connection

Rows = dict[str, list[tuple[Any, ...]]]


def read_rows() -> Rows:
    """Every row of every table."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            rows[table] = cursor.fetchall()
    return rows


def find_added(before: Rows) -> Rows:
    """Rows that were added or changed since."""
    added = {table: [row for row in rows if row not in before[table]] for table, rows in read_rows().items()}
    return {table: rows for table, rows in added.items() if rows}


def insert_rows(tables: Rows) -> None:
    """Put rows back; one that is there with the same key is replaced."""
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})', rows)  # noqa: S608 - names of our own tables
