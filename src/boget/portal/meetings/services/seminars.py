"""Seminars: who takes part, who was there, the quiz. Time, place, programme and files are those of any meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.text import is_storable
from boget.portal.jobs import clock
from boget.portal.meetings.models import Meeting, MeetingKind, MeetingState, QuizAnswer, QuizQuestion, Registration
from boget.portal.meetings.selectors.seminars import COMING, STATES, name_state
from boget.portal.meetings.services import meetings
from boget.portal.meetings.services.locking import lock_meeting, log_change
from boget.portal.notifications.services import notify

TOPIC = "seminar"

LONGEST_NAME, LONGEST_ORGANISATION = 150, 300
LONGEST_QUESTION, MOST_QUESTIONS, MOST_OPTIONS = 500, 50, 8
RIGHT, WRONG = "+", "-"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the quiz. right: index of the right option."""

    text: str
    options: tuple[str, ...]
    right: int


@transaction.atomic
def change_seminar(seminar: Meeting, values: Mapping[str, Any], *, by: User, version: int, note: str = "") -> Meeting:
    """Change what was planned; everybody registered is told a new time or place. Raises as `meetings.change_meeting`."""
    old = {name: getattr(seminar, name) for name in meetings.NOTICED}
    changed = meetings.change_meeting(seminar, values, by=by, version=version, note=note)
    if changed.version != seminar.version and any(getattr(changed, name) != value for name, value in old.items()):
        _announce(changed, change="changed", note=note)
    return changed


@transaction.atomic
def cancel_seminar(seminar: Meeting, *, by: User, version: int, reason: str) -> Meeting:
    """Call the seminar off and tell everybody registered. Raises as `meetings.cancel_meeting`."""
    current = meetings.cancel_meeting(seminar, by=by, version=version, reason=reason)
    _announce(current, change="cancelled", note=reason)
    return current


@transaction.atomic
def mark_held(seminar: Meeting, *, by: User, version: int) -> Meeting:
    """The seminar took place: nobody registers any more. InvalidInput: to come, cancelled, nobody marked as present."""
    current = lock_meeting(seminar, version)
    if current.state == MeetingState.HELD:
        return current
    _require_state(current, COMING)
    if current.day > timezone.localdate(clock.read_now(), timezone=current.local_start.tzinfo):
        raise refuse("meeting_to_come", where=_("Seminar"), value=date_format(current.local_start, "SHORT_DATETIME_FORMAT"))
    if not current.registrations.filter(is_present=True, is_cancelled=False).exists():
        raise refuse("nobody_present")
    return meetings.move_state(current, MeetingState.HELD, by=by)


@transaction.atomic
def register(seminar: Meeting, *, by: User) -> Registration:
    """Sign a person up, or again after cancelling; a letter with the calendar file follows. InvalidInput: cancelled or over."""
    current = _open(seminar)
    today = timezone.localdate(clock.read_now(), timezone=current.local_start.tzinfo)
    if (current.local_end or current.local_start).date() < today:
        raise refuse("registration_over", value=date_format(current.day, "SHORT_DATE_FORMAT"))
    organisation = organisation_of(by)
    printed = organisation.name_on(current.day, by.language) if organisation else ""
    row = Registration.objects.filter(seminar=current, user=by).first()
    if row is None:
        row = Registration(seminar=current, user=by, name=by.name, email=by.email, registered_at=timezone.now())
    elif not row.is_cancelled:
        return row
    row.organisation, row.organisation_text, row.is_cancelled = organisation, printed[:LONGEST_ORGANISATION], False
    row.save()
    _log(current, {f"participant {row.pk}": (None, "registered")}, by=by)
    notify(TOPIC, [by], current.code, context={"change": "registered", "note": ""})
    return row


