"""How a letter reads: plain text and simple HTML of equal content, in the language and zone of its receiver."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from boget.portal.accounts.models import User
from boget.portal.core.formatting import current_language
from boget.portal.notifications.models import Letter, LetterKind, Notification, OutboxEvent
from boget.portal.notifications.selectors import keep_open
from boget.portal.notifications.services import DIGEST, sign_unsubscription
from boget.portal.notifications.topics import Attachment, DigestItem, DigestSection, Topic, find_topic, list_sections

log = logging.getLogger(__name__)

LONGEST_SUBJECT = 78
FALLBACKS = {"ru": ("ru", "kk", "en"), "kk": ("kk", "ru", "en"), "en": ("en", "ru", "kk")}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a letter: a paragraph, a heading, or a line with the absolute address of its page."""

    kind: str  # text | heading | item | link
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter as it reads.

    ``carried``: ids of the notifications it stands for. ``unsubscribe_url``: empty where that is impossible.
    """

    language: str
    subject: str
    parts: Sequence[Part]
    foot: Sequence[Part]
    carried: frozenset[int] = frozenset()
    attachments: Sequence[Attachment] = ()
    unsubscribe_url: str = ""


@contextmanager
def speak_to(user: User) -> Iterator[None]:
    """Language and time zone of the receiver."""
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        yield


def make_absolute(path: str) -> str:
    return f"{settings.BOGET_ADDRESS}{path}"


# --- parts of a topic --------------------------------------------------------------------------------------------------


def render_part(event: OutboxEvent, part: str) -> str:
    """One part of the topic's template in the language of the moment; empty for a topic that is gone."""
    topic = find_topic(event.topic)
    if topic is None:
        return ""
    context = {"subject_id": event.subject_id, **_read_context(event, topic), "part": part}
    text = render_to_string(topic.template, context)
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    filled = [paragraph for paragraph in paragraphs if paragraph]
    return "\n\n".join(filled) if part == "body" else " ".join(filled)


def _read_context(event: OutboxEvent, topic: Topic) -> dict[str, Any]:
    values = {**event.context, **topic.describe(event.subject_id, event.context)}
    return {name: _choose_language(value) for name, value in values.items()}


def _choose_language(value: Any) -> Any:
    if not isinstance(value, dict) or not value or not set(value) <= set(FALLBACKS):
        return value
    return next((value[code] for code in FALLBACKS[current_language()] if value.get(code)), "")


def find_path(event: OutboxEvent) -> str:
    """Path of the subject's page, empty where the topic has none."""
    topic = find_topic(event.topic)
    return topic.address(event.subject_id) if topic is not None and topic.address is not None else ""


# --- letters -----------------------------------------------------------------------------------------------------------


def write_letter(letter: Letter) -> LetterText | None:
    """The letter with what its receiver may read now; None where nothing of it is left to say."""
    user = letter.user
    rows = list(letter.notifications.select_related("event").order_by("id"))
    with speak_to(user):
        told = keep_open(user, rows)
        is_digest = letter.kind == LetterKind.DIGEST
        text = _write_digest(letter, told) if is_digest else _write_message(user, told) if told else None
    return replace(text, carried=frozenset(row.pk for row in rows)) if text else None


def _write_message(user: User, told: Sequence[Notification]) -> LetterText:
    event = told[0].event
    topic = find_topic(event.topic)
    assert topic is not None  # a notification of an unknown topic is not open
    return LetterText(
        language=current_language(),
        subject=_shorten(render_part(event, "subject") if len(told) == 1 else _count_subject(topic, len(told))),
        parts=_describe_event(event) if len(told) == 1 else [_list_event(row.event) for row in told],
        foot=_write_foot(user, topic.code, render_part(event, "reason"), can_unsubscribe=topic.can_unsubscribe),
        attachments=[file for row in told for file in topic.attach(row.event.subject_id, user)],
        unsubscribe_url=_link_unsubscription(user, topic.code) if topic.can_unsubscribe else "",
    )


def _count_subject(topic: Topic, number: int) -> str:
    return _("%(topic)s: %(number)s") % {"topic": topic.label, "number": number}


