"""What the pages over all apps read: numbers of the register, search, links to facilities."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import access_of, find_organisations
from boget.portal.actions.models import Action
from boget.portal.core.formatting import current_language
from boget.portal.core.text import fold_keyboard
from boget.portal.meetings.models import Decision, Meeting, MeetingKind
from boget.portal.meetings.selectors.meetings import meetings_visible_to
from boget.portal.meetings.selectors.rights import is_member
from boget.portal.registry.choices import Status
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.listing import ListQuery, Totals, select_facilities, sum_up
from boget.portal.registry.selectors.opening import find_successor_id
from boget.portal.registry.selectors.quintiles import Quintiles
from boget.portal.registry.selectors.search import add_rank, fold_wanted, match_text
from boget.portal.scenarios.models import Run

SHOWN = 50
DECISION_NUMBER = re.compile(r"([1-9]\d{0,3})\.([1-9]\d{0,3})")
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class StatusCount:
    """Number of facilities of one status."""

    code: str
    label: Any
    count: int


@dataclass(frozen=True, slots=True)
class RegisterNumbers:
    """The register as this reader sees it: totals of the list without a filter, number by status, last change."""

    totals: Totals
    statuses: tuple[StatusCount, ...]
    changed_at: dt.datetime | None

    @property
    def facilities(self) -> int:
        return self.totals.count


def count_register(user: Any) -> RegisterNumbers:
    """Numbers for the home page, over the rows of the list without a filter, so that the two agree."""
    seen = select_facilities(ListQuery(), Reader(user, Quintiles(), current_language()))
    changed_at = seen.aggregate(at=Max("updated_at"))["at"]
    counts = dict(seen.order_by().values_list("status").annotate(n=Count("pk")))
    statuses = [StatusCount(code, label, counts[code]) for code, label in Status.choices if counts.get(code)]
    return RegisterNumbers(sum_up(seen), tuple(statuses), changed_at)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: of facilities, actions and decisions the best matches, with the number of all."""

    facilities: list[Facility]
    facilities_count: int
    organisations: list[Organisation]
    actions: list[Action] = field(default_factory=list)
    actions_count: int = 0
    decisions: list[Decision] = field(default_factory=list)
    decisions_count: int = 0
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (
            self.facilities_count or self.organisations or self.actions_count or self.decisions_count or self.meetings
        )


def search(user: Any, text: str) -> Findings:
    """What the reader may see: facilities by id, name, former name, operator or water; actions by number and text;
    decisions by number and text; meetings by number and title; organisations by name. Short texts find nothing."""
    wanted = fold_wanted(text)
    if max(len(wanted.exact), len(wanted.latin)) < SHORTEST:
        return Findings([], 0, [])
    seen = Facility.objects.visible_to(user).filter(match_text(wanted))
    best = add_rank(seen, wanted).order_by("rank", f"sort_{current_language()}", "public_id")
    actions = Action.objects.visible_to(user).filter(match_text(wanted)) if access_of(user).roles else Action.objects.none()
    decisions = search_decisions(user, text)
    return Findings(
        list(best[:SHOWN]),
        seen.count(),
        find_organisations(user, text)[:SHOWN],
        actions=list(actions.order_by("public_id")[:SHOWN]),
        actions_count=actions.count() if access_of(user).roles else 0,
        decisions=list(decisions[:SHOWN]),
        decisions_count=len(decisions),
        meetings=search_meetings(user, text),
    )


def search_decisions(user: Any, text: str) -> list[Decision]:
    """Decisions by number or a word of their text, in minutes that the reader may read; the newest first."""
    if not is_member(user):
        return []
    rows = Decision.objects.filter(meeting__in=meetings_visible_to(user)).select_related("meeting")
    if match := DECISION_NUMBER.fullmatch(text.strip()):
        return list(rows.filter(meeting__number=int(match[1]), number=int(match[2])))
    wanted = fold_keyboard(text)
    found = rows.order_by("-meeting__starts_at", "number")
    return [row for row in found if any(wanted in fold_keyboard(body) for body in (row.text_ru, row.text_kk, row.text_en))]


def search_meetings(user: Any, text: str) -> list[Meeting]:
    """Meetings and seminars by a word of their title or of their agenda."""
    wanted = fold_keyboard(text)
    found = []
    for meeting in meetings_visible_to(user).prefetch_related("items"):
        texts = [meeting.title_ru, meeting.title_kk, meeting.title_en, meeting.place]
        texts += [title for item in meeting.items.all() for title in (item.title_ru, item.title_kk, item.title_en)]
        if any(wanted in fold_keyboard(body) for body in texts if body):
            found.append(meeting)
    return found


def find_action(user: Any, public_id: str) -> Action | None:
    """The action of a printed number; None: absent or not open. The public has no actions."""
    if not access_of(user).roles:
        return None
    return Action.objects.visible_to(user).filter(public_id=public_id.upper()).first()


def find_run(user: Any, public_id: str) -> Run | None:
    """The run of a printed number; None: absent or not open."""
    return Run.objects.visible_to(user).defer("outcome").filter(public_id=public_id.upper()).first()


def find_decision(user: Any, meeting: int, number: int) -> Decision | None:
    """A decision of a session by the two parts of its number."""
    if not is_member(user):
        return None
    seen = meetings_visible_to(user).filter(kind=MeetingKind.SESSION, number=meeting)
    return Decision.objects.filter(meeting__in=seen, number=number).first()


def find_facility(user: Any, public_id: str) -> Facility | None:
    """The facility of a printed id; for a merged one the record it was merged into. None: absent or not open."""
    seen = Facility.objects.visible_to(user)
    return seen.filter(public_id=find_successor_id(public_id.upper())).first()
