"""One run of a job: what the job sees of the queue, and what its end is written as."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from boget.portal.accounts.models import User
from boget.portal.core.errors import translate
from boget.portal.jobs import clock, services
from boget.portal.jobs.kinds import (
    JobCancelled,
    JobInterrupted,
    JobKind,
    JobStopped,
    JobTimedOut,
    LeaseLost,
    find_kind,
)
from boget.portal.jobs.models import Job
from boget.portal.jobs.selectors import find_requester
from boget.science.errors import BogetError

log = logging.getLogger(__name__)

REPORT_EVERY_S = 0.5
"""Progress is written at most so often; a new step is written at once."""


class JobContext:
    """What a run is given: its payload, the door to its progress, and the transaction in which it ends.

    A job that takes longer than a moment calls `report` or `check` now and then: there it learns that it was cancelled.
    """

    def __init__(self, job: Job, kind: JobKind, *, lease: dt.timedelta = clock.LEASE) -> None:
        self._job, self._kind, self._lease = job, kind, lease
        self._interruption: JobInterrupted | None = None
        self._beat_at = self._reported_at = time.monotonic()
        self._lock = threading.Lock()
        self.is_finished = False

    @property
    def job_id(self) -> str:
        return self._job.public_id

    @property
    def payload(self) -> Mapping[str, Any]:
        payload: Mapping[str, Any] = self._job.payload
        return payload

    @property
    def requester(self) -> User | None:
        """The person who asked, whose rights hold for what is read; None for the system."""
        return find_requester(self._job)

    def interrupt(self, reason: JobInterrupted) -> None:
        """Let the next `check` raise this; the first reason stays."""
        with self._lock:
            self._interruption = self._interruption or reason

    def check(self) -> None:
        """Renew the lease when it is time. Raises JobInterrupted: cancelled, lease lost, timed out or shut down."""
        if time.monotonic() - self._beat_at > self._lease.total_seconds() / 3:
            self.beat()
        if self._interruption is not None:
            raise self._interruption

    def beat(self, *, progress: float | None = None, step: str = "") -> None:
        """Renew the lease now; what is learnt is raised by `check`."""
        self._beat_at = time.monotonic()
        beat = services.renew_lease(self._job, lease=self._lease, progress=progress, step=step)
        if not beat.is_ours and not self.is_finished:
            self.interrupt(LeaseLost(self.job_id))
        elif beat.is_cancelled:
            self.interrupt(JobCancelled(self.job_id))

    def report(self, progress: float, *, step: str = "") -> None:
        """Show how far the run is, 0..1, and at which of the kind's steps. Raises JobInterrupted as `check` does.

        ValueError for a step that the kind has no words for.
        """
        if step and step not in self._kind.steps:
            raise ValueError(f"{self._kind.code} has no words for the step {step}")
        is_new = bool(step) and step != self._job.step
        if is_new or time.monotonic() - self._reported_at >= REPORT_EVERY_S:
            self._reported_at = time.monotonic()
            self.beat(progress=progress, step=step)
        self.check()

    @contextmanager
    def finishing(self) -> Iterator[dict[str, Any]]:
        """The end of the job and its effects in one transaction: both are there, or neither.

        Yields the result to fill. Raises JobInterrupted before anything is written where the run is no longer wanted, and
        LeaseLost at the end, by which everything is rolled back, where another run has taken over meanwhile.
        """
        result: dict[str, Any] = {}
        with transaction.atomic():
            self.beat()  # takes the row's lock: from here on nobody can take the job away
            if not isinstance(self._interruption, JobStopped):  # what is computed may still be kept
                self.check()
            yield result
            services.finish_job(self._job, result)
        self.is_finished = True


def carry_out(job: Job, context: JobContext) -> None:
    """Run the job to its end, in language and zone of whoever asked, and write down how it ended."""
    kind = find_kind(job.kind)
    requester = context.requester
    zone = ZoneInfo(requester.time_zone if requester else settings.TIME_ZONE)
    with translation.override(requester.language if requester else "en"), timezone.override(zone):
        if kind is None:
            _end(job, partial(services.fail_attempt, job, code="unknown_kind", is_final=True))
            return
        try:
            result = kind.run(context)
            if not context.is_finished:
                with context.finishing() as shown:
                    shown.update(result or {})
        except (Exception, JobInterrupted) as error:
            _end(job, partial(_write_fault, job, error))


def _write_fault(job: Job, error: BaseException) -> None:
    match error:
        case LeaseLost():
            log.warning("%s: the lease was lost, the run is given up", job.public_id)
        case JobCancelled():
            services.confirm_cancel(job)
        case JobStopped():
            services.release_job(job)
        case JobTimedOut():
            services.fail_attempt(job, code="timeout")
        case BogetError():
            services.fail_attempt(job, code=error.code, message=translate(error), is_final=True)
        case _:
            log.error("%s (%s) failed", job.public_id, job.kind, exc_info=error)
            services.fail_attempt(job, code="crash", message=f"{type(error).__name__}: {error}")


def _end(job: Job, write: Callable[[], None]) -> None:
    try:
        write()
    except LeaseLost:
        log.warning("%s: the run ended after its lease, nothing of it is kept", job.public_id)
