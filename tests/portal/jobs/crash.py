"""Run by tests as a process of its own on a database file: workers that work beside each other, or die while working.

crash.py migrate           make the tables
crash.py kill TIMES SEED   fork workers until TIMES of them were killed by SIGKILL, then let one finish; prints JSON
crash.py race JOBS         two workers at the same time until nothing is left; prints JSON
crash.py watch             one worker's loop with its threads: a job done, one timed out, one put back; prints JSON
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import django

CODE = "test.effect"
STATEMENTS = 90  # more than a claim, a run and its end take: some workers die in their second or third job
LONGEST_LIFE_S = 0.08


def register() -> None:
    """A job of several steps whose effect, an entry of the revision log, is written with its end."""
    from boget.portal.core.services import Actor, Entry, append_revision
    from boget.portal.jobs.kinds import JobKind, register_kind

    def run(context: Any) -> None:
        while context.payload.get("meet") and not has_company():
            context.check()
        context.report(0.3, step="first")
        context.report(0.6, step="second")
        with context.finishing():
            append_revision(Entry("effect", context.job_id, "create", {"n": (None, 1)}), actor=Actor(f"process {os.getpid()}"))

    steps = {"first": "First", "second": "Second"}
    register_kind(JobKind(CODE, "Effect", run, steps=steps, is_announced=True, is_open_to=lambda user: True))


def has_company() -> bool:
    """Whether another process than this one works or has worked."""
    from boget.portal.core.models import Revision
    from boget.portal.jobs.models import Job

    me = f":{os.getpid()}:"
    is_working = Job.objects.filter(state="running").exclude(worker__contains=me).exists()
    return is_working or Revision.objects.filter(record_type="effect").exclude(actor=f"process {os.getpid()}").exists()


def make_requester() -> Any:
    from boget.portal.accounts.services import create_user
    from boget.portal.core.services import SYSTEM

    return create_user(email="crash@test.boget", name="Crash", by=SYSTEM)


def set_clock(round_number: int) -> None:
    """Each round begins when the leases of the one before are over, without waiting for it."""
    from boget.portal.jobs import clock

    offset = dt.timedelta(minutes=round_number)
    clock.read_now = lambda: dt.datetime.now(dt.UTC) + offset


@contextmanager
def die_at_statement(number: int) -> Iterator[None]:
    from django.db import connection

    met = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal met
        met += 1
        if met == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


@contextmanager
def die_after(seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.start()
    yield
    timer.cancel()


def fork(work: Callable[[], None]) -> int:
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def wait_signal(child: int) -> int:
    """The signal that ended the child, 0 for a proper end. RuntimeError for any other end."""
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.WEXITSTATUS(status):
        raise RuntimeError("a worker ended with an error")
    return 0


def work_and_die(round_number: int, choose: random.Random) -> None:
    from boget.portal.jobs.worker import Worker

    set_clock(round_number)
    if choose.random() < 0.5:
        death = die_at_statement(choose.randint(1, STATEMENTS))
    else:
        death = die_after(choose.random() * LONGEST_LIFE_S)
    with death:
        Worker().work_off()


def describe_state() -> dict[str, Any]:
    from django.db import connection
    from django.db.models import Count

    from boget.portal.core.models import Revision
    from boget.portal.core.services import verify_chain
    from boget.portal.jobs.models import Job, JobEvent
    from boget.portal.notifications.models import Notification

    jobs = Job.objects.filter(kind=CODE)
    effects = Revision.objects.filter(record_type="effect")
    many = effects.values("record_id").annotate(n=Count("seq")).filter(n__gt=1)
    integrity = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    return {
        "integrity": integrity,
        "is_sound": verify_chain().is_sound,
        "jobs": jobs.count(),
        "states": sorted(set(jobs.values_list("state", flat=True))),
        "effects": effects.values("record_id").distinct().count(),
        "doubled": many.count(),
        "told": Notification.objects.values("event__subject_id").distinct().count(),
        "told_twice": Notification.objects.count() - Notification.objects.values("event__subject_id").distinct().count(),
        "restarts": JobEvent.objects.filter(kind="restarted").count(),
        "workers": effects.values("actor").distinct().count(),
    }


def kill(times: int, seed: int) -> None:
    from boget.portal.jobs import services
    from boget.portal.jobs.models import Job, JobState
    from boget.portal.jobs.worker import Worker

    requester = make_requester()
    killed, round_number, left_running = 0, 0, 0
    while killed < times:
        round_number += 1
        set_clock(round_number)
        while Job.objects.filter(state=JobState.WAITING).count() < 4:
            services.request_job(CODE, by=requester)
        couple = 2 if round_number % 4 == 0 else 1
        fates = [random.Random(f"{seed} {round_number} {n}") for n in range(couple)]
        children = [fork(partial(work_and_die, round_number, fate)) for fate in fates]
        signals = [wait_signal(child) for child in children]
        killed += sum(number == signal.SIGKILL for number in signals)
        left_running += Job.objects.filter(state=JobState.RUNNING).exists()
    set_clock(round_number + 2)
    while Worker().work_off():
        pass
    print(json.dumps({**describe_state(), "kills": killed, "left_running": left_running}))


def race(count: int) -> None:
    """Two workers on the same jobs; neither ends its first one before the other has come."""
    from boget.portal.jobs import services
    from boget.portal.jobs.worker import Worker

    requester = make_requester()
    for _number in range(count):
        services.request_job(CODE, {"meet": True}, by=requester)
    for child in [fork(lambda: print(Worker().work_off())) for _number in range(2)]:
        wait_signal(child)
    print(json.dumps(describe_state()))


def watch() -> None:
    """The loop of a worker with a thread for each job and a lease that is short enough to be renewed meanwhile."""
    from boget.portal.jobs import services
    from boget.portal.jobs.kinds import JobKind, register_kind
    from boget.portal.jobs.models import Job, WorkerMark
    from boget.portal.jobs.worker import Worker

    worker = Worker(lease=dt.timedelta(seconds=0.6))
    tokens = []

    def outlive_lease(context: Any) -> None:
        """Works without a word for longer than its lease: the loop beside it renews."""
        begun = Job.objects.get(kind="test.long").lease_until
        while Job.objects.get(kind="test.long").lease_until <= begun + dt.timedelta(seconds=0.6):
            tokens.append(Job.objects.get(kind="test.long").lease_token)

    def go_on(context: Any) -> None:
        while True:
            context.check()

    def stop_worker(context: Any) -> None:
        worker.stop()
        go_on(context)

    register_kind(JobKind("test.long", "Long", outlive_lease))
    register_kind(JobKind("test.endless", "Endless", go_on, timeout=dt.timedelta(0), max_attempts=1))
    register_kind(JobKind("test.stopped", "Stopped", stop_worker))
    for code in ("test.long", "test.endless", "test.stopped"):
        services.request_job(code)
    worker.start()
    is_stopped = worker.wait_stopped(30)
    states = {job.kind: [job.state, job.error_code, job.attempts] for job in Job.objects.filter(kind__startswith="test.")}
    print(
        json.dumps(
            {"states": states, "is_stopped": is_stopped, "tokens": len(set(tokens)), "marks": WorkerMark.objects.count()}
        )
    )


def main(command: str, arguments: list[str]) -> None:
    django.setup()
    if command == "migrate":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return
    register()
    {"kill": kill, "race": race, "watch": watch}[command](*map(int, arguments))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
