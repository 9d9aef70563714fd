"""Countries of points from polygons."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from boget.science.errors import InvalidInput, MissingData
from boget.science.io.polygons import CountryPolygons, make_polygons, read_countries, read_polygon_layer

KZ = Path(str(resources.files("boget"))) / "data" / "kz"


def ask(polygons: CountryPolygons, *points: tuple[float, float]) -> list[str]:
    return polygons(np.array(points))


def test_inside_between_and_at_sea() -> None:
    polygons = make_polygons(["KZ", "RU"], [shapely.box(50, 50, 51, 51), shapely.box(51.02, 49, 53, 52)])
    assert ask(polygons, (50.5, 50.5), (52, 50), (51.005, 50.5), (51.015, 50.5)) == ["KZ", "RU", "~KZ", "~RU"]
    assert ask(polygons, (49.95, 50.5), (40.0, 50.5)) == ["", ""], "beside one country only lies the sea"


def test_the_earlier_polygon_decides_where_two_overlap() -> None:
    polygons = make_polygons(["KZ", "", "RU"], [shapely.box(50, 50, 51, 51)] * 2 + [shapely.box(50.9, 49, 53, 52)])
    assert ask(polygons, (50.95, 50.5)) == ["KZ"] and polygons.codes == ("KZ", "RU")


def test_the_embedded_outlines_know_the_towns() -> None:
    polygons = read_countries(KZ / "admin.geojson")
    with (KZ / "places.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = ask(polygons, *((float(row["lon"]), float(row["lat"])) for row in rows))
    wrong = [row["name_en"] for row, code in zip(rows, found, strict=True) if code.removeprefix("~") != row["country"]]
    assert len(rows) >= 400 and len(wrong) <= 3, wrong


def write_layer(path: Path, **fields: Any) -> None:
    shapes = shapely.to_wkb([shapely.box(50, 50, 51, 51), shapely.box(51, 50, 52, 51)])
    pyogrio.raw.write(
        path, shapes, list(fields.values()), list(fields), geometry_type="Polygon", crs="EPSG:4326", driver="GPKG"
    )


def test_names_become_codes(tmp_path: Path) -> None:
    write_layer(tmp_path / "a.gpkg", name=np.array(["Kazakhstan", "Atlantis"], dtype=object))
    codes, shapes = read_polygon_layer(tmp_path / "a.gpkg", field="name", codes={"Kazakhstan": "KZ"})
    assert codes == ["KZ", ""] and len(shapes) == 2
    assert read_polygon_layer(tmp_path / "a.gpkg", code="KZ")[0] == ["KZ", "KZ"]


def test_faults_have_codes(tmp_path: Path) -> None:
    write_layer(tmp_path / "a.gpkg", note=np.array(["x", "y"], dtype=object))
    with pytest.raises(InvalidInput) as caught:
        read_countries(tmp_path / "a.gpkg")
    assert caught.value.code == "missing_column"
    with pytest.raises(MissingData) as missing:
        read_countries(tmp_path / "b.gpkg")
    assert missing.value.code == "file_missing"
