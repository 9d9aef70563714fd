"""Telling who asked for a forecast that it is ready, with its key result, or that it failed."""

from __future__ import annotations

from typing import Any

from boget.portal.jobs.models import Job, JobState
from boget.portal.jobs.selectors import find_requester
from boget.portal.notifications.services import notify
from boget.portal.scenarios.services.runs import JOB

TOPIC = "run"


def tell_requester(sender: Any, job: Job, **_kwargs: Any) -> None:
    """Listener of `job_ended`: inside the transaction that ends the job."""
    requester = find_requester(job) if job.kind == JOB else None
    if requester is None:
        return
    # a job that is repeated by hand ends again, and that is news again
    key = f"{TOPIC}:{job.pk}:{job.finished_at}"
    notify(TOPIC, [requester], job.payload["run"], context={"is_done": job.state == JobState.DONE}, dedupe_key=key)
