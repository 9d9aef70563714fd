"""An alarm at a place of a river: the facilities upstream that the reader may see, and when each would have released."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from boget.portal.core.errors import refuse
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Facility, Impoundment
from boget.portal.registry.selectors.reading import read_value
from boget.portal.scenarios.services.places import Place, find_place
from boget.portal.scenarios.services.rivers import current_network_version, open_rivers
from boget.portal.scenarios.services.screening_ways import Way, trace_way

if TYPE_CHECKING:
    from boget.science.river.upstream import Alarm, Explanation

MEMBERS = 10_000
SEED = 1
KEPT_WAYS = 1024
CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Question:
    """An alarm as it was told. Place: longitude and latitude, or a reach with its kilometre. at: when it was seen.

    window_h: earliest and latest moment of the release, hours before the alarm; None = nothing is known of it. substance:
    symbol or code, "" = unknown. season: mean, high, low or "01" to "12".
    """

    at: dt.datetime
    season: str
    longitude: float | None = None
    latitude: float | None = None
    reach_id: int | None = None
    km: float | None = None
    phase: str = "first"
    window_h: tuple[float, float] | None = None
    substance: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A facility upstream. contact: of the operator on duty, None where the reader may not see it or nobody entered it."""

    facility: Any
    found: Explanation
    released_from: dt.datetime | None
    released_to: dt.datetime | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the alarm was put on the network, and who lies above it. river: names by language; off_m: from the point given."""

    reach_id: int
    km: float
    longitude: float | None
    latitude: float | None
    off_m: float
    river: Mapping[str, str]
    suspects: tuple[Suspect, ...]
    unplaced: int


def trace_alarm(user: Any, question: Question) -> Trace:
    """Facilities above an alarm, the nearest in time first.

    Raises the typed errors of the science: MissingData "no_watercourse", InvalidInput "unknown_reach" or "range".
    """
    from boget.science.river.upstream import find_explanations, list_reaches_upstream

    network = open_rivers().network
    spot = locate_spot(question)
    above = list_reaches_upstream(network, spot.reach_id)
    facilities = {one.public_id: one for one in list_facilities(user)}
    places = {number: find_place(one, level=one.level) for number, one in facilities.items()}
    ways = {number: trace_place(place, question.season) for number, place in places.items() if can_be_above(place, above)}
    found = find_explanations(
        network,
        make_alarm(question, spot),
        paths={number: way.path for number, way in ways.items() if way.path is not None},
        flows={number: way.flows[question.season] for number, way in ways.items() if way.path is not None},
        contents=list_contents([facilities[number] for number in ways]),
        prior=_read_priors(),
        members=MEMBERS,
        seed=SEED,
    )
    suspects = tuple(make_suspect(facilities[one.facility], one, question.at) for one in found)
    unplaced = sum(1 for place in places.values() if place["kind"] == "unknown")
    return Trace(spot.reach_id, spot.km, spot.longitude, spot.latitude, spot.off_m, spot.river, suspects, unplaced)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the network."""

    reach_id: int
    km: float
    longitude: float | None
    latitude: float | None
    off_m: float
    river: Mapping[str, str]


def locate_spot(question: Question) -> Spot:
    """The nearest place on the network, or the reach that was named."""
    from boget.science.river.snapping import find_nearest_reach

    network = open_rivers().network
    if question.reach_id is not None:
        index = network.find_index(question.reach_id)
        return Spot(question.reach_id, question.km or 0.0, None, None, 0.0, network.reaches[index].names)
    if question.longitude is None or question.latitude is None:
        raise refuse("start_choice", where=str(question.at))
    found = find_nearest_reach(network, question.longitude, question.latitude)
    reach = network.reaches[found.index]
    return Spot(reach.id, found.km, found.longitude, found.latitude, found.off_m, reach.names)


def make_alarm(question: Question, spot: Spot) -> Alarm:
    from boget.science.river.upstream import Alarm

    window = question.window_h
    seconds = (window[0] * 3600.0, window[1] * 3600.0) if window else None
    phase: Any = question.phase
    return Alarm(spot.reach_id, spot.km, phase=phase, window_s=seconds, substance=question.substance)


def list_facilities(user: Any) -> Sequence[Any]:
    """Facilities the reader may see, each with its level."""
    visible = Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED)
    return list(visible.select_related("operator_organisation").order_by("public_id"))


def can_be_above(place: Place, above: frozenset[int]) -> bool:
    """Whether the water of a place may come past: by the reach it enters; a point has to be traced to tell."""
    match place["kind"]:
        case "confirmed":
            return int(place["reach_id"]) in above
        case "table":
            entry = open_rivers().entries.get(place["facility_id"])
            return entry is not None and entry.reach_id in above
    return bool(place["kind"] == "point")


def trace_place(place: Place, season: str) -> Way:
    """A way in one season; kept for the next alarm as long as the network is the same."""
    return _trace(json.dumps(place, sort_keys=True), season, current_network_version())


@lru_cache(maxsize=KEPT_WAYS)
def _trace(place: str, season: str, _version: str) -> Way:
    return trace_way(json.loads(place), open_rivers(), seasons=(season,))


def _read_priors() -> Any:
    from boget.science.river.priors import read_priors

    return read_priors()


def list_contents(rows: Sequence[Facility]) -> dict[str, list[str]]:
    """Symbols that the register names for each facility: its commodity and the toxic components of its impoundments."""
    toxic = Impoundment.objects.filter(facility__in=[row.pk for row in rows]).values_list(
        "facility__public_id", "toxic_components"
    )
    texts = {row.public_id: [row.commodity] for row in rows}
    for number, text in toxic:
        texts[number].append(text)
    return {number: split_symbols(" ".join(found)) for number, found in texts.items()}


def split_symbols(text: str) -> list[str]:
    """The words of a list such as "Pb-Zn-Cu-Au" or "Pb, Zn (inert)".

    >>> split_symbols("Pb-Zn; Au, cyanide (old)")
    ['Pb', 'Zn', 'Au', 'cyanide', 'old']
    """
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def make_suspect(facility: Any, found: Explanation, at: dt.datetime) -> Suspect:
    low, high = found.back_s.p05, found.back_s.p95
    return Suspect(
        facility=facility,
        found=found,
        released_from=at - dt.timedelta(seconds=high) if high is not None else None,
        released_to=at - dt.timedelta(seconds=low) if low is not None else None,
        contact=read_contact(facility),
    )


def read_contact(facility: Any) -> str | None:
    """The duty contact of the operator, for those who may see it."""
    field = DICTIONARY["facility", CONTACT]
    if facility.level < field.level:
        return None
    shown = read_value(facility, field, level=facility.level).shown
    return str(shown.value) if shown else None


def choose_season(at: dt.datetime) -> str:
    """The month of an alarm as a season."""
    return f"{timezone.localtime(at).month:02d}"
