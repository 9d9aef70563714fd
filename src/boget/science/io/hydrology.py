"""Read the hydrology of the spill paths: seven tables of facts and one of rules, each fault named by file, row and column."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.hydrology_records import (
    Crossing,
    Gauge,
    Hydrology,
    Intake,
    Regime,
    RiverRule,
    TravelObservation,
    Zone,
)
from boget.science.river.reservoirs import Reservoir

CUBIC_METRES_PER_KM3 = 1e9
METRES_PER_KM = 1000.0
VERSION_DIGITS = 12
MEAN_TOLERANCE = 0.005
"""The twelve ratios of a regime are rounded; their mean may miss 1 by this."""
CONFIDENCES = ("high", "medium", "low")
COLUMNS: Mapping[str, Sequence[str]] = {
    "gauges": [
        "code",
        "river_ru",
        "river_en",
        "post_ru",
        "lon",
        "lat",
        "catchment_km2",
        "network_catchment_km2",
        "mean_discharge_m3s",
        "period",
        "source",
        "confidence",
        "zone",
        "note",
        "why_unused",
    ],
    "specific_runoff": ["zone", "zone_ru", "specific_runoff_l_s_km2", "sigma_ln", "n_posts", "source", "confidence"],
    "regime": [
        "regime_id",
        "regime_ru",
        "month",
        "ratio",
        "ice",
        "sigma_ln_between_years",
        "share_of_zero_flow_years",
        "basis",
        "source",
        "confidence",
    ],
    "river_rules": [
        "river",
        "country",
        "zone",
        "low_km2",
        "high_km2",
        "west",
        "east",
        "south",
        "north",
        "regime",
        "assign_zone",
        "source",
        "confidence",
    ],
    "reservoirs": [
        "code",
        "name_ru",
        "name_kk",
        "name_en",
        "river",
        "lon",
        "lat",
        "full_volume_km3",
        "active_volume_km3",
        "length_km",
        "mean_throughflow_m3s",
        "source",
        "confidence",
        "is_on_river",
        "network_catchment_km2",
    ],
    "intakes": [
        "code",
        "name",
        "river",
        "lon",
        "lat",
        "kind",
        "users",
        "population_served",
        "country",
        "source",
        "confidence",
        "note",
    ],
    "crossings": [
        "code",
        "river",
        "from",
        "to",
        "lon",
        "lat",
        "mean_discharge_m3s",
        "first_town_downstream",
        "treaty",
        "notification_channel",
        "source",
        "confidence",
        "note",
    ],
    "velocities": [
        "river",
        "from",
        "to",
        "distance_km",
        "time_h",
        "speed_ms",
        "kind",
        "flow_condition",
        "source",
        "confidence",
    ],
}
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `number` counts from 1 with the header, as a spreadsheet shows it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def place(self, column: str) -> str:
        return f"{self.file}, row {self.number}, {column}"

    def text(self, column: str) -> str:
        return (self.cells[column] or "").strip()

    def needed(self, column: str) -> str:
        """A cell that must hold something, else InvalidInput("empty")."""
        if not self.text(column):
            raise InvalidInput("empty", where=self.place(column), hint="Fill the cell.")
        return self.text(column)

    def choice(self, column: str, allowed: Sequence[str]) -> str:
        """A cell that must hold one of some words, else InvalidInput("unknown_choice")."""
        if self.text(column) not in allowed:
            raise InvalidInput("unknown_choice", where=self.place(column), value=self.text(column), allowed=", ".join(allowed))
        return self.text(column)

    def number_in(self, column: str, low: float, high: float) -> float:
        """A number between two bounds, else InvalidInput("not_a_number", "not_finite" or "range")."""
        text = self.needed(column)
        try:
            value = float(text)
        except ValueError as error:
            raise InvalidInput("not_a_number", where=self.place(column), value=text) from error
        if not math.isfinite(value):
            raise InvalidInput("not_finite", where=self.place(column), value=text)
        if not low <= value <= high:
            raise InvalidInput("range", where=self.place(column), value=value, allowed=f"{low:g} to {high:g}")
        return value

    def positive(self, column: str) -> float | None:
        """A number above zero; None for an empty cell. Else InvalidInput("not_positive" …)."""
        if not self.text(column):
            return None
        value = self.number_in(column, -math.inf, math.inf)
        if value <= 0:
            raise InvalidInput("not_positive", where=self.place(column), value=value, allowed="above 0, or an empty cell")
        return value

    def position(self) -> tuple[float, float]:
        """Longitude and latitude, degrees."""
        return self.number_in("lon", -180, 180), self.number_in("lat", -90, 90)

    def confidence(self) -> str:
        return self.choice("confidence", CONFIDENCES)


def read_rows(folder: Path, name: str) -> list[Row]:
    """Rows of a table; MissingData("file_missing"), InvalidInput("missing_column")."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise MissingData("file_missing", where="folder of the hydrology", value=path.name, hint="Put the file there.")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for column in COLUMNS[name]:
            if column not in (reader.fieldnames or ()):
                raise InvalidInput("missing_column", where=path.name, value=column, hint="Add the column.")
        return [Row(path.name, number, cells) for number, cells in enumerate(reader, start=2)]


