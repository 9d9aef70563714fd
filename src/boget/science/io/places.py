"""Read the towns and cities of the embedded table as places that may lie on a river."""

from __future__ import annotations

from pathlib import Path

from boget.science.io.spillpaths import LANGUAGES, read_table
from boget.science.river.locating import Place

COLUMNS = ("id", "country", "population", "lon", "lat", *(f"name_{code}" for code in LANGUAGES))


def make_place(row: dict[str, str]) -> Place:
    return Place(
        code=f"place-{row['id']}",
        kind="place",
        longitude=float(row["lon"]),
        latitude=float(row["lat"]),
        names={code: row[f"name_{code}"] for code in LANGUAGES if row[f"name_{code}"]},
        country=row["country"],
        population=int(row["population"]) if row["population"] else None,
    )


def read_places(path: Path | str) -> tuple[Place, ...]:
    """Places of a CSV file in its order; InvalidInput("missing_column") if a column is not there."""
    return tuple(make_place(row) for row in read_table(path, COLUMNS))
