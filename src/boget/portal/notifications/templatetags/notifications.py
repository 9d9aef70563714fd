"""Tags of the topics' templates."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.simple_tag
def moment(iso: str) -> str:
    """A moment of an event's context (ISO 8601 with offset) as day, time and offset in the receiver's zone.

    ``{% moment starts_at as time %}`` gives 15.12.2026 10:00 (UTC+5). ValueError for a text that is no such moment.
    """
    if not iso:
        return ""
    local = timezone.localtime(dt.datetime.fromisoformat(iso))
    offset = local.utcoffset() or dt.timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    zone = f"UTC{sign}{hours}{f':{rest:02d}' if rest else ''}" if minutes else "UTC"
    return f"{date_format(local, 'SHORT_DATETIME_FORMAT')} ({zone})"
