"""Two writers, one record: for each field what it was, what the other made of it, what is typed now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from boget.portal.registry.models import Record
from boget.portal.registry.selectors.past import read_values_at_version
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.wording import say_claim, say_source
from boget.portal.registry.values import Value


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the conflict page."""

    item: Any
    opened: str
    theirs: str
    theirs_source: str
    is_theirs_new: bool


def compare_versions(current: Record, changed: Iterable[Any], *, version: int, level: int) -> list[Line]:
    """Lines for the changed inputs of a form that was opened with an earlier version of the record."""
    before = read_values_at_version(current, version)
    return [_compare(current, item, before.get(item.field.code, Value()), level=level) for item in changed]


def _compare(current: Record, item: Any, before: Value, *, level: int) -> Line:
    now = read_value(current, item.field, level=level)
    is_new = now.shown is not None and not now.shown.says_the_same(before.shown)
    return Line(item, say_claim(item.field, before.shown), say_claim(item.field, now.shown), say_source(now.shown), is_new)
