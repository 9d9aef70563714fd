"""Units at the edge: everything inside is SI, and this module is the only place that knows otherwise.

`UNITS` names the units, `convert` changes one into another, `parse_quantity` reads what people write in Russian,
Kazakh and English ("около 5,2 млн м³", "31 ± 0,5 м", "мың м³").

How a number is read (the national norm is a decimal comma and a space between groups of three):

=====================  ==========================================================================
``1 250,5``            1250.5; any kind of no-break space counts as a space
``1,250.5 1.250,5``    1250.5; two different separators, so the last one is the decimal mark
``1,250,000``          1250000; a mark that stands twice separates thousands
``1.250``              1.25; none of the three languages separates thousands by a point
``0,250 1250,250``     0.25 and 1250.25; such a comma cannot separate thousands
``1,250``              refused, ``ambiguous_number``: decimal in Russian, thousands in English
``1,250 млн м³``       1.25 million: a Russian or Kazakh тыс., млн, млрд, мың settles the language
``100 200``            100200; but ``24 31`` is refused, ``two_numbers``
=====================  ==========================================================================
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from boget.science.errors import InvalidInput

LARGEST = 1e30
"""Absolute SI value above which a number is refused as a slip."""
LONGEST_TEXT = 200
STANDARD_GRAVITY = 9.80665  # m/s2, exact by definition (3rd General Conference on Weights and Measures, 1901)
JULIAN_YEAR = 31_557_600.0  # s, 365.25 days, exact by definition (International Astronomical Union)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes
    ----------
    key, dimension : str
        Stable code used in rows, tables and figures; units of one dimension convert into each other.
    factor : float
        Value in SI of one unit (a dose rate in microsievert per hour, money in its currency).
    symbol_en, symbol_ru, symbol_kk, name : str
        Printed symbol per language; long English name, the portal's message to translate.
    plain : str
        Key of the unit without its thousand or million; the key itself for most.
    """

    key: str
    dimension: str
    factor: float
    symbol_en: str
    symbol_ru: str
    symbol_kk: str
    name: str
    plain: str

    @property
    def symbols(self) -> Mapping[str, str]:
        """Symbol by language code."""
        return {"en": self.symbol_en, "ru": self.symbol_ru, "kk": self.symbol_kk}


@dataclass(frozen=True, slots=True)
class Quantity:
    """What was read from a text; numbers are SI.

    Attributes
    ----------
    value, low, high : float, bounds None if the text gave none
        The value of a plain range is its middle.
    about : bool
        The text said "about".
    unit_seen : str
        Multiplier and unit as written; empty if the text gave none and the default unit was taken.
    dimension, interval : str
        As asked for; bounds are a ``declared_range``, a tolerance (``error``) or ``none``.
    """

    value: float
    low: float | None
    high: float | None
    about: bool
    unit_seen: str
    dimension: str
    interval: Literal["none", "declared_range", "error"]


