"""Two jobs: writing the digests whose hour has come, and handing letters to the mail server.

At least once: a letter is marked as sent after the server took it, so that a worker killed in between sends it again, with
the same Message-ID. A letter that the server cannot take now is tried for ever with back-off; one that the receiver's
server refuses for good is shown to the secretary.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F

from boget.portal.jobs import clock
from boget.portal.jobs.kinds import Result
from boget.portal.jobs.running import JobContext
from boget.portal.notifications.letters import LetterText, build_message, list_digest_parts, speak_to, write_letter
from boget.portal.notifications.models import Letter, LetterKind, LetterState, Notification
from boget.portal.notifications.selectors import is_mail_configured, list_digest_readers, list_due_letters
from boget.portal.notifications.services import forget_empty_digests, make_key, prepare_digest

log = logging.getLogger(__name__)

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
MOST_BREAKS = 3
"""Broken connections in a row after which the server counts as down, and all due letters wait."""
LONGEST_ERROR = 500
CLOSING = 421
"""The server's reply by which it says that it goes away."""
PERMANENT = 500
"""Replies from this number on are refusals for good (RFC 5321, 4.2.1)."""


@dataclass(slots=True)
class Tally:
    """What a run of the sending job did."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0
    withheld: int = 0


class ServerDown(Exception):
    """The mail server cannot be talked to."""


# --- jobs --------------------------------------------------------------------------------------------------------------


def has_due_letters(now: dt.datetime) -> bool:
    return is_mail_configured() and list_due_letters(now).exists()


def has_due_digests(now: dt.datetime) -> bool:
    return bool(list_digest_readers(now))


def prepare_digests(context: JobContext) -> Result:
    """Prepare the digest of each person whose morning it is, one transaction each."""
    readers = list_digest_readers(clock.read_now())
    prepared = 0
    for number, (user, day) in enumerate(readers):
        context.report(number / len(readers))
        with speak_to(user):
            has_news = any(items for _label, items in list_digest_parts(user, day))
        prepared += prepare_digest(user, day, has_news=has_news) is not None
    return {"prepared": prepared, "forgotten": forget_empty_digests()}


def send_letters(context: JobContext) -> Result:
    """Send what is due, one letter after the other; ends when nothing is due or the server is down."""
    tally = Tally()
    connection = get_connection()
    broken: list[str] = []
    try:
        while len(broken) < MOST_BREAKS and (letter := list_due_letters(clock.read_now()).select_related("user").first()):
            context.check()
            fault = _deliver(letter, connection, tally)
            broken = [*broken, fault] if fault else []
        if broken:
            _postpone_all(tally, broken[-1])
    except ServerDown as error:
        _postpone_all(tally, str(error))
    finally:
        connection.close()
    return {"sent": tally.sent, "refused": tally.refused, "postponed": tally.postponed, "withheld": tally.withheld}


# --- one letter --------------------------------------------------------------------------------------------------------


def _deliver(letter: Letter, connection: Any, tally: Tally) -> str:
    """Send one letter and note how it went; returns how the connection broke, if it did. Raises ServerDown."""
    try:
        text = write_letter(letter) if letter.user.is_active else None
        message = build_message(letter, text) if text else None
    except Exception as error:  # a fault in one topic's text must not hold up the letters of the others
        log.exception("the letter %s cannot be written", letter.key)
        tally.postponed += _postpone(letter, f"{type(error).__name__}: {error}")
        return ""
    if text is None or message is None:
        tally.withheld += _note(letter, state=LetterState.WITHHELD)
        return ""
    _open(connection)
    try:
        connection.send_messages([message])
    except smtplib.SMTPSenderRefused as error:  # our own address: no letter would pass
        raise ServerDown(_quote(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:
        _note_reply(letter, error.smtp_code, error.smtp_error, tally)
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        _note_reply(letter, code, reply, tally)
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        tally.postponed += _postpone(letter, fault := f"{type(error).__name__}: {error}", is_uncertain=True)
        return fault
    else:
        tally.sent += _note_sent(letter, text)
    return ""


def _open(connection: Any) -> None:
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise ServerDown(f"{type(error).__name__}: {error}") from error


def _quote(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {text}"


def _note_reply(letter: Letter, code: int, reply: bytes | str, tally: Tally) -> None:
    error = _quote(code, reply)
    if code == CLOSING:
        raise ServerDown(error)
    if code >= PERMANENT:
        tally.refused += _note(letter, state=LetterState.FAILED, attempts=F("attempts") + 1, last_error=error[:LONGEST_ERROR])
    else:
        tally.postponed += _postpone(letter, error)


@transaction.atomic
def _note_sent(letter: Letter, text: LetterText) -> int:
    """Mark as sent; what was added to the letter while it was on its way gets a letter of its own."""
    now = clock.read_now()
    noted = _note(letter, state=LetterState.SENT, attempts=F("attempts") + 1, sent_at=now, last_error="")
    late = Notification.objects.filter(letter=letter).exclude(pk__in=text.carried)
    if letter.kind == LetterKind.IMMEDIATE and late.exists():
        values = {"user": letter.user, "kind": letter.kind, "topic": letter.topic, "created_at": now, "due_at": now}
        late.update(letter=Letter.objects.create(key=make_key(), **values))
    return noted


def _postpone(letter: Letter, error: str, *, is_uncertain: bool = False) -> int:
    return _note(
        letter,
        attempts=F("attempts") + 1,
        due_at=clock.read_now() + _choose_wait(letter.attempts),
        last_error=error[:LONGEST_ERROR],
        is_uncertain=letter.is_uncertain or is_uncertain,
    )


def _postpone_all(tally: Tally, error: str) -> None:
    """The server is down: every letter that is due waits for its next attempt, those tried equally often together."""
    now = clock.read_now()
    due = list_due_letters(now)
    for attempts in set(due.order_by().values_list("attempts", flat=True)):
        tally.postponed += due.filter(attempts=attempts).update(
            attempts=attempts + 1, due_at=now + _choose_wait(attempts), last_error=error[:LONGEST_ERROR]
        )


def _choose_wait(attempts: int) -> dt.timedelta:
    return clock.choose_backoff(attempts + 1, first=FIRST_WAIT, longest=LONGEST_WAIT)


def _note(letter: Letter, **changes: Any) -> int:
    return Letter.objects.filter(pk=letter.pk, state=LetterState.WAITING).update(**changes)