def _describe_event(event: OutboxEvent) -> list[Part]:
    paragraphs = render_part(event, "body").split("\n\n")
    parts = [Part("text", paragraph) for paragraph in paragraphs if paragraph]
    path = find_path(event)
    return [*parts, Part("link", render_part(event, "action"), make_absolute(path))] if path else parts


def _list_event(event: OutboxEvent) -> Part:
    path = find_path(event)
    return Part("item", render_part(event, "line"), make_absolute(path) if path else "")


def _write_foot(user: User, code: str, reason: str, *, can_unsubscribe: bool) -> list[Part]:
    settings_url = make_absolute(reverse("notifications:settings"))
    foot = [Part("text", _("Why you get this: %(reason)s.") % {"reason": reason})] if reason else []
    foot.append(Part("link", _("Choose what you are told and how"), settings_url))
    if can_unsubscribe:
        foot.append(Part("link", _("No further e-mails about this"), _link_unsubscription(user, code)))
    return foot


def _link_unsubscription(user: User, code: str) -> str:
    return make_absolute(reverse("notifications:unsubscribe", args=[sign_unsubscription(user, code)]))


def _shorten(text: str) -> str:
    return Truncator(text).chars(LONGEST_SUBJECT)


# --- the digest --------------------------------------------------------------------------------------------------------


def _write_digest(letter: Letter, told: Sequence[Notification]) -> LetterText | None:
    user, day = letter.user, letter.day
    assert day is not None
    sections = [(str(label), items) for label, items in list_digest_parts(user, day) if items]
    news = [_list_event(row.event) for row in told if row.read_at is None]
    parts: list[Part] = []
    for label, items in sections:
        parts += [Part("heading", label), *(_list_item(item) for item in items)]
    if news:
        parts += [Part("heading", _("New for you")), *news]
    if not parts:
        return None
    counts = [(label, len(items)) for label, items in sections] + ([(_("New for you"), len(news))] if news else [])
    return LetterText(
        language=current_language(),
        subject=_write_digest_subject(counts, date_format(day, "SHORT_DATE_FORMAT")),
        parts=parts,
        foot=_write_foot(user, DIGEST, _("you chose the digest, or did not choose yet"), can_unsubscribe=True),
        unsubscribe_url=_link_unsubscription(user, DIGEST),
    )


def list_digest_parts(user: User, day: Any) -> list[tuple[Any, Sequence[DigestItem]]]:
    """The sections of upper apps with what this reader may see of them."""
    return [(section.label, _list_items(section, user, day)) for section in list_sections()]


def _list_items(section: DigestSection, user: User, day: Any) -> list[DigestItem]:
    try:
        return list(section.list_items(user, day))
    except Exception:  # a fault in one app must not keep the digest of the others from people
        log.exception("the section %s of the digest cannot be listed", section.code)
        return []


def _list_item(item: DigestItem) -> Part:
    return Part("item", item.text, make_absolute(item.path) if item.path else "")


def _write_digest_subject(counts: Sequence[tuple[str, int]], day: str) -> str:
    """As many of the counts as fit, whole ones only."""
    subject = _("Boget, %(date)s") % {"date": day}
    for number, (label, count) in enumerate(counts):
        longer = f"{subject}{'; ' if number else ': '}{label}: {count}"
        if len(longer) > LONGEST_SUBJECT:
            break
        subject = longer
    return subject


# --- the message -------------------------------------------------------------------------------------------------------


def find_host() -> str:
    """The host of the installation's address: right side of each Message-ID."""
    return urlsplit(settings.BOGET_ADDRESS).hostname or "localhost"


def build_message(letter: Letter, text: LetterText) -> EmailMultiAlternatives:
    """The e-mail; its Message-ID is made of the letter's key and is the same in every attempt."""
    headers = {
        "Message-ID": f"<{letter.key}@{find_host()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": text.language,
    }
    if text.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{text.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with speak_to(letter.user):
        plain = render_to_string("notifications/letter.txt", {"text": text}).strip() + "\n"
        page = render_to_string("notifications/letter.html", {"text": text})
    message = EmailMultiAlternatives(
        subject=text.subject,
        body=plain,
        to=[letter.user.email],
        headers=headers,
        reply_to=[settings.BOGET_REPLY_TO] if settings.BOGET_REPLY_TO else None,
    )
    message.attach_alternative(page, "text/html")
    for file in text.attachments:
        message.attach(file.name, file.content, file.mime)
    return message
