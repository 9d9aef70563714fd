"""The period of a report, and what every part of it is built with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date
from django.utils import timezone

from boget.portal.accounts.models import Organisation
from boget.portal.core.formatting import format_number
from boget.portal.registry.selectors.past import end_of_day
from boget.portal.reports.progress.audience import Audience
from boget.portal.reports.progress.context import Number

KAZAKH_MONTHS_OF_ACTS = (
    "қаңтардағы", "ақпандағы", "наурыздағы", "сәуірдегі", "мамырдағы", "маусымдағы", "шілдедегі", "тамыздағы",
    "қыркүйектегі", "қазандағы", "қарашадағы", "желтоқсандағы",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Names of bodies in one language, each asked for once."""

    language: str
    kept: dict[tuple[int, dt.date, bool], str] = field(default_factory=dict)

    def name(self, body: Organisation, day: dt.date, *, is_short: bool = True) -> str:
        """What a paper of a day prints for a body."""
        key = (body.pk, day, is_short)
        if key not in self.kept:
            self.kept[key] = body.name_on(day, self.language, is_short=is_short)
        return self.kept[key]


@dataclass(frozen=True)
class Frame:
    """Reader, days and language of the report that is being built. user None: the system itself."""

    user: Any
    audience: Audience
    since: dt.date
    until: dt.date
    year: int
    language: str
    day: dt.date
    names: Names

    @property
    def as_of(self) -> dt.date:
        """The day whose end the numbers stand for where the log allows: the last of the period that has begun."""
        return min(self.until, self.day)

    @property
    def start(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.since, dt.time()), timezone.get_default_timezone())

    @property
    def end(self) -> dt.datetime:
        """The first moment after ``as_of``."""
        return end_of_day(self.as_of)


def say_day(day: dt.date, language: str) -> str:
    """A day in running text of a paper: 21 января 2022 года, 2022 жылғы 21 қаңтар, 21 January 2022."""
    pattern = {"ru": "d MMMM y 'года'", "kk": "y 'жылғы' d MMMM"}.get(language, "d MMMM y")
    return format_date(day, pattern, locale=language).replace(" ", "\u00a0", 1)


def say_day_of_act(day: dt.date, language: str) -> str:
    """A day before the number of an act, in Kazakh in the form that it needs there."""
    if language != "kk":
        return say_day(day, language)
    return f"{day.year} жылғы {day.day} {KAZAKH_MONTHS_OF_ACTS[day.month - 1]}"


def short_day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def count(value: int, source: str, *, link: str = "") -> Number:
    """A known number of things."""
    return Number(value, format_number(value), source, link)


def local_day(moment: dt.datetime) -> dt.date:
    """The day of a moment in the zone of the installation."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()
