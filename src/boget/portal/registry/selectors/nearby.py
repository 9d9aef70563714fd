"""Records that may be the same facility: near a place or with a name that sounds alike."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from boget.portal.core.formatting import format_quantity
from boget.portal.core.geometry import ELLIPSOID
from boget.portal.core.text import fold_latin
from boget.portal.registry.models import Facility
from boget.portal.registry.querysets import FacilityQuerySet

NEAR_M = 15_000.0
KILOMETRE_M = 1000.0
MOST = 20
LEAST_LETTERS = 4
STEM = 5  # letters by which candidates are looked up before their names are compared
DEGREE_M = 111_000.0
LIKENESS = 0.86  # placeholder: "talovskoe" and "talovskoie" are alike, "severni" and "vostochni" are not
GENERIC_WORDS = (
    "хвостохранилище хвостохранилища шламонакопитель шламохранилище золоотвал накопитель пруд пруды отвал старое новое "
    "қалдық қоймасы қоймалары тоған ескі жаңа tailings facility storage pond dam old new tsf tmf rudnik рудник фабрика"
)
GENERIC = frozenset(fold_latin(GENERIC_WORDS).split())


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that may be the same one. distance_m: None where one of the two has no place."""

    facility: Facility
    distance_m: float | None
    is_alike: bool

    @property
    def names(self) -> dict[str, str]:
        return {f"name_{code}": getattr(self.facility, f"name_{code}") for code in ("ru", "kk", "en")}

    @property
    def distance_text(self) -> str:
        if self.distance_m is None:
            return ""
        return format_quantity(round(self.distance_m, -1 if self.distance_m < KILOMETRE_M else -2), "m")

    @property
    def is_near(self) -> bool:
        return self.distance_m is not None and self.distance_m <= NEAR_M


def list_alike(facilities: FacilityQuerySet, names: Iterable[str], *, place: tuple[float, float] | None) -> list[Alike]:
    """Records within 15 km of the place (longitude, latitude) or with a like name; the nearest first, then by name."""
    words = {word for name in names for word in fold_latin(name).split() if len(word) >= LEAST_LETTERS} - GENERIC
    wanted = _near(place) if place else Q(pk__in=())
    for word in words:
        wanted |= Q(search_latin__contains=word[:STEM])
    found = [_compare(f, words, place) for f in facilities.filter(wanted)[: MOST * 5]] if words or place else []
    kept = [item for item in found if item.is_near or item.is_alike]
    return sorted(kept, key=_order)[:MOST]


def _order(item: Alike) -> tuple[float, str]:
    return (math.inf if item.distance_m is None else item.distance_m, item.facility.public_id)


def _near(place: tuple[float, float]) -> Q:
    """A box a little larger than the circle."""
    longitude, latitude = place
    north = NEAR_M / DEGREE_M * 1.1
    east = north / max(math.cos(math.radians(latitude)), 0.05)
    return Q(longitude__range=(longitude - east, longitude + east), latitude__range=(latitude - north, latitude + north))


def _compare(facility: Facility, words: set[str], place: tuple[float, float] | None) -> Alike:
    distance = None
    if place and facility.longitude is not None:
        distance = ELLIPSOID.inv(*place, facility.longitude, facility.latitude)[2]
    known = set(facility.search_latin.replace("|", " ").split()) - GENERIC
    return Alike(facility, distance, any(_is_like(word, other) for word in words for other in known))


def _is_like(word: str, other: str) -> bool:
    return word == other or (len(other) >= LEAST_LETTERS and SequenceMatcher(None, word, other).ratio() >= LIKENESS)
