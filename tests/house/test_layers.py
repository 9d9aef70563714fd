"""The floors: imports and foreign keys only point down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]
# from the lowest up; Django's own apps lie below
FLOORS = ("core", "accounts", "jobs", "notifications", "registry", "assessments", "scenarios", "actions", "meetings", "reports")


def floor_of(model: Any) -> int:
    return FLOORS.index(model._meta.app_label) if model._meta.app_label in FLOORS else -1


def list_links() -> list[tuple[Any, Any]]:
    """Every foreign key of ours: (field, model it points to)."""
    return [
        (field, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
    ]


def test_every_app_of_ours_has_a_floor() -> None:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("boget.")}
    assert labels == set(FLOORS)


@pytest.mark.parametrize(("field", "target"), list_links(), ids=str)
def test_a_foreign_key_only_points_down(field: Any, target: Any) -> None:
    assert floor_of(target) <= floor_of(field.model)


def test_the_log_has_no_foreign_keys() -> None:
    model = apps.get_model("core", "Revision")
    assert not [field for field in model._meta.get_fields() if field.is_relation]


def test_imports_only_go_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
