"""Confirmation of the watercourse that takes the water of a facility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.models import ChainHead, Revision
from boget.portal.core.services import SYSTEM, Entry, append_revision
from boget.portal.core.text import is_storable
from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import ReceivingWater
from boget.portal.scenarios.selectors.rights import may_confirm_water
from boget.portal.scenarios.services.rivers import current_network_version, open_rivers
from boget.portal.scenarios.services.staleness import mark_screening_stale, refresh_runs_of

RECORD = "receiving_water"
LONGEST = {"source": 300, "reason": 500}
LOGGED = ("reach_id", "entry_km", "longitude", "latitude", "names", "network_version", "source")


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where the water enters: reach of the network, km from its beginning, the point in degrees, names of the watercourse."""

    reach_id: int
    entry_km: float
    longitude: float
    latitude: float
    names: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def confirm_receiving_water(
    facility: Facility, entrance: Entrance, *, source: str, reason: str, by: User | None, version: int = 0
) -> ReceivingWater:
    """Say which watercourse takes the water of a facility; runs and screening that had another one are out of date.

    version: of the confirmation that was read, 0 where there was none. The same words again change nothing. Raises Conflict
    where somebody confirmed meanwhile, InvalidInput for a place outside the network, no source or reason, no right.
    """
    if by is not None and not may_confirm_water(by, facility):
        raise refuse("no_such_object", where=_("Facility"), value=facility.public_id)
    words = _check_words(source=source, reason=reason)
    _check_entrance(entrance)
    ChainHead.objects.select_for_update().get_or_create(pk=1)
    stored = ReceivingWater.objects.select_for_update().filter(facility=facility).first()
    before, said = (_describe(stored), stored.reason) if stored else ({}, "")
    water = stored or ReceivingWater(facility=facility, version=0)
    _assign(water, entrance, words)
    changes = {name: (before.get(name), value) for name, value in _describe(water).items() if before.get(name) != value}
    if not changes and stored is not None and said == words["reason"]:
        return stored
    _check_version(water, version)
    return _save(water, changes, by=by)


def _check_words(**words: str) -> dict[str, str]:
    for name, text in words.items():
        if not text.strip():
            raise refuse(f"{name}_missing")
        label = _("Source") if name == "source" else _("Reason")
        if not is_storable(text):
            raise refuse("control_character", where=label)
        if len(text) > LONGEST[name]:
            raise refuse("too_long", where=label, value=len(text), allowed=LONGEST[name])
    return {name: text.strip() for name, text in words.items()}


def _check_entrance(entrance: Entrance) -> None:
    network = open_rivers().network
    length_km = float(network.length_km[network.find_index(entrance.reach_id)])
    if not 0 <= entrance.entry_km <= length_km:
        raise refuse("range", where=_("Kilometre of the reach"), value=entrance.entry_km, allowed=f"0–{length_km:.1f}")
    if not -180 <= entrance.longitude <= 180:
        raise refuse("longitude", value=entrance.longitude, allowed="-180–180")
    if not -90 <= entrance.latitude <= 90:
        raise refuse("latitude", value=entrance.latitude, allowed="-90–90")


def _assign(water: ReceivingWater, entrance: Entrance, words: Mapping[str, str]) -> None:
    for name in ("reach_id", "entry_km", "longitude", "latitude"):
        setattr(water, name, getattr(entrance, name))
    water.names = dict(entrance.names)
    water.network_version = current_network_version()
    water.source, water.reason = words["source"], words["reason"]


def _describe(water: ReceivingWater) -> dict[str, Any]:
    return {name: getattr(water, name) for name in LOGGED}


def _check_version(water: ReceivingWater, version: int) -> None:
    if water.version == version:
        return
    last = Revision.objects.filter(record_type=RECORD, record_id=water.facility.public_id).order_by("-seq").first()
    who, at = (last.organisation or last.actor_name, last.at) if last else ("", "")
    raise Conflict("stale", where=water.facility.public_id, who=who, time=at)


def _save(water: ReceivingWater, changes: Mapping[str, Any], *, by: User | None) -> ReceivingWater:
    kind = "change" if water.version else "create"
    water.version += 1
    water.confirmed_by, water.confirmed_at = by, timezone.now()
    water.save()
    number = water.facility.public_id
    actor = actor_of(by) if by else SYSTEM
    append_revision(Entry(RECORD, number, kind, changes, source=water.source, reason=water.reason), actor=actor)
    refresh_runs_of([water.facility_id])
    mark_screening_stale()
    return water
