"""`boget bench river`: runs the measurements of a checkout, which are no part of an installed package."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from boget.commands import CommandError

BENCH = Path(__file__).resolve().parents[3] / "bench" / "river.py"


def run_bench_river(options: argparse.Namespace) -> int:
    """Measure the river forecast in a process of its own. Exit status 1 where an aim is missed."""
    if not BENCH.is_file():
        raise CommandError("bench/river.py is part of a checkout, not of an installed package. Run this command in a checkout.")
    command = [sys.executable, str(BENCH), *(["--json"] if options.json else [])]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own file
