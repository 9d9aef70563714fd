"""What to ask first: which unknown input keeps the order of the ranking open.

Two facilities are an uncertain pair when their intervals allow either order. An input could fix a pair if some answers
about it, for one or both facilities, would leave only one order: at best, the lower one turns out at its least score and
the higher one at its worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from boget.portal.assessments.services.gaps import read_gaps

Floats = npt.NDArray[np.float64]
DIGITS_THAT_COUNT = 9  # as in boget.science.hazard.places


@dataclass(frozen=True, slots=True)
class Question:
    """One input: for how many facilities it is unknown, and how many of the uncertain pairs its answers could fix."""

    code: str
    facilities: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Agenda:
    uncertain_pairs: int
    questions: tuple[Question, ...]  # the one that could fix most comes first


def plan_questions(low: Floats, high: Floats, gaps: Sequence[str]) -> Agenda:
    """low, high: intervals of the ranked facilities, shape (n,); gaps: as stored with each result."""
    low, high = np.round(low, DIGITS_THAT_COUNT), np.round(high, DIGITS_THAT_COUNT)
    uncertain = count_uncertain(low, high)
    widths = _collect_widths(gaps)
    questions = []
    for code, width in widths.items():
        left = count_uncertain(low + width, high - width)
        questions.append(Question(code, int(np.count_nonzero(width)), uncertain - left))
    ordered = sorted(questions, key=lambda question: (-question.pairs, -question.facilities, question.code))
    return Agenda(uncertain, tuple(ordered))


def _collect_widths(gaps: Sequence[str]) -> dict[str, Floats]:
    """How far each unknown input spreads the index of each facility; zero where the input is known."""
    widths: dict[str, Floats] = {}
    for row, text in enumerate(gaps):
        for gap in read_gaps(text):
            widths.setdefault(gap.code, np.zeros(len(gaps)))[row] = gap.width
    return widths


def count_uncertain(low: Floats, high: Floats) -> int:
    """Pairs whose order is open: each one's high above the other's low. A low above its own high is allowed.

    O(n log² n): pairs that are fixed one way are counted from sorted ends; those fixed both ways, which only crossed ends
    can give, are counted again by `_count_fixed_both_ways`.
    """
    low, high = np.round(low, DIGITS_THAT_COUNT), np.round(high, DIGITS_THAT_COUNT)
    size = low.size
    fixed = int(np.searchsorted(np.sort(high), low, side="right").sum()) - int(np.count_nonzero(high <= low))
    return size * (size - 1) // 2 - fixed + _count_fixed_both_ways(low, high)


def _count_fixed_both_ways(low: Floats, high: Floats) -> int:
    """Pairs with high[i] <= low[j] and high[j] <= low[i], by a tree of sorted blocks over the rows in order of high."""
    crossed = high <= low
    if not crossed.any():
        return 0
    order = np.argsort(high, kind="stable")
    size = 1 << max(int(order.size - 1).bit_length(), 0)
    ranks = np.full(size, -1, dtype=np.int64)  # a row that does not exist is below every mark
    ends = np.sort(low)
    ranks[: order.size] = np.searchsorted(ends, low[order])
    before = np.searchsorted(high[order], low, side="right")
    marks = np.searchsorted(ends, high, side="left")
    found = 0
    for level in range(size.bit_length()):
        width = 1 << level
        blocks = np.sort(ranks.reshape(-1, width), axis=1)
        is_used = (before & width) > 0
        block = (before[is_used] >> (level + 1)) * 2
        stride = ends.size + 2
        keys = (blocks + 1 + np.arange(blocks.shape[0])[:, None] * stride).ravel()
        below = np.searchsorted(keys, marks[is_used] + 1 + block * stride, side="left") - block * width
        found += int((width - below).sum())
    return (found - int(np.count_nonzero(crossed))) // 2
