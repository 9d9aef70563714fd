"""Subjects that may be read or not, a clock that stands, a mail server, and the worker between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from boget.portal.jobs.worker import Worker
from boget.portal.notifications import topics
from boget.portal.notifications.topics import open_topic
from tests.portal.notifications.mail_server import MailServer
from tests.portal.standing_clock import Clock, stop_clock


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return stop_clock(monkeypatch)


@pytest.fixture(autouse=True)
def hidden(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """The desk's topics, open to everybody but for (e-mail of the person, id of the subject) in this set."""
    closed: set[tuple[str, str]] = set()
    monkeypatch.setattr(topics, "_topics", dict(topics._topics))
    monkeypatch.setattr(topics, "_sections", {})
    for code in ("assigned", "due", "meeting", "minutes"):
        open_topic(
            code,
            filter_open=lambda user, ids: {number for number in ids if (user.email, number) not in closed},
            address=lambda number: f"/actions/{number}/",
            describe=lambda number, context: {},
            attach=lambda number, user: (),
        )
    return closed


@pytest.fixture
def server(settings: Any, db: None) -> Iterator[MailServer]:
    """A mail server to which the installation is set."""
    mail_server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail_server.port, 1.0
    mail_server.start()
    yield mail_server
    mail_server.stop()


@pytest.fixture
def work_off() -> Callable[[], int]:
    """Let a worker do everything that is due, chores included."""
    return lambda: Worker().work_off()
