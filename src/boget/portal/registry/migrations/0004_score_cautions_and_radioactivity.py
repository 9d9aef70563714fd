"""What must be said beside an index, and the mark of radioactive facilities, as columns that lists read."""

from django.db import migrations, models


def mark_radioactive(apps, schema_editor):
    """As services.summary.sum_up does from now on."""
    structures = apps.get_model("registry", "Impoundment").objects.filter(is_radioactive="yes")
    apps.get_model("registry", "Facility").objects.filter(pk__in=structures.values("facility")).update(is_radioactive=True)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_volume_step'),
    ]

    operations = [
        migrations.AddField(
            model_name='facility',
            name='is_radioactive',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='score',
            name='cautions',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RunPython(mark_radioactive, migrations.RunPython.noop),
    ]
