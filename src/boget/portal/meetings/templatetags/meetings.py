"""How meetings are written on pages: time with its zone, presence, bodies of a decision."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from boget.portal.accounts.models import LANGUAGE_NAMES
from boget.portal.core.templatetags.boget import chip
from boget.portal.meetings.markup import clean_html, write_html
from boget.portal.meetings.models import Attendance, Decision, Meeting
from boget.portal.meetings.services.minutes_paper import PaperPart

register = template.Library()


@register.simple_tag
def meeting_time(meeting: Meeting) -> str:
    """Day and hours by the clock of the place, with the offset: 15.12.2026 10:00–12:30 (UTC+5)."""
    start, end = meeting.local_start, meeting.local_end
    day = str(date_format(start.date(), "SHORT_DATE_FORMAT"))
    if not meeting.has_time:
        return day
    hours = f"{start:%H:%M}" + (f"–{end:%H:%M}" if end else "")
    return f"{day} {hours} ({_say_offset(start)})"


def _say_offset(moment: dt.datetime) -> str:
    minutes = round((moment.utcoffset() or dt.timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}" if minutes else "UTC"


@register.simple_tag
def language_names(codes: str) -> str:
    """Languages by their own names."""
    names = dict(LANGUAGE_NAMES)
    return ", ".join(names[code] for code in codes.split(",") if code in names)


@register.simple_tag
def presence(row: Attendance) -> SafeString:
    """Whether a person was there, as a chip."""
    if row.is_present is None:
        return chip("warn", gettext("unknown"))
    if row.is_present:
        return chip("ok", pgettext("attendance", "present"))
    return chip("neutral", pgettext("attendance", "absent"))


@register.simple_tag
def responsible(decision: Decision) -> str:
    """Short names of the bodies as they were on the day of the meeting."""
    day, language = decision.meeting.day, get_language() or "ru"
    return ", ".join(party.organisation.name_on(day, language, is_short=True) for party in decision.parties.all())


@register.filter
def minutes_html(html: str) -> SafeString:
    """Text of the minutes with its few tags; cleaned once more on the way out."""
    return mark_safe(clean_html(html))  # noqa: S308 - nothing but the tags of markup.py passes


@register.filter
def part_html(part: PaperPart) -> SafeString:
    """Blocks of a part of the paper as HTML."""
    return mark_safe(write_html(part.blocks))  # noqa: S308 - written from blocks, every text escaped
