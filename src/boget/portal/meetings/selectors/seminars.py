"""What is read of seminars: the list, one with its participants, results of the quiz, who gets a certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.selectors import access_of
from boget.portal.core.models import Revision
from boget.portal.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingDocument,
    MeetingKind,
    MeetingMode,
    MeetingState,
    QuizAnswer,
    QuizQuestion,
    Registration,
)
from boget.portal.meetings.selectors.agenda import title_of
from boget.portal.meetings.selectors.meetings import find_by_code, list_documents
from boget.portal.meetings.selectors.rights import group_access_of

COMING = (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.ADOPTED)
CHIPS = {MeetingState.HELD: "ok", MeetingState.CANCELLED: "neutral"}
"""Of the others the chip is "info"."""
STATES = {
    MeetingState.PLANNED: pgettext_lazy("seminar", "planned"),
    MeetingState.HELD: pgettext_lazy("seminar", "held"),
    MeetingState.CANCELLED: pgettext_lazy("seminar", "cancelled"),
}
"""Words of the states a seminar has; a meeting has more of them."""


def seminars_visible_to(user: Any) -> QuerySet[Meeting]:
    """Seminars are open to everybody who has a role, members of the group or not."""
    seminars = Meeting.objects.filter(kind=MeetingKind.SEMINAR)
    return seminars if access_of(user).roles else seminars.none()


def list_seminars(user: Any) -> QuerySet[Meeting]:
    """Seminars with the numbers of those registered and of those who were there, the newest first."""
    here = Q(registrations__is_cancelled=False)
    there = here & Q(registrations__is_present=True)
    return seminars_visible_to(user).annotate(
        registered=Count("registrations", filter=here), present=Count("registrations", filter=there)
    )


def find_seminar(user: Any, number: int) -> Meeting | None:
    """The seminar of this number, None where it is absent or not open to the reader."""
    return list_seminars(user).select_related("group").filter(number=number).first()


def filter_open(user: Any, codes: Collection[str]) -> set[str]:
    """Those of the seminars, named as seminar-2, that the reader may see."""
    seen = seminars_visible_to(user)
    found = (find_by_code(user, code) for code in codes)
    return {row.code for row in found if row is not None and seen.filter(pk=row.pk).exists()}


def describe_seminar(code: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the letter: title, time and place as they are now. The address of a video call is not given away."""
    number = code.rpartition("-")[2]
    seminars = Meeting.objects.filter(kind=MeetingKind.SEMINAR)
    seminar = seminars.filter(number=int(number)).first() if number.isdecimal() else None
    if seminar is None:
        return {"number": number, "title": "", "starts_at": "", "place": ""}
    title, _language = title_of(seminar)
    parts = {"number": seminar.number, "title": title, "starts_at": seminar.starts_at.isoformat()}
    is_online = seminar.mode == MeetingMode.ONLINE
    return {**parts, "place": seminar.place or (str(seminar.get_mode_display()) if is_online else "")}


def choose_chip(seminar: Meeting) -> str:
    return CHIPS.get(MeetingState(seminar.state), "info")


def name_state(state: str) -> str:
    """The word for the state of a seminar."""
    return str(STATES.get(MeetingState(state), MeetingState(state).label))


def find_cancel_reason(seminar: Meeting) -> str:
    """Why it was called off, by the log."""
    if seminar.state != MeetingState.CANCELLED:
        return ""
    entries = Revision.objects.filter(record_type="meeting", record_id=seminar.code).order_by("-seq")
    return next((entry.reason for entry in entries if "state" in entry.changes), "")


