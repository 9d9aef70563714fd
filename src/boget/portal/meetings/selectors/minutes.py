"""The minutes as they are taken: parts of an item, who types where, texts that lost a race, comments, frozen versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from boget.portal.core.templatetags.boget import FALLBACKS
from boget.portal.jobs import clock
from boget.portal.meetings.models import (
    AgendaItem,
    BlockPart,
    Decision,
    Meeting,
    MeetingState,
    MinuteBlock,
    MinuteBlockVersion,
    MinutesComment,
    MinutesState,
    MinutesVersion,
)
from boget.portal.meetings.selectors.agenda import list_items, title_of
from boget.portal.meetings.selectors.meetings import TAKING
from boget.portal.meetings.selectors.rights import group_access_of

TYPING = (BlockPart.HEARD, BlockPart.SPOKE)
HINT = dt.timedelta(seconds=15)
"""How long after the last key a person counts as typing."""


@dataclass(slots=True)
class PartRow:
    """One part of an item in the language that is typed: its text, its version, a text that lost a race."""

    part: str
    label: str
    html: str = ""
    version: int = 0
    language: str = ""
    other_languages: list[str] = field(default_factory=list)
    conflicts: list[MinuteBlockVersion] = field(default_factory=list)


@dataclass(slots=True)
class ItemBoard:
    """An item with its parts and decisions, as the page of the minutes shows it."""

    item: AgendaItem
    number: int
    title: str
    title_language: str
    parts: list[PartRow]
    decisions: list[Decision]
    is_current: bool = False


def may_take_minutes(user: Any, meeting: Meeting) -> bool:
    """The secretary writes while the minutes are not final."""
    return group_access_of(user).can_manage and meeting.state in TAKING


def read_board(meeting: Meeting, *, language: str, is_reading: bool = False) -> list[ItemBoard]:
    """All items with their parts in one language; for reading a part that lacks it is given in another."""
    items = list_items(meeting)
    blocks = list(MinuteBlock.objects.filter(item__meeting=meeting))
    conflicts = list(
        MinuteBlockVersion.objects.filter(block__item__meeting=meeting, is_conflict=True).select_related("by", "block")
    )
    decisions = list_decisions(meeting)
    boards = []
    for number, item in enumerate(items, start=1):
        title, title_language = title_of(item, language)
        parts = [_read_part(part, item, language, blocks=blocks, conflicts=conflicts) for part in BlockPart]
        for row in parts if is_reading else ():
            _take_other(row, [block for block in blocks if block.item_id == item.pk and block.part == row.part])
        own = [row for row in decisions if row.item_id == item.pk]
        boards.append(ItemBoard(item, number, title, title_language, parts, own, item.pk == meeting.current_item))
    return boards


def _take_other(row: PartRow, blocks: Sequence[MinuteBlock]) -> None:
    """The text in the first other language that has one."""
    if row.html:
        return
    texts = {block.language: block for block in blocks if block.html}
    found = next((texts[code] for code in FALLBACKS[row.language] if code in texts), None)
    if found is not None:
        row.html, row.language, row.other_languages = found.html, found.language, []


def _read_part(
    part: BlockPart,
    item: AgendaItem,
    language: str,
    *,
    blocks: Sequence[MinuteBlock],
    conflicts: Sequence[MinuteBlockVersion],
) -> PartRow:
    row = PartRow(part.value, str(part.label), language=language)
    for block in blocks:
        if block.item_id != item.pk or block.part != part:
            continue
        if block.language != language:
            row.other_languages += [block.language] if block.html else []
            continue
        row.html, row.version = block.html, block.version
        row.conflicts = [text for text in conflicts if text.block_id == block.pk]
    return row


def list_decisions(meeting: Meeting) -> list[Decision]:
    rows = meeting.decisions.select_related("item", "meeting").prefetch_related("parties__organisation")
    return list(rows.order_by("number"))


def find_decision(meeting: Meeting, number: int) -> Decision | None:
    rows = meeting.decisions.select_related("item", "meeting", "recorded_by").prefetch_related("parties__organisation")
    return rows.filter(number=number).first()


def read_state(meeting: Meeting, *, language: str, user: Any) -> dict[str, Any]:
    """What another window asks again and again: versions of the parts, who types where, the item under discussion."""
    now = clock.read_now()
    blocks = MinuteBlock.objects.filter(item__meeting=meeting, language=language).select_related("held_by")
    parts = {
        f"{block.item_id}-{block.part}": {
            "version": block.version,
            "typing": block.held_by.name
            if block.held_by is not None and block.held_by != user and block.held_until and block.held_until > now
            else "",
        }
        for block in blocks
    }
    return {"state": meeting.state, "current": meeting.current_item, "decisions": meeting.decisions.count(), "parts": parts}


def find_block(item: AgendaItem, part: str, language: str) -> MinuteBlock | None:
    return MinuteBlock.objects.filter(item=item, part=part, language=language).first()


def list_versions(meeting: Meeting) -> list[MinutesVersion]:
    return list(meeting.minutes.select_related("made_by", "scan").order_by("-number"))


def list_readable_versions(user: Any, meeting: Meeting) -> list[MinutesVersion]:
    """Members read every version, an invited guest only what is signed."""
    rows = list_versions(meeting)
    if group_access_of(user).is_member:
        return rows
    return [row for row in rows if row.state == MinutesState.SIGNED]


def find_last_signed(meeting: Meeting) -> MinutesVersion | None:
    return meeting.minutes.filter(state=MinutesState.SIGNED).order_by("-number").first()


def list_comments(meeting: Meeting) -> list[MinutesComment]:
    return list(meeting.comments.select_related("by", "organisation", "item").order_by("pk"))


def may_comment(user: Any, meeting: Meeting) -> bool:
    """Members comment while comments are taken."""
    return group_access_of(user).is_member and meeting.state == MeetingState.COMMENTS
