"""Facts of past spills and of their rivers, as they lie in the folder data/spills of the package."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

FOLDER = Path(str(resources.files("boget"))) / "data" / "spills"
HOUR, KM, MG_L = 3600.0, 1000.0, 1e-3

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """What was reported of a wave at a place.

    distance_m : along the river from the release; elapsed_s : since the release, with `sigma_s` of the reading
    event : arrival, peak, both, sample or transit in the words of the report
    value : kg/m3, None where none was reported; factor : its reading uncertainty as a factor, one sigma
    use : release, fit, predict or context
    """

    code: str
    station: str
    river: str
    distance_m: float
    elapsed_s: float
    sigma_s: float
    event: str
    value: float | None
    factor: float
    use: str
    hour_status: str
    value_status: str
    source: str


def read_rows(name: str) -> list[Row]:
    """Rows of a table; lines that begin with # are remarks."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def read_facts(name: str) -> tuple[Fact, ...]:
    return tuple(_make_fact(row) for row in read_rows(name))


def _make_fact(row: Row) -> Fact:
    return Fact(
        code=row["code"],
        station=row["station"],
        river=row["river"],
        distance_m=float(row["distance_km"]) * KM,
        elapsed_s=float(row["elapsed_h"]) * HOUR,
        sigma_s=float(row["time_sigma_h"]) * HOUR,
        event=row["event"],
        value=float(row["value_mg_l"]) * MG_L if row["value_mg_l"] else None,
        factor=float(row["value_factor"] or 1.0),
        use=row["use"],
        hour_status=row["hour_status"],
        value_status=row["value_status"],
        source=row["source"],
    )
