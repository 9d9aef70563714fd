"""The job that keeps the queue short."""

from __future__ import annotations

from boget.portal.jobs import clock, services
from boget.portal.jobs.kinds import Result
from boget.portal.jobs.running import JobContext


def prune_jobs(context: JobContext) -> Result:
    """Delete ended jobs of repeating kinds that are older than `services.KEPT`; jobs that people asked for stay."""
    with context.finishing() as result:
        result["deleted"] = services.find_prunable(clock.read_now()).delete()[0]
    return None
