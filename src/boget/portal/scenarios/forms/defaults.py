"""What the wizard opens with, so that a duty officer fills in only what the caller said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from boget.portal.scenarios.models import RunMode

if TYPE_CHECKING:
    from boget.science.river.substance import Substance

CLOCK_STEP = 10
FIRST_SUBSTANCE = "CN_total"
FIRST_PRESET = "pipeline"
MEMBERS = "10000"


def start_values(substances: Mapping[str, Substance]) -> dict[str, Any]:
    """Now, this month's discharge, a facility, an unknown amount of the most feared substance, a study."""
    now = timezone.localtime()
    zone = timezone.get_current_timezone_name()
    return {
        "place": "facility",
        "preset": FIRST_PRESET,
        "substance": FIRST_SUBSTANCE if FIRST_SUBSTANCE in substances else next(iter(substances), ""),
        "amount": "unknown",
        "day": now.date(),
        "clock": now.replace(minute=now.minute - now.minute % CLOCK_STEP, second=0, microsecond=0).time(),
        "zone": zone,
        "shape": "box",
        "season": f"{now.month:02d}",
        "threshold": "auto",
        "mode": RunMode.STUDY,
        "members": MEMBERS,
    }
