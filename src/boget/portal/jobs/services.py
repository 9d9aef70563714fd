"""The only door for writes to the queue. Each change of state is one compare-and-set with its line in the story.

A run holds a lease under a token of its own. Everything a run writes names the token; after the lease was given to another
run nothing matches any more, `LeaseLost` is raised and the transaction of the old run is rolled back.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import Reader
from boget.portal.core.errors import refuse
from boget.portal.jobs import clock
from boget.portal.jobs.kinds import Chore, JobKind, LeaseLost, find_kind, list_kinds
from boget.portal.jobs.models import ENDED, EventKind, Job, JobEvent, JobState, WorkerMark
from boget.portal.jobs.selectors import SYSTEM_CODE, filter_due, filter_lost
from boget.portal.jobs.signals import job_ended

MOST_RESTARTS = 25
"""A job during which so many workers vanished is taken to be what kills them."""
CANDIDATES = 5
"""Jobs a claim looks at; where others were quicker with all of them, the next look finds more."""
LONGEST_MESSAGE = 2000
KEPT = dt.timedelta(days=7)
"""How long ended jobs of repeating kinds are kept."""
MARKS_KEPT = dt.timedelta(days=1)

INNER_FAULTS = {
    "crash": _("an internal error; the secretary sees the message"),
    "timeout": _("ran longer than such a job may"),
    "lost": _("too many workers vanished during the run"),
    "unknown_kind": _("this installation no longer knows such jobs"),
}
"""Faults that are not the requester's: words in place of a message."""

_NO_LEASE = {"lease_until": None, "lease_token": "", "worker": ""}


@dataclass(frozen=True, slots=True)
class Beat:
    """What a run learns by renewing its lease."""

    is_ours: bool
    is_cancelled: bool


# --- asking for a job --------------------------------------------------------------------------------------------------


@transaction.atomic
def request_job(
    code: str,
    payload: Mapping[str, Any] | None = None,
    *,
    by: User | None = None,
    idempotency_key: str = "",
    run_after: dt.datetime | None = None,
) -> Job:
    """Put a job into the queue, inside the caller's transaction; `by` None is the system itself.

    The same key again gives the job that has it. Raises InvalidInput: a kind that does not exist or is not open to `by`.
    """
    kind = _require_kind(code, by)
    now = clock.read_now()
    job = Job(
        kind=kind.code,
        payload=dict(payload or {}),
        max_attempts=kind.max_attempts,
        run_after=run_after or now,
        requested_by=by.code if by else SYSTEM_CODE,
        idempotency_key=idempotency_key or None,
        created_at=now,
    )
    job = _insert_once(job) if idempotency_key else _insert(job)
    if not job.events.exists():
        _note(job, EventKind.REQUESTED, at=now, detail=job.requested_by)
    return job


def _insert(job: Job) -> Job:
    job.save()
    return job


def _insert_once(job: Job) -> Job:
    """The database decides who was first with the key, not a look beforehand."""
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        first = Job.objects.filter(idempotency_key=job.idempotency_key).first()
        if first is not None:  # None: the job that had the key ended this very moment and gave it back
            return first


def _require_kind(code: str, by: User | None) -> JobKind:
    kind = find_kind(code)
    if kind is None or (by is not None and not kind.is_open_to(by)):
        allowed = ", ".join(k.code for k in list_kinds() if by is None or k.is_open_to(by))
        raise refuse("not_in_list", where=_("Kind of job"), value=code, allowed=allowed)
    return kind


def request_chore(chore: Chore) -> bool:
    """Ask for a chore that is due and not in the queue yet; returns whether a job was made."""
    if Job.objects.filter(idempotency_key=chore.kind).exists() or not chore.is_due(clock.read_now()):
        return False
    request_job(chore.kind, idempotency_key=chore.kind)
    return True


# --- the life of a run -------------------------------------------------------------------------------------------------


def recover_lost() -> int:
    """Put jobs whose lease is over back into the queue; returns how many. Hopeless ones fail for good."""
    lost = Job.objects.filter(filter_lost(clock.read_now()))
    return sum(_recover(job) for job in lost)


