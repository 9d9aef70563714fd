"""The choices of a score table in words; limits are read from the table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from boget.portal.assessments.selectors.wording import CHOICES, say
from boget.portal.core.formatting import format_quantity
from boget.science.hazard import ScoreTable


def say_choice(table: ScoreTable, group: str, choice: str) -> str:
    """A choice of a group: the word of the register, or the range between two limits of the table."""
    if choice == "unknown":
        return _("unknown: the worst score counts")
    if group in CHOICES:
        return str(say(CHOICES[group], choice))
    return _say_range(table, group, choice)


def _say_range(table: ScoreTable, group: str, choice: str) -> str:
    steps = table.thresholds(group)
    found = next((place for place, step in enumerate(steps) if step.choice == choice), None)
    if found is None:
        return choice
    step = steps[found]
    low = format_quantity(step.value, step.unit)
    if found + 1 == len(steps):
        return f"{'≥' if step.is_inclusive else '>'} {low}"
    following = steps[found + 1]
    high = format_quantity(following.value, following.unit)
    if found > 0:
        return f"{'≥' if step.is_inclusive else '>'} {low}, {'<' if following.is_inclusive else '≤'} {high}"
    return high if following.value == step.value else f"{'<' if following.is_inclusive else '≤'} {high}"
