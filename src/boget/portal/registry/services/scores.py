"""Scores that the assessments app publishes about facilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from boget.portal.core.bulk import insert_rows
from boget.portal.registry.models import Facility, Score
from boget.portal.registry.selectors.quintiles import change_stamp
from boget.portal.registry.selectors.scores import THI_COLUMNS

BATCH = 1000


@transaction.atomic
def publish_scores(scores: Sequence[Score]) -> None:
    """Write scores, replacing those of the same facility, index and level."""
    insert_rows(scores, replaces=("facility", "index", "level"))
    mirror_thi({score.facility_id for score in scores if score.index == "thi"})
    forget_answers()


def mirror_thi(facility_ids: Iterable[int]) -> None:
    """Copy the index of the facilities into their rows, where lists read it."""
    ids = sorted(facility_ids)
    scores = Score.objects.filter(facility=OuterRef("pk"), index="thi")
    columns = {THI_COLUMNS[level]: Subquery(scores.filter(level=level).values("value")) for level in THI_COLUMNS}
    for start in range(0, len(ids), BATCH):
        Facility.objects.filter(pk__in=ids[start : start + BATCH]).update(**columns)


def forget_answers(**_signal: Any) -> None:
    """Class limits and answers kept so far are not used again: at once in this transaction, after it for everybody.

    The second time is for a reader who kept an answer from before the commit under the new stamp.
    """
    change_stamp()
    transaction.on_commit(_change_stamp)


def _change_stamp() -> None:
    change_stamp()
