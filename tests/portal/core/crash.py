"""Run by tests as a process of its own on a database file: writes at the same time as others, or dies while writing.

    crash.py migrate           make the tables
    crash.py append NAME N     append N entries one by one, from the second on beside another writer
    crash.py kill N SEED       N times: a child imports facilities and is killed by SIGKILL at some statement
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from typing import Any

import django

FACILITIES = 40


def append(name: str, count: int) -> None:
    from boget.portal.core.models import Revision
    from boget.portal.core.services import Actor, Entry, append_revision

    for number in range(count):
        append_revision(Entry("facility", f"{name}-{number}", "create", {"n": (None, number)}), actor=Actor(name))
        while number == 0 and not Revision.objects.exclude(actor=name).exists():
            pass  # the other writer has not come yet


def import_facilities(*, die_at: int) -> None:
    """Import in one transaction; the process kills itself before the statement of that number."""
    from django.db import connection

    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import NewFacility, register_facilities
    from boget.portal.registry.values import Claim

    met = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal met
        met += 1
        if met == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    claims = {"name_en": Claim("North"), "status": Claim("active")}
    new = [
        NewFacility("KZ", claims, impoundments=[{"volume_m3": Claim(1e6)}], dams=[{"height_m": Claim(30.0)}])
        for _number in range(FACILITIES)
    ]
    with connection.execute_wrapper(count):
        register_facilities(new, actor=SYSTEM, source="crash test", reason="crash test")
    print(met, flush=True)


def describe_state() -> dict[str, Any]:
    from django.db import connection

    from boget.portal.core.models import Revision
    from boget.portal.core.services import verify_chain
    from boget.portal.registry.models import Dam, Facility, Impoundment

    with connection.cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    report = verify_chain()
    return {
        "integrity": integrity,
        "is_sound": report.is_sound,
        "facilities": Facility.objects.count(),
        "structures": Impoundment.objects.count() + Dam.objects.count(),
        "creations": Revision.objects.filter(kind="create").count(),
    }


def run_child(die_at: int) -> tuple[int, int]:
    """Import in a forked child. Returns the signal that ended it and the number of statements it printed."""
    from django.db import connections

    connections.close_all()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(write, 1)
        import_facilities(die_at=die_at)
        os._exit(0)
    os.close(write)
    _pid, status = os.waitpid(child, 0)
    with os.fdopen(read) as stream:
        printed = stream.read().strip()
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, int(printed or 0)


def kill(times: int, seed: int) -> None:
    choose = random.Random(seed)
    run_child(0)  # the first import also makes the counters, so it takes more statements than those that are killed
    _signal, statements = run_child(0)
    rounds = [{"die_at": 0, "signal": 0, **describe_state()}]
    for _time in range(times):
        die_at = choose.randint(1, statements)
        ended_by, _statements = run_child(die_at)
        rounds.append({"die_at": die_at, "signal": ended_by, **describe_state()})
    print(json.dumps(rounds))


def main(command: str, arguments: list[str]) -> None:
    django.setup()
    if command == "migrate":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
    elif command == "append":
        append(arguments[0], int(arguments[1]))
    else:
        kill(int(arguments[0]), int(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