# key | dimension | factor to SI | en | ru | kk | English name
_ROWS = """
1            |ratio        |1      |            |           |           |number
percent      |ratio        |0.01   |%           |%          |%          |per cent
permille     |ratio        |0.001  |‰           |‰          |‰          |per mille
person       |count        |1      |people      |чел.       |адам       |people
m            |length       |1      |m           |м          |м          |metre
mm           |length       |0.001  |mm          |мм         |мм         |millimetre
cm           |length       |0.01   |cm          |см         |см         |centimetre
km           |length       |1000   |km          |км         |км         |kilometre
m2           |area         |1      |m²          |м²         |м²         |square metre
ha           |area         |10000  |ha          |га         |га         |hectare
km2          |area         |1e6    |km²         |км²        |км²        |square kilometre
m3           |volume       |1      |m³          |м³         |м³         |cubic metre
l            |volume       |0.001  |L           |л          |л          |litre
thousand_m3  |volume=m3    |1e3    |thousand m³ |тыс. м³    |мың м³     |thousand cubic metres
million_m3   |volume=m3    |1e6    |million m³  |млн м³     |млн м³     |million cubic metres
km3          |volume       |1e9    |km³         |км³        |км³        |cubic kilometre
kg           |mass         |1      |kg          |кг         |кг         |kilogram
t            |mass         |1000   |t           |т          |т          |tonne
thousand_t   |mass=t       |1e6    |thousand t  |тыс. т     |мың т      |thousand tonnes
million_t    |mass=t       |1e9    |million t   |млн т      |млн т      |million tonnes
kg_m3        |density      |1      |kg/m³       |кг/м³      |кг/м³      |kilogram per cubic metre
t_m3         |density      |1000   |t/m³        |т/м³       |т/м³       |tonne per cubic metre
s            |time         |1      |s           |с          |с          |second
min          |time         |60     |min         |мин        |мин        |minute
h            |time         |3600   |h           |ч          |сағ        |hour
d            |time         |86400  |d           |сут        |тәул.      |day
year         |time         |YEAR   |yr          |год        |жыл        |year
m_s          |speed        |1      |m/s         |м/с        |м/с        |metre per second
km_h         |speed        |1/3.6  |km/h        |км/ч       |км/сағ     |kilometre per hour
m_year       |speed        |1/YEAR |m/yr        |м/год      |м/жыл      |metre per year
m3_s         |discharge    |1      |m³/s        |м³/с       |м³/с       |cubic metre per second
m3_h         |discharge    |1/3600 |m³/h        |м³/ч       |м³/сағ     |cubic metre per hour
l_s          |discharge    |0.001  |L/s         |л/с        |л/с        |litre per second
mg_l         |concentration|0.001  |mg/L        |мг/дм³     |мг/дм³     |milligram per litre
ug_l         |concentration|1e-6   |µg/L        |мкг/дм³    |мкг/дм³    |microgram per litre
g_l          |concentration|1      |g/L         |г/дм³      |г/дм³      |gram per litre
m_s2         |acceleration |1      |m/s²        |м/с²       |м/с²       |metre per second squared
g            |acceleration |GRAVITY|g           |g          |g          |standard gravity
pa           |pressure     |1      |Pa          |Па         |Па         |pascal
kpa          |pressure     |1e3    |kPa         |кПа        |кПа        |kilopascal
pa_s         |viscosity    |1      |Pa·s        |Па·с       |Па·с       |pascal second
rad          |angle        |1      |rad         |рад        |рад        |radian
deg          |angle        |DEGREE |°           |°          |°          |degree
usv_h        |dose_rate    |1      |µSv/h       |мкЗв/ч     |мкЗв/сағ   |microsievert per hour
bq_kg        |activity     |1      |Bq/kg       |Бк/кг      |Бк/кг      |becquerel per kilogram
usd          |money_usd    |1      |USD         |долл. США  |АҚШ доллары|United States dollar
kzt          |money_kzt    |1      |KZT         |тенге      |теңге      |tenge
"""
# key: further spellings (spaces and dots are free; case is free for Cyrillic and for long words)
_OTHER_SPELLINGS = """
percent: percent процент процентов пайыз
permille: промилле
person: person человек persons
m: metre metres meter meters метр метра метров
mm: миллиметр
cm: сантиметр
km: KM kilometres kilometers километр километра километров шақырым
m2: sqm кв.м м.кв шаршы.метр
ha: HA hectare hectares гектар гектара гектаров
km2: sqkm кв.км км.кв шаршы.км
m3: cu.m куб.м м.куб кубометр кубометра кубометров текше.метр cubic.metres cubic.meters кубических.метров
l: l litre litres литр литров
million_m3: Mm³ Mcm
km3: куб.км
kg: килограмм
t: tonne tonnes тонна тонны тонн
thousand_t: kt кт
million_t: Mt Мт
t_m3: g/cm³ г/см³
s: sec сек секунд
min: минут
h: hours час часа часов сағат
d: days сутки суток дней тәулік
year: a year years лет года
m_s: м/сек
m_year: m/year m/a
m3_s: м³/сек
m3_h: м³/час
l_s: l/s л/сек
mg_l: mg/l мг/л mg/dm³
ug_l: µg/l ug/l ug/L мкг/л
g_l: g/l г/л kg/m³ кг/м³
deg: deg градус градусов
usd: $ долл доллар долларов
kzt: ₸ тг
"""
_FACTORS = {"YEAR": JULIAN_YEAR, "GRAVITY": STANDARD_GRAVITY, "DEGREE": math.pi / 180}


def _squeeze(spelling: str) -> str:
    return re.sub(r"[\s.]", "", spelling).replace("³", "3").replace("²", "2").replace("^", "")


def _read_factor(text: str) -> float:
    return _FACTORS[text] if text in _FACTORS else float(text)


