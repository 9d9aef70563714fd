"""The only door for writes: telling people, reading, preferences, what the secretary does with the queue."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import Reader
from boget.portal.core.errors import refuse
from boget.portal.jobs import clock
from boget.portal.notifications.models import (
    DigestRhythm,
    DigestSetting,
    Letter,
    LetterKind,
    LetterState,
    Notification,
    OutboxEvent,
    Preference,
    Rhythm,
)
from boget.portal.notifications.selectors import (
    choose_rhythms,
    find_recipient,
    is_mail_configured,
    letters_visible_to,
    notifications_visible_to,
)
from boget.portal.notifications.topics import Topic, find_topic

DIGEST = "digest"
"""The code by which the digest itself is unsubscribed, as if it were a topic."""
NEWS_KEPT = dt.timedelta(days=31)
"""Older news are not taken into a digest: somebody who switches it on again is not flooded."""
TOKEN_SALT = "boget.notifications.unsubscribe"  # noqa: S105 - names the purpose of a signature


# --- telling -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def notify(
    topic: str,
    recipients: Iterable[User],
    subject_id: str,
    *,
    context: Mapping[str, Any] | None = None,
    is_immediate: bool | None = None,
    dedupe_key: str = "",
) -> OutboxEvent:
    """Tell people about a subject, in the transaction that changed it: rolled back with it, never lost after it.

    context: what the topic's template needs, values that JSON can hold. is_immediate: asks for a rhythm other than the
    topic's; what a person chose goes before both. With the same dedupe_key nobody is told twice; people added meanwhile are.
    LookupError for a topic that does not exist or that no app has opened: nobody would say who may read of it.
    """
    known = find_topic(topic)
    if known is None or not known.is_open:
        raise LookupError(f"the topic {topic} is not registered or not opened")
    event = _write_event(known, subject_id, context=context or {}, dedupe_key=dedupe_key)
    people = {user.pk: user for user in recipients if user.is_active}
    told = set(event.notifications.values_list("user_id", flat=True)) if people else set()
    new = [user for pk, user in people.items() if pk not in told]
    rhythms = choose_rhythms(new, known, is_immediate=is_immediate) if new else {}
    for user in new:
        _tell(event, user, known, rhythm=rhythms[user.pk])
    return event


def _write_event(topic: Topic, subject_id: str, *, context: Mapping[str, Any], dedupe_key: str) -> OutboxEvent:
    event = OutboxEvent(
        topic=topic.code,
        subject_id=subject_id,
        context=dict(context),
        dedupe_key=dedupe_key or None,
        created_at=clock.read_now(),
    )
    if not dedupe_key:
        event.save()
        return event
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=True)
    return OutboxEvent.objects.select_for_update().get(dedupe_key=dedupe_key)


def _tell(event: OutboxEvent, user: User, topic: Topic, *, rhythm: Rhythm) -> None:
    letter = _address_letter(user, topic) if rhythm == Rhythm.IMMEDIATE else None
    Notification.objects.create(event=event, user=user, rhythm=rhythm, letter=letter, created_at=clock.read_now())


def _address_letter(user: User, topic: Topic) -> Letter:
    """The letter that still waits for others of its topic, else a new one."""
    now = clock.read_now()
    is_sent = is_mail_configured()
    same = Letter.objects.filter(user=user, topic=topic.code, kind=LetterKind.IMMEDIATE, attempts=0)
    waiting = same.select_for_update().filter(state=LetterState.WAITING, due_at__gt=now).first()
    if waiting is not None:
        return waiting
    return Letter.objects.create(
        key=make_key(),
        user=user,
        kind=LetterKind.IMMEDIATE,
        topic=topic.code,
        state=LetterState.WAITING if is_sent else LetterState.TO_PRINT,
        created_at=now,
        due_at=now + topic.bundle,
    )


def make_key() -> str:
    """A new key of a letter: 32 hexadecimal digits, unique in the world."""
    return secrets.token_hex(16)


@transaction.atomic
def prepare_digest(user: User, day: dt.date, *, has_news: bool) -> Letter | None:
    """The digest of a day, with everything told since the last one that was not read yet; None where it was prepared.

    has_news: whether any section has something to say. A digest that could not leave yet takes the new day's content in,
    unless the server may have taken it already.
    """
    if Letter.objects.filter(user=user, kind=LetterKind.DIGEST, day__gte=day).exists():
        return None
    now = clock.read_now()
    untold = Notification.objects.filter(user=user, rhythm=Rhythm.DIGEST, letter=None, read_at=None)
    pending = untold.filter(created_at__gt=now - NEWS_KEPT)
    letter = _find_unsent_digest(user)
    if letter is None:
        is_worth = has_news or pending.exists()
        state = LetterState.WAITING if is_worth else LetterState.EMPTY
        letter = Letter(
            key=make_key(), user=user, kind=LetterKind.DIGEST, topic=DIGEST, state=state, created_at=now, due_at=now
        )
    letter.day = day
    letter.save()
    pending.update(letter=letter)
    return letter


def forget_empty_digests() -> int:
    """Delete the marks of mornings without news that are long over."""
    empty = Letter.objects.filter(state=LetterState.EMPTY, created_at__lt=clock.read_now() - NEWS_KEPT)
    return empty.delete()[0]


def _find_unsent_digest(user: User) -> Letter | None:
    digests = Letter.objects.filter(user=user, kind=LetterKind.DIGEST, state=LetterState.WAITING, is_uncertain=False)
    return digests.select_for_update().first()


# --- reading -----------------------------------------------------------------------------------------------------------


def mark_read(user: Reader, pk: int) -> int:
    """Mark one notification of the person as read; returns 0 where it was, is absent, or is not open to the person."""
    return notifications_visible_to(user).filter(pk=pk, read_at=None).update(read_at=clock.read_now())


def mark_all_read(user: Reader) -> int:
    """Mark everything told to the person as read, hidden ones too: they shall not come back as new."""
    return Notification.objects.filter(user=user, read_at=None).update(read_at=clock.read_now())


# --- preferences -------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_rhythm(user: User, topic: str, rhythm: str) -> None:
    """Set how the person is told about a topic.

    Raises InvalidInput: unknown topic or rhythm, or "off" for a topic that cannot be unsubscribed.
    """
    known = find_topic(topic)
    if known is None or not known.is_open:
        raise refuse("not_in_list", where=_("Topic"), value=topic)
    allowed = [code for code in Rhythm.values if known.can_unsubscribe or code != Rhythm.OFF]
    if rhythm not in allowed:
        raise refuse("not_in_list", where=known.label, value=rhythm, allowed=", ".join(allowed))
    Preference.objects.update_or_create(user=user, topic=topic, defaults={"rhythm": rhythm})


def choose_digest(user: User, rhythm: str) -> None:
    """Set how often the person gets the digest. Raises InvalidInput: unknown rhythm."""
    if rhythm not in DigestRhythm.values:
        raise refuse("not_in_list", where=_("Digest"), value=rhythm, allowed=", ".join(DigestRhythm.values))
    DigestSetting.objects.update_or_create(user=user, defaults={"rhythm": rhythm})


def sign_unsubscription(user: User, topic: str) -> str:
    """Token of the link at the foot of a letter: who and what. It works until the signing key changes.

    It holds no time, so that a letter that is sent again is the same letter.
    """
    return signing.Signer(salt=TOKEN_SALT).sign_object([user.pk, topic])


def read_unsubscription(token: str) -> tuple[User, str] | None:
    """Person and topic (or "digest") of a token; None for one that is forged or no longer means anything."""
    try:
        pk, topic = signing.Signer(salt=TOKEN_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    user, known = find_recipient(pk), find_topic(topic)
    is_possible = topic == DIGEST or (known is not None and known.can_unsubscribe)
    return (user, topic) if user is not None and is_possible else None


def unsubscribe(user: User, topic: str) -> None:
    """No further letters about the topic, or no further digests; the page goes on showing everything."""
    if topic == DIGEST:
        choose_digest(user, DigestRhythm.OFF)
    else:
        choose_rhythm(user, topic, Rhythm.OFF)


# --- the queue ---------------------------------------------------------------------------------------------------------


def try_again(user: Reader, key: str) -> int:
    """Let a refused or waiting letter be tried now; returns how many that were (0: not open to `user`)."""
    again = (LetterState.FAILED, LetterState.WAITING)
    letters = Letter.objects.filter(pk__in=letters_visible_to(user).filter(key=key, state__in=again).values("pk"))
    return letters.update(state=LetterState.WAITING, due_at=clock.read_now())


def try_all_again(user: Reader) -> int:
    """Let every waiting letter be tried now: the mail server is back."""
    waiting = letters_visible_to(user).filter(state=LetterState.WAITING, attempts__gt=0)
    return Letter.objects.filter(pk__in=waiting.values("pk")).update(due_at=clock.read_now())


def hand_over(user: Reader, key: str) -> int:
    """Note that a printed letter was handed over."""
    printed = letters_visible_to(user).filter(key=key, state=LetterState.TO_PRINT)
    letters = Letter.objects.filter(pk__in=printed.values("pk"))
    return letters.update(state=LetterState.HANDED_OVER, sent_at=clock.read_now())
