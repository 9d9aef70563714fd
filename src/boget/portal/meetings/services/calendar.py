"""Calendar addresses of people: made with a secret that is shown once, revoked at will."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import transaction

from boget.portal.accounts.models import User
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import refuse
from boget.portal.core.services import Entry, append_revision
from boget.portal.jobs import clock
from boget.portal.meetings.models import CalendarFeed
from boget.portal.meetings.selectors.meetings import list_feeds

MOST_FEEDS = 10


@transaction.atomic
def make_feed(user: User) -> tuple[CalendarFeed, str]:
    """A new address; returns it with its secret, of which only a digest is kept. Raises InvalidInput: too many of them."""
    if list_feeds(user).count() >= MOST_FEEDS:
        raise refuse("range", where="calendar", value=MOST_FEEDS + 1, allowed=f"1–{MOST_FEEDS}")
    token = secrets.token_urlsafe(24)
    feed = CalendarFeed.objects.create(user=user, secret_sha256=digest_token(token), created_at=clock.read_now())
    _log(user, {f"calendar.{feed.pk}": (None, "made")})
    return feed, token


@transaction.atomic
def revoke_feed(user: User, pk: int) -> int:
    """Stop an address of one's own; returns how many were stopped (0: absent, somebody else's, or stopped before)."""
    stopped = list_feeds(user).filter(pk=pk).update(revoked_at=clock.read_now())
    if stopped:
        _log(user, {f"calendar.{pk}": ("made", "revoked")})
    return stopped


def open_feed(token: str) -> Any:
    """The owner of an address that works, None otherwise. That it was read is noted once an hour."""
    feed = CalendarFeed.objects.filter(secret_sha256=digest_token(token), revoked_at=None).select_related("user").first()
    if feed is None or not feed.user.is_active:
        return None
    now = clock.read_now()
    if feed.read_at is None or (now - feed.read_at).total_seconds() > 3600:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed.user


def digest_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _log(user: User, changes: dict[str, tuple[Any, Any]]) -> None:
    append_revision(Entry("person", user.code, "change", changes), actor=actor_of(user))
