"""Times, concentrations and probabilities of a forecast as people read them, always with their interval.

Times under 3 h are hours and minutes, up to 72 h hours, above days; value and interval in one unit. Concentrations are mg/L.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from boget.portal.core.formatting import format_duration, format_number, format_quantity, unit_gap, unit_symbol
from boget.science.river.outcome import Quantiles
from boget.science.units import UNITS

HOUR, DAY = 3600.0, 86_400.0
SHORT, LONG = 3 * HOUR, 72 * HOUR
WHOLE_DAYS = 10 * DAY
LONG_WINDOW = 3 * DAY
"""A window of the clock longer than this is told by days alone."""
FINE, COARSE = dt.timedelta(minutes=10), dt.timedelta(hours=1)
"""Grid to which the ends of a window are rounded outwards: the fine one for windows under 3 h."""
SMALLEST_SHARE = 0.02
"""Below this share of the threshold a concentration is told as "less than"."""
CLASSES_S = (6 * HOUR, 24 * HOUR, 48 * HOUR, 7 * DAY, 30 * DAY)
"""Upper ends of the classes of arrival, the last class is open; the two-day aid is an edge."""


@dataclass(frozen=True, slots=True)
class Said:
    """A value with its unit, and the interval in the same unit; `interval` is empty where there is none."""

    value: str
    interval: str

    def __str__(self) -> str:
        return " ".join(filter(None, [self.value, self.interval]))


NOTHING = Said("", "")


def class_of_arrival(seconds: float | None) -> int | None:
    """1 (soonest) to 6; None where nothing arrives."""
    if seconds is None:
        return None
    return 1 + sum(seconds >= edge for edge in CLASSES_S)


def say_time(quantiles: Quantiles) -> Said:
    """ "37 h" and "(26–52)"; NOTHING where no run has it."""
    low, middle, high = quantiles.p05, quantiles.p50, quantiles.p95
    if middle is None or low is None or high is None:
        return NOTHING
    if middle < SHORT:
        return Said(format_duration(middle), f"({format_duration(low)} – {format_duration(high)})")
    unit, size = ("h", HOUR) if middle <= LONG else ("d", DAY)
    places = 1 if unit == "d" and middle < WHOLE_DAYS else 0
    ends = "–".join(format_number(end / size, decimals=places) for end in (low, high))
    return Said(f"{format_number(middle / size, decimals=places)}\u00a0{unit_symbol(unit)}", f"({ends})")


def say_seconds(seconds: float) -> str:
    """One time without an interval, for the slider and for map labels."""
    if seconds < SHORT or seconds <= LONG:
        return format_duration(seconds)
    return f"{format_number(seconds / DAY, decimals=1 if seconds < WHOLE_DAYS else 0)}\u00a0{unit_symbol('d')}"


def to_mg(kg_m3: float) -> float:
    """The unit of the tables; in SI a concentration is kg/m3."""
    return kg_m3 / UNITS["mg_l"].factor


def say_concentration(quantiles: Quantiles, threshold: float | None = None) -> Said:
    """Two significant digits in mg/L without the unit, which the head of the table has. `threshold` in kg/m3."""
    low, middle, high = quantiles.p05, quantiles.p50, quantiles.p95
    if middle is None or low is None or high is None:
        return NOTHING
    floor = _smallest_told(threshold)
    value = f"<\u00a0{format_number(to_mg(floor))}" if middle < floor else format_digits(to_mg(middle))
    if high < floor:
        return Said(value, "")
    low_text = format_digits(to_mg(low)) if low >= floor else "0"
    return Said(value, f"({low_text}–{format_digits(to_mg(high))})")


def _smallest_told(threshold: float | None) -> float:
    """A power of ten in kg/m3 that is small against the threshold."""
    return float(10.0 ** math.floor(math.log10(SMALLEST_SHARE * threshold))) if threshold else 1e-9


def format_digits(value: float, digits: int = 2) -> str:
    """A number with so many significant digits: 1.05 is 1.1 (1,1), 331 is 330."""
    if value <= 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(value))
    rounded = round(value, places)
    return format_number(rounded, decimals=max(digits - 1 - math.floor(math.log10(rounded)), 0))


def say_mg(kg_m3: float) -> str:
    """ "0,5 мг/л": one concentration with its unit."""
    return f"{format_number(to_mg(kg_m3))}{unit_gap('mg_l')}{unit_symbol('mg_l')}"


def say_probability(share: float) -> str:
    """Two places, never a certainty that a sample cannot give."""
    if share < 0.005:
        return f"<\u00a0{format_number(0.01, decimals=2)}"
    if share > 0.995:
        return f">\u00a0{format_number(0.99, decimals=2)}"
    return format_number(share, decimals=2)


def say_distance(metres: float) -> str:
    if metres < 1000:
        return format_quantity(float(round(metres, -1)), "m", wanted="m")
    return f"{format_number(metres / 1000, decimals=0 if metres >= 20_000 else 1)}\u00a0{unit_symbol('km')}"


# --- the clock -----------------------------------------------------------------------------------------------------


def name_zone(moment: dt.datetime) -> str:
    """ "UTC+5" of the reader's zone at that moment."""
    offset = timezone.localtime(moment).utcoffset() or dt.timedelta()
    hours, rest = divmod(round(offset.total_seconds() / 60), 60)
    return f"UTC{hours:+d}" + (f":{rest:02d}" if rest else "") if offset else "UTC"


def say_moment(moment: dt.datetime) -> str:
    """ "22.11 18:00" in the reader's zone; with the year where it is another one than now."""
    local = timezone.localtime(moment)
    return f"{local:%d.%m %H:%M}" if local.year == timezone.localtime().year else f"{local:%d.%m.%Y %H:%M}"


def round_moment(moment: dt.datetime, grid: dt.timedelta, *, is_up: bool = False) -> dt.datetime:
    """Down, or up, to a whole number of steps since midnight UTC."""
    midnight = moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rest = (moment - midnight) % grid
    return moment - rest + (grid if is_up and rest else dt.timedelta())


def say_window(start: dt.datetime, seconds: Sequence[float | None]) -> str:
    """From the first to the last of two times after the start, on the reader's clock: "22.11 15:00 – 22:00"."""
    if any(value is None for value in seconds):
        return ""
    grid = FINE if (seconds[1] or 0.0) - (seconds[0] or 0.0) < SHORT else COARSE
    low, high = (start + dt.timedelta(seconds=value or 0.0) for value in seconds)
    first, last = timezone.localtime(round_moment(low, grid)), timezone.localtime(round_moment(high, grid, is_up=True))
    if (last - first).total_seconds() > LONG_WINDOW:
        return f"{first:%d.%m} – {last:%d.%m.%Y}" if first.year == last.year else f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"
    if first.date() == last.date():
        return f"{first:%d.%m %H:%M} – {last:%H:%M}"
    return f"{first:%d.%m %H:%M} – {last:%d.%m %H:%M}"