def _read_rows() -> tuple[dict[str, Unit], dict[str, dict[str, str]]]:
    units: dict[str, Unit] = {}
    spellings: dict[str, dict[str, str]] = {}
    further = dict(line.split(": ", 1) for line in _OTHER_SPELLINGS.strip().splitlines())
    for row in _ROWS.strip().splitlines():
        key, kind, factor, en, ru, kk, name = (cell.strip() for cell in row.split("|"))
        dimension, _, plain = kind.partition("=")
        top, _, bottom = factor.partition("/")
        size = _read_factor(top) / _read_factor(bottom or "1")
        units[key] = Unit(key, dimension, size, en, ru, kk, name, plain or key)
        for spelling in (en, ru, kk, *further.get(key, "").split()):
            spellings.setdefault(dimension, {})[_squeeze(spelling)] = key
    return units, spellings


_units, _spellings = _read_rows()
UNITS: Mapping[str, Unit] = MappingProxyType(_units)
"""All units by key."""
DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {unit.dimension: unit.key for unit in reversed(_units.values()) if unit.factor == 1}
)
"""Key of the SI unit of each dimension."""


def unit_of(key: str) -> Unit:
    """Return the unit with this key.

    Raises
    ------
    InvalidInput
        ``unknown_unit``.
    """
    if key not in UNITS:
        raise InvalidInput("unknown_unit", where="unit", value=key, allowed=", ".join(UNITS))
    return UNITS[key]


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """Convert a number from one unit into another of the same dimension.

    Raises
    ------
    InvalidInput
        ``unknown_unit``, ``unit_dimension`` or ``not_finite``.

    Examples
    --------
    >>> convert(5.2, "million_m3", "m3")
    5200000.0
    """
    source, target = unit_of(from_unit), unit_of(to_unit)
    if source.dimension != target.dimension:
        raise _wrong_dimension(to_unit, source.dimension)
    if not math.isfinite(value):
        raise InvalidInput("not_finite", where=f"conversion from {from_unit}", value=value)
    return value if source is target else value * source.factor / target.factor


def find_unit(spelling: str, dimension: str) -> Unit:
    """Find a unit by what people write; the dimension settles spellings that mean two things.

    Case is free for Cyrillic and for long words only: "Mg" is not "mg" and "Mm3" is not "mm3".

    Raises
    ------
    InvalidInput
        ``unknown_unit`` with the spellings of the dimension.
    """
    known = _spellings[_require_dimension(dimension)]
    text = _squeeze(spelling)
    is_case_free = bool(re.search(r"[^\W\da-zA-Zµ]", text)) or (text.isalpha() and len(text) > 3)
    key = known.get(text) or (known.get(text.lower()) if is_case_free else None)
    if not text or key is None:
        symbols = sorted({unit.symbol_en or "no unit" for unit in UNITS.values() if unit.dimension == dimension})
        raise InvalidInput("unknown_unit", where=f"unit of {dimension}", value=spelling, allowed=", ".join(symbols))
    return UNITS[key]


def _wrong_dimension(key: str, dimension: str) -> InvalidInput:
    allowed = ", ".join(unit.key for unit in UNITS.values() if unit.dimension == dimension)
    return InvalidInput("unit_dimension", where=f"unit of {dimension}", value=key, allowed=allowed)


def _require_dimension(dimension: str) -> str:
    if dimension not in DIMENSIONS:
        raise InvalidInput("unknown_choice", where="dimension", value=dimension, allowed=", ".join(DIMENSIONS))
    return dimension


# --- reading what people write -------------------------------------------------------------------------------------

