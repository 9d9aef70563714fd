"""Which deadlines a person is reminded of: 30, 14, 3 and 0 days before, then weekly."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.models import OPEN_STATES, Action
from boget.portal.actions.selectors.overview import select_own
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.levels import Level
from boget.portal.notifications.models import DigestRhythm
from boget.portal.notifications.selectors import read_digest_rhythm
from boget.portal.notifications.topics import DigestItem

DAYS_BEFORE = (30, 14, 3, 0)
WEEK = 7
MOST_ITEMS = 30
LONGEST_TITLE = 100


def is_reminder_day(days_left: int, *, within: int = 1) -> bool:
    """Whether one of the last `within` days was a day of reminding: 30, 14, 3, 0 days before; late by 1, 8, 15 … days.

    >>> [days for days in range(31, -16, -1) if is_reminder_day(days)]
    [30, 14, 3, 0, -1, -8, -15]
    """
    return any(_is_day(days_left + back) for back in range(within))


def _is_day(days_left: int) -> bool:
    return days_left in DAYS_BEFORE if days_left >= 0 else (-days_left) % WEEK == 1


def list_digest_items(user: Any, day: dt.date) -> list[DigestItem]:
    """Lines of the digest: overdue ones first, the longest late on top, then what is due. Observers have none."""
    if access_of(user).roles <= {"observer"}:
        return []
    within = WEEK if read_digest_rhythm(user) == DigestRhythm.WEEKLY else 1
    last = day + dt.timedelta(days=max(DAYS_BEFORE))
    own = select_own(user).filter(state__in=OPEN_STATES, due_end__lte=last).order_by("due_end", "pk")
    return [write_item(action, day) for action in own if is_reminder_day(count_days(action, day), within=within)][:MOST_ITEMS]


def count_days(action: Action, day: dt.date) -> int:
    """Days from `day` to the last day of the date, below zero when it is over."""
    assert action.due_end is not None
    return (action.due_end - day).days


def write_item(action: Action, day: dt.date) -> DigestItem:
    """One line. A letter leaves the system: an action open to authorities is only named by its number."""
    days = count_days(action, day)
    is_closed = action.level >= Level.AUTHORITY
    title = _("an action open to authorities only") if is_closed else Truncator(action.title).chars(LONGEST_TITLE)
    parts = {"number": action.public_id, "title": title, "date": format_partial_date(action.due, short=True), "days": abs(days)}
    return DigestItem(_choose_words(days) % parts, reverse("actions:action", args=[action.public_id]))


def _choose_words(days: int) -> str:
    if days < 0:
        return ngettext(
            "%(number)s overdue by %(days)s day (due %(date)s): %(title)s",
            "%(number)s overdue by %(days)s days (due %(date)s): %(title)s",
            -days,
        )
    if days == 0:
        return _("%(number)s due today: %(title)s")
    return ngettext(
        "%(number)s due %(date)s, %(days)s day left: %(title)s", "%(number)s due %(date)s, %(days)s days left: %(title)s", days
    )


def list_due_on(day: dt.date) -> list[Action]:
    """Open actions whose last day this is."""
    return list(Action.objects.filter(state__in=OPEN_STATES, due_end=day).order_by("pk"))