def make_all(rows: Iterable[Row], make: Callable[[Row], Made]) -> tuple[Made, ...]:
    return tuple(make(row) for row in rows)


def check_codes(rows: Sequence[Row], column: str = "code") -> Sequence[Row]:
    """The rows, if every code stands once; else InvalidInput("repeated")."""
    seen: set[str] = set()
    for row in rows:
        code = row.needed(column)
        if code in seen:
            raise InvalidInput("repeated", where=row.place(column), value=code, hint="Every row needs a code of its own.")
        seen.add(code)
    return rows


def make_gauge(row: Row) -> Gauge:
    lon, lat = row.position()
    areas = (row.positive(name) for name in ("catchment_km2", "network_catchment_km2"))
    discharge = row.positive("mean_discharge_m3s")
    return Gauge(
        code=row.needed("code"),
        rivers={"ru": row.needed("river_ru"), "en": row.text("river_en")},
        name=row.needed("post_ru"),
        longitude=lon,
        latitude=lat,
        discharge_m3s=discharge,
        catchment_km2=tuple(area for area in areas if area is not None),
        zone=row.text("zone"),
        confidence=row.confidence() if discharge is not None else "low",
        period=row.text("period"),
        source=row.needed("source"),
        note=row.text("note"),
        why_unused=row.text("why_unused"),
    )


def make_zone(row: Row) -> Zone:
    return Zone(
        code=row.needed("zone"),
        name=row.text("zone_ru"),
        runoff_l_s_km2=row.number_in("specific_runoff_l_s_km2", 0.001, 100),
        sigma_ln=row.number_in("sigma_ln", 0.01, 3),
        posts=int(row.number_in("n_posts", 0, 1000)),
        confidence=row.confidence(),
        source=row.needed("source"),
    )


def make_regime(rows: Sequence[Row]) -> Regime:
    """A regime from its twelve rows; InvalidInput("regime_months") where a month is missing or stands twice."""
    first = rows[0]
    months = [int(row.number_in("month", 1, 12)) for row in rows]
    if sorted(months) != list(range(1, 13)):
        hint = "A regime has the months 1 to 12, each once."
        raise InvalidInput("regime_months", where=first.place("month"), value=first.text("regime_id"), hint=hint)
    year = [row for _, row in sorted(zip(months, rows, strict=True), key=lambda pair: pair[0])]
    ratio = tuple(row.number_in("ratio", 0, 12) for row in year)
    if abs(sum(ratio) / 12 - 1) > MEAN_TOLERANCE:
        raise InvalidInput("range", where=first.place("ratio"), value=round(sum(ratio) / 12, 4), allowed="a mean of 1")
    return Regime(
        code=first.needed("regime_id"),
        name=first.text("regime_ru"),
        ratio=ratio,
        has_ice=tuple(row.choice("ice", ("0", "1")) == "1" for row in year),
        sigma_ln=tuple(row.positive("sigma_ln_between_years") for row in year),
        zero_share=tuple(
            row.number_in("share_of_zero_flow_years", 0, 1) if row.text("share_of_zero_flow_years") else 0.0 for row in year
        ),
        is_measured=first.text("basis").startswith("measured"),
        confidence=first.confidence(),
        source=first.needed("source"),
    )


def gather_regimes(rows: Iterable[Row]) -> dict[str, Regime]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.needed("regime_id"), []).append(row)
    return {code: make_regime(group) for code, group in groups.items()}


def read_box(row: Row) -> tuple[float, float, float, float] | None:
    """West, east, south and north in degrees; None where all four cells are empty."""
    sides = ("west", "east", "south", "north")
    if not any(row.text(side) for side in sides):
        return None
    west, east = row.number_in("west", -180, 180), row.number_in("east", -180, 180)
    south, north = row.number_in("south", -90, 90), row.number_in("north", -90, 90)
    if west >= east or south >= north:
        raise InvalidInput(
            "range", where=row.place("west"), value=f"{west}, {east}, {south}, {north}", allowed="west < east, south < north"
        )
    return west, east, south, north


def make_rule(row: Row) -> RiverRule:
    return RiverRule(
        river=row.text("river"),
        country=row.text("country"),
        zone=row.text("zone"),
        low_km2=row.positive("low_km2"),
        high_km2=row.positive("high_km2"),
        box=read_box(row),
        regime=row.text("regime"),
        assign_zone=row.text("assign_zone"),
        source=row.needed("source"),
        confidence=row.confidence(),
    )


def check_rules(rows: Sequence[Row], regimes: Mapping[str, Regime], zones: Mapping[str, Zone]) -> Sequence[Row]:
    """The rows, if the regimes and zones they name are there; else InvalidInput("unknown_choice")."""
    for row in rows:
        for column, known in (("regime", regimes), ("assign_zone", zones)):
            if row.text(column):
                row.choice(column, tuple(known))
    return rows


