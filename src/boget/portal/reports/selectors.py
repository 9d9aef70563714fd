"""What the pages over all apps read: numbers of the register, search, links to facilities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, Value, When
from django.utils.translation import get_language

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import find_organisations
from boget.portal.core.text import fold_exact, fold_keyboard, fold_latin
from boget.portal.registry.choices import Disclosure, Status
from boget.portal.registry.models import Facility

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
    """The register as this reader sees it: how many, by status, with a volume, changed when."""

    facilities: int
    statuses: tuple[StatusCount, ...]
    with_volume: int
    changed_at: dt.datetime | None


def count_register(user: Any) -> RegisterNumbers:
    """Numbers for the home page, over the facilities this reader may see."""
    seen = Facility.objects.visible_to(user)
    totals = seen.aggregate(all=Count("pk"), volume=Count("volume_m3"), changed_at=Max("updated_at"))
    counts = dict(seen.order_by().values_list("status").annotate(n=Count("pk")))
    statuses = [StatusCount(code, label, counts[code]) for code, label in Status.choices if counts.get(code)]
    return RegisterNumbers(totals["all"], tuple(statuses), totals["volume"], totals["changed_at"])


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
    if len(fold_exact(text)) < SHORTEST:
        return Findings([], 0, [])
    found = match_facilities(user, text)
    return Findings(list(found[:SHOWN]), found.count(), find_organisations(user, text)[:SHOWN])


def match_facilities(user: Any, text: str) -> Any:
    """Visible facilities whose names hold the text, best spelling first: as written, Russian keyboard, Latin."""
    keys = {
        "search_exact": fold_exact(text),
        "search_keyboard": fold_keyboard(text),
        "search_latin": fold_latin(text),
    }
    tests = [Q(**{f"{column}__contains": key}) for column, key in keys.items() if key]
    ranks = [When(test, then=Value(rank)) for rank, test in enumerate(tests)]
    found = Facility.objects.visible_to(user).filter(_any_of(tests))
    language = get_language() or "ru"
    return found.annotate(rank=Case(*ranks, default=Value(9), output_field=IntegerField())).order_by(
        "rank", f"sort_{language}", "public_id"
    )


def _any_of(tests: list[Q]) -> Q:
    whole = Q()
    for test in tests:
        whole |= test
    return whole


def find_facility(user: Any, public_id: str) -> Facility | None:
    """The facility of a printed id; for a merged one the record it was merged into. None: absent or not open."""
    seen = Facility.objects.visible_to(user)
    facility = seen.filter(public_id=public_id.upper()).first()
    if facility is not None and facility.disclosure != Disclosure.RETIRED:
        return facility
    # a retired id is closed to most readers, yet the paper that carries it must still lead somewhere
    target = Facility.objects.filter(public_id=public_id.upper()).values_list("merged_into", flat=True).first()
    return (seen.filter(public_id=target).first() if target else None) or facility
