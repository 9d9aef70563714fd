"""The one clock by which leases, delays and retries are compared: that of the database, which all workers share."""

from __future__ import annotations

import datetime as dt

from django.db import connection

LEASE = dt.timedelta(seconds=30)
"""How long a worker owns a job without renewing; the job of a worker that died goes on after this time."""
LONGEST_LEASE = dt.timedelta(hours=1)
"""A lease that ends later than this from now was written before the clock was set back: it counts as over."""
FIRST_BACKOFF = dt.timedelta(seconds=30)
"""Wait after the first failure; it doubles with each further one."""
LONGEST_BACKOFF = dt.timedelta(hours=1)
"""Longest wait before a failed job is tried again."""


def read_now() -> dt.datetime:
    """The time of the database, aware, in UTC.

    Asked anew for each comparison, inside the transaction that compares, so that waiting for a lock does not age it.
    SQLite has no clock of its own: it takes the machine's, and so does this function.
    """
    if connection.vendor == "sqlite":
        return dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT STATEMENT_TIMESTAMP()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment.astimezone(dt.UTC)


def choose_backoff(
    failures: int, *, first: dt.timedelta = FIRST_BACKOFF, longest: dt.timedelta = LONGEST_BACKOFF
) -> dt.timedelta:
    """Wait after this many failures: `first`, then twice as long each time, at most `longest`.

    >>> [int(choose_backoff(failures).total_seconds()) for failures in (1, 2, 3, 20)]
    [30, 60, 120, 3600]
    """
    doublings = min(max(failures - 1, 0), 30)
    return min(first * (1 << doublings), longest)
