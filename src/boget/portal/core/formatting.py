"""How numbers, units, intervals, durations and dates are written in Russian, Kazakh and English.

Rules: docs of the interface (decimal comma in ru and kk, thin no-break space between thousands in all three, units in the
reader's script, no more digits than the interval supports or the source gave).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import get_decimal_symbol
from django.utils.translation import get_language, gettext, npgettext, pgettext

from boget.science.provenance import Figure, convert_figure, round_figure
from boget.science.units import UNITS, Unit, convert, unit_of

THIN_SPACE = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
LANGUAGES = ("ru", "kk", "en")
MOST_DIGITS = 6
"""Significant digits of a value whose source and interval set no smaller number."""
UNITS_BY_SIZE: dict[str, tuple[tuple[float, str], ...]] = {
    "m3": ((1e6, "million_m3"), (1e4, "thousand_m3")),
    "t": ((1e6, "million_t"), (1e4, "thousand_t")),
    "m": ((1e3, "km"),),
    "m2": ((1e6, "km2"), (1e4, "ha")),
}
"""From which size on a value of a unit is written in a larger one."""
SPACED_PERCENT = ("ru",)
"""Languages that put a space before the per cent sign."""


def current_language(language: str | None = None) -> str:
    code = (language or get_language() or "ru")[:2]
    return code if code in LANGUAGES else "ru"


# --- numbers -------------------------------------------------------------------------------------------------------


def count_decimals(value: float) -> int:
    """Decimal places that a number was given with: 31.0 has none, 1.42 has two."""
    text = format(Decimal(repr(value)).normalize(), "f")
    return len(text.partition(".")[2])


def format_number(value: float, *, decimals: int | None = None, language: str | None = None) -> str:
    """Write a number; `decimals` below zero rounds to tens and hundreds. Not finite raises ValueError."""
    if not math.isfinite(value):
        raise ValueError("a number that is not finite cannot be written")
    places = _usual_decimals(value) if decimals is None else decimals
    rounded = round(Decimal(repr(float(value))), places)
    text = f"{rounded:,.{max(places, 0)}f}"
    text = text.replace(",", "_").replace(".", get_decimal_symbol(current_language(language)))
    return text.replace("_", THIN_SPACE).replace("-", MINUS) if rounded else text.replace("_", THIN_SPACE).lstrip("-")


def _usual_decimals(value: float) -> int:
    """Places the number has, at most six significant digits: a product such as 0.30000000000000004 has one."""
    if value == 0:
        return 0
    most = max(MOST_DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
    return count_decimals(round(value, most))


# --- units ---------------------------------------------------------------------------------------------------------


def choose_unit(value: float, unit: str, wanted: str = "") -> Unit:
    """The unit to write a value in: the wanted one, else a larger one for large values."""
    if wanted:
        return unit_of(wanted)
    larger = next((key for size, key in UNITS_BY_SIZE.get(unit, ()) if abs(value) >= size), unit)
    return unit_of(larger)


def unit_symbol(unit: str, language: str | None = None) -> str:
    return UNITS[unit].symbols[current_language(language)] if unit in UNITS else unit


def unit_gap(unit: str, language: str | None = None) -> str:
    """What stands between number and unit: nothing before a degree, and before per cent only in Russian a space."""
    if unit == "deg" or (unit in {"percent", "permille"} and current_language(language) not in SPACED_PERCENT):
        return ""
    return NO_BREAK


def format_quantity(value: float, unit: str, *, wanted: str = "", language: str | None = None) -> str:
    """Number and unit without an interval, for text that is not a figure: "12 м³/с"."""
    shown = choose_unit(value, unit, wanted)
    number = format_number(convert(value, unit, shown.key), language=language)
    symbol = unit_symbol(shown.key, language)
    return f"{number}{unit_gap(shown.key, language)}{symbol}" if symbol else number


# --- figures -------------------------------------------------------------------------------------------------------


class FigureText:
    """The parts of a figure as written: value, unit, interval.

    decimals: places of value and interval alike, for a column of one kind; without it the interval decides.
    """

    def __init__(
        self, figure: Figure, *, wanted: str = "", language: str | None = None, decimals: int | None = None
    ) -> None:
        if figure.value is None:
            raise ValueError("an unknown figure has no text")
        self.language = current_language(language)
        self.figure = figure
        self.shown = choose_unit(figure.value, figure.unit, wanted)
        self.decimals = decimals
        converted = convert_figure(figure, self.shown.key)
        self.rounded = round_figure(converted) if decimals is None else converted

    @property
    def has_interval(self) -> bool:
        return self.figure.interval != "none"

    @property
    def value(self) -> str:
        about = "≈" + NO_BREAK if self.figure.about else ""
        return about + self._write(self.rounded.value)

    @property
    def unit(self) -> str:
        return unit_symbol(self.shown.key, self.language)

    @property
    def gap(self) -> str:
        return unit_gap(self.shown.key, self.language) if self.unit else ""

    @property
    def ends(self) -> tuple[str, str]:
        """Lower and upper end as written, empty where the interval is open."""
        return self._write(self.rounded.low), self._write(self.rounded.high)

    @property
    def error(self) -> str:
        """The half width, if the interval is an error and lies evenly around the value; else empty."""
        value, low, high = self.rounded.value, self.rounded.low, self.rounded.high
        if self.figure.interval != "error" or value is None or low is None or high is None:
            return ""
        is_even = math.isclose(high - value, value - low, rel_tol=1e-6)
        return format_number(high - value, language=self.language) if is_even else ""

    @property
    def interval(self) -> str:
        if not self.has_interval:
            return ""
        return f"±{self.error}" if self.error else f"({join_ends(*self.ends)})"

    def _write(self, amount: float | None) -> str:
        if amount is None:
            return ""
        return format_number(amount, decimals=self._places(amount), language=self.language)

    def _places(self, amount: float) -> int:
        # a value from outside keeps the digits it was given with; ours shows its last place even if that is a zero
        if self.decimals is not None:
            return self.decimals
        given = _usual_decimals(amount)
        low, high = self.rounded.low, self.rounded.high
        if self.figure.kind in {"measured", "declared"} or low is None or high is None or low == high:
            return given
        return max(given, 1 - math.floor(math.log10(round(high - low, 12))), 0)


def join_ends(low: str, high: str) -> str:
    """A range in writing: with an en dash, in words where an end is negative or open."""
    if low and high:
        if MINUS in low + high:
            return gettext("from %(low)s to %(high)s") % {"low": low, "high": high}
        return f"{low}–{high}"
    if low:
        return gettext("from %(low)s") % {"low": low}
    return gettext("up to %(high)s") % {"high": high}


# --- time ----------------------------------------------------------------------------------------------------------


def format_duration(seconds: float, language: str | None = None) -> str:
    """Under 3 h hours and minutes, up to 72 h whole hours, longer days with one place."""
    code = current_language(language)
    if seconds < 0:
        return MINUS + format_duration(-seconds, code)
    if seconds < 60:
        return _with_unit(round(seconds), "s", code)
    minutes = round(seconds / 60)
    if minutes < 180:
        return _hours_minutes(minutes, code)
    if seconds <= 72 * 3600:
        return _with_unit(round(seconds / 3600), "h", code)
    return _with_unit(round(seconds / 86400, 1), "d", code)


def _hours_minutes(minutes: int, code: str) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_with_unit(hours, "h", code)] if hours else []
    return NO_BREAK.join(parts + ([_with_unit(rest, "min", code)] if rest or not hours else []))


def _with_unit(number: float, unit: str, code: str) -> str:
    return f"{format_number(number, language=code)}{NO_BREAK}{unit_symbol(unit, code)}"


_PARTIAL = re.compile(r"(\d{4})(?:-(?:(?:Q([1-4]))|(?:(\d{2})(?:-(\d{2}))?)))?")
_ROMAN = ("", "I", "II", "III", "IV")
_LONG = {"ru": "d MMMM y 'г.'", "kk": "y 'жылғы' d MMMM", "en": "d MMMM y"}
_MONTH = {"ru": "LLLL y 'г.'", "kk": "y 'жылғы' MMMM", "en": "LLLL y"}
_QUARTER = {"ru": "{roman} квартал {year} г.", "kk": "{year} жылғы {roman} тоқсан", "en": "Q{quarter} {year}"}
_YEAR = {"ru": "{year} г.", "kk": "{year} ж.", "en": "{year}"}


def format_partial_date(iso: str, *, short: bool = False, language: str | None = None) -> str:
    """A date known to the day, month, quarter or year ("2025-05-02", "2025-05", "2025-Q2", "2025"); other text as it is."""
    found = _PARTIAL.fullmatch(str(iso).strip()[:10])
    if not found:
        return str(iso)
    year, quarter, month, day = (int(part) if part else 0 for part in found.groups())
    code = current_language(language)
    try:
        when = dt.date(year, month or 1, day or 1)
    except ValueError:
        return str(iso)
    if short:
        return _short_date(when, quarter, has_month=bool(month), has_day=bool(day))
    if not month:
        pattern = _QUARTER[code] if quarter else _YEAR[code]
        return pattern.format(year=year, quarter=quarter, roman=_ROMAN[quarter]).replace(" ", NO_BREAK)
    return format_date(when, (_LONG if day else _MONTH)[code], locale=code).replace(" г.", NO_BREAK + "г.")


def _short_date(when: dt.date, quarter: int, *, has_month: bool, has_day: bool) -> str:
    if quarter:
        return pgettext("short date", "Q%(quarter)s %(year)s") % {"quarter": quarter, "year": when.year}
    if not has_month:
        return f"{when:%Y}"
    return f"{when:%d.%m.%Y}" if has_day else f"{when:%m.%Y}"


def count_sources(number: int) -> str:
    return npgettext("figure", "%(number)s source", "%(number)s sources", number) % {"number": number}
