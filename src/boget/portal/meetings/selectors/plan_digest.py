"""What letters say about the work plan: late items of the reader's own body in the digest; words and address of one item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext

from boget.portal.meetings.models import PlanItem, PlanState
from boget.portal.meetings.selectors.plan import find_item, list_late_items, say_text
from boget.portal.meetings.selectors.rights import group_access_of, items_reportable_by
from boget.portal.notifications.topics import DigestItem

LONGEST = 90


def list_late_lines(user: Any, day: dt.date) -> list[DigestItem]:
    """Late items that the reader answers for, the oldest first."""
    own = set(items_reportable_by(user).filter(plan__state=PlanState.APPROVED, due_end__lt=day).values_list("pk", flat=True))
    rows = [row for row in list_late_items(user, day) if row.item.pk in own] if own else []
    return [DigestItem(_say(row), reverse("meetings:plan-item", args=[row.item.plan.year, row.number])) for row in rows]


def filter_open_items(user: Any, refs: Collection[str]) -> set[str]:
    """Those of the items that the reader may see, with reports: members only."""
    if not group_access_of(user).is_member:
        return set()
    return {ref for ref in refs if _find(user, ref) is not None}


def find_item_address(ref: str) -> str:
    year, number = _split(ref) or (0, 0)
    return reverse("meetings:plan-item", args=[year, number])


def describe_item(ref: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The text of the item in the language of the letter."""
    parts = _split(ref)
    item = PlanItem.objects.filter(plan__year=parts[0], number=parts[1]).first() if parts else None
    if item is None:
        return {"text": ""}
    text, _language = say_text(item, "text", (get_language() or "ru")[:2])
    return {"text": Truncator(text).chars(LONGEST)}


def _find(user: Any, ref: str) -> PlanItem | None:
    parts = _split(ref)
    return find_item(user, *parts) if parts else None


def _split(ref: str) -> tuple[int, int] | None:
    """Year and number of 2022/3."""
    year, _slash, number = ref.partition("/")
    is_ref = all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, number))
    return (int(year), int(number)) if is_ref else None


def _say(row: Any) -> str:
    text = Truncator(row.text).chars(LONGEST)
    late = ngettext("overdue by %(days)s day", "overdue by %(days)s days", row.days_late) % {"days": row.days_late}
    return f"{row.ref} · {text} · {row.due_label} · {late}"
