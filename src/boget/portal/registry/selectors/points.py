"""Facilities as GeoJSON for the map: what a symbol needs, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from boget.portal.core.formatting import FigureText
from boget.portal.registry.models import Facility
from boget.portal.registry.querysets import FacilityQuerySet
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.reading import read_point
from boget.portal.registry.selectors.rows import STATUS_WORDS, build_thi
from boget.portal.registry.selectors.scores import add_scores, round_index

COLUMNS = (
    "public_id", "name_ru", "name_kk", "name_en", "status", "longitude", "latitude", "coordinate_radius_m", "level",
    "thi_value", "thi_low", "thi_high", "thi_known", "thi_of",
)  # fmt: skip
FALLBACKS = {"ru": ("ru", "kk", "en"), "kk": ("kk", "ru", "en"), "en": ("en", "ru", "kk")}
Link = Callable[[str], str]


def list_points(rows: FacilityQuerySet, reader: Reader, *, link: Link) -> Iterator[dict[str, Any]]:
    """A feature for each facility, without geometry where the place is unknown. link: address of a facility's card."""
    wide = add_scores(Facility.objects.visible_to(reader.user).filter(pk__in=rows.values("pk")), reader.user)
    words = {status: str(word) for status, word in STATUS_WORDS.items()}
    for row in wide.order_by("public_id").values_list(*COLUMNS, named=True).iterator(chunk_size=2000):
        yield build_feature(row, reader, words=words, url=link(row.public_id))


def build_feature(row: Any, reader: Reader, *, words: dict[str, str], url: str) -> dict[str, Any]:
    """One facility: its place as the reader's level may see it, its status, class and index."""
    point = read_point(row, level=row.level)
    properties = {
        "kind": "facility",
        "id": row.public_id,
        "name": choose_name(row, reader.language),
        "status": row.status,
        "status_label": words.get(row.status, row.status),
        "class": reader.quintiles.classify(row.thi_value),
        "precision_m": point[2] if point else None,
        "thi": round_index(row.thi_value),
        "known": row.thi_known,
        "of": row.thi_of,
        "summary": say_thi(row, reader.language),
        "url": url,
    }
    geometry = {"type": "Point", "coordinates": [point[0], point[1]]} if point else None
    return {"type": "Feature", "id": row.public_id, "geometry": geometry, "properties": properties}


def choose_name(row: Any, language: str) -> str:
    """The name in the language of the reader or in the first other one there is, else the number."""
    names = (getattr(row, f"name_{code}") for code in FALLBACKS.get(language, FALLBACKS["ru"]))
    return next((name for name in names if name), row.public_id)


def say_thi(row: Any, language: str) -> str:
    return _write_thi(row.thi_value, row.thi_low, row.thi_high, language) if row.thi_value is not None else ""


@lru_cache(maxsize=10_000)
def _write_thi(value: float, low: float | None, high: float | None, language: str) -> str:
    """"THI 11,5 (8,5–11,5)"; kept, because many facilities share a score and every map asks for all of them."""
    text = FigureText(build_thi(value, low, high), language=language, decimals=1)
    return f"THI {text.value} {text.interval}".strip()
