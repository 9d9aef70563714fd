"""The demonstration as a real server: made in a folder of its own, served on a free port, stopped without a trace."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "src" / "boget" / "portal" / "static" / "dist"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
COMMAND = [sys.executable, "-m", "boget.cli"]
CONTENT = [sys.executable, "-m", "tests.journeys.desk_content"]
SEARCHED = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
START_S, STOP_S = 60.0, 20.0
READY = "Boget is at "
RIVER_JOBS = "river_forecast,river_screening"


@dataclass(frozen=True, slots=True)
class Site:
    """A running demonstration. ``log``: what the server wrote to its error stream."""

    url: str
    password: str
    log: Path


def find_lack(chromium: str | None) -> str:
    """What is missing for a journey, or an empty text."""
    if not chromium:
        return "no chromium on this machine"
    if not (DIST / "boget.css").exists():
        return "styles and scripts are not built: run make build"
    return "" if AXE.exists() else "axe-core is not installed: run npm ci --ignore-scripts"


def build_environment(folder: Path) -> dict[str, str]:
    """The environment of the server: nothing of the settings of the tests or of the person who runs them."""
    dropped = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    kept = {name: text for name, text in os.environ.items() if not name.startswith("BOGET_") and name not in dropped}
    return kept | {"BOGET_VAR": str(folder), "PYTHONUNBUFFERED": "1"}


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_site(folder: Path) -> Iterator[Site]:
    """Prepare and serve; on leaving the server ends by itself, with status 0, no process left and no fault in its log."""
    environment = build_environment(folder)
    subprocess.run([*COMMAND, "demo", "--no-serve"], env=environment, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    subprocess.run(CONTENT, env=environment | {"PYTHONPATH": SEARCHED}, check=True, cwd=folder)
    subprocess.run([*COMMAND, "worker", "--once", "--kinds", RIVER_JOBS], env=environment, check=True, cwd=folder)
    port, log = find_port(), folder / "server.log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            start_new_session=True,
        )
        try:
            wait_until_ready(server, log)
            yield Site(f"http://127.0.0.1:{port}", (folder / "demo_password.txt").read_text(), log)
        finally:
            stop(server)
    assert server.returncode == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


def wait_until_ready(server: subprocess.Popen[str], log: Path) -> None:
    """Read what the server prints until it says where it is; a server that hangs is ended, which ends the reading."""
    assert server.stdout is not None
    alarm = threading.Timer(START_S, server.kill)
    alarm.start()
    try:
        lines = iter(server.stdout.readline, "")
        assert any(line.startswith(READY) for line in lines), f"the server did not start: {log.read_text()}"
    finally:
        alarm.cancel()


def stop(server: subprocess.Popen[str]) -> None:
    """Ask the server to end and see that its whole process group is gone."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_S)
        assert not is_group_alive(server.pid), "a worker of the server outlived it"
    finally:
        if is_group_alive(server.pid):
            os.killpg(server.pid, signal.SIGKILL)
        if server.stdout is not None:
            server.stdout.close()


def is_group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
