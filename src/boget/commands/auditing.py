"""`boget audit`: the head of the revision log, and the check of the whole log."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from boget.commands import CommandError, open_portal, require_database

DRIFT_WORDS = {
    "value": "differs from the log",
    "column": "the column of the lists differs from the value",
    "missing": "is in the log and not in the table",
    "unlogged": "is in the table and not in the log",
}
ANCHOR = re.compile(r"^(\d+) ([0-9a-f]{64})(?: \S+)?$")


def run_anchor(options: argparse.Namespace) -> int:
    """Print number, hash and time of the head, in the form that `--anchor` reads."""
    with open_portal():
        from boget.portal.core.services import read_head

        require_database()
        seq, digest = read_head()
    print(f"{seq} {digest} {datetime.now(UTC).isoformat(timespec='seconds')}")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    anchors = read_anchors(options.anchor) if options.anchor else []
    with open_portal():
        from boget.portal.accounts.services import find_people_drift
        from boget.portal.core.services import verify_chain
        from boget.portal.registry.services.replay import find_register_drift

        require_database()
        report = verify_chain(anchors=anchors)
        drift = [*find_register_drift(), *find_people_drift()]
    is_sound = report.is_sound and not drift
    if options.json:
        found = {"drift": [asdict(place) for place in drift], "is_sound": is_sound, "anchors": len(anchors)}
        print(json.dumps({**asdict(report), **found}))
    else:
        print_report(report, anchors=len(anchors))
        print_drift(drift)
    return 0 if is_sound else 1


def read_anchors(path: Path) -> list[tuple[int, str]]:
    """Anchors of a file, one a line. CommandError for a line that is none, or a file without any."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    anchors = []
    for number, line in enumerate(lines, start=1):
        match = ANCHOR.match(line.strip())
        if match:
            anchors.append((int(match[1]), match[2]))
        elif line.strip():
            raise CommandError(f"{path}, line {number} is not an anchor. Give lines as `boget audit anchor` prints them.")
    if not anchors:
        raise CommandError(f"{path} holds no anchor.")
    return [anchor for anchor in anchors if anchor[0] > 0]


def print_drift(drift: list[Any]) -> None:
    for place in drift:
        print(f"{place.record} {place.field or 'record'}: {DRIFT_WORDS[place.fault]}")
    holds = "register and roles are what the log says"
    print(holds if not drift else f"REGISTER OR ROLES ARE NOT WHAT THE LOG SAYS: {len(drift)} places")


def print_report(report: Any, *, anchors: int) -> None:
    print(f"entries: {report.entries}")
    print(f"head:    {report.head}")
    print(f"anchors: {anchors}" + ("" if anchors else " (without one a cut at the end of the log cannot be seen)"))
    for fault in report.breaks:
        print(f"break at entry {fault.seq}: {fault.fault}")
    print("the log holds" if report.is_sound else f"THE LOG DOES NOT HOLD: {len(report.breaks)} breaks")
