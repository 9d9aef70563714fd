"""A small reader of PMTiles archives, version 3, for the tests: header, metadata and single tiles."""

from __future__ import annotations

import gzip
import json
import math
import struct
from pathlib import Path
from typing import Any, NamedTuple

import mapbox_vector_tile

HEADER_BYTES = 127


class Entry(NamedTuple):
    tile: int
    offset: int
    length: int
    run: int


def read_varints(data: bytes) -> list[int]:
    """All variable-length numbers of a directory."""
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value = shift = 0
    return numbers


def read_directory(packed: bytes) -> list[Entry]:
    """Entries of a directory: tile numbers, runs, lengths and offsets stand one after the other."""
    numbers = read_varints(gzip.decompress(packed))
    count, rest = numbers[0], numbers[1:]
    steps, runs, lengths, places = (rest[i * count : (i + 1) * count] for i in range(4))
    entries: list[Entry] = []
    tile = 0
    for step, run, length, place in zip(steps, runs, lengths, places, strict=True):
        tile += step
        offset = place - 1 if place else entries[-1].offset + entries[-1].length
        entries.append(Entry(tile, offset, length, run))
    return entries


def number_tile(zoom: int, column: int, row: int) -> int:
    """Number of a tile along the Hilbert curve, all smaller zooms before it."""
    number, x, y = sum(4**level for level in range(zoom)), column, row
    size = 2**zoom // 2
    while size:
        right, lower = int(bool(x & size)), int(bool(y & size))
        number += size * size * ((3 * right) ^ lower)
        if not lower:
            if right:
                x, y = size - 1 - (x & (size - 1)), size - 1 - (y & (size - 1))
            x, y = y, x
        x, y = x & (size - 1), y & (size - 1)
        size //= 2
    return number


class Archive:
    """An archive without leaf directories, all in memory."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.magic, self.version = self.data[:7], self.data[7]
        self.places = struct.unpack("<11Q", self.data[8:96])
        self.compression, self.kind, self.minimum_zoom, self.maximum_zoom = struct.unpack("4B", self.data[98:102])

    def cut(self, number: int) -> bytes:
        start, size = self.places[2 * number], self.places[2 * number + 1]
        return self.data[start : start + size]

    def read_metadata(self) -> dict[str, Any]:
        return json.loads(gzip.decompress(self.cut(1)))  # type: ignore[no-any-return]

    def read_entries(self) -> list[Entry]:
        return read_directory(self.cut(0))

    def read_tile(self, zoom: int, column: int, row: int) -> dict[str, Any]:
        """Layers of a tile; empty where there is none."""
        wanted = number_tile(zoom, column, row)
        for entry in self.read_entries():
            if entry.tile <= wanted < entry.tile + entry.run:
                start = self.places[6] + entry.offset
                return mapbox_vector_tile.decode(gzip.decompress(self.data[start : start + entry.length]))  # type: ignore[no-any-return]
        return {}


def find_tile(zoom: int, lon: float, lat: float) -> tuple[int, int, int]:
    """Tile of a point in web Mercator."""
    column = int((lon + 180) / 360 * 2**zoom)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return zoom, column, row
