"""The revision log: tampering is found, the database refuses changes, writers do not fork it, crashes leave no half."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from boget.portal.core.models import ChainHead, Revision
from boget.portal.core.services import (
    Actor,
    Entry,
    append_revision,
    append_revisions,
    hash_revision,
    read_head,
    verify_chain,
)

SCRIPT = Path(__file__).with_name("crash.py")
ACTOR = Actor("a@test.boget", "A", "test-body")
LENGTH = 25
TIMES = 2000

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the crash tests use a SQLite file")


def make_entries(count: int) -> list[Entry]:
    return [
        Entry(
            "facility", f"KZ-{number:04d}", "change", {"name": (f"old {number}", f"new {number}")}, source="s", reason="r"
        )
        for number in range(count)
    ]


# --- what is written -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_entries_are_chained_in_order() -> None:
    written = append_revisions(make_entries(3), actor=ACTOR)
    assert [r.seq for r in written] == [1, 2, 3]
    assert [r.prev_hash for r in written] == ["0" * 64, written[0].hash, written[1].hash]
    assert read_head() == (3, written[2].hash)
    assert verify_chain().is_sound


@pytest.mark.django_db
def test_an_entry_keeps_who_what_and_why() -> None:
    entry = Entry("dam", "KZ-0001-S01", "change", {"height_m": (30, 31.5)}, "KZ-0001", "survey 2025", "new survey")
    append_revision(entry, actor=ACTOR)
    row = Revision.objects.get()
    assert (row.actor, row.actor_name, row.organisation) == ("a@test.boget", "A", "test-body")
    assert (row.record_type, row.record_id, row.root_id, row.kind) == ("dam", "KZ-0001-S01", "KZ-0001", "change")
    assert (row.source, row.reason, row.changes) == ("survey 2025", "new survey", {"height_m": [30, 31.5]})


@pytest.mark.django_db
def test_nothing_stays_of_a_transaction_that_fails() -> None:
    append_revision(make_entries(1)[0], actor=ACTOR)
    head = read_head()
    with pytest.raises(RuntimeError), transaction.atomic():
        append_revisions(make_entries(3), actor=ACTOR)
        raise RuntimeError
    assert read_head() == head
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_numbers_that_json_cannot_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        append_revision(Entry("dam", "x", "change", {"height_m": (None, float("nan"))}), actor=ACTOR)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE core_revision SET reason = 'x'", "DELETE FROM core_revision"])
def test_the_database_refuses_to_change_an_entry(statement: str) -> None:
    append_revision(make_entries(1)[0], actor=ACTOR)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_chain().is_sound


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE")
def test_the_database_refuses_to_replace_an_entry() -> None:
    """REPLACE deletes the old row without asking the trigger against deleting."""
    append_revision(make_entries(1)[0], actor=ACTOR)
    columns = ", ".join("'x'" if f.column == "reason" else f.column for f in Revision._meta.concrete_fields)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO core_revision SELECT {columns} FROM core_revision")  # noqa: S608 - names of columns
    assert Revision.objects.get().reason != "x"


# --- tampering: somebody with the database file in hand, triggers removed ------------------------------------------------


def write_row(revision: Revision) -> None:
    Revision.objects.filter(pk=revision.pk).update(
        **{f.name: getattr(revision, f.name) for f in Revision._meta.fields if f.name != "seq"}
    )


def rechain() -> None:
    """Make the log consistent again from the first entry on, head included: only an anchor tells."""
    last, rows = "0" * 64, list(Revision.objects.order_by("seq"))
    for row in rows:
        row.prev_hash = last
        row.hash = last = hash_revision(row)
        write_row(row)
    ChainHead.objects.update(seq=rows[-1].seq if rows else 0, hash=last)


def edit(choose: random.Random) -> None:
    row = Revision.objects.get(seq=choose.randint(1, LENGTH))
    column = choose.choice(
        ["record_type", "record_id", "root_id", "actor", "actor_name", "organisation", "source", "reason", "kind"]
    )
    setattr(row, column, getattr(row, column) + choose.choice(" xя0"))
    if choose.random() < 0.5:
        row.hash = hash_revision(row)
    write_row(row)


def edit_changes(choose: random.Random) -> None:
    row = Revision.objects.get(seq=choose.randint(1, LENGTH))
    text = row.changes_text
    position = choose.randrange(len(text))
    row.changes_text = text[:position] + choose.choice("0123456789abc ") + text[position:]
    write_row(row)


def edit_time(choose: random.Random) -> None:
    from datetime import timedelta

    row = Revision.objects.get(seq=choose.randint(1, LENGTH))
    row.at += timedelta(microseconds=choose.choice([-1, 1, 10**9]))
    write_row(row)


def delete(choose: random.Random) -> None:
    Revision.objects.filter(seq=choose.randint(1, LENGTH)).delete()


def delete_and_close_the_gap(choose: random.Random) -> None:
    gone = choose.randint(1, LENGTH)
    Revision.objects.filter(seq=gone).delete()
    for row in Revision.objects.filter(seq__gt=gone).order_by("seq"):
        Revision.objects.filter(seq=row.seq).update(seq=row.seq - 1)
    rechain()


def swap(choose: random.Random) -> None:
    one, other = (Revision.objects.get(seq=seq) for seq in choose.sample(range(1, LENGTH + 1), 2))
    one.pk, other.pk = other.pk, one.pk
    write_row(one)
    write_row(other)


def swap_and_rechain(choose: random.Random) -> None:
    swap(choose)
    rechain()


def edit_and_rechain(choose: random.Random) -> None:
    row = Revision.objects.get(seq=choose.randint(1, LENGTH))
    row.reason += "x"
    write_row(row)
    rechain()


def truncate(choose: random.Random) -> None:
    """Cut the end off and rewrite the head row, so that nothing inside the database shows it."""
    kept = choose.randint(0, LENGTH - 1)
    Revision.objects.filter(seq__gt=kept).delete()
    last = Revision.objects.order_by("-seq").first()
    ChainHead.objects.update(seq=kept, hash=last.hash if last else "0" * 64)


def insert(choose: random.Random) -> None:
    place = choose.randint(1, LENGTH)
    for row in Revision.objects.filter(seq__gte=place).order_by("-seq"):
        Revision.objects.filter(seq=row.seq).update(seq=row.seq + 1)
    forged = Revision.objects.order_by("seq").first()
    assert forged is not None
    forged.seq, forged.reason = place, "forged"
    forged.save(force_insert=True)
    rechain()


def rewrite_head(choose: random.Random) -> None:
    ChainHead.objects.update(hash=f"{choose.getrandbits(256):064x}")


TAMPERINGS = [
    edit,
    edit_changes,
    edit_time,
    delete,
    delete_and_close_the_gap,
    swap,
    swap_and_rechain,
    edit_and_rechain,
    truncate,
    insert,
    rewrite_head,
]


@pytest.fixture
def anchor(db: None) -> tuple[int, str]:
    """A log without its triggers, and its head as it was noted outside."""
    append_revisions(make_entries(LENGTH), actor=ACTOR)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER core_revision_no_update")
            cursor.execute("DROP TRIGGER core_revision_no_delete")
            cursor.execute("DROP TRIGGER core_revision_no_replace")
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER core_revision_append_only ON core_revision")
    return read_head()


def is_found(tamper: Callable[[random.Random], None], choose: random.Random, anchor: tuple[int, str]) -> bool:
    with transaction.atomic():
        tamper(choose)
        report = verify_chain(anchors=[anchor])
        transaction.set_rollback(True)
    return not report.is_sound


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_every_tampering_is_found_against_an_anchor(tamper: Any, anchor: tuple[int, str]) -> None:
    choose = random.Random(f"{tamper.__name__} 2026")
    missed = [n for n in range(TIMES // len(TAMPERINGS) + 1) if not is_found(tamper, choose, anchor)]
    assert missed == []
    assert verify_chain(anchors=[anchor]).is_sound


def test_a_cut_is_seen_only_against_an_anchor(anchor: tuple[int, str]) -> None:
    truncate(random.Random(1))
    assert verify_chain().is_sound
    assert [fault.fault for fault in verify_chain(anchors=[anchor]).breaks] == ["anchor"]


def test_a_new_anchor_does_not_cover_up_an_old_one_of_the_same_entry(anchor: tuple[int, str]) -> None:
    """The file of anchors grows by itself: after the log was written anew it holds the new head beside the old one."""
    Revision.objects.filter(seq=LENGTH).update(reason="another")
    rechain()
    assert read_head() != anchor and verify_chain(anchors=[read_head()]).is_sound
    for anchors in ([anchor, read_head()], [read_head(), anchor]):
        assert [fault.fault for fault in verify_chain(anchors=anchors).breaks] == ["anchor"]


def test_an_untouched_log_is_sound_after_more_entries(anchor: tuple[int, str]) -> None:
    append_revisions(make_entries(5), actor=ACTOR)
    report = verify_chain(anchors=[anchor])
    assert report.is_sound
    assert report.entries == LENGTH + 5


# --- several writers, crashes -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database of all tables."""
    folder = tmp_path_factory.mktemp("crash")
    run(folder, "migrate")
    return folder


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "BOGET_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "boget.portal.settings",
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder: Path, *arguments: str) -> str:
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    (tmp_path / "boget.sqlite3").write_bytes((template / "boget.sqlite3").read_bytes())
    return tmp_path