def make_reservoir(row: Row) -> Reservoir:
    lon, lat = row.position()
    active, length = row.positive("active_volume_km3"), row.positive("length_km")
    return Reservoir(
        code=row.needed("code"),
        names={code: row.text(f"name_{code}") for code in ("ru", "kk", "en") if row.text(f"name_{code}")},
        river=row.needed("river"),
        longitude=lon,
        latitude=lat,
        volume_m3=row.number_in("full_volume_km3", 1e-6, 1e3) * CUBIC_METRES_PER_KM3,
        active_volume_m3=active * CUBIC_METRES_PER_KM3 if active is not None else None,
        length_m=length * METRES_PER_KM if length is not None else None,
        throughflow_m3s=row.positive("mean_throughflow_m3s"),
        confidence=row.confidence(),
        source=row.needed("source"),
        catchment_km2=row.positive("network_catchment_km2"),
    )


def make_intake(row: Row) -> Intake:
    lon, lat = row.position()
    people = row.positive("population_served")
    return Intake(
        code=row.needed("code"),
        names={"ru": row.needed("name"), "kk": row.needed("name_kk"), "en": row.needed("name_en")},
        river=row.needed("river"),
        longitude=lon,
        latitude=lat,
        kinds=tuple(row.needed("kind").split(";")),
        users=row.text("users"),
        population=int(people) if people is not None else None,
        country=row.needed("country"),
        confidence=row.confidence(),
        source=row.needed("source"),
        note=row.text("note"),
    )


def make_crossing(row: Row) -> Crossing:
    lon, lat = row.position()
    return Crossing(
        code=row.needed("code"),
        river=row.needed("river"),
        before=row.needed("from"),
        after=row.needed("to"),
        longitude=lon,
        latitude=lat,
        discharge_m3s=row.positive("mean_discharge_m3s"),
        kind=row.text("note"),
        first_town=row.text("first_town_downstream"),
        treaty=row.text("treaty"),
        channel=row.text("notification_channel"),
        confidence=row.confidence(),
        source=row.needed("source"),
    )


def read_span(row: Row, column: str) -> tuple[float, float] | None:
    """One number or a range such as 0.3-0.5; None for an empty cell."""
    if not row.text(column):
        return None
    parts = row.text(column).split("-")
    try:
        return float(parts[0]), float(parts[-1])
    except ValueError as error:
        raise InvalidInput("not_a_number", where=row.place(column), value=row.text(column)) from error


def make_observation(row: Row) -> TravelObservation:
    return TravelObservation(
        river=row.needed("river"),
        start=row.text("from"),
        end=row.text("to"),
        distance_km=row.positive("distance_km"),
        time_h=row.positive("time_h"),
        velocity_ms=read_span(row, "speed_ms"),
        kind=row.needed("kind"),
        condition=row.text("flow_condition"),
        confidence=row.confidence(),
        source=row.text("source"),
    )


def hash_tables(folder: Path) -> str:
    """Fingerprint of the tables: the first 12 hexadecimal digits of the SHA-256 of their bytes."""
    digest = hashlib.sha256()
    for name in COLUMNS:
        digest.update((folder / f"{name}.csv").read_bytes())
    return digest.hexdigest()[:VERSION_DIGITS]


def read_hydrology(folder: Path | str) -> Hydrology:
    """All tables of a folder.

    Raises
    ------
    MissingData
        "file_missing".
    InvalidInput
        "missing_column", "empty", "not_a_number", "not_finite", "not_positive", "range", "unknown_choice", "repeated",
        "regime_months"; the place names file, row and column.
    """
    root = Path(folder)
    rows = {name: read_rows(root, name) for name in COLUMNS}
    zones = {zone.code: zone for zone in make_all(check_codes(rows["specific_runoff"], "zone"), make_zone)}
    regimes = gather_regimes(rows["regime"])
    dams = check_codes(rows["reservoirs"])
    is_on_river = [row.choice("is_on_river", ("yes", "no")) == "yes" for row in dams]
    reservoirs = make_all(dams, make_reservoir)
    return Hydrology(
        gauges=make_all(check_codes(rows["gauges"]), make_gauge),
        zones=zones,
        regimes=regimes,
        rules=make_all(check_rules(rows["river_rules"], regimes, zones), make_rule),
        reservoirs=tuple(dam for dam, on in zip(reservoirs, is_on_river, strict=True) if on),
        side_reservoirs=tuple(dam for dam, on in zip(reservoirs, is_on_river, strict=True) if not on),
        intakes=make_all(check_codes(rows["intakes"]), make_intake),
        crossings=make_all(check_codes(rows["crossings"]), make_crossing),
        observations=make_all(rows["velocities"], make_observation),
        version=hash_tables(root),
    )
