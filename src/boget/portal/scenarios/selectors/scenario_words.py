"""What was put into a run, as one line under its name and as a list of inputs; read from the stored scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from boget.portal.core.formatting import format_number, format_quantity
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.catalogue import name_substance

ONE_SIGMA_TO_90 = 1.645
"""Standard deviations of a normal distribution from the middle to its 5th and 95th percentile."""

SEASONS = {
    "mean": pgettext_lazy("discharge", "mean"),
    "high": pgettext_lazy("discharge", "high water"),
    "low": pgettext_lazy("discharge", "low water"),
    "01": gettext_lazy("January"),
    "02": gettext_lazy("February"),
    "03": gettext_lazy("March"),
    "04": gettext_lazy("April"),
    "05": gettext_lazy("May"),
    "06": gettext_lazy("June"),
    "07": gettext_lazy("July"),
    "08": gettext_lazy("August"),
    "09": gettext_lazy("September"),
    "10": gettext_lazy("October"),
    "11": gettext_lazy("November"),
    "12": gettext_lazy("December"),
}
"""Seasons of the discharge by the code of the scenario."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The stored scenario, with what is missing as None: an older run may lack what a newer one has."""

    stored: Mapping[str, Any]

    @property
    def release(self) -> Mapping[str, Any]:
        return self.stored.get("release") or {}

    @property
    def substance(self) -> str:
        return str(self.stored.get("substance") or "")

    @property
    def threshold(self) -> float | None:
        """kg/m3"""
        value = self.stored.get("threshold")
        return float(value) if value else None

    @property
    def season(self) -> str:
        return str(self.stored.get("season") or "mean")

    @property
    def announced(self) -> Sequence[Sequence[float]]:
        return self.stored.get("announced") or ()

    @property
    def readings(self) -> Sequence[Mapping[str, Any]]:
        return self.stored.get("readings") or ()

    @property
    def members(self) -> int:
        return int(self.stored.get("members") or 0)


def say_mass(release: Mapping[str, Any]) -> str:
    """ "4 t (2–8)": the interval holds 90 % of the masses the runs take."""
    mass = release.get("mass_kg")
    if not mass:
        return ""
    unit, size = ("t", 1000.0) if mass >= 1000 else ("kg", 1.0)
    value = format_quantity(float(saying_round(mass / size)), unit, wanted=unit)
    spread = float(release.get("mass_gsd") or 1.0) ** ONE_SIGMA_TO_90
    if spread <= 1.0:
        return value
    return f"{value} ({saying.format_digits(mass / size / spread)}–{saying.format_digits(mass / size * spread)})"


def saying_round(value: float) -> float:
    """Three significant digits are as many as anybody knows of a mass."""
    return float(f"{value:.3g}")


def say_volume(release: Mapping[str, Any]) -> str:
    """Empty where it is not known; older runs have none."""
    volume = release.get("volume_m3")
    return format_quantity(float(saying_round(volume)), "m3") if volume else ""


def say_duration(release: Mapping[str, Any]) -> str:
    """How long it lasts, in words for each kind of release."""
    times = release.get("times_s") or ()
    match release.get("kind"):
        case "box":
            return _("in %(time)s") % {"time": saying.say_seconds(float(release.get("duration_s") or 0.0))}
        case "hydrograph" if times:
            return _("over %(time)s, by a hydrograph") % {"time": saying.say_seconds(float(times[-1] - times[0]))}
    return _("at once")


def say_season(facts: Facts) -> str:
    if facts.announced:
        told = ", ".join(format_quantity(float(row[1]), "m3_s") for row in facts.announced)
        return _("discharge as announced: %(discharge)s") % {"discharge": told}
    return _("discharge: %(season)s") % {"season": SEASONS.get(facts.season, facts.season)}


def say_inputs(run: Run, *, substance: str) -> str:
    """The line under the name: moment, substance and mass, discharge, number of members."""
    facts = Facts(run.scenario)
    what = " ".join(filter(None, [substance + "," if substance else "", say_mass(facts.release), say_duration(facts.release)]))
    parts = [
        _("Release %(moment)s (%(zone)s)") % {"moment": say_start(run.started_at), "zone": saying.name_zone(run.started_at)},
        what,
        say_season(facts),
    ]
    if facts.members:
        parts.append(_("members: %(number)s") % {"number": format_number(facts.members)})
    return " · ".join(filter(None, parts))


def say_start(moment: dt.datetime) -> str:
    return saying.say_moment(moment)


def list_inputs(run: Run, substances: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All that was put in, label and words, for the foot of a result and for the comparison of two."""
    facts = Facts(run.scenario)
    rows = [
        (_("Place of the release"), say_place(run)),
        (_("Release begins"), f"{say_start(run.started_at)} {saying.name_zone(run.started_at)}"),
        (_("Substance"), name_substance(substances, facts.substance)),
        (_("Mass"), say_mass(facts.release)),
        (_("Water that comes with it"), say_volume(facts.release)),
        (_("Duration of the release"), say_duration(facts.release)),
        (_("Discharge"), say_season(facts)),
        (_("Threshold"), saying.say_mg(facts.threshold) if facts.threshold else _("none")),
        (_("Readings"), "\n".join(say_reading(one) for one in facts.readings) or _("none")),
        (_("Members"), format_number(facts.members) if facts.members else ""),
        (_("Seed"), str(facts.stored.get("seed", ""))),
    ]
    return [(label, value) for label, value in rows if value]


def say_place(run: Run) -> str:
    facts = Facts(run.scenario)
    if run.facility is not None:
        return run.facility.public_id
    point, reach = facts.stored.get("point"), facts.stored.get("reach_id")
    if point:
        return f"{format_number(point[1], decimals=4)}°, {format_number(point[0], decimals=4)}°"
    if reach is not None:
        kilometres = format_quantity(float(facts.stored.get("entry_km") or 0.0), "km")
        return _("reach %(reach)s, %(distance)s from its beginning") % {"reach": reach, "distance": kilometres}
    return ""


READING_KINDS = {
    "arrival": pgettext_lazy("reading", "arrival"),
    "peak": pgettext_lazy("reading", "peak"),
    "concentration": pgettext_lazy("reading", "concentration"),
}


def say_reading(one: Mapping[str, Any]) -> str:
    """ "122 km: concentration 0,4 mg/L after 36 h" """
    words = _("%(distance)s: %(kind)s") % {
        "distance": saying.say_distance(float(one["distance_m"])),
        "kind": READING_KINDS.get(str(one["kind"]), one["kind"]),
    }
    value = f" {saying.say_mg(float(one['value']))}" if one["kind"] != "arrival" and one.get("value") is not None else ""
    when = f" (+{saying.say_seconds(float(one['time_s']))})" if one.get("time_s") is not None else ""
    return words + value + when