def read_rows(folder: Path, sql: str) -> list[Any]:
    import sqlite3

    with sqlite3.connect(folder / "boget.sqlite3") as database:
        return database.execute(sql).fetchall()


@on_sqlite
def test_two_processes_write_one_chain_without_a_gap(folder: Path) -> None:
    writers = [start(folder, "append", name, "500") for name in ("first", "second")]
    for writer in writers:
        _out, err = writer.communicate(timeout=300)
        assert writer.returncode == 0, err
    rows = read_rows(folder, "SELECT seq, prev_hash, hash, actor FROM core_revision ORDER BY seq")
    assert [row[0] for row in rows] == list(range(1, 1001))
    assert all(later[1] == earlier[2] for earlier, later in itertools.pairwise(rows))
    actors = [row[3] for row in rows]
    assert actors.count("first") == actors.count("second") == 500
    assert actors != sorted(actors), "the writers never met: nothing was tested"
    assert read_rows(folder, "SELECT seq, hash FROM core_chainhead") == [(1000, rows[-1][2])]


@on_sqlite
def test_a_killed_import_leaves_all_or_nothing(folder: Path) -> None:
    times = int(os.environ.get("BOGET_TEST_KILLS", "10"))
    rounds = json.loads(run(folder, "kill", str(times), "2026").splitlines()[-1])
    assert len(rounds) == times + 1
    assert {state["signal"] for state in rounds[1:]} == {9}
    whole = rounds[0]
    assert whole["facilities"] > 0
    assert whole["creations"] == whole["facilities"] + whole["structures"]
    for state in rounds:
        assert state["integrity"] == "ok"
        assert state["is_sound"]
        assert {name: state[name] for name in ("facilities", "structures", "creations")} == {
            name: whole[name] for name in ("facilities", "structures", "creations")
        }
