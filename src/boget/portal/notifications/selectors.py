"""What may be read: one's own notifications that are still open to one, preferences, the queue of letters."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import Reader, access_of
from boget.portal.notifications.models import (
    DigestRhythm,
    DigestSetting,
    Letter,
    LetterKind,
    LetterState,
    Notification,
    Preference,
    Rhythm,
)
from boget.portal.notifications.topics import Topic, find_topic, list_topics

DIGEST_TIME = dt.time(8, 0)
MONDAY = 0
ALARM_AFTER = 5
"""A letter that was tried so often is shown as a fault of the mail server."""


def is_mail_configured() -> bool:
    """Whether this installation can send mail at all (BOGET_SMTP)."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


# --- what a person may read --------------------------------------------------------------------------------------------


def notifications_visible_to(user: Reader) -> QuerySet[Notification]:
    """The person's own notifications whose subjects are open to the person now."""
    if not getattr(user, "is_authenticated", False):
        return Notification.objects.none()
    own = Notification.objects.filter(user=user)
    told: dict[str, list[str]] = defaultdict(list)
    for topic, subject_id in own.order_by().values_list("event__topic", "event__subject_id").distinct():
        told[topic].append(subject_id)
    is_open = Q(pk__in=[])
    for code, subject_ids in told.items():
        is_open |= Q(event__topic=code, event__subject_id__in=_filter_open(user, code, subject_ids))
    return own.filter(is_open).select_related("event")


def keep_open(user: User, notifications: Iterable[Notification]) -> list[Notification]:
    """Those of the notifications whose subjects are open to `user` now, in their order."""
    rows = list(notifications)
    by_topic: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_topic[row.event.topic].append(row.event.subject_id)
    is_open = {code: _filter_open(user, code, subject_ids) for code, subject_ids in by_topic.items()}
    return [row for row in rows if row.event.subject_id in is_open[row.event.topic]]


def _filter_open(user: User, code: str, subject_ids: list[str]) -> set[str]:
    topic = find_topic(code)
    if topic is None or topic.filter_open is None or not user.is_active:
        return set()
    return set(topic.filter_open(user, subject_ids)) & set(subject_ids)


def count_unread(user: Reader) -> int:
    """How many notifications wait to be read."""
    return notifications_visible_to(user).filter(read_at=None).count()


# --- how people want to be told ----------------------------------------------------------------------------------------


def choose_rhythms(users: Iterable[User], topic: Topic, *, is_immediate: bool | None = None) -> dict[int, Rhythm]:
    """Rhythm per person: what the person chose; else what the event asks for; else that of the topic."""
    asked = topic.rhythm if is_immediate is None else Rhythm.IMMEDIATE if is_immediate else Rhythm.DIGEST
    ids = [user.pk for user in users]
    chosen = dict(Preference.objects.filter(user__in=ids, topic=topic.code).values_list("user_id", "rhythm"))
    return {pk: Rhythm(chosen.get(pk, asked)) for pk in ids}


def list_preferences(user: User) -> list[tuple[Topic, Rhythm]]:
    """Each topic with the person's rhythm."""
    chosen = dict(Preference.objects.filter(user=user).values_list("topic", "rhythm"))
    return [(topic, Rhythm(chosen.get(topic.code, topic.rhythm))) for topic in list_topics()]


def read_digest_rhythm(user: User) -> DigestRhythm:
    setting = DigestSetting.objects.filter(user=user).first()
    return DigestRhythm(setting.rhythm) if setting else DigestRhythm.DAILY


def list_digest_readers(now: dt.datetime) -> list[tuple[User, dt.date]]:
    """People for whom it is past 08:00 and whose digest of that day was not prepared yet, with the day in their zone."""
    if not is_mail_configured():
        return []
    readers = []
    active = User.objects.filter(is_active=True)
    for zone in active.order_by().values_list("time_zone", flat=True).distinct():
        local = now.astimezone(ZoneInfo(zone))
        if local.time() >= DIGEST_TIME:
            readers += [(user, local.date()) for user in _filter_digest(active.filter(time_zone=zone), local.date())]
    return readers


def _filter_digest(people: QuerySet[User], day: dt.date) -> QuerySet[User]:
    refused = [DigestRhythm.OFF] if day.weekday() == MONDAY else [DigestRhythm.OFF, DigestRhythm.WEEKLY]
    prepared = Letter.objects.filter(kind=LetterKind.DIGEST, day__gte=day).values("user_id")
    without = DigestSetting.objects.filter(rhythm__in=refused).values("user_id")
    return people.exclude(pk__in=prepared).exclude(pk__in=without).order_by("pk")


# --- the queue of letters ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue in numbers. ``next_at``: when the next letter is tried; ``oldest_at``: since when the oldest waits."""

    counts: dict[str, int]
    stuck: int
    next_at: dt.datetime | None
    oldest_at: dt.datetime | None
    last_sent_at: dt.datetime | None
    last_error: str
    is_configured: bool


def letters_visible_to(user: Reader) -> QuerySet[Letter]:
    """All letters for the secretary, who looks after the queue; nobody else sees any."""
    if not access_of(user).can_administer:
        return Letter.objects.none()
    return Letter.objects.select_related("user")


def describe_queue() -> QueueState:
    """Counts by state, next attempt, last error: for the queue page and the health page."""
    met = dict(Letter.objects.order_by().values_list("state").annotate(number=Count("pk")))
    waiting = Letter.objects.filter(state=LetterState.WAITING)
    times = waiting.aggregate(next_at=Min("due_at"), oldest_at=Min("created_at"))
    failing = waiting.exclude(last_error="").order_by("-due_at").first()
    return QueueState(
        counts={state: met.get(state, 0) for state in LetterState.values},
        stuck=waiting.filter(attempts__gte=ALARM_AFTER).count(),
        next_at=times["next_at"],
        oldest_at=times["oldest_at"],
        last_sent_at=Letter.objects.aggregate(last=Max("sent_at"))["last"],
        last_error=failing.last_error if failing else "",
        is_configured=is_mail_configured(),
    )


def list_due_letters(now: dt.datetime) -> QuerySet[Letter]:
    """Letters whose time has come, the longest waiting first.

    An attempt that lies a day ahead was written before the clock was set back: no back-off is that long.
    """
    is_set_back = Q(attempts__gt=0, due_at__gt=now + dt.timedelta(days=1))
    due = Q(due_at__lte=now) | is_set_back
    return Letter.objects.filter(due, state=LetterState.WAITING).order_by("due_at", "id")


def find_recipient(pk: int) -> User | None:
    return User.objects.filter(pk=pk).first()
