"""The way of the minutes: closed, open for comments, final, signed, distributed; and the correction of signed ones."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.core.errors import refuse
from boget.portal.jobs import clock
from boget.portal.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingDocument,
    MeetingState,
    MinutesComment,
    MinutesState,
    MinutesVersion,
)
from boget.portal.meetings.selectors.meetings import MINUTES_OPEN
from boget.portal.meetings.services.attendance import check_text
from boget.portal.meetings.services.locking import lock_meeting, log_change
from boget.portal.meetings.services.meetings import check_state, move_state
from boget.portal.meetings.services.minutes_content import freeze_minutes
from boget.portal.meetings.services.telling import list_members, tell_of_minutes

LONGEST_COMMENT, LONGEST_NAME = 4000, 150


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User | None, version: int) -> MinutesVersion:
    """The meeting is over: its minutes are frozen as a first draft, ready as «Протокол» in Word and PDF."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.HELD], where=_("Closing of the meeting"))
    now = clock.read_now()
    current.items.filter(started_at__isnull=False, ended_at=None).update(ended_at=now)
    ends = current.ends_at if current.ends_at or not current.has_time else _choose_end(current, now)
    move_state(current, MeetingState.DRAFT, by=by, closed_at=now, current_item=None, ends_at=ends)
    return freeze_minutes(current, MinutesState.DRAFT, by=by)


def _choose_end(meeting: Meeting, now: dt.datetime) -> dt.datetime | None:
    """Now, if the meeting is closed on its day; of one that is written down later the end is not known."""
    return now if meeting.starts_at < now < meeting.starts_at + dt.timedelta(hours=14) else None


@transaction.atomic
def open_comments(meeting: Meeting, *, until: dt.date, by: User | None, version: int) -> MinutesVersion:
    """Send the draft round: comments are taken until a day, that day included. Everybody in the group is told.

    Asked again while comments are taken, it sends the corrected draft with the new day.
    """
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.DRAFT, MeetingState.COMMENTS], where=_("Opening for comments"))
    if until < today():
        raise refuse("day_past", where=_("Comments until"), value=date_format(until, "SHORT_DATE_FORMAT"))
    move_state(current, MeetingState.COMMENTS, by=by, comments_due=until)
    frozen = freeze_minutes(current, MinutesState.DRAFT, by=by)
    tell_of_minutes(current, list_members(current), comments_by=until.isoformat(), number=frozen.number)
    return frozen


@transaction.atomic
def add_comment(meeting: Meeting, text: str, *, item: AgendaItem | None = None, by: User) -> MinutesComment:
    """A remark of a member on the draft. The same text sent twice is one. Raises InvalidInput: no text, not the time for it."""
    current = lock_meeting(meeting)
    check_state(current, [MeetingState.COMMENTS], where=_("Comment"))
    if current.comments_due is not None and today() > current.comments_due:
        raise refuse("comments_over", value=date_format(current.comments_due, "SHORT_DATE_FORMAT"))
    words = text.strip()
    if not words:
        raise refuse("required", where=_("Comment"))
    check_text(words, _("Comment"), LONGEST_COMMENT)
    same = current.comments.filter(by=by, item=item, text=words).first()
    if same is not None:
        return same
    comment = MinutesComment.objects.create(
        meeting=current, item=item, by=by, organisation=organisation_of(by), text=words, at=clock.read_now()
    )
    log_change(current, ("minutes", current.code), {"comment": (None, words)}, by=by, kind="create")
    return comment


@transaction.atomic
def answer_comment(comment: MinutesComment, *, is_accepted: bool, answer: str, by: User | None) -> MinutesComment:
    """Answer a comment; one that is not taken over needs words. Comment and answer are kept."""
    meeting = lock_meeting(comment.meeting)
    check_state(meeting, [MeetingState.COMMENTS], where=_("Answer"))
    words = answer.strip()
    check_text(words, _("Answer"), LONGEST_COMMENT)
    if not is_accepted and not words:
        raise refuse("required", where=_("Why the comment is not taken over"))
    current = MinutesComment.objects.select_for_update().get(pk=comment.pk)
    old = current.answer
    current.answer, current.is_accepted, current.answered_at = words, is_accepted, clock.read_now()
    current.save(update_fields=["answer", "is_accepted", "answered_at"])
    changes = {"answer": (old, words), "is_accepted": (None, is_accepted)}
    log_change(meeting, ("minutes", meeting.code), changes, by=by)
    return current


