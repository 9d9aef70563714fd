"""Many new rows at once, where nobody needs their primary keys.

Django's ``bulk_create`` builds one statement per batch and resolves each value as a possible expression; for plain values that
is most of the time of an import. Here values are read column by column and go to ``executemany``.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    FloatField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

PLAIN = (BooleanField, CharField, FloatField, ForeignKey, IntegerField, TextField)
"""Columns whose attribute is what the database takes. A subclass with a conversion of its own is not one of them."""
CONVERSIONS = ("get_db_prep_save", "get_db_prep_value", "get_prep_value", "pre_save")
_write_json = json.JSONEncoder(check_circular=False, allow_nan=False).encode


def insert_rows(objects: Sequence[Model], *, replaces: Sequence[str] = ()) -> None:
    """Insert unsaved objects of one model. Their primary keys stay unset where the database gives them.

    replaces: names of the fields of a unique constraint; a row that has the same values there takes the new ones of the rest.
    """
    if not objects:
        return
    meta: Any = type(objects[0])._meta
    fields = [f for f in meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names are the models' own
    if replaces:
        same = ", ".join(quote(meta.get_field(name).column) for name in replaces)
        rest = ", ".join(f"{quote(f.column)} = EXCLUDED.{quote(f.column)}" for f in fields if f.name not in replaces)
        statement += f" ON CONFLICT ({same}) DO UPDATE SET {rest}"
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*(_read_column(f, objects) for f in fields), strict=True)))


def _read_column(field: Any, objects: Sequence[Model]) -> list[Any]:
    if _is_plain(type(field)):
        return list(map(attrgetter(field.attname), objects))
    if type(field) is JSONField and field.encoder is None and connection.vendor == "sqlite":
        values = map(attrgetter(field.attname), objects)
        return [None if value is None else _write_json(value) for value in values]
    return [field.get_db_prep_save(field.pre_save(record, add=True), connection) for record in objects]


@cache
def _is_plain(kind: type[Any]) -> bool:
    """Whether the class converts nothing on the way to the database beyond what Django's own plain fields do."""
    own = next((base for base in PLAIN if issubclass(kind, base)), None)
    return own is not None and all(getattr(kind, name) is getattr(own, name) for name in CONVERSIONS)


@contextmanager
def postpone_collection() -> Iterator[None]:
    """No search for unreachable cycles meanwhile: among many new objects that all stay it finds nothing and costs a sixth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
