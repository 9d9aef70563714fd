"""What an export holds, independent of the format: columns, records with the sources of their values, and the stamp.

A column whose field is above the reader's level on every row is absent; on rows of a lower level its cell is empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

import boget
from boget.portal.core.errors import Conflict
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.core.services import describe_installation
from boget.portal.registry.fields import Field, list_fields
from boget.portal.registry.models import Facility, Record
from boget.portal.registry.querysets import FacilityQuerySet
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.quintiles import say_classes
from boget.portal.registry.selectors.reading import read_point, read_value
from boget.portal.registry.selectors.scores import add_scores, round_index
from boget.portal.registry.values import Claim

CHUNK = 500
STRUCTURES = ("impoundment", "dam")
FIRST_COLUMNS = ("id", "country", "level", "longitude", "latitude", "radius_m")
INDEX_COLUMNS = ("thi", "thi_low", "thi_high", "thi_class", "thi_known", "thi_of", "thi_cautions")
LAST_COLUMNS = ("updated_at", "provenance")
STAMP_COLUMNS = ("file_level", "notice", "data_of", "row_count")


@dataclass(frozen=True, slots=True)
class Line:
    """One value with its source: a row of the sheet of sources."""

    record_id: str
    record_type: str
    code: str
    claim: Claim

    @property
    def provenance(self) -> dict[str, Any]:
        """What is known about where the value comes from, empty parts left out."""
        claim = self.claim
        parts = {
            "source": claim.source, "date": claim.date, "kind": claim.kind, "confidence": claim.confidence,
            "low": claim.low, "high": claim.high, "interval": claim.interval if claim.interval != "none" else "",
            "about": claim.about or "",
        }  # fmt: skip
        return {name: part for name, part in parts.items() if part not in ("", None)}


@dataclass(frozen=True, slots=True)
class Structure:
    """An impoundment or dam: its id, type and values by field code."""

    id: str
    type: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One facility as the reader sees it. point: longitude, latitude, radius in degrees and m."""

    id: str
    country: str
    level: Level
    point: tuple[float, float, float | None] | None
    index: dict[str, Any]
    values: dict[str, Any]
    structures: list[Structure]
    lines: list[Line]
    updated_at: str
    shapes: dict[str, Any] = field(default_factory=dict)

    def list_structures(self, of: str) -> list[Structure]:
        return [structure for structure in self.structures if structure.type == of]

    def flatten(self, columns: Sequence[str]) -> list[Any]:
        """The cells of the columns in order: text, numbers or None."""
        cells = {**self._first_cells(), **self.index, **self.values, **self._structure_cells()}
        cells["provenance"] = self.write_provenance()
        return [cells.get(column) for column in columns]

    def _first_cells(self) -> dict[str, Any]:
        place = self.point or (None, None, None)
        cells = (self.id, self.country, self.level.code, *place)
        return {**dict(zip(FIRST_COLUMNS, cells, strict=True)), "updated_at": self.updated_at}

    def _structure_cells(self) -> dict[str, Any]:
        """The value itself where there is one structure of a type, else ``id=value; id=value``."""
        cells: dict[str, Any] = {}
        for of in STRUCTURES:
            found = self.list_structures(of)
            for code in dict.fromkeys(code for structure in found for code in structure.values):
                pairs = [(s.id, s.values[code]) for s in found if code in s.values]
                is_one = len(found) == 1
                cells[f"{of}.{code}"] = pairs[0][1] if is_one else "; ".join(f"{i}={v}" for i, v in pairs)
        return cells

    def describe_provenance(self) -> dict[str, dict[str, Any]]:
        """Provenance by field, and by id and field for structures."""
        return {
            line.code if line.record_type == "facility" else f"{line.record_id}.{line.code}": line.provenance
            for line in self.lines
        }

    def write_provenance(self) -> str:
        return json.dumps(self.describe_provenance(), ensure_ascii=False, separators=(",", ":"))


