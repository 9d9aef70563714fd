"""`boget river`: a forecast for one facility, and the screening of all of them."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from boget.commands import CommandError, open_portal, require_database
from boget.commands.progress import show_progress

LANGUAGES = ("ru", "kk", "en")
SEASONS = ("mean", "high", "low", *(f"{month:02d}" for month in range(1, 13)))
SECONDS_PER_HOUR = 3600.0
KG_M3_PER_MG_L = 1e-3
MEMBERS = 10_000

Rows = Sequence[Mapping[str, Any]]


def run_river_forecast(options: argparse.Namespace) -> int:
    """Compute a release into the river of a facility; nothing is kept in the system."""
    with open_portal():
        from django.utils import translation

        from boget.portal.scenarios.selectors.records import build_collection, list_records
        from boget.portal.scenarios.services.direct import forecast_facility

        is_there = has_database()
        with show_progress(f"forecast {options.facility}") as progress:
            found = forecast_facility(options.facility, describe_scenario(options), has_database=is_there, on_progress=progress)
        outcome = found.read_outcome()
        with translation.override(options.lang):
            records = list_records(outcome, language=options.lang)
            collection = build_collection(outcome, language=options.lang, facts=found.facts) if options.geojson else None
    if collection is not None:
        write_file(options.geojson, collection)
    if options.json:
        print(json.dumps({**found.facts, "outcome": found.outcome}, ensure_ascii=False, indent=1))
    elif options.csv:
        write_csv(records, sys.stdout)
    else:
        print_forecast(records, outcome, found.facts)
    return 0


def describe_scenario(options: argparse.Namespace) -> dict[str, Any]:
    """The scenario as JSON, as the wizard of the portal writes it."""
    release: dict[str, Any] = {"kind": "box" if options.hours else "instant", "mass_kg": options.mass_kg}
    release |= {"duration_s": options.hours * SECONDS_PER_HOUR, "volume_m3": options.volume_m3}
    threshold = None if options.threshold_mg_l is None else options.threshold_mg_l * KG_M3_PER_MG_L
    return {
        "facility_id": options.facility,
        "release": release,
        "substance": options.substance,
        "season": options.season,
        "threshold": threshold,
        "members": options.members,
    }


def run_river_screen(options: argparse.Namespace) -> int:
    """Travel times from every facility to every border; kept where there is an installation."""
    with open_portal():
        from boget.portal.scenarios.services.direct import screen_facilities

        is_there = has_database()
        with show_progress("screening") as progress:
            records = screen_facilities(has_database=is_there, on_progress=progress)
    if options.json:
        print(json.dumps(records, ensure_ascii=False, indent=1))
    elif options.csv:
        write_csv(records, sys.stdout)
    else:
        print_screening(records)
    return 0


def has_database() -> bool:
    """Whether there is an installation: then its register and rivers are used. CommandError where it is of another version."""
    from django.db import connection

    if connection.vendor == "sqlite" and not _is_there(connection):
        print("no database here: the embedded facilities and rivers are used", file=sys.stderr)
        return False
    require_database()
    return True


def _is_there(connection: Any) -> bool:
    """Looked at without opening it, which would make an empty file."""
    return bool(connection.is_in_memory_db() or Path(connection.settings_dict["NAME"]).exists())


def write_csv(records: Rows, stream: TextIO) -> None:
    if records:
        writer = csv.DictWriter(stream, fieldnames=list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def write_file(path: Path, content: Any) -> None:
    try:
        path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from error


def print_forecast(records: Rows, outcome: Any, facts: Mapping[str, Any]) -> None:
    """The targets in the order of the river: median with 5 and 95 % of the members."""
    print(f"{'km':>7}  {'place':32} {'P>limit':>7}  {'10 % of peak, h':>20}  {'peak, mg/L':>24}")
    for row in records:
        times, peak = (say_spread(row, name) for name in ("arrival10_h", "peak_mg_l"))
        print(f"{row['distance_km']:7.0f}  {row['name'][:32]:32} {row['probability']:7.2f}  {times:>20}  {peak:>24}")
    for caution in outcome.cautions:
        told = ", ".join(f"{name} {value}" for name, value in caution.values.items())
        print(f"caution: {caution.code}" + (f" ({told})" if told else ""))
    print(f"members {outcome.members}, network {facts['network_version']}, inputs {facts['input_hash'][:12]}, "
          f"outcome {facts['outcome_hash'][:12]}")  # fmt: skip
    print("screening only: not calibrated for this river; what the release adds, without the background")


def say_spread(row: Mapping[str, Any], name: str) -> str:
    low, middle, high = (row[f"{name}_{share}"] for share in ("p05", "p50", "p95"))
    return "not reached" if middle is None else f"{middle:.3g} ({low:.3g}–{high:.3g})"


def print_screening(records: Rows) -> None:
    """Facilities and borders: mean of the wave at mean flow, and its front at high flow."""
    head = f"{'facility':9} {'border':10} {'km':>6}  {'mean flow, h (5–95 %)':>26}  {'P48':>5}  {'class':8}"
    print(f"{head}  {'P48 high':>8}  class")
    for row in records:
        if row["kind"] == "none":
            print(f"{row['facility']:9} no watercourse {row['cautions']}")
            continue
        spread = say_times(row)
        share, high = (say_share(row[name]) for name in ("p48", "p48_high"))
        place = row["border"] or f"→ {row['end']}"
        print(f"{row['facility']:9} {place:10} {row['distance_km'] or 0:6.0f}  {spread:>26}  {share:>5}  {row['grade']:8}  "
              f"{high:>8}  {row['grade_high']}")  # fmt: skip
    print("beyond the two-day aid does not mean no effect")


def say_times(row: Mapping[str, Any]) -> str:
    low, middle, high = (row[f"t{share}_h"] for share in ("05", "50", "95"))
    return "?" if middle is None else f"{middle:.0f} ({low:.0f}–{high:.0f})"


def say_share(share: float | None) -> str:
    return "?" if share is None else f"{share:.2f}"
