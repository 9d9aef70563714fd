"""Counting of uncertain pairs against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest

from boget.portal.assessments.services.asking import count_uncertain, plan_questions


def count_plainly(low: np.ndarray, high: np.ndarray) -> int:
    pairs = ((i, j) for i in range(len(low)) for j in range(i))
    return sum(bool(high[i] > low[j] and high[j] > low[i]) for i, j in pairs)


@pytest.mark.parametrize("seed", range(40))
def test_count_equals_the_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(0, 35))
    low = np.round(random.uniform(0, 10, size), int(random.integers(0, 3)))
    high = low + random.integers(-4, 5, size)  # ends may cross, as they do when an answer is taken off
    assert count_uncertain(low, high) == count_plainly(np.round(low, 9), np.round(high, 9))


def test_an_input_fixes_at_best_what_some_answers_would_fix() -> None:
    low, high = np.array([8.0, 8.5, 3.0]), np.array([11.0, 9.5, 4.0])
    agenda = plan_questions(low, high, ["water_hazard_class=0:3", "fos=0:1", ""])
    assert agenda.uncertain_pairs == 1
    assert [(q.code, q.facilities, q.pairs) for q in agenda.questions] == [
        ("water_hazard_class", 1, 1),
        ("fos", 1, 0),
    ]


def test_equal_facilities_are_not_uncertain() -> None:
    same = np.array([5.0, 5.0, 5.0])
    assert plan_questions(same, same, ["", "", ""]).uncertain_pairs == 0
