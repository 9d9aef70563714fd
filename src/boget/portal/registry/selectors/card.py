"""What the card of a facility shows to a reader of a level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from boget.portal.core.formatting import format_partial_date, format_quantity
from boget.portal.core.levels import Level
from boget.portal.registry.choices import Confidence, EvidenceKind
from boget.portal.registry.fields import GROUPS, Field, list_fields
from boget.portal.registry.models import Facility, Record, Score
from boget.portal.registry.own_words import say_own_words
from boget.portal.registry.selectors.past import Whole
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.scores import list_scores
from boget.portal.registry.selectors.wording import cut, say_claim, say_dispute, say_source
from boget.portal.registry.values import Claim, Value, build_figure, find_step, round_total
from boget.science.provenance import Figure

UNKNOWN = "unknown"
SHORT_SOURCE = 30
SHAPES = ("point", "footprint", "dam_axis")
MAP_KINDS = {"point": "facility", "footprint": "footprint", "dam_axis": "dam"}  # words of the map's script
LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True)
class Row:
    """One field of one record as a reader sees it."""

    record: Record
    field: Field
    value: Value
    source_number: int = 0  # in the list of sources of the page; 0 without one

    @property
    def shown(self) -> Claim | None:
        return self.value.shown

    @property
    def is_known(self) -> bool:
        return self.shown is not None and self.shown.value != UNKNOWN

    @property
    def figure(self) -> Figure | None:
        """The figure of a numeric field; None for text and for years, which are written without grouping."""
        if not self.is_known or not self.field.is_numeric or self.field.kind == "year":
            return None
        return build_figure(self.field, self.shown)

    @property
    def text(self) -> str:
        return say_claim(self.field, self.shown)

    @property
    def source(self) -> str:
        return say_source(self.shown)

    @property
    def short_source(self) -> str:
        """Source and date as far as they fit beside the value; the whole source is in the list at the end."""
        if self.shown is None:
            return ""
        date = format_partial_date(self.shown.date, short=True)
        return " · ".join(part for part in (cut(say_own_words(self.shown.source), SHORT_SOURCE), date) if part)

    @property
    def notes(self) -> list[str]:
        """How the value came about and how sure it is, as words."""
        if self.shown is None:
            return []
        kind = EvidenceKind(self.shown.kind).label if self.shown.kind in EvidenceKind.values else ""
        sure = Confidence(self.shown.confidence).label if self.shown.confidence in Confidence.values else ""
        words = [str(kind), gettext("confidence: %(level)s") % {"level": sure} if sure else ""]
        return [word for word in words if word]

    @cached_property
    def is_disputed(self) -> bool:
        return self.value.is_disputed(self.field)

    @property
    def dispute(self) -> str:
        return say_dispute(self.field, self.value)

    @property
    def sources_count(self) -> int:
        return sum(not claim.is_proposal for claim in self.value.claims)

    @property
    def proposals_count(self) -> int:
        return sum(claim.is_proposal for claim in self.value.claims)

    @property
    def href(self) -> str:
        return field_url(self.record, self.field)

    @property
    def popover_id(self) -> str:
        return f"p-{self.record.public_id}-{self.field.code}"


def field_url(record: Record, field: Field) -> str:
    """Address of the page of one value."""
    facility_id = root_id(record)
    url = reverse("registry:field", args=[facility_id, field.code])
    return url if record.record_type == "facility" else f"{url}?structure={record.public_id}"


def root_id(record: Record) -> str:
    return record.public_id if isinstance(record, Facility) else record.facility.public_id  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one group of one record."""

    code: str
    label: Any
    record: Record
    rows: list[Row]

    @property
    def filled(self) -> int:
        return sum(row.is_known for row in self.rows)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def edit_url(self) -> str:
        url = reverse("registry:edit", args=[root_id(self.record), self.code])
        return url if self.record.record_type == "facility" else f"{url}?structure={self.record.public_id}"


@dataclass(frozen=True, slots=True)
class Structure:
    """An impoundment or a dam with its groups."""

    record: Record
    name: str
    groups: list[Group]


