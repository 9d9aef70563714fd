"""Scores that the assessments app publishes about facilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from boget.portal.registry.models import Score
from boget.portal.registry.selectors.quintiles import change_stamp


@transaction.atomic
def publish_scores(scores: Sequence[Score]) -> None:
    """Write scores, replacing those of the same facility, index and level."""
    Score.objects.bulk_create(
        scores,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["facility", "index", "level"],
        update_fields=["value", "low", "high", "known", "of", "cautions"],
    )
    forget_answers()


def forget_answers(**_signal: Any) -> None:
    """Class limits and answers kept so far are not used again: at once in this transaction, after it for everybody.

    The second time is for a reader who kept an answer from before the commit under the new stamp.
    """
    change_stamp()
    transaction.on_commit(_change_stamp)


def _change_stamp() -> None:
    change_stamp()
