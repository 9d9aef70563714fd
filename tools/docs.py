"""Pages of the documentation that are written from the sources: the commands and the dictionary of fields.

    tools/docs.py           write them
    tools/docs.py --check   say which is out of date, exit status 1
    tools/docs.py --samples write sample papers of a demonstration into build/samples, which git ignores
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ["COLUMNS"] = "100"  # argparse breaks lines by the width of the terminal
os.environ["DJANGO_SETTINGS_MODULE"] = "boget.portal.settings"
os.environ.setdefault("BOGET_SECRET_KEY", "not used here")  # else the settings would make one

import django

from boget.cli import build_parser

DOCS = Path(__file__).resolve().parent.parent / "docs"
HEAD = """# Commands

Written by `make docs` from the program itself. Exit status: 0 done, 1 a check found a fault, 2 wrong arguments,
3 refused or not possible (the message says what to do).
"""


def list_parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield parser
    for action in nested:
        for child in action.choices.values():
            yield from list_parsers(child)


def write_commands() -> str:
    parser = build_parser()
    sections = [f"## {child.prog}\n\n```\n{child.format_help().strip()}\n```\n" for child in list_parsers(parser)]
    return "\n".join([HEAD, *sections])


def write_dictionary() -> str:
    django.setup()
    from boget.portal.registry.reference import build_reference

    return build_reference()


def write_samples() -> int:
    """Progress reports of a fresh demonstration in all languages and formats, made by the program itself."""
    target = DOCS.parent / "build" / "samples"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "BOGET_VAR": folder}
        boget = [sys.executable, "-m", "boget.cli"]
        subprocess.run([*boget, "demo", "--no-serve"], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for language in ("ru", "kk", "en"):
            for form in ("pptx", "docx", "pdf", "xlsx"):
                path = target / f"progress-2022-{language}.{form}"
                wanted = ["--year", "2022", "--lang", language, "--format", form, "--output", str(path)]
                subprocess.run([*boget, "report", "progress", *wanted], env=environment, check=True)  # noqa: S603
    return 0


PAGES = {"reference/commands.md": write_commands, "reference/dictionary.md": write_dictionary}


def main(arguments: list[str]) -> int:
    if arguments == ["--samples"]:
        return write_samples()
    stale = []
    for name, write in PAGES.items():
        path, text = DOCS / name, write()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if arguments != ["--check"]:
            path.write_text(text, encoding="utf-8")
    print("\n".join(f"docs/{name}" for name in stale) or "docs: up to date")
    return 1 if stale and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
