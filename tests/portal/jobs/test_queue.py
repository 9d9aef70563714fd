"""The queue: asking, claiming by compare-and-set, leases, back-off, cancelling, repeating."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.jobs import clock, kinds, services
from boget.portal.jobs.kinds import Chore, LeaseLost
from boget.portal.jobs.models import Job, JobState
from boget.portal.jobs.worker import Worker
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db
CODE = "test.work"


def do_nothing(context: Any) -> None:
    """A job without any effect."""


def claim() -> Job:
    job = services.claim_next([CODE], worker="test")
    assert job is not None
    return job


def read_story(job: Job) -> list[str]:
    return list(job.events.values_list("kind", flat=True))


# --- asking ------------------------------------------------------------------------------------------------------------


def test_a_request_waits_with_its_payload(time: Any, register: Any) -> None:
    register(do_nothing, max_attempts=7)
    job = services.request_job(CODE, {"year": 2022})
    assert (job.state, job.payload, job.max_attempts, job.requested_by) == ("waiting", {"year": 2022}, 7, "system")
    assert job.public_id == f"J-{job.pk:06d}"
    assert read_story(job) == ["requested"]


def test_the_same_key_gives_the_same_job(time: Any, register: Any) -> None:
    register(do_nothing)
    first = services.request_job(CODE, {"n": 1}, idempotency_key="report-2022")
    again = services.request_job(CODE, {"n": 2}, idempotency_key="report-2022")
    assert (again.pk, again.payload) == (first.pk, {"n": 1})
    assert Job.objects.count() == 1
    assert read_story(first) == ["requested"]


def test_an_ended_job_keeps_its_key_and_a_repeating_one_gives_it_back(time: Any, register: Any) -> None:
    register(do_nothing)
    register(do_nothing, code="test.chore", is_repeating=True)
    for code in (CODE, "test.chore"):
        services.request_job(code, idempotency_key=code)
    assert Worker().work_off() == 2
    assert services.request_job(CODE, idempotency_key=CODE).state == JobState.DONE
    assert services.request_job("test.chore", idempotency_key="test.chore").state == JobState.WAITING


@pytest.mark.parametrize("code", ["test.closed", "test.unknown"])
def test_a_kind_that_is_closed_or_unknown_is_refused(code: str, cast: Any, register: Any) -> None:
    register(do_nothing, code="test.closed", is_open_to=lambda user: False)
    with pytest.raises(InvalidInput):
        services.request_job(code, by=cast["observer"])
    assert not Job.objects.exists()


def test_a_request_is_rolled_back_with_its_transaction(register: Any) -> None:
    from django.db import transaction

    register(do_nothing)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.request_job(CODE)
        raise RuntimeError
    assert not Job.objects.exists()


def test_a_job_for_later_waits_for_its_time(time: Any, register: Any) -> None:
    register(do_nothing)
    services.request_job(CODE, run_after=time.now + dt.timedelta(hours=3))
    assert Worker().work_off() == 0
    time.advance(hours=3)
    assert Worker().work_off() == 1


def test_the_longest_waiting_comes_first_and_only_wanted_kinds(time: Any, register: Any) -> None:
    register(do_nothing)
    register(do_nothing, code="test.other")
    other = services.request_job("test.other")
    time.advance(seconds=1)
    late, early = services.request_job(CODE), services.request_job(CODE, run_after=time.now - dt.timedelta(minutes=1))
    assert [claim().pk, claim().pk] == [early.pk, late.pk]
    assert services.claim_next([CODE], worker="test") is None
    other.refresh_from_db()
    assert other.state == JobState.WAITING


# --- claiming and leases -----------------------------------------------------------------------------------------------


def test_a_job_is_claimed_once(time: Any, register: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers read the same row; the second one's compare-and-set finds it changed."""
    register(do_nothing)
    services.request_job(CODE)
    seen = Job.objects.get()
    first = claim()
    assert services._take(seen, worker="second", lease=clock.LEASE) is False
    assert Job.objects.get().lease_token == first.lease_token


def test_a_renewed_lease_holds_and_a_lapsed_one_does_not(time: Any, register: Any) -> None:
    register(do_nothing)
    services.request_job(CODE)
    job = claim()
    time.advance(seconds=20)
    assert services.renew_lease(job).is_ours
    time.advance(seconds=20)
    assert services.recover_lost() == 0
    time.advance(seconds=11)
    assert services.recover_lost() == 1
    assert services.renew_lease(job).is_ours is False
    job.refresh_from_db()
    assert (job.state, job.restarts, job.failures) == (JobState.WAITING, 1, 0)
    assert read_story(job) == ["requested", "started", "restarted"]


@pytest.mark.parametrize("end", ["finish", "fail", "release", "cancel"])
def test_a_run_that_lost_its_lease_writes_nothing(end: str, time: Any, register: Any) -> None:
    register(do_nothing)
    services.request_job(CODE)
    old = claim()
    time.advance(minutes=1)
    services.recover_lost()
    new = claim()
    ends = {
        "finish": lambda: services.finish_job(old, {"by": "old"}),
        "fail": lambda: services.fail_attempt(old, code="crash"),
        "release": lambda: services.release_job(old),
        "cancel": lambda: services.confirm_cancel(old),
    }
    with pytest.raises(LeaseLost):
        ends[end]()
    services.finish_job(new, {"by": "new"})
    assert Job.objects.get().result == {"by": "new"}


def test_a_clock_set_back_holds_no_job_for_long(time: Any, register: Any) -> None:
    """A lease and a back-off that lie a day ahead were written before the clock was corrected."""
    register(do_nothing)
    services.request_job(CODE)
    claim()
    time.advance(days=-1)
    assert services.recover_lost() == 1
    job = claim()
    services.fail_attempt(job, code="crash")
    time.advance(days=-1)
    assert services.claim_next([CODE], worker="test") is not None


