"""Scores that the assessments app publishes about facilities."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.cache import cache
from django.db import transaction

from boget.portal.registry.models import Score
from boget.portal.registry.selectors.quintiles import STAMP


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
    # now for readers in this transaction, after the commit for all who kept an answer in between
    _forget_answers()
    transaction.on_commit(_forget_answers)


def _forget_answers() -> None:
    """Answers and class limits kept under the old stamp are not used again."""
    cache.set(STAMP, secrets.token_hex(8), timeout=None)
