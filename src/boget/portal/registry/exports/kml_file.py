"""KML: a placemark for each facility, all columns as text, without geometry where the place is unknown."""

from __future__ import annotations

from pathlib import Path

from boget.portal.registry.exports import layers
from boget.portal.registry.exports.sheet import STAMP_COLUMNS, Sheet
from boget.portal.registry.exports.writers import Writer


def write_kml(sheet: Sheet, path: Path) -> None:
    """KML cannot be written in parts, so the columns that are empty on every row are left out to save memory."""
    columns = [*sheet.columns, *STAMP_COLUMNS]
    stamp, points, rows = sheet.list_stamp(), [], []
    for entry in sheet.read_entries():
        cells = dict(zip(columns, [*entry.flatten(sheet.columns), *stamp], strict=True))
        rows.append({name: cell for name, cell in cells.items() if cell not in (None, "")} | {"Name": entry.id})
        points.append(layers.build_point(entry.point))
    used = {name for row in rows for name in row}
    kept = {"Name": False, **{name: False for name in columns if name in used or not rows}}
    layers.write_layer(path, "facilities", kept, rows=rows, driver="KML", geometry=points, geometry_type="Point")


WRITER = Writer("KML", "kml", "application/vnd.google-earth.kml+xml", write_kml)
