"""`boget worker`, and the worker inside each server process."""

from __future__ import annotations

import argparse
import signal
from typing import Any

from boget.commands import CommandError, open_portal, require_database


def run_worker(options: argparse.Namespace) -> int:
    """Work until SIGINT or SIGTERM; with --once everything that is due, then end."""
    with open_portal():
        require_database()
        kinds = check_kinds(options.kinds)
        from boget.portal.jobs.worker import Worker

        worker = Worker(kinds=kinds)
        if options.once:
            print(f"runs: {worker.work_off()}")
            return 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: worker.stop())
        print("Working off the jobs (stop with Ctrl-C)", flush=True)
        worker.run()
    return 0


def check_kinds(text: str) -> frozenset[str] | None:
    """The kinds of a list with commas, None for an empty one. CommandError for a kind that does not exist."""
    from boget.portal.jobs.kinds import list_kinds

    asked = frozenset(part.strip() for part in text.split(",") if part.strip())
    known = {kind.code for kind in list_kinds()}
    if unknown := asked - known:
        names, allowed = ", ".join(sorted(unknown)), ", ".join(sorted(known))
        raise CommandError(f"there are no jobs of the kind {names}. Known: {allowed}.")
    return asked or None


def describe_hooks() -> dict[str, Any]:
    """Settings by which each server process works off jobs beside its requests; none where BOGET_WORKER is off."""
    from django.conf import settings

    if not settings.BOGET_WORKER:
        return {}
    running: list[Any] = []

    def start(_server_process: Any) -> None:
        from boget.portal.jobs.worker import Worker

        worker = Worker()
        worker.start()
        running.append(worker)

    def stop(_arbiter: Any, _server_process: Any) -> None:
        for worker in running:
            worker.stop()
            worker.wait_stopped()

    return {"post_worker_init": start, "worker_exit": stop}