@transaction.atomic
def _recover(job: Job) -> bool:
    now = clock.read_now()
    is_hopeless = job.restarts + 1 >= MOST_RESTARTS
    changes = {"state": JobState.WAITING, "restarts": F("restarts") + 1, "run_after": now, **_NO_LEASE}
    if is_hopeless:
        changes |= _describe_end(job, JobState.FAILED, now) | {"error_code": "lost"}
    elif job.cancel_asked_at is not None:
        changes |= _describe_end(job, JobState.CANCELLED, now)
    if not Job.objects.filter(filter_lost(now), pk=job.pk, lease_token=job.lease_token).update(**changes):
        return False
    job.refresh_from_db()
    _note(job, EventKind.RESTARTED, at=now)
    if job.state == JobState.FAILED:
        _note(job, EventKind.FAILED, at=now)
        job_ended.send(sender=Job, job=job)
    elif job.state == JobState.CANCELLED:
        _note(job, EventKind.CANCELLED, at=now)
    return True


def claim_next(kinds: Collection[str], *, worker: str, lease: dt.timedelta = clock.LEASE) -> Job | None:
    """Take the job that has waited longest; None where nothing is due or others were quicker.

    kinds: codes this worker knows and wants. The look costs no write lock; only the taking does.
    """
    due = Job.objects.filter(filter_due(clock.read_now()), kind__in=kinds).order_by("run_after", "id")
    for job in due[:CANDIDATES]:
        if _take(job, worker=worker, lease=lease):
            return job
    return None


@transaction.atomic
def _take(job: Job, *, worker: str, lease: dt.timedelta) -> bool:
    now, token = clock.read_now(), secrets.token_hex(16)
    taken = Job.objects.filter(filter_due(now), pk=job.pk, attempts=job.attempts, restarts=job.restarts).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=now + lease,
        worker=worker[:80],
        started_at=now,
        progress=0.0,
        step="",
    )
    if not taken:
        return False
    job.refresh_from_db()
    _note(job, EventKind.STARTED, at=now)
    return True


def renew_lease(job: Job, *, lease: dt.timedelta = clock.LEASE, progress: float | None = None, step: str = "") -> Beat:
    """Keep the job for another lease and learn whether it is still ours and still wanted."""
    with transaction.atomic():
        now = clock.read_now()
        changes: dict[str, Any] = {"lease_until": now + lease}
        if progress is not None:
            changes["progress"] = min(max(progress, 0.0), 1.0)
        if step:
            changes["step"] = step
        if not _own(job).update(**changes):
            return Beat(is_ours=False, is_cancelled=False)
        if step and step != job.step:
            job.step = step
            _note(job, EventKind.STEP, at=now, detail=step)
        return Beat(is_ours=True, is_cancelled=_own(job).filter(cancel_asked_at__isnull=False).exists())


def finish_job(job: Job, result: Mapping[str, Any]) -> None:
    """End the run well, in the transaction of its effects. Raises LeaseLost, by which they are rolled back."""
    with transaction.atomic():
        now = clock.read_now()
        end = _describe_end(job, JobState.DONE, now)
        cleared = {"error_code": "", "error_message": ""}
        kept = {"progress": 1.0, "result": dict(result), "cancel_asked_at": None}
        ended = _write_own(job, {**end, **cleared, **kept})
        _note(ended, EventKind.DONE, at=now)
        job_ended.send(sender=Job, job=ended)


def fail_attempt(job: Job, *, code: str, message: str = "", is_final: bool = False) -> None:
    """End the run badly: repeated later with back-off, or failed for good. Raises LeaseLost.

    is_final: repeating cannot help (refused input). Jobs of repeating kinds are always repeated.
    """
    with transaction.atomic():
        now = clock.read_now()
        kind = find_kind(job.kind)
        is_repeating = kind is not None and kind.is_repeating
        is_over = not is_repeating and (is_final or job.failures >= job.max_attempts)
        error = {"error_code": code[:60], "error_message": message[:LONGEST_MESSAGE]}
        if is_over:
            ended = _write_own(job, {**_describe_end(job, JobState.FAILED, now), **error})
        else:
            later = {"state": JobState.WAITING, "run_after": now + clock.choose_backoff(job.failures)}
            _write_own(job, {**later, **_NO_LEASE, **error})
        shown = code if code in INNER_FAULTS else message[:LONGEST_MESSAGE]
        _note(job, EventKind.FAILED if is_over else EventKind.ATTEMPT_FAILED, at=now, detail=shown)
        if is_over:
            job_ended.send(sender=Job, job=ended)


