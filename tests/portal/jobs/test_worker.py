"""Workers as processes on a database file: killed, beside each other, stopped; nothing lost, doubled or stuck."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("crash.py")

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the crash tests use a SQLite file")


def start(folder: Path, *command: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "BOGET_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "boget.portal.settings",
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(folder: Path, *command: str) -> str:
    process = start(folder, *command)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err[-3000:]
    return out


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database of all tables."""
    folder = tmp_path_factory.mktemp("worker")
    run(folder, str(SCRIPT), "migrate")
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    for name in template.glob("boget.sqlite3*"):
        shutil.copy(name, tmp_path)
    return tmp_path


def read(folder: Path, *command: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(run(folder, str(SCRIPT), *command).splitlines()[-1])
    return state


def check_nothing_lost(state: dict[str, Any]) -> None:
    assert state["integrity"] == "ok"
    assert state["is_sound"]
    assert state["states"] == ["done"], "stuck or failed"
    assert state["effects"] == state["jobs"], "lost"
    assert state["doubled"] == 0
    assert (state["told"], state["told_twice"]) == (state["jobs"], 0)


@pytest.mark.parametrize("times", [20, pytest.param(200, marks=pytest.mark.long)])
def test_killed_workers_lose_and_double_nothing(times: int, folder: Path) -> None:
    state = read(folder, "kill", str(times), "2026")
    assert state["kills"] >= times
    assert state["left_running"] >= times / 4, "too few died in the middle of a job: little was tested"
    assert state["restarts"] >= times / 4
    check_nothing_lost(state)


def test_two_workers_share_the_jobs_and_do_each_once(folder: Path) -> None:
    state = read(folder, "race", "40")
    check_nothing_lost(state)
    assert state["jobs"] == 40
    assert state["workers"] == 2, "the workers never met: nothing was tested"
    assert state["restarts"] == 0


def test_the_loop_renews_leases_ends_overlong_jobs_and_stops(folder: Path) -> None:
    state = read(folder, "watch")
    assert state["states"] == {
        "test.long": ["done", "", 1],
        "test.endless": ["failed", "timeout", 1],
        "test.stopped": ["waiting", "", 0],
    }
    assert state["tokens"] == 1, "the lease changed hands"
    assert state["is_stopped"]
    assert state["marks"] == 0


# --- the command -------------------------------------------------------------------------------------------------------


def test_worker_once_works_off_what_is_due(folder: Path) -> None:
    assert run(folder, "-m", "boget.cli", "worker", "--once") == "runs: 0\n"


def test_worker_stops_at_a_signal(folder: Path) -> None:
    process = start(folder, "-m", "boget.cli", "worker")
    assert process.stdout is not None
    assert "Working off" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


def test_worker_refuses_kinds_that_do_not_exist(folder: Path) -> None:
    process = start(folder, "-m", "boget.cli", "worker", "--kinds", "no.such,jobs.prune")
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "no.such" in err and "jobs.prune" in err.partition("Known:")[2]


def test_worker_refuses_a_database_of_another_version(tmp_path: Path) -> None:
    process = start(tmp_path, "-m", "boget.cli", "worker", "--once")
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "boget load" in err


def test_each_server_process_starts_and_stops_a_worker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from boget.commands import serving, working
    from boget.portal.jobs import worker

    calls: list[str] = []

    class Spy:
        def start(self) -> None:
            calls.append("start")

        def stop(self) -> None:
            calls.append("stop")

        def wait_stopped(self) -> bool:
            calls.append("wait")
            return True

    monkeypatch.setattr(worker, "Worker", Spy)
    server = serving.describe_server("127.0.0.1", 8000)
    server["post_worker_init"](None)
    server["worker_exit"](None, None)
    assert calls == ["start", "stop", "wait"]
    settings.BOGET_WORKER = False
    assert working.describe_hooks() == {}
