"""What may be read of the queue."""

from __future__ import annotations

import datetime as dt
import re

from django.db.models import Count, Max, Q, QuerySet

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import Reader, access_of
from boget.portal.jobs import clock
from boget.portal.jobs.kinds import list_kinds
from boget.portal.jobs.models import Job, JobState, WorkerMark

SYSTEM_CODE = "system"
SILENCE = dt.timedelta(minutes=2)
"""A worker that was not seen for so long counts as absent."""

_PUBLIC_ID = re.compile(r"J-(\d{6,18})\Z")
_PERSON = re.compile(r"P-(\d{4,18})\Z")


def jobs_visible_to(user: Reader) -> QuerySet[Job]:
    """Jobs `user` may read: the secretary all, anybody else the own ones of the kinds that are open to them today."""
    if not getattr(user, "is_authenticated", False):
        return Job.objects.none()
    if access_of(user).can_administer:
        return Job.objects.all()
    kinds = [kind.code for kind in list_kinds() if kind.is_open_to(user)]
    return Job.objects.filter(requested_by=user.code, kind__in=kinds)


def find_job(user: Reader, public_id: str) -> Job | None:
    """The job of this id, None where it is absent or not open to `user`."""
    match = _PUBLIC_ID.match(public_id)
    return jobs_visible_to(user).filter(pk=int(match[1])).first() if match else None


def find_requester(job: Job) -> User | None:
    """Who asked for the job; None for the system itself or a person who is gone."""
    match = _PERSON.match(job.requested_by)
    return User.objects.filter(pk=int(match[1])).first() if match else None


def filter_due(now: dt.datetime) -> Q:
    """Jobs that wait and may start.

    A wait after a failure that lies farther away than any back-off was written before the clock was set back.
    """
    is_set_back = Q(attempts__gt=0, run_after__gt=now + 2 * clock.LONGEST_BACKOFF)
    return Q(state=JobState.WAITING) & (Q(run_after__lte=now) | is_set_back)


def filter_lost(now: dt.datetime) -> Q:
    """Jobs whose worker has not renewed its lease."""
    is_over = Q(lease_until__lte=now) | Q(lease_until__gt=now + clock.LONGEST_LEASE)
    return Q(state=JobState.RUNNING) & is_over


def is_worker_alive() -> bool:
    """Whether any worker was seen lately."""
    now = clock.read_now()
    return WorkerMark.objects.filter(seen_at__gt=now - SILENCE, seen_at__lte=now + SILENCE).exists()


def find_last_seen() -> dt.datetime | None:
    """When any worker was last seen."""
    seen: dt.datetime | None = WorkerMark.objects.aggregate(last=Max("seen_at"))["last"]
    return seen


def count_states(jobs: QuerySet[Job]) -> dict[str, int]:
    """How many jobs stand in each state; states without a job are 0."""
    met = dict(jobs.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: met.get(state, 0) for state in JobState.values}
