"""The order of a set of facilities by an index, with the places that each could take over everything unknown."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import overload

import numpy as np
import numpy.typing as npt
from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from boget.portal.assessments.models import State
from boget.portal.assessments.selectors.results import Standing
from boget.portal.assessments.services.asking import Agenda, plan_questions
from boget.portal.registry.choices import RecordKind
from boget.portal.registry.selectors.quintiles import choose_values, find_edges
from boget.science.hazard import assign_classes, rank_places

KEPT_S = 24 * 3600
DIGITS_THAT_COUNT = 9  # as in boget.science.hazard.places
NUMBERS = [Standing._fields.index(name) for name in ("value", "low", "high", "known_part")]
APART = (State.INSUFFICIENT, State.PLANNED, RecordKind.AGGREGATE)
"""Reasons why a facility is not in the ranking."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Order(models.TextChoices):
    WORST = "worst", _("worst case")
    BEST = "best", _("best case")
    KNOWN = "known", _("known part only")
    WIDTH = "width", _("width of the interval")


@dataclass(frozen=True, slots=True)
class Place:
    """One facility in the ranking. first, last: least and greatest place. quintile: 1 to 5, None with fewer than five."""

    standing: Standing
    first: int
    last: int
    quintile: int | None


class Places(Sequence[Place]):
    """The places in order. A place is made when it is asked for: a page shows fifty of twenty thousand."""

    def __init__(self, rated: Sequence[Standing], order: Ints, columns: Sequence[Ints]) -> None:
        self._rated, self._order, self._columns = rated, order, columns

    def __len__(self) -> int:
        return len(self._rated)

    @overload
    def __getitem__(self, wanted: int) -> Place: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Place]: ...
    def __getitem__(self, wanted: int | slice) -> Place | list[Place]:
        if isinstance(wanted, slice):
            return [self._build(row) for row in self._order[wanted].tolist()]
        return self._build(int(self._order[wanted]))

    def _build(self, row: int) -> Place:
        first, last, quintile = (int(column[row]) for column in self._columns)
        return Place(self._rated[row], first, last, quintile or None)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole set in order.

    top: the greatest index. scale: whole numbers around all intervals. edges: between the quintiles, ascending, none with
    fewer than five values. rated: facilities that the edges come from. apart: what is not ranked, by the reason.
    """

    places: Places
    top: float
    scale: tuple[float, float]
    edges: tuple[float, ...]
    rated: int
    apart: dict[str, list[Standing]]
    agenda: Agenda


def rank(
    standings: Sequence[Standing], inventory: Sequence[Standing], *, order: str, with_aggregates: bool
) -> Ranking:
    """Rank what can be ranked and set the rest apart. Ties are in the order of the ids.

    inventory: everything that the reader may see; the quintiles are its own, whatever part of it is ranked, by the rule of
    the list (registry.selectors.quintiles).
    """
    groups = _group(standings, with_aggregates=with_aggregates)
    rated = groups[State.RATED]
    value, low, high, known = (np.array([row[column] for row in rated], dtype=np.float64) for column in NUMBERS)
    counted = choose_values((row.record_kind, row.value) for row in inventory)
    edges = find_edges(counted)
    places = rank_places(low, high, value)
    quintiles = assign_classes(value, np.array(edges)) if edges else np.zeros(value.shape, dtype=np.int64)
    keys = {Order.WORST: value, Order.BEST: low, Order.KNOWN: known, Order.WIDTH: high - low}[Order(order)]
    in_order = np.argsort(-np.round(keys, DIGITS_THAT_COUNT), kind="stable")
    return Ranking(
        Places(rated, in_order, (places["best"], places["worst"], quintiles)),
        float(value.max()) if rated else 0.0,
        (float(floor(low.min())), float(ceil(high.max()))) if rated else (0.0, 1.0),
        edges,
        len(counted),
        {str(code): groups[code] for code in APART},
        _recall_agenda(low, high, [row.gaps for row in rated]),
    )


def _group(standings: Sequence[Standing], *, with_aggregates: bool) -> defaultdict[str, list[Standing]]:
    """Facilities by state, records of several ponds in a group of their own unless they are wanted; by id within."""
    groups: defaultdict[str, list[Standing]] = defaultdict(list)
    for row in sorted(standings, key=lambda row: row.public_id):
        is_left_out = row.record_kind == RecordKind.AGGREGATE and not with_aggregates
        groups[RecordKind.AGGREGATE if is_left_out else row.state].append(row)
    return groups


def _recall_agenda(low: Floats, high: Floats, gaps: Sequence[str]) -> Agenda:
    """The agenda of exactly these numbers, computed once."""
    digest = hashlib.sha256(low.tobytes() + high.tobytes() + "\n".join(gaps).encode()).hexdigest()
    key = f"assessments.agenda.{digest}"
    agenda: Agenda | None = cache.get(key)
    if agenda is None:
        agenda = plan_questions(low, high, gaps)
        cache.set(key, agenda, KEPT_S)
    return agenda
