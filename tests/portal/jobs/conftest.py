"""Kinds of jobs that are there for one test, and a clock that stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from boget.portal.jobs import kinds
from boget.portal.jobs.kinds import JobKind
from tests.portal.standing_clock import Clock, stop_clock


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return stop_clock(monkeypatch)


@pytest.fixture(autouse=True)
def _only_own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds and chores of the test alone."""
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_chores", {})


@pytest.fixture
def register() -> Callable[..., JobKind]:
    """Registers a kind: ``register(run)`` or ``register(run, code="x", max_attempts=2)``; open to everybody."""

    def build(run: Any, **options: Any) -> JobKind:
        values = {"code": "test.work", "label": "Test work", "is_open_to": lambda user: True, **options}
        kind = JobKind(run=run, **values)
        kinds.register_kind(kind)
        return kind

    return build
