"""The clock of the jobs, standing until a test moves it."""

from __future__ import annotations

import datetime as dt

import pytest

from boget.portal.jobs import clock

START = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)


class Clock:
    """The time of the database as the test sets it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += dt.timedelta(**parts)


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let leases, delays and letters go by a clock of this test's own."""
    standing = Clock()
    monkeypatch.setattr(clock, "read_now", standing)
    return standing
