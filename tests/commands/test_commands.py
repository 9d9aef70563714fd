"""The command `boget` as a process: a demonstration, the check of the log, backup and restore, refusals."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

DONE, FAULT, WRONG, REFUSED = 0, 1, 2, 3
LIMIT_S = 180


def describe_environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOGET_") and name != "DATABASE_URL"}
    return {
        **kept,
        "BOGET_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "boget.portal.settings",
        "PYTHONWARNINGS": "ignore",
    }


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "boget.cli", *arguments]
    return subprocess.run(
        command, env=describe_environment(folder), capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=folder
    )


def succeed(folder: Path, *arguments: str) -> str:
    done = run(folder, *arguments)
    assert done.returncode == DONE, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loaded installation; tests that write work on a copy."""
    folder = tmp_path_factory.mktemp("loaded")
    succeed(folder, "load")
    return folder


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    source, target = (place / "boget.sqlite3" for place in (loaded, tmp_path))
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)
    return tmp_path


def execute(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "boget.sqlite3")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def read_one(folder: Path, sql: str) -> Any:
    with closing(sqlite3.connect(folder / "boget.sqlite3")) as database:
        return database.execute(sql).fetchone()[0]


# --- loading ---------------------------------------------------------------------------------------------------------


def test_a_second_load_adds_nothing(folder: Path) -> None:
    before = read_one(folder, "SELECT hash FROM core_chainhead")
    out = succeed(folder, "load")
    assert "facilities added: 0" in out and "organisations added: 0" in out
    assert read_one(folder, "SELECT hash FROM core_chainhead") == before


def test_a_load_makes_no_accounts(folder: Path) -> None:
    assert read_one(folder, "SELECT count(*) FROM accounts_user") == 0
    assert read_one(folder, "SELECT count(*) FROM registry_facility") > 100


def test_every_facility_has_scores_of_both_levels(folder: Path) -> None:
    facilities = read_one(folder, "SELECT count(*) FROM registry_facility")
    assert read_one(folder, "SELECT count(*) FROM registry_score") == 4 * facilities


def test_the_first_person_is_invited_by_a_link(folder: Path) -> None:
    out = succeed(folder, "invite", "a@example.kz", "--name", "A. Secretary", "--organisation", "mes")
    assert "/accounts/password/set/" in out
    assert read_one(folder, "SELECT role FROM accounts_membership") == "secretary"


@pytest.mark.parametrize(
    "wrong", [["--organisation", "nobody"], ["--organisation", "mes", "--role", "king"]], ids=["organisation", "role"]
)
def test_a_wrong_invitation_leaves_nothing(folder: Path, wrong: list[str]) -> None:
    done = run(folder, "invite", "a@example.kz", "--name", "A", *wrong)
    assert done.returncode == REFUSED and done.stderr.startswith("boget: ")
    assert read_one(folder, "SELECT count(*) FROM accounts_user") == 0


# --- the demonstration --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundles = Path(__file__).resolve().parents[2] / "src" / "boget" / "portal" / "static" / "dist" / "boget.css"
    if not bundles.exists():
        pytest.skip("styles and scripts are not built: make build")
    folder = tmp_path_factory.mktemp("demo")
    succeed(folder, "demo", "--no-serve")
    return folder


def test_a_second_start_changes_nothing(demo: Path) -> None:
    head, password = read_one(demo, "SELECT hash FROM core_chainhead"), (demo / "demo_password.txt").read_text()
    stamp = (demo / "static" / ".sources").stat().st_mtime_ns
    out = succeed(demo, "demo", "--no-serve")
    assert password in out and "secretary@demo.boget" in out
    assert read_one(demo, "SELECT hash FROM core_chainhead") == head
    assert (demo / "static" / ".sources").stat().st_mtime_ns == stamp, "static files were collected again"


def test_the_password_of_the_demonstration_is_not_open_to_others(demo: Path) -> None:
    assert (demo / "demo_password.txt").stat().st_mode & 0o077 == 0
    assert read_one(demo, "SELECT is_demo FROM core_installation") == 1


