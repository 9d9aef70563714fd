"""JSON: the stamp and the facilities with structures and sources, for programs that need no map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from boget.portal.registry.exports.geojson_file import describe_entry
from boget.portal.registry.exports.sheet import FIRST_COLUMNS, Entry, Sheet
from boget.portal.registry.exports.writers import Writer


def write_json(sheet: Sheet, path: Path) -> None:
    head = json.dumps({"about": sheet.describe()}, ensure_ascii=False)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(head[:-1] + ', "facilities": [')
        for number, entry in enumerate(sheet.read_entries()):
            stream.write(",\n" if number else "\n")
            json.dump(place_entry(entry), stream, ensure_ascii=False, separators=(",", ":"))
        stream.write("\n]}\n")


def place_entry(entry: Entry) -> dict[str, Any]:
    place = entry.point or (None, None, None)
    return {**describe_entry(entry), **dict(zip(FIRST_COLUMNS[3:], place, strict=True))}


WRITER = Writer("JSON", "json", "application/json", write_json)
