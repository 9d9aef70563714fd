"""GeoJSON (RFC 7946): a feature for each facility, structures and sources inside its properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from boget.portal.registry.exports.sheet import STRUCTURES, Entry, Sheet
from boget.portal.registry.exports.writers import Writer


def write_geojson(sheet: Sheet, path: Path) -> None:
    """One feature a line, so that memory is bounded and the same data give the same bytes."""
    head = json.dumps({"type": "FeatureCollection", "about": sheet.describe()}, ensure_ascii=False)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(head[:-1] + ', "features": [')
        for number, entry in enumerate(sheet.read_entries()):
            stream.write(",\n" if number else "\n")
            json.dump(build_feature(entry), stream, ensure_ascii=False, separators=(",", ":"))
        stream.write("\n]}\n")


def build_feature(entry: Entry) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(entry.point[:2])} if entry.point else None
    return {"type": "Feature", "id": entry.id, "geometry": geometry, "properties": describe_entry(entry)}


def describe_entry(entry: Entry) -> dict[str, Any]:
    """A facility as one object: values by field, structures, index, sources by field."""
    return {
        "id": entry.id,
        "country": entry.country,
        "level": entry.level.code,
        "radius_m": entry.point[2] if entry.point else None,
        **entry.values,
        **entry.index,
        **entry.shapes,
        **{f"{of}s": [{"id": s.id, **s.values} for s in entry.list_structures(of)] for of in STRUCTURES},
        "updated_at": entry.updated_at,
        "provenance": entry.describe_provenance(),
    }


WRITER = Writer("GeoJSON", "geojson", "application/geo+json", write_geojson)