def test_a_real_installation_is_never_turned_into_a_demonstration(folder: Path) -> None:
    succeed(folder, "invite", "a@example.kz", "--name", "A", "--organisation", "mes")
    for options in ([], ["--reset"]):
        done = run(folder, "demo", "--no-serve", *options)
        assert done.returncode == REFUSED, done.stdout
    assert read_one(folder, "SELECT count(*) FROM accounts_user") == 1


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(demo: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`boget serve` in a process group of its own, ready to answer."""
    command = [sys.executable, "-m", "boget.cli", "serve", "--port", str(port)]
    environment = describe_environment(demo)
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("Boget is at"), line + process.stdout.read()
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def fetch(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.status, dict(answer.headers), answer.read()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_leaves_no_process(server: subprocess.Popen[str], port: int, how: signal.Signals) -> None:
    status, headers, body = fetch(port, "/?lang=kk")
    assert status == 200 and "қалдық" in body.decode().casefold()
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert json.loads(fetch(port, "/health/?f=json")[2])["status"] == "ok"
    # Ctrl-C in a terminal reaches every process of the group, a stop by the system only the first of them
    (os.killpg if how == signal.SIGINT else os.kill)(server.pid, how)
    assert "SIGKILL" not in server.communicate(timeout=30)[0]
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)


def test_static_files_are_served_for_ever_and_in_ranges(server: subprocess.Popen[str], port: int) -> None:
    page = fetch(port, "/")[2].decode()
    style = page.split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    status, headers, _body = fetch(port, style)
    assert status == 200 and "immutable" in headers["Cache-Control"]


def test_a_port_in_use_is_said_at_once(demo: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run(demo, "serve", "--port", str(other.getsockname()[1]))
    assert done.returncode == REFUSED and "--port" in done.stderr


def test_serve_refuses_a_database_that_was_not_loaded(tmp_path: Path, port: int) -> None:
    done = run(tmp_path, "serve", "--port", str(port))
    assert done.returncode == REFUSED and "boget load" in done.stderr


# --- the revision log -----------------------------------------------------------------------------------------------------


def test_the_log_holds_against_its_anchor(folder: Path) -> None:
    (folder / "anchors.txt").write_text(succeed(folder, "audit", "anchor"))
    report = json.loads(succeed(folder, "audit", "verify", "--anchor", "anchors.txt", "--json"))
    assert report["is_sound"] and report["anchors"] == 1
    assert report["entries"] == read_one(folder, "SELECT count(*) FROM core_revision")


def test_a_cut_of_the_chain_is_found_by_the_anchor_only(folder: Path) -> None:
    (folder / "anchors.txt").write_text(succeed(folder, "audit", "anchor"))
    execute(
        folder,
        "DROP TRIGGER core_revision_no_delete",
        "DELETE FROM core_revision WHERE seq > 10",
        "UPDATE core_chainhead SET seq = 10, hash = (SELECT hash FROM core_revision WHERE seq = 10)",
    )
    assert json.loads(run(folder, "audit", "verify", "--json").stdout)["breaks"] == []
    done = run(folder, "audit", "verify", "--anchor", "anchors.txt")
    assert done.returncode == FAULT and "THE LOG DOES NOT HOLD" in done.stdout


def test_rows_changed_behind_the_log_are_named(folder: Path) -> None:
    execute(folder, "UPDATE registry_facility SET disclosure = 'draft' WHERE public_id = 'KZ-0001'")
    done = run(folder, "audit", "verify", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == FAULT and report["breaks"] == []
    assert "KZ-0001" in json.dumps(report["drift"])


def test_a_changed_entry_is_named(folder: Path) -> None:
    execute(folder, "DROP TRIGGER core_revision_no_update", "UPDATE core_revision SET reason = 'x' WHERE seq = 7")
    done = run(folder, "audit", "verify", "--json")
    assert done.returncode == FAULT
    assert json.loads(done.stdout)["breaks"] == [{"seq": 7, "fault": "changed"}]


@pytest.mark.parametrize("text", ["", "no anchor\n", "12 abc\n"])
def test_a_file_without_anchors_is_refused(folder: Path, text: str) -> None:
    (folder / "anchors.txt").write_text(text)
    assert run(folder, "audit", "verify", "--anchor", "anchors.txt").returncode == REFUSED
    assert run(folder, "audit", "verify", "--anchor", "absent.txt").returncode == REFUSED


# --- backup and restore ------------------------------------------------------------------------------------------------------


@pytest.fixture
def backup(folder: Path) -> Path:
    succeed(folder, "backup", "copy.sqlite3")
    return folder / "copy.sqlite3"


def test_a_backup_notes_what_it_holds(folder: Path, backup: Path) -> None:
    note = json.loads((folder / "copy.sqlite3.json").read_text())
    assert note["rows"]["registry_facility"] == read_one(folder, "SELECT count(*) FROM registry_facility")
    assert note["head"] == read_one(folder, "SELECT hash FROM core_chainhead")
    assert backup.stat().st_mode & 0o077 == 0
    assert not list(folder.glob("copy.sqlite3-*")), "a backup is one file"


def test_a_restore_brings_everything_back(folder: Path, backup: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    succeed(elsewhere, "restore", str(backup))
    report = json.loads(succeed(elsewhere, "audit", "verify", "--json"))
    assert report["is_sound"]
    assert report["head"] == read_one(folder, "SELECT hash FROM core_chainhead")
    assert read_one(elsewhere, "SELECT count(*) FROM registry_facility") == read_one(
        folder, "SELECT count(*) FROM registry_facility"
    )


def test_a_database_with_content_is_replaced_only_by_force_and_kept(folder: Path, backup: Path) -> None:
    succeed(folder, "invite", "a@example.kz", "--name", "A", "--organisation", "mes")
    assert run(folder, "restore", str(backup)).returncode == REFUSED
    assert read_one(folder, "SELECT count(*) FROM accounts_user") == 1
    succeed(folder, "restore", str(backup), "--force")
    assert read_one(folder, "SELECT count(*) FROM accounts_user") == 0
    (kept,) = folder.glob("boget.before-restore-*.sqlite3")
    with closing(sqlite3.connect(kept)) as former:
        assert former.execute("SELECT count(*) FROM accounts_user").fetchone()[0] == 1


def test_a_damaged_backup_is_refused_before_anything_is_touched(folder: Path, backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    done = run(folder, "restore", str(backup), "--force")
    assert done.returncode == REFUSED and "SHA-256" in done.stderr
    assert not list(folder.glob("boget.before-restore-*"))


def test_a_tampered_log_is_not_called_a_backup(folder: Path) -> None:
    execute(folder, "DROP TRIGGER core_revision_no_update", "UPDATE core_revision SET reason = 'x' WHERE seq = 7")
    done = run(folder, "backup", "copy.sqlite3")
    assert done.returncode == REFUSED and "entry 7" in done.stderr
    assert not (folder / "copy.sqlite3").exists()


def test_a_backup_is_never_written_over_another(folder: Path, backup: Path) -> None:
    before = backup.read_bytes()
    assert run(folder, "backup", "copy.sqlite3").returncode == REFUSED
    assert backup.read_bytes() == before


# --- map data, arguments -----------------------------------------------------------------------------------------------


def test_map_data_are_checked_before_they_are_used(folder: Path) -> None:
    assert "embedded" in succeed(folder, "geodata", "status")
    (folder / "empty").mkdir()
    for name in ("empty", "absent"):
        done = run(folder, "geodata", "use", name)
        assert done.returncode == FAULT and "problem:" in done.stdout
    assert read_one(folder, "SELECT geodata_folder FROM core_installation") == ""


@pytest.mark.parametrize("arguments", [[], ["dance"], ["audit"], ["demo", "--port", "x"], ["geodata", "use"]])
def test_wrong_arguments_end_with_two(folder: Path, arguments: list[str]) -> None:
    done = run(folder, *arguments)
    assert done.returncode == WRONG and "usage:" in done.stderr
    assert "Traceback" not in done.stderr
