"""The published THI beside what else lists filter and sort by."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import boget.portal.registry.indexes


def mirror(apps, schema_editor):
    """As services.scores.mirror_thi does from now on."""
    scores = apps.get_model("registry", "Score").objects.filter(facility=OuterRef("pk"), index="thi")
    columns = {name: Subquery(scores.filter(level=level).values("value")) for name, level in (("thi_open", 0), ("thi_full", 2))}
    apps.get_model("registry", "Facility").objects.update(**columns)


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0004_score_cautions_and_radioactivity"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="facility", name="facility_list"),
        migrations.RemoveIndex(model_name="facility", name="facility_search"),
        migrations.AddField(model_name="facility", name="thi_open", field=models.FloatField(null=True)),
        migrations.AddField(model_name="facility", name="thi_full", field=models.FloatField(null=True)),
        migrations.RunPython(mirror, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="facility",
            index=models.Index(
                fields=[
                    "record_kind", "disclosure", "volume_m3", "height_m", "status", "region", "basin", "country",
                    "facility_type", "coordinate_precision", "confidence", "is_disputed", "known_count", "unknown_inputs",
                    "updated_at", "operator_organisation", "west", "south", "east", "north", "public_id", "sort_ru",
                    "sort_kk", "sort_en", "volume_step_m3", "thi_open", "thi_full",
                ],
                name="facility_list",
            ),
        ),
        migrations.AddIndex(
            model_name="facility",
            index=boget.portal.registry.indexes.SqliteIndex(
                fields=[
                    "search_keyboard", "search_latin", "search_exact", "disclosure", "record_kind", "volume_m3",
                    "operator_organisation", "public_id", "status", "volume_step_m3", "thi_open", "thi_full",
                ],
                name="facility_search",
            ),
        ),
    ]
