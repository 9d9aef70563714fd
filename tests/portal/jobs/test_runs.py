"""What a run sees: progress, steps, the transaction of its end, interruptions, the language of whoever asked."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from boget.portal.accounts.services import change_preferences
from boget.portal.core.models import Installation
from boget.portal.core.services import describe_installation
from boget.portal.jobs import services
from boget.portal.jobs.kinds import JobStopped, JobTimedOut
from boget.portal.jobs.models import Job, JobState
from boget.portal.jobs.running import JobContext, carry_out
from boget.portal.jobs.signals import job_ended
from boget.portal.jobs.worker import Worker

pytestmark = pytest.mark.django_db
CODE = "test.work"


def begin(kind: Any) -> tuple[Job, JobContext]:
    services.request_job(CODE)
    job = services.claim_next([CODE], worker="test")
    assert job is not None
    return job, JobContext(job, kind)


def write_effect(text: str) -> None:
    describe_installation()
    Installation.objects.update(adopted_by=text)


def read_effect() -> str:
    return describe_installation().adopted_by


def test_the_result_of_a_run_is_kept(time: Any, register: Any) -> None:
    register(lambda context: {"url": "/reports/1/", "year": context.payload["year"]})
    services.request_job(CODE, {"year": 2022})
    Worker().work_off()
    job = Job.objects.get()
    assert (job.state, job.progress, job.result) == (JobState.DONE, 1.0, {"url": "/reports/1/", "year": 2022})


def test_progress_and_steps_are_shown_while_it_runs(time: Any, register: Any) -> None:
    seen = []

    def work(context: Any) -> None:
        context.report(0.25, step="read")
        seen.append((Job.objects.get().progress, str(Job.objects.get().step_label)))
        context.report(7, step="write")
        seen.append((Job.objects.get().progress, str(Job.objects.get().step_label)))

    register(work, steps={"read": "Read the file", "write": "Write"})
    services.request_job(CODE)
    Worker().work_off()
    assert seen == [(0.25, "Read the file"), (1.0, "Write")]


def test_a_step_without_words_is_a_fault_of_the_job(time: Any, register: Any) -> None:
    register(lambda context: context.report(0.5, step="nameless"), max_attempts=1)
    services.request_job(CODE)
    Worker().work_off()
    assert "no words for the step nameless" in Job.objects.get().error_message


def test_effects_and_end_are_one_transaction(time: Any, register: Any) -> None:
    def work(context: Any) -> None:
        with context.finishing() as result:
            write_effect("done")
            result["text"] = read_effect()

    register(work)
    services.request_job(CODE)
    Worker().work_off()
    assert (read_effect(), Job.objects.get().result) == ("done", {"text": "done"})


def test_effects_of_a_run_that_lost_its_lease_are_rolled_back(time: Any, register: Any) -> None:
    """The old run is still writing while the job is given to a new one."""

    def work(context: Any) -> None:
        with context.finishing():
            write_effect("old")
            Job.objects.update(lease_token="of another run")

    kind = register(work)
    job, context = begin(kind)
    carry_out(job, context)
    assert read_effect() == ""
    assert Job.objects.get().state == JobState.RUNNING


def test_effects_are_rolled_back_when_the_run_fails_at_its_end(time: Any, register: Any) -> None:
    def work(context: Any) -> None:
        with context.finishing():
            write_effect("half")
            raise OSError

    register(work)
    services.request_job(CODE)
    Worker().work_off()
    assert read_effect() == ""
    assert Job.objects.get().state == JobState.WAITING


def test_a_listener_that_fails_rolls_the_end_back(time: Any, register: Any) -> None:
    """What is told about an end is written with it: neither is there without the other."""

    def fail(**kwargs: Any) -> None:
        raise OSError

    register(lambda context: None, max_attempts=2)
    services.request_job(CODE)
    job_ended.connect(fail)
    try:
        Worker().work_off()
    finally:
        job_ended.disconnect(fail)
    assert Job.objects.get().state == JobState.WAITING


def test_the_end_is_announced_once_inside_its_transaction(time: Any, register: Any) -> None:
    heard = []

    def listen(job: Job, **kwargs: Any) -> None:
        heard.append((job.state, transaction.get_connection().in_atomic_block))

    register(lambda context: None)
    services.request_job(CODE)
    job_ended.connect(listen)
    try:
        Worker().work_off()
    finally:
        job_ended.disconnect(listen)
    assert heard == [(JobState.DONE, True)]


@pytest.mark.parametrize(
    ("reason", "state", "attempts"), [(JobStopped, JobState.WAITING, 0), (JobTimedOut, JobState.WAITING, 1)]
)
def test_interruptions_put_the_job_back(reason: Any, state: str, attempts: int, time: Any, register: Any) -> None:
    kind = register(lambda context: context.check())
    job, context = begin(kind)
    context.interrupt(reason("J"))
    carry_out(job, context)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (state, attempts)


def test_a_job_that_survives_errors_of_items_does_not_survive_cancelling(time: Any, register: Any, cast: Any) -> None:
    def work(context: Any) -> None:
        services.cancel_job(Job.objects.get(), by=cast["secretary"])
        for number in range(3):
            with contextlib.suppress(Exception):  # what a careless job would do
                context.report(number / 3, step="item")

    register(work, steps={"item": "Item"})
    services.request_job(CODE)
    Worker().work_off()
    assert Job.objects.get().state == JobState.CANCELLED


def test_a_stopped_worker_lets_a_finished_computation_be_kept(time: Any, register: Any) -> None:
    def work(context: Any) -> None:
        context.interrupt(JobStopped("J"))
        with context.finishing():
            write_effect("kept")

    register(work)
    services.request_job(CODE)
    Worker().work_off()
    assert (read_effect(), Job.objects.get().state) == ("kept", JobState.DONE)


def test_a_run_speaks_the_language_of_whoever_asked(time: Any, register: Any, cast: Any) -> None:
    change_preferences(cast["expert"], {"language": "kk", "time_zone": "Asia/Bishkek"})
    heard = []
    register(
        lambda context: heard.append((translation.get_language(), str(timezone.get_current_timezone()), context.requester))
    )
    services.request_job(CODE, by=cast["expert"])
    Worker().work_off()
    assert heard == [("kk", "Asia/Bishkek", cast["expert"])]


def test_a_job_of_a_kind_that_is_gone_waits_for_it(time: Any, register: Any) -> None:
    from boget.portal.jobs import kinds

    register(lambda context: None)
    services.request_job(CODE)
    kinds._kinds.clear()
    assert Worker().work_off() == 0
    assert Job.objects.get().state == JobState.WAITING