@transaction.atomic
def add_guest(seminar: Meeting, *, name: str, organisation_text: str, email: str = "", by: User) -> Registration:
    """Put somebody without an account on the list. The same name and organisation twice are one participant."""
    current = _open(seminar, also_over=True)
    name, organisation_text = " ".join(name.split()), " ".join(organisation_text.split())
    for where, value, limit in ((_("Name"), name, LONGEST_NAME), (_("Organisation"), organisation_text, LONGEST_ORGANISATION)):
        if len(value) > limit:
            raise refuse("too_long", where=where, value=len(value), allowed=f"≤ {limit}")
        if not is_storable(value):
            raise refuse("control_character", where=where)
    if not name:
        raise refuse("required", where=_("Name"))
    same = {"seminar": current, "user": None, "name": name, "organisation_text": organisation_text}
    row, is_new = Registration.objects.get_or_create(
        **same, defaults={"email": email.strip(), "registered_at": timezone.now()}
    )
    if is_new or row.is_cancelled:
        row.is_cancelled = False
        row.save()
        _log(current, {f"participant {row.pk}": (None, "registered")}, by=by)
    return row


@transaction.atomic
def cancel_registration(row: Registration, *, by: User) -> None:
    """Take a person off the list; the row stays, so that the number of cancellations is known.

    InvalidInput: cancelled or over, marked as present.
    """
    current = _open(row.seminar)
    if Registration.objects.filter(pk=row.pk, is_present=True).exists():
        raise refuse("was_present", where=row.name)
    if not row.is_cancelled:
        Registration.objects.filter(pk=row.pk).update(is_cancelled=True)
        _log(current, {f"participant {row.pk}": ("registered", "cancelled")}, by=by)


@transaction.atomic
def take_attendance(seminar: Meeting, present: Mapping[int, bool | None], *, by: User) -> int:
    """Mark who was there: present, absent, or None for not noted. Returns how many rows changed."""
    current = lock_meeting(seminar)
    changes: dict[str, tuple[Any, Any]] = {}
    for row in current.registrations.filter(pk__in=present, is_cancelled=False):
        if row.is_present != present[row.pk]:
            changes[f"present {row.pk}"] = (row.is_present, present[row.pk])
            Registration.objects.filter(pk=row.pk).update(is_present=present[row.pk])
    _log(current, changes, by=by)
    return len(changes)


def read_questions(text: str) -> list[Question]:
    """Questions as the organiser types them: a line with the question, below it lines with + (right) or - (wrong).

    >>> read_questions("How many?\\n- one\\n+ two")
    [Question(text='How many?', options=('one', 'two'), right=1)]

    InvalidInput: an option without question, not exactly one right option, fewer than two options, too many, too long.
    """
    raw: list[tuple[str, list[tuple[str, str]]]] = []
    for line in (" ".join(line.split()) for line in text.splitlines()):
        if line[:1] in (RIGHT, WRONG, "–", "—") and line[1:].strip():
            if not raw:
                raise refuse("required", where=_("Question"))
            raw[-1][1].append((line[0], line[1:].strip()))
        elif line:
            raw.append((line, []))
    if len(raw) > MOST_QUESTIONS:
        raise refuse("too_long", where=_("Questions"), value=len(raw), allowed=f"≤ {MOST_QUESTIONS}")
    return [_read_question(words, options) for words, options in raw]


def _read_question(text: str, options: Sequence[tuple[str, str]]) -> Question:
    right = [number for number, (mark, _words) in enumerate(options) if mark == RIGHT]
    if len(right) != 1:
        raise refuse("right_option", where=text[:60], value=len(right), allowed=1)
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise refuse("range", where=text[:60], value=len(options), allowed=f"2–{MOST_OPTIONS}")
    longest = max(len(words) for words in (text, *(words for _mark, words in options)))
    if longest > LONGEST_QUESTION:
        raise refuse("too_long", where=text[:60], value=longest, allowed=f"≤ {LONGEST_QUESTION}")
    return Question(text, tuple(words for _mark, words in options), right[0])


def write_questions(questions: Sequence[QuizQuestion]) -> str:
    """The questions as `read_questions` reads them."""
    return _write_plain([Question(row.text, tuple(row.options), row.right) for row in questions])


