"""The wizard filled in from an earlier run, so that one input can be changed and the rest stays."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.forms.river import MEMBERS, OWN
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors.saying import to_mg
from boget.portal.scenarios.selectors.scenario_words import ONE_SIGMA_TO_90, Facts


def describe_run(run: Run) -> dict[str, Any]:
    """Initial values of `RiverForm`."""
    facts = Facts(run.scenario)
    local = timezone.localtime(run.started_at)
    filled: dict[str, Any] = {
        **_describe_place(run, facts),
        **_describe_release(facts),
        "substance": facts.substance,
        "season": facts.season,
        "day": local.date(),
        "clock": local.time(),
        "zone": timezone.get_current_timezone_name(),
        "mode": run.mode,
        "title": run.title,
    }
    if str(facts.members) in dict(MEMBERS):
        filled["members"] = str(facts.members)
    if facts.threshold:
        filled |= {"threshold": OWN, "own_threshold": format_number(to_mg(facts.threshold))}
    if facts.announced:
        filled["announced"] = format_number(float(facts.announced[0][1]))
    return filled


def _describe_place(run: Run, facts: Facts) -> dict[str, Any]:
    stored = facts.stored
    if run.facility is not None:
        return {"place": "facility", "facility": run.facility.public_id}
    if stored.get("point"):
        longitude, latitude = stored["point"]
        return {"place": "point", "longitude": format_number(longitude), "latitude": format_number(latitude)}
    return {
        "place": "reach",
        "reach": str(stored.get("reach_id") or ""),
        "km": format_number(float(stored.get("entry_km") or 0.0)),
    }


def _describe_release(facts: Facts) -> dict[str, Any]:
    release = facts.release
    filled: dict[str, Any] = {"shape": release.get("kind") or "box", "amount": "mass"}
    if mass := release.get("mass_kg"):
        spread = float(release.get("mass_gsd") or 1.0) ** ONE_SIGMA_TO_90
        ends = f" ({format_number(_round(mass / spread))}–{format_number(_round(mass * spread))})" if spread > 1 else ""
        filled["mass"] = f"{format_number(_round(mass))} kg{ends}"
        filled |= _describe_volume(mass, release.get("volume_m3"), spread=spread)
    if seconds := release.get("duration_s"):
        filled["duration"] = f"{format_number(_round(seconds / 3600))} h"
    if release.get("kind") == "hydrograph":
        pairs = zip(release.get("times_s") or (), release.get("rates_kg_s") or (), strict=False)
        filled["hydrograph"] = "\n".join(f"{time / 3600:g}; {rate:g}" for time, rate in pairs)
    return filled


def _describe_volume(mass_kg: float, volume_m3: float | None, *, spread: float) -> dict[str, Any]:
    """Volume and concentration where the water of the release is known, with all of the spread in the concentration."""
    if not volume_m3:
        return {}
    middle = to_mg(mass_kg / volume_m3)
    ends = f" ({format_number(_round(middle / spread))}–{format_number(_round(middle * spread))})" if spread > 1 else ""
    volume, concentration = f"{format_number(_round(volume_m3))} m³", f"{format_number(_round(middle))} mg/L{ends}"
    return {"amount": "volume", "volume": volume, "concentration": concentration}


def _round(value: float) -> float:
    return float(f"{value:.6g}")
