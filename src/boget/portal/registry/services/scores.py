"""Scores that the assessments app publishes about facilities."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from boget.portal.registry.models import Score


@transaction.atomic
def publish_scores(scores: Sequence[Score]) -> None:
    """Write scores, replacing those of the same facility, index and level."""
    Score.objects.bulk_create(
        scores,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["facility", "index", "level"],
        update_fields=["value", "low", "high", "known", "of"],
    )