def _write_plain(questions: Sequence[Question]) -> str:
    blocks = []
    for row in questions:
        marks = (f"{RIGHT if number == row.right else WRONG} {words}" for number, words in enumerate(row.options))
        blocks.append("\n".join((row.text, *marks)))
    return "\n\n".join(blocks)


@transaction.atomic
def set_quiz(seminar: Meeting, text: str, *, by: User, version: int | None = None) -> int:
    """Replace the quiz; an empty text takes it away. Conflict: the seminar was changed since `version`.

    InvalidInput: unreadable (see `read_questions`), or somebody has answered: results would not mean the same questions.
    """
    current = lock_meeting(seminar, version)
    questions = read_questions(text)
    old = write_questions(list(current.questions.all()))
    if _write_plain(questions) == old:
        return len(questions)
    if QuizAnswer.objects.filter(registration__seminar=current).exists():
        raise refuse("quiz_answered")
    current.questions.all().delete()
    QuizQuestion.objects.bulk_create(
        QuizQuestion(seminar=current, position=number, text=row.text, options=list(row.options), right=row.right)
        for number, row in enumerate(questions, start=1)
    )
    Meeting.objects.filter(pk=current.pk).update(version=F("version") + 1, updated_at=clock.read_now())
    _log(current, {"quiz": (old, _write_plain(questions))}, by=by)
    return len(questions)


@transaction.atomic
def answer_quiz(row: Registration, chosen: Mapping[int, int], *, by: User) -> QuizAnswer:
    """Count one try of a participant. chosen: question id to index of the option; every question needs an answer.

    The same answers as the last time are no new try. InvalidInput: no quiz, an answer is missing or is none of the options.
    Conflict: the questions were replaced meanwhile.
    """
    lock_meeting(row.seminar)
    questions = list(row.seminar.questions.all())
    if not questions or row.user_id != by.pk or row.is_cancelled:
        raise refuse("not_in_list", where=_("Quiz"), value="")
    if not chosen.keys() <= {question.pk for question in questions}:
        raise Conflict("quiz_replaced")
    for question in questions:
        if not 0 <= chosen.get(question.pk, -1) < len(question.options):
            raise refuse("required", where=question.text[:60])
    right = sum(chosen[question.pk] == question.right for question in questions)
    kept = {str(question.pk): chosen[question.pk] for question in questions}
    last = row.tries.first()
    if last is not None and last.chosen == kept:
        return last
    return QuizAnswer.objects.create(registration=row, chosen=kept, right=right, of=len(questions), at=timezone.now())


def _open(seminar: Meeting, *, also_over: bool = False) -> Meeting:
    current = lock_meeting(seminar)
    if current.kind != MeetingKind.SEMINAR:
        raise refuse("not_in_list", where=_("Seminar"), value=current.code)
    _require_state(current, (*COMING, MeetingState.HELD) if also_over else COMING)
    return current


def _require_state(seminar: Meeting, allowed: Sequence[MeetingState]) -> None:
    if seminar.state not in allowed:
        words = ", ".join(str(STATES[state]) for state in allowed if state in STATES)
        raise refuse("wrong_state", where=_("Seminar"), value=name_state(seminar.state), allowed=words)


def _announce(seminar: Meeting, *, change: str, note: str) -> None:
    """Tell everybody registered; calendars take the new time from the higher sequence."""
    if change == "changed":
        seminar.ical_sequence += 1
        seminar.save(update_fields=["ical_sequence"])
    rows = seminar.registrations.filter(is_cancelled=False, user__isnull=False).select_related("user")
    people = [row.user for row in rows if row.user is not None]
    if people:
        notify(TOPIC, people, seminar.code, context={"change": change, "note": note}, is_immediate=True)


def _log(seminar: Meeting, changes: dict[str, tuple[Any, Any]], *, by: User) -> None:
    log_change(seminar, ("meeting", seminar.code), changes, by=by)
