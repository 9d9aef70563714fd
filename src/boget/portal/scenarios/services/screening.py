"""The screening of all facilities: computed over the whole register, kept, and computed anew when what enters has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

import boget
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import Screening, ScreeningRow
from boget.portal.scenarios.selectors.screening_ranks import value_row
from boget.portal.scenarios.selectors.screening_stocks import Stock, list_stocks
from boget.portal.scenarios.services.hashing import hash_content
from boget.portal.scenarios.services.places import Place
from boget.portal.scenarios.services.rivers import current_network_version, open_rivers
from boget.portal.scenarios.services.screening_exposure import count_exposed
from boget.portal.scenarios.services.screening_ways import Way, list_places, name_end, name_reservoirs, trace_ways
from boget.portal.scenarios.services.staleness import replace_current

if TYPE_CHECKING:
    from boget.science.river.screening import ScreeningRow as Line

MEMBERS = 10_000
SEED = 1
KEPT = 20
"""Screenings that stay in the database, the newest."""
TRACED, TIMED = 0.6, 0.9
"""Share of the bar at the end of each step."""
Progress = Callable[..., None]
"""Called with the share done and the code of the step: paths, times, results."""


def compute_screening(on_progress: Progress | None = None) -> Screening:
    """Trace every facility of the register, time it to every border, keep the result as the current one."""
    began_at = timezone.now()
    facilities = list(Facility.objects.exclude(disclosure=Disclosure.RETIRED).order_by("public_id").defer("values"))
    keys = {facility.public_id: facility.pk for facility in facilities}
    places = list_places(facilities)
    by_key = list_stocks(keys.values())
    stocks = {number: by_key[key] for number, key in keys.items() if key in by_key}
    rows = screen_places(places, stocks=stocks, on_progress=on_progress)
    with transaction.atomic():
        screening = Screening.objects.create(
            network_version=current_network_version(),
            code_version=boget.__version__,
            input_hash=hash_content({"places": places, "basis": describe_basis()}),
            basis=describe_basis(),
            rows={"refused": {number: row.details["refusal"] for number, row in rows if row.details["refusal"]}},
            created_at=timezone.now(),
        )
        known = set(Facility.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
        for number, row in rows:
            row.screening, row.facility_id = screening, keys[number]
        ScreeningRow.objects.bulk_create([row for number, row in rows if keys[number] in known])
        replace_current(screening, began_at=began_at)
        prune_screenings()
    return screening


def prune_screenings() -> int:
    """Delete all but the newest screenings; returns how many records went with them."""
    kept = list(Screening.objects.order_by("-id").values_list("pk", flat=True)[:KEPT])
    return Screening.objects.exclude(pk__in=kept).filter(is_current=False).delete()[0]


def describe_basis() -> dict[str, Any]:
    """What the numbers rest on besides the places: members, seed, tables and network."""
    from boget.science.river.priors import read_priors
    from boget.science.river.screening_rules import rules_version

    return {
        "members": MEMBERS,
        "seed": SEED,
        "rules": rules_version(),
        "priors": read_priors().version,
        "hydrology": open_rivers().hydrology.version,
        "network": current_network_version(),
    }


def screen_places(
    places: Mapping[str, Place],
    *,
    stocks: Mapping[str, Stock] | None = None,
    on_progress: Progress | None = None,
) -> list[tuple[str, ScreeningRow]]:
    """Unsaved rows of the facilities by number, in the order of the places and then of the flow.

    stocks: what lies in them; without one a facility has no rank.
    """
    report = on_progress or (lambda *_told: None)
    report(0.0, "paths")
    ways = trace_ways(places, on_progress=lambda share: report(TRACED * share, "paths"))
    report(TRACED, "times")
    lines = time_ways(ways)
    report(TIMED, "results")
    rows = [(line.facility, build_row(line, ways[line.facility])) for line in lines]
    place_ranks(rows, stocks or {})
    report(1.0, "results")
    return rows


def time_ways(ways: Mapping[str, Way], *, members: int = MEMBERS) -> tuple[Line, ...]:
    """The rows of the science for the ways, in their order."""
    from boget.science.river.priors import read_priors
    from boget.science.river.screening import screen

    paths = {number: way.path for number, way in ways.items()}
    flows = {number: way.flows for number, way in ways.items() if way.path is not None}
    return screen(paths, flows, prior=read_priors(), members=members, seed=SEED)


def place_ranks(rows: Sequence[tuple[str, ScreeningRow]], stocks: Mapping[str, Stock]) -> None:
    """Write rank and water risk index into the rows; each meeting with a border has its own place."""
    from boget.science.river.ranking import place_values, water_risk_index

    for number, row in rows:
        stock = stocks.get(number)
        row.water_risk_index = water_risk_index([(stock.mass_kg, stock.hazard_class)]).value if stock else None
    found = [(row, value) for number, row in rows if (value := value_row(row, stocks.get(number))) is not None]
    for (row, value), place in zip(found, place_values([value for _row, value in found]), strict=True):
        row.rank, row.rank_first, row.rank_last = place.place, place.first, place.last
        row.rank_value, row.rank_low, row.rank_high = value.value, value.low, value.high


def build_row(line: Line, way: Way) -> ScreeningRow:
    """A row without its screening, its facility and its rank."""
    meeting = line.border
    return ScreeningRow(
        border=line.code,
        number=line.number,
        kind=line.kind,
        country=line.country,
        end=line.end,
        longitude=meeting.touch[0] if meeting else None,
        latitude=meeting.touch[1] if meeting else None,
        distance_m=line.distance_m,
        reservoirs_crossed=len(line.reservoirs),
        **write_readings(line),
        cautions=" ".join(line.cautions),
        details=describe_line(line, way),
    )


def write_readings(line: Line) -> dict[str, Any]:
    """Columns of the three readings. A way that ends before a border has times to its end and the class "no"."""
    cells: dict[str, Any] = {}
    for code, prefix, suffix in (("mean", "t", ""), ("edge", "edge", "_edge"), ("high", "high", "_high")):
        reading = line.readings.get(code)  # type: ignore[call-overload]
        if reading is None:
            continue
        for name in ("p05", "p50", "p95"):
            cells[f"{prefix}{name[1:]}_s"] = getattr(reading.time_s, name)
        cells[f"grade{suffix}"] = reading.grade if line.border else "no"
        cells[f"p48{suffix}"] = reading.p48 if line.border else None
    return cells


def describe_line(line: Line, way: Way) -> dict[str, Any]:
    """What the columns do not hold, as JSON."""
    meeting = line.border
    exposure = count_exposed(way.path, line.distance_m) if way.path and meeting and line.distance_m is not None else None
    return {
        "before": meeting.before if meeting else "",
        "leave_m": meeting.leave_m if meeting else None,
        "rivers": dict(line.rivers),
        "reservoirs": name_reservoirs(line, way),
        "end_names": name_end(line.end),
        "pool_s": line.pool_s,
        "discharge_m3s": dict(line.discharge_m3s),
        "exposure": exposure.describe() if exposure else None,
        "place": way.place["kind"],
        "refusal": way.refusal,
    }
