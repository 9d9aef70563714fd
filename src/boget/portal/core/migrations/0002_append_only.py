"""The database itself refuses to change or delete entries of the revision log."""

from django.db import migrations

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the revision log is append-only'); END"
SQLITE = [
    f"CREATE TRIGGER core_revision_no_update BEFORE UPDATE ON core_revision {REFUSE}",
    f"CREATE TRIGGER core_revision_no_delete BEFORE DELETE ON core_revision {REFUSE}",
]
SQLITE_BACK = ["DROP TRIGGER IF EXISTS core_revision_no_update", "DROP TRIGGER IF EXISTS core_revision_no_delete"]
POSTGRESQL = [
    """
CREATE FUNCTION core_revision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the revision log is append-only'; END $$""",
    """
CREATE TRIGGER core_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_revision
FOR EACH STATEMENT EXECUTE FUNCTION core_revision_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS core_revision_append_only ON core_revision",
    "DROP FUNCTION IF EXISTS core_revision_refuse()",
]


def forward(apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def backward(apps, editor):
    for statement in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
