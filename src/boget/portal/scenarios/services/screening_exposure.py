"""Who lives and who takes water within the first hundred kilometres past a border."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from boget.portal.scenarios.services.rivers import open_rivers

if TYPE_CHECKING:
    from boget.science.river.path import RiverPath

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Exposure:
    """people: of the towns on the river, or of those whose intakes lie there if these are more: a town and its intake are the
    same people. intakes: all; intakes_unstated: those whose users nobody stated. towns: the largest, names by language."""

    people: int
    intakes: int
    intakes_unstated: int
    towns: tuple[dict[str, Any], ...]

    def describe(self) -> dict[str, Any]:
        return asdict(self)


def count_exposed(path: RiverPath, border_m: float) -> Exposure:
    """People and intakes on the path from its meeting with a border on, as far as the table says."""
    from boget.science.river.locating import locate_targets
    from boget.science.river.screening_rules import read_rule

    reach = border_m + read_rule("exposure.reach")
    found = [x for x in locate_targets(path, open_rivers().places) if border_m <= x.distance_m <= reach]
    towns = sorted((x for x in found if x.kind == "place" and x.population), key=lambda x: -(x.population or 0))
    intakes = [x for x in found if x.kind == "intake"]
    people = max(sum(x.population or 0 for x in towns), sum(x.population or 0 for x in intakes))
    named = tuple(
        {"names": dict(x.names), "km": round((x.distance_m - border_m) / 1000, 1), "people": x.population}
        for x in towns[:MOST_NAMED]
    )
    return Exposure(people, len(intakes), sum(1 for x in intakes if not x.population), named)
