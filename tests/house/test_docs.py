"""The documentation names what exists: commands, settings, files."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from boget.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def list_commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every command with its actions, such as "boget audit verify"."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not nested:
        yield parser.prog
    for action in nested:
        for child in action.choices.values():
            yield from list_commands(child)


@pytest.mark.parametrize("command", list(list_commands(build_parser())))
def test_every_command_is_documented_by_hand(command: str) -> None:
    pages = [page for page in PAGES if page.name != "commands.md"]
    assert any(command in page.read_text(encoding="utf-8") for page in pages)


def test_reference_of_commands_is_current() -> None:
    environment = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run([sys.executable, "tools/docs.py", "--check"], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, "run `make docs`"


def test_every_setting_is_documented() -> None:
    source = (ROOT / "src" / "boget" / "portal" / "settings.py").read_text(encoding="utf-8")
    page = (DOCS / "operator" / "settings.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\"(BOGET_[A-Z_]+|DATABASE_URL)\"", source))
    assert names and {name for name in names if f"`{name}`" not in page} == set()
    assert {name for name in re.findall(r"`(BOGET_[A-Z_]+)`", page) if name not in source} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if not t.startswith(("http", "mailto:", "/"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []
