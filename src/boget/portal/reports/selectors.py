"""What the pages over all apps read: numbers of the register, search, links to facilities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import find_organisations
from boget.portal.core.formatting import current_language
from boget.portal.registry.choices import Status
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.listing import ListQuery, Totals, select_facilities, sum_up
from boget.portal.registry.selectors.opening import find_successor_id
from boget.portal.registry.selectors.quintiles import Quintiles
from boget.portal.registry.selectors.search import add_rank, fold_wanted, match_text

SHOWN = 50
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
    """What a search found: facilities (the best matches of ``facilities_count``) and organisations."""

    facilities: list[Facility]
    facilities_count: int
    organisations: list[Organisation]

    @property
    def is_empty(self) -> bool:
        return not (self.facilities_count or self.organisations)


def search(user: Any, text: str) -> Findings:
    """Facilities by id, name, former name, operator or water, and organisations by name; short texts find nothing."""
    wanted = fold_wanted(text)
    if max(len(wanted.exact), len(wanted.latin)) < SHORTEST:
        return Findings([], 0, [])
    seen = Facility.objects.visible_to(user).filter(match_text(wanted))
    best = add_rank(seen, wanted).order_by("rank", f"sort_{current_language()}", "public_id")
    return Findings(list(best[:SHOWN]), seen.count(), find_organisations(user, text)[:SHOWN])


def find_facility(user: Any, public_id: str) -> Facility | None:
    """The facility of a printed id; for a merged one the record it was merged into. None: absent or not open."""
    seen = Facility.objects.visible_to(user)
    return seen.filter(public_id=find_successor_id(public_id.upper())).first()