def test_a_job_that_kills_its_workers_fails_in_the_end(time: Any, register: Any) -> None:
    register(do_nothing, max_attempts=1)
    services.request_job(CODE)
    for _time in range(services.MOST_RESTARTS):
        claim()
        time.advance(minutes=1)
        assert services.recover_lost() == 1
    job = Job.objects.get()
    assert (job.state, job.error_code, job.restarts) == (JobState.FAILED, "lost", services.MOST_RESTARTS)
    assert read_story(job)[-2:] == ["restarted", "failed"]


# --- failing, repeating, cancelling ------------------------------------------------------------------------------------


def test_failures_wait_twice_as_long_each_time_and_end(time: Any, register: Any) -> None:
    def crash(context: Any) -> None:
        raise ZeroDivisionError("secret")

    register(crash, max_attempts=4)
    job = services.request_job(CODE)
    waits = []
    for _attempt in range(4):
        assert Worker().work_off() == 1
        job.refresh_from_db()
        waits.append((job.run_after - time.now).total_seconds())
        time.now = max(job.run_after, time.now)
    assert waits[:3] == [30, 60, 120]
    assert (job.state, job.error_code, job.attempts) == (JobState.FAILED, "crash", 4)
    assert job.finished_at is not None
    assert Worker().work_off() == 0
    assert read_story(job)[-1] == "failed"


def test_a_refused_input_is_not_repeated(time: Any, register: Any) -> None:
    def refuse(context: Any) -> None:
        from boget.portal.core.errors import refuse

        raise refuse("required", where="Year")

    register(refuse, max_attempts=5)
    services.request_job(CODE)
    Worker().work_off()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error_code, job.error_message) == ("failed", 1, "required", "Year: empty. Fill it in.")


def test_a_repeating_job_never_fails_for_good(time: Any, register: Any) -> None:
    def crash(context: Any) -> None:
        raise OSError

    register(crash, is_repeating=True, max_attempts=1)
    job = services.request_job(CODE)
    for _attempt in range(12):
        Worker().work_off()
        job.refresh_from_db()
        assert job.state == JobState.WAITING
        assert job.run_after - time.now <= clock.LONGEST_BACKOFF
        time.now = job.run_after


def test_repeating_by_hand_gives_all_attempts_again(time: Any, register: Any, cast: Any) -> None:
    outcomes = iter([ValueError(), ValueError(), None])

    def work(context: Any) -> None:
        if error := next(outcomes):
            raise error

    register(work, max_attempts=1)
    job = services.request_job(CODE, by=cast["expert"])
    Worker().work_off()
    services.retry_job(job, by=cast["expert"])
    assert (job.state, job.attempts, job.error_code) == (JobState.WAITING, 0, "")
    Worker().work_off()
    services.retry_job(job, by=cast["expert"])
    Worker().work_off()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert services.retry_job(job, by=cast["expert"]).state == JobState.DONE
    assert read_story(job).count("retried") == 2


def test_a_waiting_job_is_cancelled_at_once(time: Any, register: Any, cast: Any) -> None:
    register(do_nothing)
    job = services.request_job(CODE, by=cast["expert"])
    services.cancel_job(job, by=cast["expert"])
    assert job.state == JobState.CANCELLED
    assert Worker().work_off() == 0


def test_a_running_job_is_cancelled_at_its_next_step(time: Any, register: Any, cast: Any) -> None:
    reached = []

    def work(context: Any) -> None:
        services.cancel_job(Job.objects.get(), by=cast["expert"])
        reached.append("asked")
        context.report(0.5, step="half")
        reached.append("not here")

    register(work, steps={"half": "Half"})
    services.request_job(CODE, by=cast["expert"])
    Worker().work_off()
    job = Job.objects.get()
    assert (job.state, reached) == (JobState.CANCELLED, ["asked"])
    assert read_story(job) == ["requested", "started", "cancel_asked", "step", "cancelled"]


def test_a_cancelled_job_whose_worker_died_is_not_begun_again(time: Any, register: Any, cast: Any) -> None:
    register(do_nothing)
    services.request_job(CODE)
    job = claim()
    services.cancel_job(job, by=cast["secretary"])
    time.advance(minutes=1)
    services.recover_lost()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


# --- chores ------------------------------------------------------------------------------------------------------------


def test_a_chore_is_asked_for_when_due_and_only_once_at_a_time(time: Any, register: Any) -> None:
    register(do_nothing, code="test.chore", is_repeating=True)
    kinds.register_chore(Chore("test.chore", lambda now: now.hour == 1))
    (chore,) = kinds.list_chores()
    assert [services.request_chore(chore), services.request_chore(chore)] == [True, False]
    assert Worker().work_off() == 2, "the one that waited, and one the worker asks for"
    assert services.request_chore(chore) is True
    time.advance(hours=1)
    Job.objects.all().delete()
    assert services.request_chore(chore) is False


def test_old_jobs_of_repeating_kinds_are_cleared_away(time: Any, register: Any) -> None:
    from boget.portal.jobs.housekeeping import prune_jobs

    register(do_nothing)
    register(do_nothing, code="test.chore", is_repeating=True)
    register(prune_jobs, code="jobs.prune", is_repeating=True)
    asked, chore = services.request_job(CODE), services.request_job("test.chore")
    Worker().work_off()
    assert not services.has_prunable(time.now)
    time.advance(days=8)
    assert services.has_prunable(time.now)
    services.request_job("jobs.prune")
    Worker().work_off()
    assert Job.objects.filter(pk=asked.pk).exists()
    assert not Job.objects.filter(pk=chore.pk).exists()
