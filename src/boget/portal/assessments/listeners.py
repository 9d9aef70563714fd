"""Keeps the scores current: a changed record is rated again inside the transaction that changed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boget.portal.assessments.services import rescore


def rescore_changed(sender: Any, *, facility_ids: Sequence[int], **_kwargs: Any) -> None:
    rescore(facility_ids)
