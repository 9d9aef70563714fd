"""Runs as a reader may see them."""

from __future__ import annotations

from django.db.models import Q

from boget.portal.accounts.selectors import Reader
from boget.portal.core.text import fold_exact, fold_keyboard, fold_latin
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import ReceivingWater, Run
from boget.portal.scenarios.querysets import RunQuerySet

LISTED = ("facility", "job", "created_by", "refines")


def read_run(user: Reader, public_id: str) -> Run | None:
    """The run with its outcome; None where it is absent or not open to the reader."""
    return Run.objects.visible_to(user).select_related(*LISTED).filter(public_id=public_id).first()


def list_runs(
    user: Reader, *, facility: str = "", mode: str = "", state: str = "", is_stale: bool | None = None, text: str = ""
) -> RunQuerySet:
    """Runs of the reader, the newest first, without the large column of the outcome; empty words filter nothing."""
    runs = Run.objects.visible_to(user).select_related(*LISTED).without_outcome()
    exact = {"facility__public_id": facility, "mode": mode, "is_stale": is_stale}
    runs = runs.filter(**{name: value for name, value in exact.items() if value not in ("", None)})
    if state:
        runs = runs.in_state(state)
    return runs.filter(_hold(text.strip())) if text.strip() else runs


def _hold(text: str) -> Q:
    """The number or the title holds the text, or the facility is found by it as in the register."""
    folded = {"exact": fold_exact(text), "keyboard": fold_keyboard(text), "latin": fold_latin(text)}
    found = Q(public_id__icontains=text) | Q(title__icontains=text) | Q(facility__public_id__iexact=text)
    for way, words in folded.items():
        if words:
            found |= Q(**{f"facility__search_{way}__contains": words})
    return found


def list_of_facility(user: Reader, facility: Facility) -> RunQuerySet:
    return list_runs(user, facility=facility.public_id)


def find_receiving_water(facility: Facility) -> ReceivingWater | None:
    """The confirmed watercourse; None where nobody has confirmed any."""
    return ReceivingWater.objects.filter(facility_id=facility.pk).select_related("confirmed_by").first()