def release_job(job: Job) -> None:
    """Put the job of a worker that is being shut down back; the run does not count. Raises LeaseLost."""
    with transaction.atomic():
        now = clock.read_now()
        _write_own(job, {"state": JobState.WAITING, "run_after": now, "attempts": F("attempts") - 1, **_NO_LEASE})
        _note(job, EventKind.STOPPED, at=now)


def confirm_cancel(job: Job) -> None:
    """End a run whose cancelling was asked for. Raises LeaseLost."""
    with transaction.atomic():
        now = clock.read_now()
        _write_own(job, _describe_end(job, JobState.CANCELLED, now))
        _note(job, EventKind.CANCELLED, at=now)


def _own(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)


def _write_own(job: Job, changes: Mapping[str, Any]) -> Job:
    """Returns the row as it is now. `job` keeps its token: if the transaction is rolled back, the lease is still held."""
    if not _own(job).update(**changes):
        raise LeaseLost(job.public_id)
    return Job.objects.get(pk=job.pk)


def _describe_end(job: Job, state: JobState, now: dt.datetime) -> dict[str, Any]:
    kind = find_kind(job.kind)
    is_repeating = kind is not None and kind.is_repeating
    key = None if is_repeating else job.idempotency_key
    return {"state": state, "finished_at": now, "idempotency_key": key, **_NO_LEASE}


# --- what people do ----------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel_job(job: Job, *, by: Reader) -> Job:
    """Cancel a waiting job at once; ask a running one to stop at its next step. An ended one stays as it is."""
    now = clock.read_now()
    waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
    if waiting.update(**_describe_end(job, JobState.CANCELLED, now)):
        _note(job, EventKind.CANCELLED, at=now, detail=by.code)
    elif Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_asked_at=None).update(cancel_asked_at=now):
        _note(job, EventKind.CANCEL_ASKED, at=now, detail=by.code)
    job.refresh_from_db()
    return job


@transaction.atomic
def retry_job(job: Job, *, by: Reader) -> Job:
    """Put a failed or cancelled job into the queue again with all its attempts. Others stay as they are.

    Raises InvalidInput: the kind is no longer there.
    """
    _require_kind(job.kind, None)
    now = clock.read_now()
    changes = {"state": JobState.WAITING, "run_after": now, "attempts": 0, "restarts": 0, "progress": 0.0, "step": ""}
    cleared = {"error_code": "", "error_message": "", "cancel_asked_at": None, "finished_at": None, "started_at": None}
    ended_badly = Job.objects.filter(pk=job.pk, state__in=(JobState.FAILED, JobState.CANCELLED))
    if ended_badly.update(**changes, **cleared):
        _note(job, EventKind.RETRIED, at=now, detail=by.code)
    job.refresh_from_db()
    return job


# --- housekeeping ------------------------------------------------------------------------------------------------------


def find_prunable(now: dt.datetime) -> Any:
    """Ended jobs of repeating kinds that nobody needs to see any more."""
    repeating = [kind.code for kind in list_kinds() if kind.is_repeating]
    return Job.objects.filter(kind__in=repeating, state__in=ENDED, finished_at__lt=now - KEPT)


def has_prunable(now: dt.datetime) -> bool:
    return bool(find_prunable(now).exists())


def mark_worker(name: str) -> None:
    """Note that a worker is alive, and forget those that are long gone."""
    now = clock.read_now()
    with transaction.atomic():
        WorkerMark.objects.update_or_create(name=name[:80], defaults={"seen_at": now})
        WorkerMark.objects.filter(seen_at__lt=now - MARKS_KEPT).delete()


def forget_worker(name: str) -> None:
    """A worker that was shut down properly is no longer expected to be seen."""
    WorkerMark.objects.filter(name=name[:80]).delete()


def _note(job: Job, kind: EventKind, *, at: dt.datetime, detail: str = "") -> None:
    JobEvent.objects.create(job=job, at=at, kind=kind, detail=detail)
