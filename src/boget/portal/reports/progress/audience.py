"""For whom a report is made: the level that holds, and the rows of each app that readers of this level may see.

A report is read by many people, so nothing in it depends on the person who makes it beyond the level: the lower one of the
level asked for and of the maker's own. An operator's rights on the own facilities do not enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.models import Action
from boget.portal.core.levels import Level
from boget.portal.meetings.models import Meeting, WorkPlan
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.scores import choose_score_level


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers of a level, and the country whose register is reported on; empty: all."""

    level: Level
    country: str = ""

    @property
    def score_level(self) -> int:
        return choose_score_level(self.level)

    def facilities(self) -> QuerySet[Facility]:
        """Records of the group's country that every reader of the level sees; merged and withdrawn ones never."""
        found = self.all_facilities()
        return found.filter(country=self.country) if self.country else found

    def all_facilities(self) -> QuerySet[Facility]:
        """The same of all countries of the register."""
        if self.level >= Level.AUTHORITY:
            return Facility.objects.exclude(disclosure=Disclosure.RETIRED)
        found: QuerySet[Facility] = Facility.objects.visible_to(AnonymousUser())
        return found

    def actions(self) -> QuerySet[Action]:
        return Action.objects.filter(level__lte=int(self.level))

    def plans(self) -> QuerySet[WorkPlan]:
        """Approved plans; for the public those that were released."""
        plans = WorkPlan.objects.exclude(state="draft")
        return plans if self.level >= Level.GROUP else plans.filter(is_released=True)

    def meetings(self) -> QuerySet[Meeting]:
        """Meetings and seminars are the business of the group."""
        return Meeting.objects.all() if self.level >= Level.GROUP else Meeting.objects.none()


def choose_audience(user: Any, level: Level, *, country: str = "") -> Audience:
    """Readers of `level`, never of a higher one than the maker's own; the system itself (None) has no bound."""
    return Audience(level if user is None else Level(min(level, access_of(user).level)), country)
