"""Words of the score tables for the templates."""

from __future__ import annotations

from typing import Any

from django import template

from boget.portal.assessments.selectors.wording import MARKS

register = template.Library()


@register.filter
def mark_words(status: str) -> Any:
    """What the mark of a coefficient says; nothing for a verified one, which has no mark."""
    return MARKS.get(status, "")