def is_past(seminar: Meeting) -> bool:
    """Whether its last day is over by the clock of the place."""
    last = seminar.local_end or seminar.local_start
    return last.date() < timezone.localdate(timezone=last.tzinfo)


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant with the best try at the quiz. has_certificate: the person was there."""

    registration: Registration
    best: QuizAnswer | None

    @property
    def has_certificate(self) -> bool:
        return bool(self.registration.is_present) and not self.registration.is_cancelled


@dataclass(frozen=True, slots=True)
class SeminarPage:
    """What the page of a seminar shows to one reader. participants: only for the organiser; others see their own row."""

    seminar: Meeting
    own: Participant | None
    is_registered: bool
    participants: list[Participant]
    registered: int
    present: int
    questions: list[QuizQuestion]
    can_manage: bool
    can_register: bool
    can_cancel: bool
    can_answer: bool
    can_take: bool  # attendance
    programme: list[Line]
    documents: list[MeetingDocument]  # those that belong to no single item


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the programme. begins: by the clock of the place; None where times before it are not planned."""

    item: AgendaItem
    begins: dt.time | None
    documents: list[MeetingDocument]


def list_programme(seminar: Meeting, documents: Iterable[MeetingDocument] = ()) -> list[Line]:
    """The programme with the hour at which each item begins, counted from planned minutes."""
    files = list(documents)
    moment: dt.datetime | None = seminar.local_start if seminar.has_time else None
    lines = []
    for item in seminar.items.order_by("position", "pk"):
        begins = moment.time() if moment else None
        lines.append(Line(item, begins, [file for file in files if file.item_id == item.pk]))
        moment = moment + dt.timedelta(minutes=item.minutes_planned) if moment and item.minutes_planned else None
    return lines


def read_seminar(user: Any, number: int) -> SeminarPage | None:
    """The page of a seminar; None where it is absent or not open to the reader."""
    seminar = find_seminar(user, number)
    if seminar is None:
        return None
    people = list_participants(seminar)
    own = next((row for row in people if row.registration.user_id == user.pk), None)
    can_manage = group_access_of(user).can_manage
    is_coming = seminar.state in COMING
    is_in = own is not None and not own.registration.is_cancelled
    questions = list(seminar.questions.all())
    documents = list(list_documents(user, seminar))
    return SeminarPage(
        seminar=seminar,
        own=own,
        is_registered=is_in,
        participants=people if can_manage else [],
        registered=seminar.registered,
        present=seminar.present,
        questions=questions,
        can_manage=can_manage,
        can_register=is_coming and not is_in and not is_past(seminar),
        can_cancel=is_coming and is_in and own is not None and not own.registration.is_present,
        can_answer=is_in and bool(questions) and seminar.state != MeetingState.CANCELLED,
        can_take=can_manage and (is_coming or seminar.state == MeetingState.HELD),
        programme=list_programme(seminar, documents),
        documents=[file for file in documents if file.item_id is None],
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the form. is_right: of the answer given last; None where there is none."""

    question: QuizQuestion
    options: list[tuple[int, str, bool]]  # index, words, chosen
    is_right: bool | None


def list_asked(page: SeminarPage, chosen: dict[int, int] | None = None) -> list[Asked]:
    """The questions with what was chosen: in `chosen` (typed but not counted yet), else in the reader's last try."""
    last = page.own.registration.tries.first() if page.own else None
    kept = {int(pk): option for pk, option in last.chosen.items()} if last else {}
    return [_ask(question, kept, kept if chosen is None else chosen) for question in page.questions]


def _ask(question: QuizQuestion, kept: dict[int, int], marked: dict[int, int]) -> Asked:
    options = [(number, words, marked.get(question.pk) == number) for number, words in enumerate(question.options)]
    is_right = kept[question.pk] == question.right if question.pk in kept else None
    return Asked(question, options, is_right if marked.get(question.pk) == kept.get(question.pk) else None)


def count_tries(page: SeminarPage) -> int:
    return page.own.registration.tries.count() if page.own else 0


def list_participants(seminar: Meeting) -> list[Participant]:
    """Everybody on the list by name, those who cancelled last, each with the best try."""
    best: dict[int, QuizAnswer] = {}
    for row in QuizAnswer.objects.filter(registration__seminar=seminar).order_by("right", "-at"):
        best[row.registration_id] = row
    rows = seminar.registrations.select_related("organisation").order_by("is_cancelled", "name", "pk")
    return [Participant(row, best.get(row.pk)) for row in rows]


def list_certificates(seminar: Meeting) -> list[Participant]:
    """Those who get a certificate: everybody who was there."""
    return [row for row in list_participants(seminar) if row.has_certificate]
