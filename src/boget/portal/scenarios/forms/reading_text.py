"""What people type about a release, read into SI: masses with a range, durations, rows of a hydrograph, places."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from boget.portal.core.coordinates import parse_degrees
from boget.portal.core.errors import refuse
from boget.portal.scenarios.selectors.scenario_words import ONE_SIGMA_TO_90
from boget.science.units import Quantity, parse_quantity

MOST_ROWS = 200
MOST_PLACES = 50
LONGEST_ROW = 200
HOUR = 3600.0


def read_quantity(text: str, dimension: str, unit: str) -> Quantity:
    """A number above zero with its unit and range. Raises InvalidInput."""
    found = parse_quantity(text, dimension, default_unit=unit)
    if not found.value > 0:
        raise refuse("range", where="", value=text[:40], allowed="> 0")
    return found


def find_spread(quantity: Quantity) -> tuple[float, float]:
    """Median and factor of one standard deviation of a quantity whose range holds 90 %; (value, 1) without a range."""
    low, high = quantity.low, quantity.high
    if not low or not high or low <= 0 or high <= low:
        return quantity.value, 1.0
    gsd = (high / low) ** (1 / (2 * ONE_SIGMA_TO_90))
    # a range alone is read with its middle as the value; of a factor the middle is the geometric one
    is_range_alone = math.isclose(quantity.value, (low + high) / 2, rel_tol=1e-9)
    return (math.sqrt(low * high) if is_range_alone else quantity.value), gsd


def join_spreads(*gsds: float) -> float:
    """Spread of a product of independent factors."""
    return math.exp(math.sqrt(sum(math.log(gsd) ** 2 for gsd in gsds)))


def read_hydrograph(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times in s and rates in kg/s from rows "hours; kg/s". Raises InvalidInput naming the row."""
    rows = [line for line in text.splitlines() if line.strip()]
    if not 2 <= len(rows) <= MOST_ROWS:
        raise refuse("range", where=_("Rows of the hydrograph"), value=len(rows), allowed=f"2–{MOST_ROWS}")
    pairs = [_read_pair(line, number) for number, line in enumerate(rows, start=1)]
    times, rates = zip(*pairs, strict=True)
    if any(later <= earlier for earlier, later in itertools.pairwise(times)):
        raise refuse("malformed", where=_("Times of the hydrograph have to rise"), value=rows[0][:40])
    if not any(rate > 0 for rate in rates):
        raise refuse("range", where=_("Rates of the hydrograph"), value=0, allowed="> 0")
    return tuple(HOUR * time for time in times), tuple(rates)


def _read_pair(line: str, number: int) -> tuple[float, float]:
    where = _("Row %(number)s of the hydrograph") % {"number": number}
    parts = [part.strip() for part in line[:LONGEST_ROW].replace("\t", ";").split(";") if part.strip()]
    if len(parts) == 1:
        parts = line.split()
    if len(parts) != 2:
        raise refuse("malformed", where=where, value=line[:40])
    try:
        time, rate = (float(part.replace(",", ".").replace("\u00a0", "")) for part in parts)
    except ValueError:
        raise refuse("not_a_number", where=where, value=line[:40]) from None
    if not (math.isfinite(time) and math.isfinite(rate) and time >= 0 and rate >= 0):
        raise refuse("range", where=where, value=line[:40], allowed="≥ 0")
    return time, rate


def sum_hydrograph(times: tuple[float, ...], rates: tuple[float, ...]) -> float:
    """Mass in kg under the piecewise linear rates."""
    steps = zip(itertools.pairwise(times), itertools.pairwise(rates), strict=True)
    return sum((later - earlier) * (a + b) / 2 for (earlier, later), (a, b) in steps)


def read_moment(day: dt.date, clock: dt.time, zone: str) -> dt.datetime:
    """The aware moment of a clock in a zone."""
    return dt.datetime.combine(day, clock, ZoneInfo(zone))


def read_extra_places(text: str) -> list[dict[str, Any]]:
    """Places to be told about beside the known ones, from rows "latitude; longitude; name". Raises InvalidInput."""
    places = []
    for number, line in enumerate((row for row in text.splitlines() if row.strip()), start=1):
        parts = [part.strip() for part in line[:LONGEST_ROW].split(";")]
        if number > MOST_PLACES or len(parts) < 2:
            raise refuse("malformed", where=_("Further places, row %(number)s") % {"number": number}, value=line[:40])
        name = parts[2] if len(parts) > 2 and parts[2] else f"{parts[0]}, {parts[1]}"
        latitude, longitude = parse_degrees(parts[0], "latitude"), parse_degrees(parts[1], "longitude")
        places.append({"name": name, "longitude": longitude, "latitude": latitude})
    return places