@transaction.atomic
def finalise_minutes(meeting: Meeting, *, by: User | None, version: int, reason: str = "") -> MinutesVersion:
    """Nothing is changed any more: the paper for signature. Comments are answered and their time is over, or a reason given."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.COMMENTS], where=_("Final minutes"))
    unanswered = current.comments.filter(is_accepted=None).count()
    if unanswered:
        raise refuse("comments_open", value=unanswered)
    due = current.comments_due
    if due is not None and today() <= due and not reason.strip():
        raise refuse("comments_running", value=date_format(due, "SHORT_DATE_FORMAT"))
    move_state(current, MeetingState.FINAL, by=by, reason=reason.strip())
    return freeze_minutes(current, MinutesState.FINAL, by=by)


@transaction.atomic
def reopen_draft(meeting: Meeting, *, by: User | None, version: int, reason: str) -> Meeting:
    """Take final minutes back to the draft before they are signed, with a reason."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.FINAL], where=_("Opening the draft again"))
    if not reason.strip():
        raise refuse("reason_missing")
    return move_state(current, MeetingState.DRAFT, by=by, reason=reason.strip())


@transaction.atomic
def sign_minutes(
    meeting: Meeting,
    *,
    chair: str,
    secretary: str,
    day: dt.date,
    by: User | None,
    version: int,
    scan: MeetingDocument | None = None,
) -> MinutesVersion:
    """Note that the paper was signed, by whom and when; from now on the minutes are not changed."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.FINAL], where=_("Signature"))
    names = {"chair": " ".join(chair.split()), "secretary": " ".join(secretary.split())}
    if not all(names.values()):
        raise refuse("signature_missing")
    for name in names.values():
        check_text(name, _("Signature"), LONGEST_NAME)
    if day < current.day:
        held = date_format(current.day, "SHORT_DATE_FORMAT")
        raise refuse("date_order", where=_("Day of signature"), value=date_format(day, "SHORT_DATE_FORMAT"), allowed=held)
    if day > today():
        raise refuse("day_to_come", where=_("Day of signature"), value=date_format(day, "SHORT_DATE_FORMAT"))
    move_state(current, MeetingState.SIGNED, by=by)
    signature = {**names, "day": day.isoformat(), "scan_sha256": scan.sha256 if scan else ""}
    return freeze_minutes(current, MinutesState.SIGNED, by=by, signature=signature, scan=scan)


@transaction.atomic
def distribute_minutes(meeting: Meeting, *, by: User | None, version: int) -> int:
    """Tell members and everybody who was on the list that signed minutes are there; returns how many are told."""
    current = lock_meeting(meeting, version)
    check_state(current, [MeetingState.SIGNED], where=_("Distribution"))
    move_state(current, MeetingState.DISTRIBUTED, by=by)
    people = list_members(current)
    signed = current.minutes.filter(state=MinutesState.SIGNED).order_by("-number").first()
    tell_of_minutes(current, people, number=signed.number if signed else 0)
    return len(people)


@transaction.atomic
def correct_minutes(meeting: Meeting, *, reason: str, by: User | None, version: int) -> MinutesVersion:
    """Open a correction of signed minutes: the signed version stays as it is, the next one carries the reason."""
    current = lock_meeting(meeting, version)
    check_state(current, list(MINUTES_OPEN), where=_("Correction"))
    words = reason.strip()
    if not words:
        raise refuse("reason_missing")
    check_text(words, _("Reason"), 500)
    move_state(current, MeetingState.DRAFT, by=by, reason=words, comments_due=None)
    return freeze_minutes(current, MinutesState.DRAFT, by=by, reason=words)