_NUMBER = r"[+-]?[0-9](?:[0-9 .,]*[0-9])?(?:[eE][+-]?[0-9]{1,3})?"
_TAIL = r"[^0-9±()–]*(?:[23](?:\s*[/·][^0-9±()–]+[23]?)?)?"
_PART = rf"(?:{_NUMBER}){_TAIL}"
_ONE_PART = re.compile(rf"(?P<number>{_NUMBER})(?P<tail>.*)", re.DOTALL)
_TOLERANCE = re.compile(rf"({_PART})±({_PART})")
_BRACKETS = re.compile(rf"({_PART})\(({_PART})–({_PART})\)")
_RANGE = re.compile(rf"({_PART})–({_PART})")
_WORD_RANGE = re.compile(r"(?:от|from|between)\s+(.+?)\s+(?:до|to|and)\s+(.+)", re.IGNORECASE)
_KAZAKH_RANGE = re.compile(
    r"(.+?)\s*-?(?:дан|ден|тан|тен|нан|нен)\s+(.+?)\s*-?(?:ке|ге|қа|ға)\s+дейін(?=\s|$)(.*)", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:[≈~∼≃]|(?:около|примерно|приблизительно|порядка|ок\.|about|approximately|approx\.?|around|roughly|circa|ca\.?"
    r"|шамамен)(?=[\s\d]))\s*",
    re.IGNORECASE,
)
_ONE_SIDED = re.compile(
    r"[<>≤≥]|(?:до|от|не менее|не более|более|менее|свыше|up to|over|under|more than|less than|at least|at most|from"
    r"|кемінде|ең көбі)\s",
    re.IGNORECASE,
)
_MULTIPLIER = re.compile(
    r"(?:(?P<thousand>тысяч[аи]?(?!\w)|тыс\.?|мың|thousand(?!\w))"
    r"|(?P<million>миллион(?:а|ов)?(?!\w)|млн\.?|million(?!\w)|mln\.?)"
    r"|(?P<billion>миллиард(?:а|ов)?(?!\w)|млрд\.?|billion(?!\w)|bn(?!\w)))\s*",
    re.IGNORECASE,
)
_DASH = re.compile(
    r"(?<![0-9][eE])(?<=[\w²³%‰°.])\s?(?:[-–—−]|…|\.\.\.)\s?(?=[-−+]?[0-9])"  # not the minus of 2.5e-3
    r"|(?<=\S) to (?=[0-9])"
)
_SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_GROUPED = (
    (re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?"), ""),
    (re.compile(r"[+-]?[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?"), " "),
    (re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:,[0-9]{3})+\.[0-9]+)"), ","),
    (re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+,[0-9]+)"), "."),
)
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


class _Part(NamedTuple):
    """One number with its tail, not yet scaled."""

    number: str
    multiplier: float | None
    is_national: bool
    unit: Unit | None
    tail: str

    @property
    def is_bare(self) -> bool:
        return self.multiplier is None and self.unit is None

    def scale(self, default: Unit) -> float:
        if self.unit is None and self.multiplier is not None:
            return self.multiplier * UNITS[default.plain].factor
        return (self.multiplier or 1.0) * (self.unit or default).factor


def parse_quantity(text: str, dimension: str, *, default_unit: str | None = None) -> Quantity:
    """Read a number with its unit, range, tolerance and "about" from a text.

    Parameters
    ----------
    text : str
        For example ``"около 5,2 млн м³"``, ``"30–34 млн м³"``, ``"31 ± 0,5 м"``, ``"32,0 млн м³ (30–34)"``.
    dimension : str
        Key of `DIMENSIONS`, for example ``"volume"``.
    default_unit : str, optional
        Unit of a text that names none (the head of an import column); the SI unit if not given.

    Returns
    -------
    Quantity
        SI numbers.

    Raises
    ------
    InvalidInput
        ``empty``, ``too_long``, ``not_a_number``, ``ambiguous_number``, ``two_numbers``, ``one_sided``,
        ``reversed_range``, ``interval_order``, ``unknown_unit``, ``unit_dimension``, ``unknown_choice``, ``not_finite``
        or ``too_large``.

    Examples
    --------
    >>> parse_quantity("5200 тыс. м³", "volume").value
    5200000.0
    >>> found = parse_quantity("шамамен 30–34 млн м³", "volume")
    >>> found.low, found.high, found.about, found.unit_seen
    (30000000.0, 34000000.0, True, 'млн м³')
    """
    default = _default_of(dimension, default_unit)
    plain, is_about = _clean(text)
    for pattern, build in _SHAPES:
        found = pattern.fullmatch(plain)
        if found:
            value, low, high, seen, kind = build(found.groups(), default)
            return _check(Quantity(value, low, high, is_about, seen, dimension, kind), text)
    part = _read_part(plain, dimension)
    return _check(Quantity(_value(part, default), None, None, is_about, part.tail, dimension, "none"), text)

_Reading = tuple[float, float, float, str, Literal["declared_range", "error"]]


def _from_range(pieces: tuple[str, ...], default: Unit) -> _Reading:
    parts = _share([_read_part(piece, default.dimension) for piece in pieces])
    low, high = (_value(part, default) for part in parts)
    return (low + high) / 2, low, high, parts[-1].tail, "declared_range"


def _from_brackets(pieces: tuple[str, ...], default: Unit) -> _Reading:
    parts = _share([_read_part(piece, default.dimension) for piece in pieces])
    value, low, high = (_value(part, default) for part in parts)
    return value, low, high, parts[0].tail, "declared_range"


def _from_tolerance(pieces: tuple[str, ...], default: Unit) -> _Reading:
    centre, spread = pieces
    if spread.rstrip().endswith("%") and default.dimension != "ratio":
        part = _read_part(centre, default.dimension)
        value = _value(part, default)
        half = abs(value) * _value(_read_part(spread, "ratio"), UNITS["1"])
    else:
        part, other = _share([_read_part(piece, default.dimension) for piece in pieces])
        value, half = _value(part, default), _value(other, default)
    if half < 0:
        raise _refuse("reversed_range", spread)
    return value, value - half, value + half, part.tail, "error"


_SHAPES = ((_BRACKETS, _from_brackets), (_TOLERANCE, _from_tolerance), (_RANGE, _from_range))


def _default_of(dimension: str, key: str | None) -> Unit:
    unit = unit_of(key or DIMENSIONS[_require_dimension(dimension)])
    if unit.dimension != _require_dimension(dimension):
        raise _wrong_dimension(unit.key, dimension)
    return unit


def _clean(text: str) -> tuple[str, bool]:
    """Return the text with one kind of space, dash and power, and whether it said "about"."""
    plain = re.sub(r"\s+", " ", re.sub(r"[\u200b\u2060\ufeff]", "", text)).strip()
    if not plain:
        raise _refuse("empty", text)
    if len(plain) > LONGEST_TEXT:
        raise _refuse("too_long", text)
    if re.fullmatch(r"[+−-]?(?:nan|inf(?:inity)?|∞)", plain, re.IGNORECASE):
        raise _refuse("not_finite", text)
    about = _ABOUT.match(plain)
    plain = plain[about.end() :] if about else plain
    plain = _WORD_RANGE.sub(r"\1 – \2", _KAZAKH_RANGE.sub(r"\1 – \2\3", plain))
    if _ONE_SIDED.match(plain):
        raise _refuse("one_sided", text)
    return _plain_marks(plain), bool(about)


def _plain_marks(plain: str) -> str:
    plain = re.sub(r"\+\s?/\s?[-−]|\+-", "±", plain)
    plain = _DASH.sub("–", plain)
    return re.sub(r"\s*([–±()])\s*", r"\1", re.sub(r"−(?=[0-9])", "-", plain))


def _read_part(piece: str, dimension: str) -> _Part:
    found = _ONE_PART.fullmatch(piece.strip())
    if found is None:
        raise _refuse("not_a_number", piece)
    tail = found["tail"].strip()
    if re.search(r"(?<![^\W\d_^])[0-9]|[0-9]{2}", tail.replace("^", "")):
        raise _refuse("two_numbers", piece)
    sized = _MULTIPLIER.match(tail)
    rest = tail[sized.end() :] if sized else tail
    unit = find_unit(rest, dimension) if _squeeze(rest) else None
    if sized and unit and unit.plain != unit.key:
        raise InvalidInput("unknown_unit", where="number", value=tail, allowed="one multiplier before the unit")
    size = _SIZES[sized.lastgroup or ""] if sized else None
    is_national = bool(sized and re.search(r"[^\W\da-zA-Z]", sized.group()))
    return _Part(found["number"], size, is_national, unit, tail)


def _share(parts: list[_Part]) -> list[_Part]:
    """Let a part without unit take it from its neighbour: "30–34 млн м³", "800 тыс. – 1,2 млн м³"."""
    givers = [part for part in reversed(parts) if part.unit] or [part for part in parts if not part.is_bare]
    giver = givers[0] if givers else parts[0]
    return [giver._replace(number=part.number) if part.is_bare else part._replace(unit=part.unit or giver.unit)
            for part in parts]  # fmt: skip


def _value(part: _Part, default: Unit) -> float:
    return _number(part) * part.scale(default)


def _number(part: _Part) -> float:
    mantissa, _, exponent = part.number.lower().partition("e")
    if _AMBIGUOUS.fullmatch(mantissa) and not part.is_national:
        raise _refuse("ambiguous_number", part.number)
    for pattern, separator in _GROUPED:
        if pattern.fullmatch(mantissa):
            ungrouped = mantissa.replace(separator, "") if separator else mantissa
            return float(ungrouped.replace(",", ".") + (f"e{exponent}" if exponent else ""))
    raise _refuse("two_numbers" if " " in mantissa else "not_a_number", part.number)


def _check(found: Quantity, text: str) -> Quantity:
    numbers = [number for number in (found.low, found.value, found.high) if number is not None]
    if not all(math.isfinite(number) and abs(number) <= LARGEST for number in numbers):
        raise _refuse("too_large", text)
    if found.low is not None and found.high is not None and found.low > found.high:
        raise _refuse("reversed_range", text)
    if numbers != sorted(numbers):
        raise _refuse("interval_order", text)
    return found


def _refuse(code: str, text: str) -> InvalidInput:
    return InvalidInput(code, where="number", value=text, allowed="one number with its unit, or a range")
