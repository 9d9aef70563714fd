"""SQLite replaces a row (INSERT OR REPLACE) without asking the triggers against deleting: an entry number is taken once."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER core_revision_no_replace BEFORE INSERT ON core_revision
WHEN EXISTS (SELECT 1 FROM core_revision WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the revision log is append-only'); END"""
SQLITE_BACK = "DROP TRIGGER IF EXISTS core_revision_no_replace"


def forward(apps, editor):
    if editor.connection.vendor == "sqlite":  # PostgreSQL asks its trigger when an insertion becomes an update
        editor.execute(SQLITE, params=None)


def backward(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(SQLITE_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
