"""Dates as people write them in Russian, Kazakh and English, known to the day, the month, the quarter or the year."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Any

from boget.portal.core.errors import refuse
from boget.portal.core.text import fold_keyboard

LONGEST = 60
FIRST_YEAR, LAST_YEAR = 1700, 2299
MONTHS = (
    "январь января янв january jan қаңтар қаң",
    "февраль февраля фев февр february feb ақпан ақп",
    "март марта мар march mar наурыз нау",
    "апрель апреля апр april apr сәуір сәу",
    "май мая may мамыр мам",
    "июнь июня июн june jun маусым мау",
    "июль июля июл july jul шілде шіл",
    "август августа авг august aug тамыз там",
    "сентябрь сентября сен сент september sep sept қыркүйек қыр",
    "октябрь октября окт october oct қазан қаз",
    "ноябрь ноября ноя нояб november nov қараша қар",
    "декабрь декабря дек december dec желтоқсан жел",
)
QUARTER_WORDS = "кв квартал квартала тоқсан quarter q"
NOISE_WORDS = "г год года году ж жыл жылы жылғы жылдың of the"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "і": 1, "іі": 2, "ііі": 3, "іv": 4}
KAZAKH_ENDING = re.compile(r"(?:нын|нін|дын|дін|тын|тін|да|де|та|те|дагы|дегі|тагы|тегі|ы|і)$")

_MONTH_OF = {fold_keyboard(word): number for number, words in enumerate(MONTHS, start=1) for word in words.split()}
_QUARTER = {fold_keyboard(word) for word in QUARTER_WORDS.split()}
_NOISE = {fold_keyboard(word) for word in NOISE_WORDS.split()}
_ISO = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?")
_POINTED = re.compile(r"(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})(?:\s*[гж]\.?)?")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def parse_partial_date(text: str, *, where: Any = "") -> str:
    """ISO form of a date as precise as it was written, or InvalidInput ``not_a_date``.

    >>> parse_partial_date("июль 2026"), parse_partial_date("2026 ж. шілде"), parse_partial_date("4 кв. 2026")
    ('2026-07', '2026-07', '2026-Q4')
    >>> parse_partial_date("22 July 2026"), parse_partial_date("22.07.2026"), parse_partial_date("2019")
    ('2026-07-22', '2026-07-22', '2019')
    """
    plain = " ".join(str(text).split()) if len(str(text)) <= LONGEST else ""
    parts = _read_iso(plain) or _read_pointed(plain) or _read_words(plain)
    written = _write(parts) if parts else ""
    if not written:
        raise refuse("not_a_date", where=where, value=str(text)[:LONGEST])
    return written


def is_partial_date(text: str) -> bool:
    """Whether a text is a date in the stored form: 2026, 2026-Q4, 2026-07, 2026-07-22.

    >>> is_partial_date("2026-02-31"), is_partial_date("2026-02")
    (False, True)
    """
    return isinstance(text, str) and _is_iso(text)


@lru_cache(maxsize=4096)
def _is_iso(text: str) -> bool:
    parts = _read_iso(text)
    return bool(parts) and _write(parts) == text


def end_of(text: str) -> dt.date:
    """The last day of a stored date: what it names is late from the day after. ValueError for any other text.

    >>> end_of("2022-06"), end_of("2022-Q4"), end_of("2024")
    (datetime.date(2022, 6, 30), datetime.date(2022, 12, 31), datetime.date(2024, 12, 31))
    """
    parts = _read_iso(text)
    if not parts or _write(parts) != text:
        raise ValueError(text)
    year, quarter, month, day = parts
    if day:
        return dt.date(year, month, day)
    last = month or 3 * quarter or 12
    return dt.date(year, last, calendar.monthrange(year, last)[1])


Parts = tuple[int, int, int, int]  # year, quarter, month, day; 0 where not given


def _read_iso(plain: str) -> Parts | None:
    found = _ISO.fullmatch(plain)
    if not found:
        return None
    year, quarter, month, day = (int(part) if part else 0 for part in found.groups())
    has_zero = "00" in (found[3], found[4])
    return None if has_zero else (year, quarter, month, day)


def _read_pointed(plain: str) -> Parts | None:
    found = _POINTED.fullmatch(plain)
    if not found or "0" in (found[1], found[2]) or "00" in (found[1], found[2]):
        return None
    return int(found[3]), 0, int(found[2]), int(found[1] or 0)


def _read_words(plain: str) -> Parts | None:
    """Year, month name or quarter, day in any order; a word that is none of these makes the text no date."""
    found: dict[str, list[int]] = {}
    for token in _TOKEN.findall(plain):
        kind, number = _classify(token)
        found.setdefault(kind, []).append(number)
    if "other" in found or any(len(numbers) > 1 for kind, numbers in found.items() if kind != "noise"):
        return None
    year, roman, month, small, is_quarter = (found.get(k, [0])[0] for k in ("year", "roman", "month", "small", "quarter"))
    if not year:
        return None
    if is_quarter:
        return None if month or bool(roman) == bool(small) else (year, roman or small, 0, 0)
    return None if roman or (small and not month) else (year, 0, month, small)


def _classify(token: str) -> tuple[str, int]:
    """What a token is: year, small (a number up to 99), month, roman, quarter, noise or other; with its number."""
    if token.isdecimal():
        number = int(token) if len(token) <= 4 else 0
        return ("year", number) if len(token) == 4 else ("small" if number and len(token) <= 2 else "other", number)
    folded = fold_keyboard(token)
    if folded in ROMAN:
        return "roman", ROMAN[folded]
    if folded in _QUARTER:
        return "quarter", 1
    if folded in _NOISE:
        return "noise", 0
    month = _MONTH_OF.get(folded) or _MONTH_OF.get(KAZAKH_ENDING.sub("", folded), 0)
    return ("month", month) if month else ("other", 0)


def _write(parts: Parts) -> str:
    """The stored form; empty for a day that is in no calendar."""
    year, quarter, month, day = parts
    if not FIRST_YEAR <= year <= LAST_YEAR or quarter > 4:
        return ""
    if quarter:
        return f"{year}-Q{quarter}"
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return ""
    return f"{year}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
