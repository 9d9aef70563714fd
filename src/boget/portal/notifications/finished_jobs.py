"""Telling who asked for a job that it ended: the one topic whose subjects lie below this app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse

from boget.portal.accounts.models import User
from boget.portal.jobs.kinds import find_kind
from boget.portal.jobs.models import Job, JobState
from boget.portal.jobs.selectors import find_requester, jobs_visible_to
from boget.portal.notifications.services import notify


def tell_requester(sender: Any, job: Job, **_kwargs: Any) -> None:
    """Listener of `job_ended`: inside the transaction that ends the job."""
    kind = find_kind(job.kind)
    requester = find_requester(job)
    if kind is None or not kind.is_announced or requester is None:
        return
    context = {"kind": job.kind, "is_done": job.state == JobState.DONE}
    # a job that is repeated by hand ends again, and that is news again
    key = f"job:{job.pk}:{job.finished_at}"
    notify("job", [requester], job.public_id, context=context, dedupe_key=key)


def filter_open(user: User, public_ids: Collection[str]) -> set[str]:
    """Ids of the jobs that `user` may read."""
    ids = [int(public_id.removeprefix("J-")) for public_id in public_ids]
    return {job.public_id for job in jobs_visible_to(user).filter(pk__in=ids).only("pk")}


def find_address(public_id: str) -> str:
    return reverse("jobs:job", args=[public_id])


def describe_job(public_id: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The kind's label in the language of the moment."""
    kind = find_kind(context.get("kind", ""))
    return {"label": str(kind.label) if kind else context.get("kind", "")}
