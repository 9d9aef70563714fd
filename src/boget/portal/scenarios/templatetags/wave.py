"""Words of a forecast that templates put into sentences."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boget.portal.core.formatting import unit_gap, unit_symbol
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.advice import Advice
from boget.portal.scenarios.selectors.wave_rows import TargetRow
from boget.portal.scenarios.selectors.wave_words import Words, name_target

register = template.Library()

CLASS_WORDS = (
    gettext_lazy("under 6 h"),
    gettext_lazy("6–24 h"),
    gettext_lazy("1–2 d"),
    gettext_lazy("2–7 d"),
    gettext_lazy("7–30 d"),
    gettext_lazy("over 30 d"),
)


@register.simple_tag
def arrival_words() -> list[tuple[int, str]]:
    """Step of the ramp and its words, the soonest first."""
    return [(step, str(word)) for step, word in enumerate(CLASS_WORDS, start=1)]


@register.simple_tag
def row_flags(row: TargetRow, common: list[tuple[Words, str]]) -> list[tuple[Words, bool]]:
    """Flags of a row that are not told for the whole table, and whether each is a warning."""
    told = {str(word) for word, _share in common}
    pairs = [*((word, False) for word in row.flags), *((word, True) for word in row.warnings)]
    return [pair for pair in pairs if str(pair[0]) not in told]


@register.simple_tag
def way_length(metres: float | None) -> str:
    return saying.say_distance(metres) if metres is not None else "—"


@register.simple_tag
def advice_place(one: Advice) -> str:
    return name_target(one.forecast.target)


@register.simple_tag
def advice_moment(moment: dt.datetime) -> str:
    return saying.say_moment(moment)


@register.simple_tag
def advice_numbers(one: Advice) -> str:
    """The numbers behind the instruction, with their interval."""
    forecast = one.forecast
    values = {
        "arrival": saying.say_time(forecast.arrival_s),
        "peak": saying.say_concentration(forecast.peak),
        "unit": f"{unit_gap('mg_l')}{unit_symbol('mg_l')}",
        "share": saying.say_probability(forecast.probability),
    }
    return _("Arrival %(arrival)s, peak %(peak)s%(unit)s, probability above the limit %(share)s.") % values
