from typing import Any

from django.db import migrations, models

LIST = [
    "record_kind", "disclosure", "volume_m3", "height_m", "status", "region", "basin", "country", "facility_type",
    "coordinate_precision", "confidence", "is_disputed", "known_count", "unknown_inputs", "updated_at",
    "operator_organisation", "west", "south", "east", "north", "public_id", "sort_ru", "sort_kk", "sort_en",
]  # fmt: skip


def fill_steps(apps: Any, schema_editor: Any) -> None:
    """Volumes entered as "about" before the column was there."""
    from boget.portal.registry.values import find_step

    steps: dict[int, float] = {}
    rows = apps.get_model("registry", "Impoundment").objects.filter(volume_m3__isnull=False, facility__volume_m3__isnull=False)
    for facility_id, values in rows.values_list("facility_id", "values").iterator(chunk_size=1000):
        shown = (values.get("volume_m3") or {}).get("shown") or {}
        if shown.get("about"):
            steps[facility_id] = max(steps.get(facility_id, 0.0), find_step(shown["value"]))
    facilities = apps.get_model("registry", "Facility").objects
    for facility_id, step in steps.items():
        facilities.filter(pk=facility_id).update(volume_step_m3=step)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_list_indexes")]

    operations = [
        migrations.AddField("facility", "volume_step_m3", models.FloatField(null=True)),
        migrations.RemoveIndex("facility", "facility_list"),
        migrations.AddIndex("facility", models.Index(fields=[*LIST, "volume_step_m3"], name="facility_list")),
        migrations.RunPython(fill_steps, migrations.RunPython.noop),
    ]
