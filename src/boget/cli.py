"""The command `boget`. It reads arguments, calls what the apps offer and prints; the work itself is done below.

Exit status: 0 done, 1 a check found a fault, 2 wrong arguments, 3 refused or not possible (the message says what to do).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import boget
from boget.commands import CommandError, auditing, benching, forecasting, keeping, loading, reporting, serving, working

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

EXAMPLES = """
examples:
  boget demo                                a demonstration on http://127.0.0.1:8000
  boget load && boget serve                 an installation of your own
  boget audit anchor >> anchors.txt         note the head of the revision log outside the system
  boget audit verify --anchor anchors.txt   and check the log against it
"""


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="boget",
        description="National register, hazard ranking and desk of a working group on tailings safety.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"boget {boget.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serving(commands)
    _add_loading(commands)
    _add_audit(commands)
    _add_keeping(commands)
    _add_river(commands)
    _add_reports(commands)
    return parser


def _add_serving(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="load the embedded data with accounts for each role, and serve")
    demo.add_argument("--no-serve", action="store_true", help="prepare only")
    demo.add_argument("--reset", action="store_true", help="throw the demonstration's database away first")
    _add_address(demo)
    demo.set_defaults(run=serving.run_demo)
    serve = commands.add_parser("serve", help="serve an installation that was loaded before")
    _add_address(serve)
    serve.set_defaults(run=serving.run_serve)
    worker = commands.add_parser("worker", help="work off jobs and e-mails in a process of its own")
    worker.add_argument("--once", action="store_true", help="work off what is due now, then end")
    worker.add_argument("--kinds", default="", metavar="KIND,…", help="only these kinds of jobs (default: all)")
    worker.set_defaults(run=working.run_worker)


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)


def _add_loading(commands: Commands) -> None:
    load = commands.add_parser("load", help="make or upgrade the database and load the embedded data, no accounts")
    load.set_defaults(run=loading.run_load)
    invite = commands.add_parser("invite", help="register a person; prints the link by which a password is set")
    invite.add_argument("email")
    invite.add_argument("--name", required=True)
    invite.add_argument("--role", default="secretary", help="secretary (default), editor, inspector, expert, …")
    invite.add_argument("--organisation", required=True, help="code of the body, such as mes")
    invite.set_defaults(run=loading.run_invite)
    geodata = commands.add_parser("geodata", help="use a folder of map and river data of your own")
    actions = geodata.add_subparsers(title="actions", metavar="ACTION", required=True)
    use = actions.add_parser("use", help="check a folder and use it")
    use.add_argument("folder", type=Path)
    use.set_defaults(run=loading.run_geodata_use)
    actions.add_parser("status", help="say what is in use").set_defaults(run=loading.run_geodata_status)


def _add_audit(commands: Commands) -> None:
    audit = commands.add_parser("audit", help="check the revision log, or print its head")
    actions = audit.add_subparsers(title="actions", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="read the whole log and list every break")
    verify.add_argument("--anchor", type=Path, metavar="FILE", help="lines printed by `boget audit anchor`")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=auditing.run_verify)
    actions.add_parser("anchor", help="print number and hash of the last entry").set_defaults(run=auditing.run_anchor)


def _add_keeping(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="copy the running database into a file and read it back")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=keeping.run_backup)
    restore = commands.add_parser("restore", help="check a backup and put it in the place of the database")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace a database with content (it is kept beside)")
    restore.set_defaults(run=keeping.run_restore)
    bench = commands.add_parser("bench", help="measure this machine")
    actions = bench.add_subparsers(title="actions", metavar="ACTION", required=True)
    register = actions.add_parser("register", help="list, search, map and export with 20,000 made-up facilities")
    register.add_argument("--json", action="store_true")
    register.set_defaults(run=keeping.run_bench_register)
    river = actions.add_parser("river", help="river forecast against exact solutions, tracers, past spills and other schemes")
    river.add_argument("--json", action="store_true")
    river.set_defaults(run=benching.run_bench_river)


def _add_river(commands: Commands) -> None:
    river = commands.add_parser("river", help="from a spill to the places downstream, with uncertainty")
    actions = river.add_subparsers(title="actions", metavar="ACTION", required=True)
    forecast = actions.add_parser("forecast", help="arrival, peak and duration for everything below a facility")
    forecast.add_argument("facility", help="number of the facility, such as KZ-0001")
    forecast.add_argument("--substance", required=True, metavar="CODE", help="code of the catalogue, such as CN")
    forecast.add_argument("--mass-kg", type=float, required=True, help="mass of it that enters the river")
    forecast.add_argument("--volume-m3", type=float, help="water that comes with it (default: not known, and not counted)")
    forecast.add_argument("--hours", type=float, default=0.0, help="how long it flows out evenly (default 0: all at once)")
    forecast.add_argument("--season", choices=forecasting.SEASONS, default="mean", help="flow: a month or mean, high, low")
    forecast.add_argument("--threshold-mg-l", type=float, metavar="MG/L", help="limit of the arrival (default: its own)")
    forecast.add_argument("--members", type=int, default=forecasting.MEMBERS, help="size of the ensemble (default 10000)")
    forecast.add_argument("--geojson", type=Path, metavar="FILE", help="write river and places for a map as well")
    forecast.add_argument("--lang", choices=forecasting.LANGUAGES, default="en", help="language of the names")
    _add_forms(forecast)
    forecast.set_defaults(run=forecasting.run_river_forecast)
    screen = actions.add_parser("screen", help="travel times from every facility to every border")
    _add_forms(screen)
    screen.set_defaults(run=forecasting.run_river_screen)


def _add_forms(parser: argparse.ArgumentParser) -> None:
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true")
    forms.add_argument("--csv", action="store_true")


def _add_reports(commands: Commands) -> None:
    report = commands.add_parser("report", help="write a report from the data as they are")
    kinds = report.add_subparsers(title="reports", metavar="REPORT", required=True)
    progress = kinds.add_parser("progress", help="progress on the work plan of a year: slides, Word, PDF or Excel")
    progress.add_argument("--year", type=int, required=True, help="year of the work plan")
    progress.add_argument("--lang", choices=reporting.LANGUAGES, default="ru")
    progress.add_argument("--format", choices=reporting.FORMS, default="pptx")
    progress.add_argument("--output", type=Path, required=True, metavar="FILE")
    progress.add_argument("--since", type=dt.date.fromisoformat, metavar="DAY", help="first day (default: 1 January)")
    progress.add_argument("--until", type=dt.date.fromisoformat, metavar="DAY", help="last day (default: end of the year)")
    progress.add_argument("--level", choices=reporting.LEVELS, default="group", help="readers of the report (default: group)")
    progress.set_defaults(run=reporting.run_report_progress)


def main(arguments: Sequence[str] | None = None) -> int:
    options = build_parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boget.portal.settings")
    try:
        status: int = options.run(options)
    except CommandError as error:
        print(f"boget: {error}", file=sys.stderr)
        return 3
    except BrokenPipeError:  # the reader of a pipe went away
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