@dataclass(frozen=True)
class Card:
    """A facility as a reader of ``level`` sees it."""

    whole: Whole
    level: int
    groups: list[Group]
    structures: list[Structure]
    sources: list[str]  # of all shown values, in the order of the card
    scores: tuple[Score, ...] = ()

    @property
    def facility(self) -> Facility:
        return self.whole.facility

    @cached_property
    def names(self) -> dict[str, str]:
        """name_ru, name_kk, name_en as far as known; the id in place of a name that nobody gave."""
        names = {f"name_{code}": say_plain(self.facility, f"name_{code}") for code in LANGUAGES}
        return names if any(names.values()) else {"name_en": self.facility.public_id}

    @property
    def name(self) -> str:
        own = self.names.get(f"name_{(get_language() or 'ru')[:2]}")
        return own or next(name for name in self.names.values() if name)

    @property
    def status(self) -> str:
        return say_plain(self.facility, "status") or UNKNOWN

    @property
    def is_planned(self) -> bool:
        return self.status == "planned"

    @property
    def is_aggregate(self) -> bool:
        return say_plain(self.facility, "record_kind") == "aggregate"

    @property
    def level_label(self) -> Any:
        return Level(self.level).label

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Rows of the facility itself by code."""
        return {row.field.code: row for group in self.groups for row in group.rows}

    @property
    def map_rows(self) -> list[Row]:
        """What the map shows, as rows."""
        return [self.rows[code] for code in (*SHAPES, "coordinate_precision") if code in self.rows]

    @property
    def filled(self) -> int:
        return sum(group.filled for group in self._all_groups)

    @property
    def total(self) -> int:
        return sum(group.total for group in self._all_groups)

    @property
    def _all_groups(self) -> list[Group]:
        return self.groups + [group for structure in self.structures for group in structure.groups]

    @property
    def place_words(self) -> list[str]:
        """The one line under the name: operator, region, basin, water, settlement."""
        rows = self.rows
        words = [rows[code].text if rows[code].is_known else "" for code in ("operator", "region", "basin")]
        return [word for word in (*words, self._say_water(), self._say_settlement()) if word]

    def _say_water(self) -> str:
        water, distance = self.rows["watercourse"], self.rows["watercourse_distance_m"]
        return _join(water, distance, gettext("%(distance)s to %(place)s"))

    def _say_settlement(self) -> str:
        return _join(self.rows["nearest_settlement"], self.rows["settlement_distance_m"], "%(place)s, %(distance)s")

    @cached_property
    def volume(self) -> Figure | None:
        """Tailings stored in all impoundments together; None when one of them is unknown."""
        return _sum_figures(self._figures("impoundment", "volume_m3"))

    @cached_property
    def height(self) -> Figure | None:
        """The highest dam."""
        known = [figure for figure in self._figures("dam", "height_m") if figure is not None]
        return max(known, key=lambda figure: figure.value or 0.0, default=None)

    def _figures(self, of: str, code: str) -> list[Figure | None]:
        rows = (r for s in self.structures for g in s.groups for r in g.rows if s.record.record_type == of)
        return [row.figure for row in rows if row.field.code == code]

    @property
    def volume_url(self) -> str:
        return self._structure_url("impoundment", "volume_m3")

    @property
    def height_url(self) -> str:
        return self._structure_url("dam", "height_m")

    def _structure_url(self, of: str, code: str) -> str:
        """The page of the value where one structure gives it; a sum has no page of its own."""
        found = [r for s in self.structures for g in s.groups for r in g.rows if s.record.record_type == of]
        rows = [row for row in found if row.field.code == code]
        return rows[0].href if len(rows) == 1 else ""

    @property
    def precision(self) -> str:
        """How exactly the position is known, as this reader may see it."""
        claim = self.rows["point"].shown
        radius = claim.value.get("radius_m") if claim else None
        return format_quantity(radius, "m") if radius is not None else ""

    @cached_property
    def thi(self) -> Score | None:
        return next((score for score in self.scores if score.index == "thi"), None)

    @property
    def thi_figure(self) -> Figure | None:
        score = self.thi
        if score is None or score.value is None:
            return None
        low = score.value if score.low is None else score.low
        high = score.value if score.high is None else score.high
        return Figure(score.value, "1", low=low, high=high, interval="unknown_inputs", kind="computed")


def read_card(whole: Whole, *, level: int, has_scores: bool = True) -> Card:
    """The card at a level, with the scores that the level may see."""
    sources: dict[str, int] = {}
    groups = list_groups(whole.facility, level=level, sources=sources)
    structures = [
        Structure(record, say_plain(record, "name"), list_groups(record, level=level, sources=sources))
        for record in (*whole.impoundments, *whole.dams)
    ]
    scores = tuple(list_scores(whole.facility, level=level)) if has_scores else ()
    return Card(whole, level, groups, structures, list(sources), scores)


def list_groups(record: Record, *, level: int, sources: dict[str, int]) -> list[Group]:
    """The groups of a record in the order of the dictionary; ``sources`` takes up the sources with their numbers."""
    groups: dict[str, list[Row]] = {}
    for field in list_fields(record.record_type, level=level):
        value = read_value(record, field, level=level)
        text = say_own_words(value.shown.source) if value.shown else ""
        number = sources.setdefault(text, len(sources) + 1) if text else 0
        groups.setdefault(field.group, []).append(Row(record, field, value, number))
    return [Group(code, label, record, groups[code]) for code, label in GROUPS.items() if code in groups]


def say_plain(record: Record, code: str) -> str:
    """The shown text or code of a public field, empty when unknown."""
    claim = record.shown(code)
    return str(claim["value"]) if claim and claim["value"] != UNKNOWN else ""


def _join(place: Row, distance: Row, pattern: str) -> str:
    if not place.is_known:
        return ""
    return pattern % {"place": place.text, "distance": distance.text} if distance.is_known else place.text


def _sum_figures(figures: Iterable[Figure | None]) -> Figure | None:
    parts = list(figures)
    known = [part for part in parts if part is not None and part.value is not None]
    if not known or len(known) < len(parts):
        return None
    if len(known) == 1:
        return known[0]
    total, low, high = (sum(_end(part, end) for part in known) for end in ("value", "low", "high"))
    source = gettext("sum of %(count)s impoundments") % {"count": len(known)}
    kinds = {part.kind for part in known}
    kind = kinds.pop() if len(kinds) == 1 else "estimated"
    step = max((find_step(float(part.value)) for part in known if part.about and part.value is not None), default=None)
    about = step is not None
    if low == high:
        return Figure(round_total(total, step), known[0].unit, source=source, kind=kind, about=about)
    return Figure(total, known[0].unit, low, high, "declared_range", kind, source, about=about)


def _end(figure: Figure, end: str) -> float:
    number = getattr(figure, end)
    return float(figure.value if number is None else number)  # type: ignore[arg-type]


def build_features(card: Card) -> dict[str, Any]:
    """The place of the facility as GeoJSON: point, footprint and dam axis as far as the level sees them."""
    rows = card.rows
    features = [_feature(card, code, rows[code]) for code in reversed(SHAPES) if code in rows]
    return {"type": "FeatureCollection", "features": [feature for feature in features if feature]}


def _feature(card: Card, code: str, row: Row) -> dict[str, Any] | None:
    if row.shown is None:
        return None
    value, properties = row.shown.value, {"id": card.facility.public_id, "kind": MAP_KINDS[code]}
    if code != "point":
        return {"type": "Feature", "geometry": value, "properties": properties}
    properties |= {
        "name": card.name,
        "status": card.status,
        "status_label": card.rows["status"].text,
        "precision_m": value.get("radius_m"),
        "url": reverse("registry:facility", args=[card.facility.public_id]),
    }
    geometry = {"type": "Point", "coordinates": [value["longitude"], value["latitude"]]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def say_day(day: Any) -> str:
    return format_partial_date(day.isoformat())
