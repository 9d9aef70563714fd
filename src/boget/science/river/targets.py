"""What lies on a path and wants to be warned: towns, intakes, reservoirs, borders, posts, chosen points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TargetKind = Literal["place", "intake", "reservoir", "border", "gauge", "point"]


@dataclass(frozen=True, slots=True)
class Target:
    """A place on a path. `distance_m` along the river from the release, `off_m` from the river to the place, both m.

    `code` is stable and unique on the path; `names` by language; `note` a code such as bank_filtration or a pair of
    countries "KZ-RU" at a border. `population` None where unknown.
    """

    code: str
    kind: TargetKind
    distance_m: float
    off_m: float
    longitude: float
    latitude: float
    names: Mapping[str, str]
    country: str = ""
    population: int | None = None
    note: str = ""
