"""What lies in the facilities, as the ranking of the screening needs it: public fields of the register only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from boget.portal.registry.choices import WaterHazard
from boget.portal.registry.models import Facility, Impoundment

BULK_DENSITY_RULE = "release.bulk_density"
KG_PER_T = 1000.0
ORDER = [WaterHazard.NONE, WaterHazard.WHC1, WaterHazard.WHC2, WaterHazard.WHC3]


@dataclass(frozen=True, slots=True)
class Stock:
    """volume_m3: stored tailings, low and high where a source gave a range. mass_kg: stated, else from the volume (then
    is_mass_from_volume). hazard_class: the worst of the impoundments, "" where none is known."""

    volume_m3: float | None
    low_m3: float | None
    high_m3: float | None
    mass_kg: float | None
    is_mass_from_volume: bool
    hazard_class: str


def list_stocks(facility_ids: Iterable[int]) -> dict[int, Stock]:
    """Stocks by primary key of the facility."""
    ids = list(facility_ids)
    basins: defaultdict[int, list[Impoundment]] = defaultdict(list)
    for basin in Impoundment.objects.filter(facility__in=ids).only(
        "facility", "mass_t", "volume_m3", "water_hazard_class", "values"
    ):
        basins[basin.facility_id].append(basin)
    volumes = Facility.objects.filter(pk__in=ids).values_list("pk", "volume_m3")
    return {key: build_stock(volume, basins[key]) for key, volume in volumes}


def build_stock(volume: float | None, basins: Sequence[Impoundment]) -> Stock:
    from boget.science.river.screening_rules import read_rule

    low, high = sum_bounds(volume, basins)
    masses = [basin.mass_t for basin in basins if basin.mass_t]
    mass = sum(masses) * KG_PER_T if masses else volume * read_rule(BULK_DENSITY_RULE) if volume else None
    return Stock(volume, low, high, mass, bool(volume) and not masses, find_worst_class(basins))


def sum_bounds(volume: float | None, basins: Sequence[Impoundment]) -> tuple[float | None, float | None]:
    """Sums of the least and greatest volumes; None where no source gave a range, or where the sum is not the facility's."""
    claims = [basin.shown("volume_m3") or {} for basin in basins]
    known = [claim for claim in claims if claim.get("value")]
    if volume is None or not any(claim.get("low") or claim.get("high") for claim in known):
        return None, None
    low = sum(claim.get("low") or claim["value"] for claim in known)
    high = sum(claim.get("high") or claim["value"] for claim in known)
    return (low, high) if 0 < low <= volume <= high else (None, None)


def find_worst_class(basins: Sequence[Impoundment]) -> str:
    """The worst hazard class of the impoundments; "" where none is known."""
    known = [WaterHazard(b.water_hazard_class) for b in basins if b.water_hazard_class in ORDER]
    return max(known, key=ORDER.index).value if known else ""
