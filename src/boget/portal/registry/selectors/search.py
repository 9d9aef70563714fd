"""Search by name, number, operator or river in three spellings: exact, Russian keyboard, Latin.

Best match first: the start of a name, inside a name, without the Kazakh letters, in any Latin spelling.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from boget.portal.core.text import fold_exact, fold_keyboard, fold_latin
from boget.portal.registry.querysets import FacilityQuerySet

LONGEST = 120
SEPARATOR = "|"  # between the names of a key; nothing typed can hold it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, folded in the three ways."""

    exact: str
    keyboard: str
    latin: str

    @property
    def is_empty(self) -> bool:
        return not (self.exact or self.latin)


def fold_wanted(text: str) -> Wanted:
    plain = text.replace(SEPARATOR, " ")[:LONGEST]
    return Wanted(fold_exact(plain), fold_keyboard(plain), fold_latin(plain).strip())


def match_text(wanted: Wanted) -> Q:
    """Rows that match in one of the spellings. Every exact match is a keyboard match too, letter for letter."""
    found = Q(_holds("search_keyboard", wanted.keyboard))
    return found | Q(_holds("search_latin", wanted.latin)) if wanted.latin else found


def _holds(column: str, text: str) -> GreaterThan:
    """As ``contains``, but without a pattern: both sides are folded already, and a plain comparison is a third faster."""
    return GreaterThan(StrIndex(column, Value(text)), 0)


def add_rank(facilities: FacilityQuerySet, wanted: Wanted) -> FacilityQuerySet:
    """The rows with ``rank``: 0 for the best match to 3 for one in Latin letters only."""
    return facilities.annotate(
        rank=Case(
            When(search_exact__startswith=wanted.exact, then=Value(0)),
            When(_holds("search_exact", SEPARATOR + wanted.exact), then=Value(0)),
            When(_holds("search_exact", wanted.exact), then=Value(1)),
            When(_holds("search_keyboard", wanted.keyboard), then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
    )
