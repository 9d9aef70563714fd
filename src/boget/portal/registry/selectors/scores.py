"""Scores beside facilities: each row with the score that its reader may see.

A reader of the public level sees scores from public inputs; the working group and the authority see scores from all
inputs, because no input of an index is above the working group's level (held by a test).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, When

from boget.portal.accounts.selectors import access_of
from boget.portal.core.levels import Level
from boget.portal.registry.models import Score
from boget.portal.registry.querysets import FacilityQuerySet

PARTS = ("value", "low", "high", "known", "of", "cautions")
DECIMALS_SENT = 2
"""Of an index in files and in the API; pages write one. What is stored is never rounded."""
SCORE_LEVELS = {Level.PUBLIC: Level.PUBLIC, Level.GROUP: Level.AUTHORITY, Level.AUTHORITY: Level.AUTHORITY}

THI_COLUMNS = {int(Level.PUBLIC): "thi_open", int(Level.AUTHORITY): "thi_full"}
"""Level of a score -> the facility's column that mirrors the value of its THI."""


def choose_score_level(level: int) -> int:
    """The level of the scores that a reader of a level sees."""
    return int(SCORE_LEVELS[Level(level)])


def has_mixed_levels(user: Any) -> bool:
    """Whether some rows of this reader are at another level than the rest: an operator's own facilities."""
    access = access_of(user)
    return bool(access.operator_ids) and access.level < Level.AUTHORITY


def add_scores(facilities: FacilityQuerySet, user: Any, *, index: str = "thi") -> FacilityQuerySet:
    """The rows with thi_value, thi_low, thi_high, thi_known, thi_of and thi_cautions at the level of each row."""
    base = choose_score_level(access_of(user).level)
    joined = facilities.annotate(**{f"{index}_base": _relate(index, base)})
    if not has_mixed_levels(user):
        return joined.annotate(**{f"{index}_{part}": F(f"{index}_base__{part}") for part in PARTS})
    joined = joined.annotate(**{f"{index}_own": _relate(index, int(Level.AUTHORITY))})
    is_own = Q(level=int(Level.AUTHORITY))
    chosen = {
        f"{index}_{part}": Case(When(is_own, then=F(f"{index}_own__{part}")), default=F(f"{index}_base__{part}"))
        for part in PARTS
    }
    return joined.annotate(**chosen)


def add_thi(facilities: FacilityQuerySet, user: Any) -> FacilityQuerySet:
    """The rows with thi_value alone, at the level of each row, from the mirrored columns: to filter and to sort by."""
    base = F(THI_COLUMNS[choose_score_level(access_of(user).level)])
    if not has_mixed_levels(user):
        return facilities.annotate(thi_value=base)
    full = F(THI_COLUMNS[int(Level.AUTHORITY)])
    return facilities.annotate(thi_value=Case(When(level=int(Level.AUTHORITY), then=full), default=base))


def _relate(index: str, level: int) -> FilteredRelation:
    return FilteredRelation("scores", condition=Q(scores__index=index, scores__level=level))


def round_index(number: float | None) -> float | None:
    """An index or a term as it leaves the house."""
    return None if number is None else round(number, DECIMALS_SENT)


def list_scores(facility: Any, *, level: int) -> list[Score]:
    """Scores of one facility that the level may see."""
    return list(Score.objects.filter(facility=facility, level=choose_score_level(level)).order_by("index"))
