"""An index for SQLite only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement

NOTHING = "SELECT 1"


class SqliteIndex(models.Index):
    """A wide index over long text. PostgreSQL limits an index row to 2704 bytes, so it goes without."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Statement:
        if schema_editor.connection.vendor != "sqlite":
            return Statement(NOTHING)
        return super().create_sql(model, schema_editor, using=using, **kwargs)

    def remove_sql(self, model: Any, schema_editor: Any, **kwargs: Any) -> Statement:
        if schema_editor.connection.vendor != "sqlite":
            return Statement(NOTHING)
        return super().remove_sql(model, schema_editor, **kwargs)
