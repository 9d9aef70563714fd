"""Fifths of the hazard index over the rated facilities that the reader may see.

The index has no official class limits, so a class only says where a facility stands among those loaded here.
"""

from __future__ import annotations

import secrets
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext, ngettext

from boget.portal.accounts.selectors import access_of
from boget.portal.core.formatting import format_number
from boget.portal.registry.choices import Disclosure, RecordKind
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.scores import add_scores, add_thi

CLASSES = 5
FEWEST = 5  # values: with fewer a fifth means nothing
SCALE = (0.0, 1.0)  # of the bars while nothing is scored
STAMP = "registry.stamp"  # of what is kept: changes with every record and every score
KEPT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Quintiles:
    """Upper edges of the classes 1 to 4 in rising order (none: too few values), and the ends of the scale of the bars.

    visible: facilities that the reader sees, with an index or without. rated: those that the edges come from, or that are
    too few for edges.
    """

    edges: tuple[float, ...] = ()
    low: float = SCALE[0]
    high: float = SCALE[1]
    visible: int = 0
    rated: int = 0

    def classify(self, value: float | None) -> int | None:
        """1 lowest fifth to 5 highest; None: too little data. Equal values are in the same class."""
        if value is None or not self.edges:
            return None
        return 1 + bisect_left(self.edges, value)

    def select(self, step: str) -> Q:
        """Rows of a class: 1 to 5 or unknown."""
        if step == "unknown":
            return Q(thi_value__isnull=True) if self.edges else Q()
        if not self.edges:
            return Q(pk__in=())
        rank, wanted = int(step), Q(thi_value__isnull=False)
        if rank > 1:
            wanted &= Q(thi_value__gt=self.edges[rank - 2])
        if rank < CLASSES:
            wanted &= Q(thi_value__lte=self.edges[rank - 1])
        return wanted


def choose_values(rated: Iterable[tuple[str, float | None]]) -> list[float]:
    """The values that set the edges, from (kind of record, value).

    A planned facility has no value. A record of several ponds has one, but it is no facility and its ponds may have
    records of their own. An index whose volume a design capacity stands in for counts.
    """
    return [value for kind, value in rated if value is not None and kind != RecordKind.AGGREGATE]


def find_edges(values: Sequence[float]) -> tuple[float, ...]:
    """Upper edges of the lower four fifths: the value at or below which a fifth, two fifths, … of the values lie.

    >>> find_edges([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    (2, 4, 6, 8)
    """
    if len(values) < FEWEST:
        return ()
    ranked = sorted(values)
    return tuple(ranked[-(-len(ranked) * step // CLASSES) - 1] for step in range(1, CLASSES))


def say_too_few() -> str:
    """Why a rated facility has no class."""
    return gettext("too few rated facilities for quintiles")


def say_classes(rated: int) -> str:
    """What a class is, with the size of the set that it is a fifth of."""
    if rated < FEWEST:
        return gettext("Class: none, too few rated facilities for quintiles.")
    return ngettext(
        "Class: quintiles of the THI of %(number)s rated facility, not an official class.",
        "Class: quintiles of the THI of %(number)s rated facilities, not an official class.",
        rated,
    ) % {"number": format_number(rated)}


def read_quintiles(user: Any) -> Quintiles:
    """The fifths for this reader, kept until a record or a score changes."""
    key = f"registry.quintiles:{name_audience(user)}:{read_stamp()}"
    kept = cache.get(key)
    if kept is None:
        kept = _measure(user)
        cache.set(key, kept, timeout=KEPT_S)
    return kept


def read_stamp() -> str:
    """A text that is another one after every change of the register."""
    stamp = cache.get(STAMP)
    return stamp if stamp is not None else change_stamp()


def change_stamp() -> str:
    """Nothing kept under the stamp so far is used again."""
    stamp = secrets.token_hex(8)
    cache.set(STAMP, stamp, timeout=None)
    return stamp


def name_audience(user: Any) -> str:
    """What decides which rows and which of their levels a reader sees."""
    access = access_of(user)
    return f"{int(access.level)}-{'.'.join(map(str, sorted(access.operator_ids)))}"


def _measure(user: Any) -> Quintiles:
    rows = Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED)
    has_index = Q(thi_value__isnull=False)
    ends = add_scores(rows, user).aggregate(
        visible=Count("pk"), low=Min("thi_low", filter=has_index), high=Max("thi_high", filter=has_index)
    )
    rated = list(add_thi(rows, user).filter(has_index).values_list("record_kind", "thi_value"))
    if not rated:
        return Quintiles(visible=ends["visible"])
    every, values = [value for _kind, value in rated], choose_values(rated)
    low = min(filter(_is_given, (ends["low"], min(every))))
    high = max(filter(_is_given, (ends["high"], max(every))))
    return Quintiles(find_edges(values), low, high, ends["visible"], len(values))


def _is_given(number: float | None) -> bool:
    return number is not None
