"""What a letter may say of a run that ended, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse

from boget.portal.accounts.models import User
from boget.portal.core.levels import Level
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors.key_result import read_summary
from boget.portal.scenarios.selectors.naming import choose_name


def filter_open(user: User, public_ids: Collection[str]) -> set[str]:
    """Numbers of the runs that the person may read."""
    return set(Run.objects.visible_to(user).filter(public_id__in=public_ids).values_list("public_id", flat=True))


def find_address(public_id: str) -> str:
    return reverse("scenarios:run", args=[public_id])


def describe_run(public_id: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """River and key result; of a run for the authority alone nothing but its number, because letters leave the system."""
    run = Run.objects.without_outcome().filter(public_id=public_id).first()
    if run is None or run.level > Level.GROUP:
        return {"river": "", "key": None, "is_exercise": False}
    return {"river": choose_name(run.watercourse), "key": read_summary(run.summary), "is_exercise": run.mode == "exercise"}
