"""`boget load`, `boget invite` and `boget geodata`."""

from __future__ import annotations

import argparse
from typing import Any

from boget.commands import open_portal, require_database


def run_load(options: argparse.Namespace) -> int:
    """Make or upgrade the database and load the embedded data."""
    with open_portal():
        from boget.commands import migrating
        from boget.portal.reports.services import load_embedded

        print(f"changes of the database: {migrating.migrate()}")
        loaded = load_embedded()
    print(f"organisations added: {loaded.organisations}")
    print(f"facilities added: {loaded.facilities}")
    print(f"index results that a new score table changed: {loaded.scores}")
    print(f"records of the working group added: {loaded.group}")
    return 0


def run_invite(options: argparse.Namespace) -> int:
    with open_portal():
        from boget.portal.reports.services import invite_person

        require_database()
        path = invite_person(options.email, name=options.name, role=options.role, organisation_code=options.organisation)
    print(f"Give this address to the person; it works for three days: {path}")
    return 0


def run_geodata_use(options: argparse.Namespace) -> int:
    with open_portal():
        from boget.portal.reports.services import use_geodata

        require_database()
        report = use_geodata(options.folder)
    print_folder(report)
    print("not used: correct the problems first" if report.problems else f"in use: {report.folder}")
    return 1 if report.problems else 0


def run_geodata_status(options: argparse.Namespace) -> int:
    with open_portal():
        from boget.portal.reports.services import inspect_geodata

        require_database()
        report = inspect_geodata()
    if report is None:
        print("only the embedded map and rivers are in use")
        return 0
    print_folder(report)
    return 1 if report.problems else 0


def print_folder(report: Any) -> None:
    for layer in report.layers:
        print(f"{layer.file} {layer.layer}: {layer.kind}, {layer.features}".replace(" :", ":"))
    for problem in report.problems:
        print(f"problem: {problem}")
