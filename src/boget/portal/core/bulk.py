"""Many new rows at once, where nobody needs their primary keys.

Django's ``bulk_create`` builds one statement per batch and resolves each value as a possible expression; for plain values that
is most of the time of an import. Here each value goes through its field's own conversion and then to ``executemany``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model


def insert_rows(objects: Sequence[Model]) -> None:
    """Insert unsaved objects of one model. Their primary keys stay unset where the database gives them."""
    if not objects:
        return
    meta = type(objects[0])._meta
    fields = [f for f in meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names are the models' own
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_read_row(o, fields) for o in objects])


def _read_row(record: Model, fields: Sequence[Any]) -> list[Any]:
    return [f.get_db_prep_save(f.pre_save(record, add=True), connection) for f in fields]
