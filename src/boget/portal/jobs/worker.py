"""The worker: looks for due jobs, runs each in a thread of its own and keeps its lease alive beside it.

The same loop serves as a daemon thread of each server process and as `boget worker`. Any number of them may run: the
compare-and-set of the claim decides who has a job.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import time
from collections.abc import Collection

from django.db import close_old_connections, connections

from boget.portal.jobs import clock, services
from boget.portal.jobs.kinds import JobStopped, JobTimedOut, LeaseLost, find_kind, list_chores, list_kinds
from boget.portal.jobs.models import Job
from boget.portal.jobs.running import JobContext, carry_out

log = logging.getLogger(__name__)

POLL_S = 1.0
"""How often an idle worker looks: one read without a lock."""
CHORES_EVERY_S = 5.0
MARK_EVERY_S = 30.0
STOP_GRACE_S = 8.0
"""How long a running job may take to notice that the worker is being shut down; after it the lease decides."""
TIMEOUT_GRACE_S = 30.0
"""How long a job that ran out of its time may take to notice it; after it the thread is given up."""


def name_worker() -> str:
    """Machine, process and thread: enough to find it."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_native_id()}"


class Worker:
    """Works until `stop` is called. kinds: codes to take; None takes all."""

    def __init__(self, *, kinds: Collection[str] | None = None, lease: dt.timedelta = clock.LEASE) -> None:
        self._kinds, self._lease = kinds, lease
        self._stopping = threading.Event()
        self._chores_at = self._marked_at = float("-inf")
        self._thread: threading.Thread | None = None
        self._name = ""

    # --- being started and stopped

    def start(self) -> None:
        """Work in a daemon thread of this process."""
        self._thread = threading.Thread(target=self.run, name="boget-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no further job and put the running one back, where it notices in time."""
        self._stopping.set()

    def wait_stopped(self, timeout_s: float = STOP_GRACE_S + 1) -> bool:
        """Whether the daemon thread has ended within the time."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def run(self) -> None:
        """The loop: an error of one look (a locked or absent database) is logged and does not end it."""
        self._name = name_worker()
        while not self._stopping.is_set():
            close_old_connections()
            try:
                is_busy = self.look()
            except Exception:
                log.exception("the worker could not look into the queue")
                is_busy = False
            if not is_busy:
                self._stopping.wait(POLL_S)
        self._leave()

    def _leave(self) -> None:
        try:
            services.forget_worker(self._name)
        except Exception:
            log.exception("the worker could not sign off")
        connections.close_all()

    # --- one look

    def look(self) -> bool:
        """Ask for chores, put lost jobs back, run one due job beside its lease; whether there was one."""
        self._mark()
        self._ask_for_chores()
        services.recover_lost()
        job = self._claim()
        if job is None:
            return False
        self._run_watched(job)
        return True

    def work_off(self) -> int:
        """Run everything that is due, one after the other in this very thread; returns how many runs that were.

        Each chore is asked for once, so that one that is always due does not keep it for ever.
        """
        self._name = self._name or name_worker()
        asked: set[str] = set()
        runs = 0
        while not self._stopping.is_set():
            services.recover_lost()
            job = self._claim()
            if job is not None:
                carry_out(job, self._open_context(job))
                runs += 1
            elif not self._request_chores(asked):
                break
        return runs

    def _claim(self) -> Job | None:
        known = [kind.code for kind in list_kinds() if self._kinds is None or kind.code in self._kinds]
        return services.claim_next(known, worker=self._name, lease=self._lease)

    def _open_context(self, job: Job) -> JobContext:
        kind = find_kind(job.kind)
        assert kind is not None  # only registered kinds are claimed
        return JobContext(job, kind, lease=self._lease)

    def _mark(self) -> None:
        if time.monotonic() - self._marked_at >= MARK_EVERY_S:
            self._marked_at = time.monotonic()
            services.mark_worker(self._name)

    def _ask_for_chores(self) -> None:
        if time.monotonic() - self._chores_at >= CHORES_EVERY_S:
            self._chores_at = time.monotonic()
            self._request_chores(set())

    def _request_chores(self, asked: set[str]) -> bool:
        """Ask for the chores that are due, but those already `asked` for; returns whether that made any job."""
        wanted = [chore for chore in list_chores() if self._kinds is None or chore.kind in self._kinds]
        made = {chore.kind for chore in wanted if chore.kind not in asked and services.request_chore(chore)}
        asked |= made
        return bool(made)

    # --- a run beside its lease

    def _run_watched(self, job: Job) -> None:
        context = self._open_context(job)
        thread = threading.Thread(target=_run_in_thread, args=(job, context), name=job.public_id, daemon=True)
        started = time.monotonic()
        thread.start()
        kind = find_kind(job.kind)
        limit_s = kind.timeout.total_seconds() if kind else float("inf")
        beat_s = min(self._lease.total_seconds() / 3, 1.0)
        beaten = started
        stop_at = float("inf")
        while True:
            thread.join(beat_s)
            if not thread.is_alive():
                return
            now = time.monotonic()
            if self._stopping.is_set():
                context.interrupt(JobStopped(job.public_id))
                stop_at = min(stop_at, now + STOP_GRACE_S)
            if now >= stop_at:
                return  # the lease lapses, and another worker begins anew
            if now - started > limit_s:
                context.interrupt(JobTimedOut(job.public_id))
                if now - started > limit_s + TIMEOUT_GRACE_S:
                    _give_up(job)
                    return
            if now - beaten >= self._lease.total_seconds() / 3:
                beaten = now
                self._keep(context)

    def _keep(self, context: JobContext) -> None:
        close_old_connections()
        try:
            context.beat()
            self._mark()
        except Exception:
            log.exception("%s: the lease could not be renewed, tried again soon", context.job_id)


def _run_in_thread(job: Job, context: JobContext) -> None:
    try:
        carry_out(job, context)
    except Exception:  # the database went away while the end was written: the lease lapses and the job is repeated
        log.exception("%s: how the run ended could not be written", job.public_id)
    finally:
        connections.close_all()


def _give_up(job: Job) -> None:
    """Fail the attempt in the place of a thread that does not react; whatever it still writes finds no lease."""
    try:
        services.fail_attempt(Job.objects.get(pk=job.pk, lease_token=job.lease_token), code="timeout")
    except (LeaseLost, Job.DoesNotExist):
        log.warning("%s: ended while it was given up", job.public_id)
