"""Fifths of the hazard index over everything the reader may see.

The index has no official class limits, so a class only says where a facility stands among those loaded here.
"""

from __future__ import annotations

import secrets
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from boget.portal.accounts.selectors import access_of
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.scores import add_scores

CLASSES = 5
FEWEST = 5  # values: with fewer a fifth means nothing
SCALE = (0.0, 1.0)  # of the bars while nothing is scored
STAMP = "registry.stamp"  # of what is kept: changes with every record and every score
KEPT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Quintiles:
    """Upper edges of the classes 1 to 4 in rising order (none: too few values), and the ends of the scale of the bars.

    visible: facilities that the reader sees, with an index or without.
    """

    edges: tuple[float, ...] = ()
    low: float = SCALE[0]
    high: float = SCALE[1]
    visible: int = 0

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


def find_edges(values: Sequence[float]) -> tuple[float, ...]:
    """Upper edges of the lower four fifths: the value at or below which a fifth, two fifths, … of the values lie.

    >>> find_edges([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    (2, 4, 6, 8)
    """
    if len(values) < FEWEST:
        return ()
    ranked = sorted(values)
    return tuple(ranked[-(-len(ranked) * step // CLASSES) - 1] for step in range(1, CLASSES))


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
    rows = add_scores(Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED), user)
    visible = rows.count()
    scored = rows.filter(thi_value__isnull=False).values_list("thi_value", "thi_low", "thi_high")
    values, ends = [], []
    for value, low, high in scored.iterator(chunk_size=2000):
        values.append(value)
        ends += [end for end in (value, low, high) if end is not None]
    if not values:
        return Quintiles(visible=visible)
    return Quintiles(find_edges(values), min(ends), max(ends), visible)
