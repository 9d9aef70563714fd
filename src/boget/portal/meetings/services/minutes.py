"""Writing the minutes while people speak: every text that was ever sent is kept, also the one that came too late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import LANGUAGES
from boget.portal.jobs import clock
from boget.portal.meetings.markup import LONGEST, clean_html
from boget.portal.meetings.models import (
    AgendaItem,
    BlockPart,
    Meeting,
    MeetingState,
    MinuteBlock,
    MinuteBlockVersion,
)
from boget.portal.meetings.selectors.meetings import MINUTES_OPEN, TAKING
from boget.portal.meetings.selectors.minutes import HINT
from boget.portal.meetings.services.locking import lock_meeting, log_change
from boget.portal.meetings.services.meetings import check_state


@dataclass(frozen=True, slots=True)
class SavedBlock:
    """The part as it stands now. ``lost``: the text that was sent against an older version, kept beside it."""

    block: MinuteBlock
    lost: MinuteBlockVersion | None = None


@transaction.atomic
def save_block(item: AgendaItem, part: str, language: str, *, html: str, version: int, by: User) -> SavedBlock:
    """Save one part of the minutes of an item. ``version`` is the one that was typed over.

    Where somebody was faster, that text stays and this one is kept as a text to be merged: nothing is lost and nothing is
    overwritten. Raises InvalidInput: too long, unknown part or language, minutes final or signed.
    """
    if part not in BlockPart.values or language not in LANGUAGES:
        raise refuse(
            "not_in_list", where=_("Part of the minutes"), value=f"{part} {language}"[:40], allowed="heard, spoke, dissent"
        )
    if len(html) > LONGEST:
        raise refuse("too_long", where=_("Part of the minutes"), value=len(html), allowed=LONGEST)
    check_writable(lock_meeting(item.meeting))
    block, _is_new = MinuteBlock.objects.select_for_update().get_or_create(item=item, part=part, language=language)
    text = clean_html(html)
    if text == block.html:
        return SavedBlock(block)
    if version != block.version:
        return SavedBlock(block, _keep_lost(block, text, by=by))
    return SavedBlock(_write(block, text, by=by))


def _keep_lost(block: MinuteBlock, text: str, *, by: User) -> MinuteBlockVersion | None:
    """The text that came too late, once; an earlier one of the same person that is still unmerged is taken on."""
    if not text:
        return None
    waiting = block.versions.filter(is_conflict=True, by=by, number=block.version).first()
    if waiting is None:
        waiting = MinuteBlockVersion(block=block, number=block.version, by=by, is_conflict=True)
    elif waiting.html != text:  # what the person goes on typing stays one text to merge, its first form stays in the history
        MinuteBlockVersion.objects.create(block=block, number=block.version, by=by, html=waiting.html, at=waiting.at)
    waiting.html, waiting.at = text, clock.read_now()
    waiting.save()
    return waiting


def _write(block: MinuteBlock, text: str, *, by: User) -> MinuteBlock:
    now = clock.read_now()
    block.version += 1
    block.html, block.edited_by, block.edited_at = text, by, now
    block.held_by, block.held_until = by, now + HINT
    block.save()
    MinuteBlockVersion.objects.create(block=block, number=block.version, html=text, by=by, at=now)
    return block


@transaction.atomic
def settle_conflict(lost: MinuteBlockVersion, *, html: str | None, version: int, by: User) -> SavedBlock:
    """Merge a text that lost a race: ``html`` is the merged text, None leaves the other one. Both stay in the history.

    Where somebody saved meanwhile, the merged text waits to be merged in its turn.
    """
    check_writable(lock_meeting(lost.block.item.meeting))
    block = MinuteBlock.objects.select_for_update().get(pk=lost.block_id)
    MinuteBlockVersion.objects.filter(pk=lost.pk).update(is_conflict=False)
    if html is None:
        return SavedBlock(block)
    return save_block(block.item, block.part, block.language, html=html, version=version, by=by)


@transaction.atomic
def hold_block(item: AgendaItem, part: str, language: str, *, by: User) -> None:
    """Say that a person types here: a hint for others, no lock."""
    if part in BlockPart.values and language in LANGUAGES and item.meeting.state in TAKING:
        block, _is_new = MinuteBlock.objects.get_or_create(item=item, part=part, language=language)
        until = clock.read_now() + HINT
        MinuteBlock.objects.filter(pk=block.pk).update(held_by=by, held_until=until)


@transaction.atomic
def open_item(meeting: Meeting, item: AgendaItem, *, by: User | None) -> Meeting:
    """This item is under discussion now; the time of the one before ends."""
    current = lock_meeting(meeting)
    check_state(current, [MeetingState.ADOPTED, MeetingState.HELD], where=_("Item under discussion"))
    if current.current_item == item.pk:
        return current
    now = clock.read_now()
    current.items.exclude(pk=item.pk).filter(started_at__isnull=False, ended_at=None).update(ended_at=now)
    current.items.filter(pk=item.pk, started_at=None).update(started_at=now)
    current.items.filter(pk=item.pk).update(ended_at=None)
    current.current_item = item.pk
    current.save(update_fields=["current_item"])
    return current


def check_writable(meeting: Meeting) -> None:
    """Raises InvalidInput: signed minutes are never changed, final ones no more."""
    if meeting.state in MINUTES_OPEN:
        raise refuse("minutes_signed", where=meeting.number)
    check_state(meeting, TAKING, where=_("Minutes"))


def log_minutes(meeting: Meeting, change: str, value: Any, *, by: User | None, reason: str = "") -> None:
    log_change(meeting, ("minutes", meeting.code), {change: (None, value)}, by=by, kind="create", reason=reason)
