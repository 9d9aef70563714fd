"""All that the paper of a meeting prints, as data in three languages; frozen as a version with its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from boget.portal.accounts.models import Organisation, User
from boget.portal.core.formatting import LANGUAGES
from boget.portal.core.services import describe_installation, write_canonical
from boget.portal.jobs import clock
from boget.portal.meetings.models import (
    AgendaItem,
    Attendance,
    BlockPart,
    Decision,
    GroupRole,
    Meeting,
    MeetingDocument,
    MinuteBlock,
    MinutesState,
    MinutesVersion,
)
from boget.portal.meetings.selectors.agenda import list_items
from boget.portal.meetings.selectors.attendance import count_quorum, list_attendance
from boget.portal.meetings.selectors.minutes import find_last_signed, list_decisions
from boget.portal.meetings.services.locking import log_change

FORM = 1
"""Version of the layout of the content; readers of older versions go by it."""
Texts = dict[str, str]


def build_content(meeting: Meeting) -> dict[str, Any]:
    """The minutes as they stand, as data that JSON can hold."""
    rows = list_attendance(meeting)
    quorum = count_quorum(meeting, rows)
    decisions = list_decisions(meeting)
    blocks = list(MinuteBlock.objects.filter(item__meeting=meeting))
    return {
        "form": FORM,
        "number": meeting.number,
        "title": _texts(meeting, "title"),
        "day": meeting.day.isoformat(),
        "begins": f"{meeting.local_start:%H:%M}" if meeting.has_time else "",
        "ends": f"{meeting.local_end:%H:%M}" if meeting.local_end else "",
        "offset_minutes": int((meeting.local_start.utcoffset() or dt.timedelta(0)).total_seconds() // 60),
        "mode": meeting.mode,
        "place": meeting.place,
        "host": meeting.host,
        "funder": meeting.funder,
        "languages": [code for code in meeting.languages.split(",") if code],
        "minutes_language": meeting.minutes_language,
        "attachments_pages": meeting.attachments_pages,
        "group": _texts(meeting.group, "name"),
        "body": _name_on(meeting.group.host, meeting, is_short=False),
        "chair": _find_officer(rows, (GroupRole.CHAIR, GroupRole.DEPUTY)),
        "secretary": _find_officer(rows, (GroupRole.SECRETARY,)),
        "people": [_describe_person(row) for row in rows],
        "quorum": {
            "members": quorum.members,
            "present": quorum.present,
            "needed": quorum.needed,
            "is_met": quorum.is_met,
            "is_placeholder": quorum.is_placeholder,
        },
        "items": [_describe_item(item, blocks, decisions) for item in list_items(meeting)],
        "comments_due": meeting.comments_due.isoformat() if meeting.comments_due else "",
        "is_demo": describe_installation().is_demo,
    }


def freeze_minutes(
    meeting: Meeting,
    state: str,
    *,
    by: User | None,
    reason: str = "",
    signature: Mapping[str, str] | None = None,
    scan: MeetingDocument | None = None,
) -> MinutesVersion:
    """Add a version of the minutes as they stand. A signed one is the final one with the signatures, word for word."""
    last = meeting.minutes.order_by("-number").first()
    content = build_content(meeting) if signature is None or last is None else dict(last.content)
    content["state"] = state
    content["reason"] = reason or _find_reason(meeting)
    if signature is not None:
        content["signature"] = dict(signature)
    version = MinutesVersion(
        meeting=meeting,
        number=last.number + 1 if last else 1,
        state=state,
        content=content,
        sha256=digest_content(content),
        reason=content["reason"],
        made_at=clock.read_now(),
        made_by=by,
        scan=scan,
    )
    if signature is not None:
        version.signed_chair, version.signed_secretary = signature["chair"], signature["secretary"]
        version.signed_on = signature["day"]
    version.save()
    changes = {"version": (last.number if last else None, version.number), "sha256": (None, version.sha256)}
    log_change(meeting, ("minutes", meeting.code), changes, by=by, kind="publish", reason=version.reason)
    return version


def digest_content(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in its one spelling, as 64 hexadecimal digits."""
    return hashlib.sha256(write_canonical(content).encode()).hexdigest()


def _find_reason(meeting: Meeting) -> str:
    """Why signed minutes are being corrected; empty for the first round."""
    signed = find_last_signed(meeting)
    later = meeting.minutes.filter(number__gt=signed.number if signed else 0).exclude(reason="")
    found = later.order_by("-number").first()
    return found.reason if found and signed and found.state != MinutesState.SIGNED else ""


def _texts(record: Any, name: str) -> Texts:
    return {code: getattr(record, f"{name}_{code}") for code in LANGUAGES}


def _name_on(body: Organisation, meeting: Meeting, *, is_short: bool) -> Texts:
    """The body's name as it was on the day of the meeting, in each language that has one."""
    row = body.on_date(meeting.day)
    names = {}
    for code in LANGUAGES:
        short, full = getattr(row, f"short_{code}"), getattr(row, f"name_{code}")
        names[code] = (short or full) if is_short else full
    return names


def _find_officer(rows: Sequence[Attendance], roles: Sequence[str]) -> dict[str, Any] | None:
    """Who was in the chair, or took the minutes: the first of these roles who was there."""
    for role in roles:
        for row in rows:
            if row.person is not None and row.person.role == role and row.is_present:
                return _describe_person(row)
    return None


def _describe_person(row: Attendance) -> dict[str, Any]:
    return {
        "name": row.name,
        "post": row.post,
        "organisation": _texts(row, "organisation"),
        "role": row.role,
        "has_vote": row.has_vote,
        "is_present": row.is_present,
        "stands_for": row.substitute_for.name if row.substitute_for else "",
    }


def _describe_item(item: AgendaItem, blocks: Sequence[MinuteBlock], decisions: Sequence[Decision]) -> dict[str, Any]:
    own = [block for block in blocks if block.item_id == item.pk and block.html]
    parts = {part: {block.language: block.html for block in own if block.part == part} for part in BlockPart.values}
    return {
        "title": _texts(item, "title"),
        "speaker": item.speaker,
        **parts,
        "decisions": [_describe_decision(row) for row in decisions if row.item_id == item.pk],
    }


def _describe_decision(decision: Decision) -> dict[str, Any]:
    bodies = [party.organisation for party in decision.parties.all()]
    return {
        "ref": decision.ref,
        "text": _texts(decision, "text"),
        "outcome": decision.outcome,
        "due": decision.due,
        "responsible": [_name_on(body, decision.meeting, is_short=True) for body in bodies],
        "vote_form": decision.vote_form,
        "votes": [decision.votes_for, decision.votes_against, decision.votes_abstained],
        "dissent": decision.dissent,
        "action": decision.action_id,
        "plan_item": decision.plan_item_ref,
    }
