"""A forecast for machines: GeoJSON of the river and its targets, CSV of the targets or of the wave at one of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

from boget.portal.registry.exports.cells import guard_cell
from boget.portal.scenarios.papers import run_words
from boget.portal.scenarios.papers.run_words import Paper
from boget.portal.scenarios.selectors import records, saying
from boget.portal.scenarios.selectors.outcome_reading import find_target

MARK = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something else."""


def write_geojson(paper: Paper) -> bytes:
    language = (get_language() or "ru")[:2]
    collection = records.build_collection(paper.outcome, language=language, facts=_list_facts(paper))
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


def _list_facts(paper: Paper) -> dict[str, Any]:
    """Which run, what it is for and what it must not be taken for."""
    run = paper.run
    return {
        "id": run.public_id,
        "mode": run.mode,
        "notice": " ".join([run_words.say_mode(run), *run_words.list_marks(run)]),
        "facility": run.facility.public_id if run.facility else None,
        "started_at": run.started_at.isoformat(),
        "network_version": run.network_version,
        "code_version": run.code_version,
        "input_hash": run.input_hash,
        "outcome_hash": run.outcome_hash,
    }


def write_csv(paper: Paper, *, target: str = "") -> bytes:
    """All targets, or the points of the wave at one: seconds from the release and mg/L. An unknown target: all of them."""
    found = find_target(paper.outcome, target) if target else None
    rows = _list_points(found.fan) if found else records.list_records(paper.outcome, language=(get_language() or "ru")[:2])
    about = {"run": paper.run.public_id, "mode": paper.run.mode}
    return _write([{**about, **({"target": target} if found else {}), **row} for row in rows])


def _list_points(fan: Any) -> list[dict[str, Any]]:
    lines = zip(fan.times_s, fan.p05, fan.p50, fan.p95, fan.typical, strict=True)
    return [
        {"time_s": time, **{f"mg_l_{name}": float(f"{saying.to_mg(value):.6g}") for name, value in _name(values)}}
        for time, *values in lines
    ]


def _name(values: Iterable[float]) -> Iterable[tuple[str, float]]:
    return zip((*records.SHARES, "typical"), values, strict=True)


def _write(rows: list[Mapping[str, Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else ["run"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: guard_cell(cell) for name, cell in row.items()} for row in rows)
    return (MARK + stream.getvalue()).encode()
