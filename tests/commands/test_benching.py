"""`boget bench river` runs the measurements of a checkout and hands on their verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from boget.cli import main
from boget.commands import benching

SCRIPT = "import sys\nprint('measured', *sys.argv[1:])\nsys.exit({status})\n"


def write_script(folder: Path, status: int) -> Path:
    path = folder / "river.py"
    path.write_text(SCRIPT.format(status=status), encoding="utf-8")
    return path


@pytest.mark.parametrize("status", [0, 1])
def test_verdict_of_the_measurements_is_handed_on(status: int, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
    monkeypatch.setattr(benching, "BENCH", write_script(tmp_path, status))
    assert main(["bench", "river", "--json"]) == status
    assert capfd.readouterr().out == "measured --json\n"


def test_an_installed_package_says_that_a_checkout_is_needed(tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
    monkeypatch.setattr(benching, "BENCH", tmp_path / "river.py")
    assert main(["bench", "river"]) == 3
    assert "checkout" in capfd.readouterr().err


def test_the_measurements_are_where_the_command_looks() -> None:
    assert benching.BENCH.is_file()
