"""Topics: what people are told about. Texts are rendered when they are read or sent, in the language of the receiver.

An app registers a topic of its own in ``apps.py``, or opens one of the desk's topics whose texts are shipped here
(``assigned``, ``due``, ``meeting``, ``minutes``) by saying who may read of a subject and where it is shown::

    open_topic("assigned", filter_open=list_open_actions, address=lambda number: reverse("actions:action", args=[number]))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a letter; ``mime`` with its parameters, such as ``text/calendar; method=REQUEST``."""

    name: str
    content: str | bytes
    mime: str


FilterOpen = Callable[[Any, Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its rules.

    ``template`` is a text template that writes one part at a time, named by ``part``: ``subject`` (at most 78 characters,
    the fact first, the id last), ``line`` (one line of the page), ``reason`` (why this person is told), ``body``
    (paragraphs with an empty line between) and ``action`` (the words of the one link). It sees the context of the event,
    where a value ``{"ru": …, "kk": …, "en": …}`` has become the text in the reader's language, and ``subject_id``. It must
    write no personal and no restricted value: a letter leaves the system.

    ``filter_open`` gives those of the subject ids that the person may read now; the others are shown nowhere. ``rhythm`` is
    the choice of a person who made none: "immediate" or "digest". Letters wait ``bundle`` for others of the same topic.
    """

    code: str
    label: str | Promise
    template: str
    rhythm: str = "digest"
    can_unsubscribe: bool = True
    bundle: dt.timedelta = dt.timedelta(0)
    filter_open: FilterOpen | None = None
    address: Callable[[str], str] | None = None
    describe: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = lambda subject_id, context: {}
    attach: Callable[[str, Any], Collection[Attachment]] = lambda subject_id, user: ()

    @property
    def is_open(self) -> bool:
        """Whether an app has said who may read of its subjects."""
        return self.filter_open is not None


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One line of a digest with the path of its page."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class DigestSection:
    """A part of the daily digest that is looked up when the letter is written: what is overdue, the next meeting.

    ``list_items`` gets the reader and the day in the reader's zone and lists what that reader may see, nothing else.
    """

    code: str
    label: str | Promise
    list_items: Callable[[Any, dt.date], Collection[DigestItem]]
    order: int = 100


_topics: dict[str, Topic] = {}
_early: dict[str, dict[str, Any]] = {}
"""Rules that an upper app gave before the topic was there: upper apps are made ready first."""
_sections: dict[str, DigestSection] = {}


def register_topic(topic: Topic) -> None:
    _topics[topic.code] = replace(topic, **_early.pop(topic.code, {}))


def open_topic(code: str, **rules: Any) -> None:
    """Give a topic its rules: ``filter_open`` and ``address``, where needed ``describe`` and ``attach``."""
    if code in _topics:
        _topics[code] = replace(_topics[code], **rules)
    else:
        _early.setdefault(code, {}).update(rules)


def register_section(section: DigestSection) -> None:
    _sections[section.code] = section


def find_topic(code: str) -> Topic | None:
    """The topic, or None for one that no installed app knows any more."""
    return _topics.get(code)


def list_topics() -> list[Topic]:
    """Topics about which people can be told, in the order of registration."""
    return [topic for topic in _topics.values() if topic.is_open]


def list_sections() -> list[DigestSection]:
    return sorted(_sections.values(), key=lambda section: (section.order, section.code))