class Sheet:
    """An export being made: counted once, read in chunks, so that memory does not grow with the register."""

    def __init__(self, rows: FacilityQuerySet, reader: Reader, *, conditions: Sequence[str] = ()) -> None:
        self.reader = reader
        self.conditions = tuple(conditions)
        found = list(rows.values_list("pk", "level"))
        self._ids = [pk for pk, _level in found]
        self.count = len(found)
        self.level = Level(max((level for _pk, level in found), default=0))

    # --- the stamp -------------------------------------------------------------------------------------------------

    @cached_property
    def _last_revision(self) -> Revision | None:
        return Revision.objects.order_by("-seq").first()

    @cached_property
    def is_demo(self) -> bool:
        return describe_installation().is_demo

    @property
    def data_of(self) -> str:
        """Time of the last entry of the log, ISO 8601 in UTC: the same data give the same file."""
        last = self._last_revision
        return last.at.strftime("%Y-%m-%dT%H:%M:%SZ") if last else ""

    @property
    def notice(self) -> str:
        demo = gettext("Demonstration data. Not official information.")
        unofficial = gettext("Unofficial compilation. Boget is not an official source until adopted by an order.")
        return f"{demo} {unofficial}" if self.is_demo else unofficial

    def describe(self) -> dict[str, Any]:
        """The stamp of the file."""
        last = self._last_revision
        return {
            "title": gettext("Register of tailings facilities"),
            "notice": self.notice,
            "level": self.level.code,
            "rows": self.count,
            "data_of": self.data_of,
            "log_entry": last.seq if last else 0,
            "log_hash": last.hash if last else "",
            "conditions": "; ".join(self.conditions),
            "language": (get_language() or "ru")[:2],
            "made_by": f"Boget {boget.__version__}",
            "classes": say_classes(self.reader.quintiles.rated),
        }

    def list_stamp(self) -> list[Any]:
        """The stamp in the cells of STAMP_COLUMNS."""
        return [self.level.code, self.notice, self.data_of, self.count]

    def name_file(self, suffix: str) -> str:
        day = self.data_of[:10] or "empty"
        return f"boget-facilities-{day}-{self.level.code}{'-demo' if self.is_demo else ''}.{suffix}"

    # --- columns and records ---------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> list[Field]:
        """Fields of facilities and structures that the reader sees on some row, places left out."""
        return [f for f in list_fields(level=self.level) if not f.is_geometry]

    @cached_property
    def columns(self) -> list[str]:
        """Codes of the columns; those of structures as impoundment.volume_m3."""
        own = [f.code for f in self.fields if f.of == "facility"]
        structural = [f"{of}.{f.code}" for of in STRUCTURES for f in self.fields if f.of == of]
        return [*FIRST_COLUMNS, *own, *structural, *INDEX_COLUMNS, *LAST_COLUMNS]

    def read_entries(self) -> Iterator[Entry]:
        """The facilities in the order of the list. Conflict when one disappeared meanwhile."""
        for start in range(0, len(self._ids), CHUNK):
            ids = self._ids[start : start + CHUNK]
            rows = add_scores(Facility.objects.visible_to(self.reader.user).filter(pk__in=ids), self.reader.user)
            found = {row.pk: row for row in rows.prefetch_related("impoundments", "dams")}
            if len(found) < len(ids):
                raise Conflict("export_changed", where=gettext("Export"))
            yield from (self._build_entry(found[pk]) for pk in ids)

    def _build_entry(self, row: Any) -> Entry:
        level = Level(min(row.level, self.level))
        lines: list[Line] = []
        values = self._read_values(row, level, lines)
        structures = [
            Structure(record.public_id, record.record_type, self._read_values(record, level, lines))
            for record in (*row.impoundments.all(), *row.dams.all())
        ]
        return Entry(
            row.public_id,
            row.country,
            level,
            read_point(row, level=level),
            self._read_index(row),
            values,
            structures,
            lines,
            row.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            _read_shapes(row, level),
        )

    def _read_values(self, record: Record, level: Level, lines: list[Line]) -> dict[str, Any]:
        """Shown values that the level may see; their sources are added to the lines."""
        values = {}
        for spec in self.fields:
            if spec.of != record.record_type or spec.level > level or spec.code not in record.values:
                continue
            claim = read_value(record, spec, level=level).shown
            if claim is not None:
                values[spec.code] = claim.value
                lines.append(Line(record.public_id, record.record_type, spec.code, claim))
        return values

    def _read_index(self, row: Any) -> dict[str, Any]:
        step = self.reader.quintiles.classify(row.thi_value)
        numbers = (round_index(number) for number in (row.thi_value, row.thi_low, row.thi_high))
        parts = (*numbers, step, row.thi_known, row.thi_of, row.thi_cautions or None)
        return dict(zip(INDEX_COLUMNS, parts, strict=True))


def _read_shapes(row: Any, level: Level) -> dict[str, Any]:
    """Footprint and dam axis as GeoJSON, each only where the level may see it and it is known."""
    shapes = {}
    for spec in list_fields("facility", level=level):
        if spec.kind in {"polygon", "line"} and spec.code in row.values:
            claim = read_value(row, spec, level=level).shown
            if claim is not None:
                shapes[spec.code] = claim.value
    return shapes
