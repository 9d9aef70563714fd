"""Words for the codes of an outcome: kinds of targets, flags, cautions, steps and formulas. An unknown code prints as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.selectors import saying
from boget.science.river.outcome import Caution

Words = str | Promise

TARGET_KINDS: dict[str, Words] = {
    "place": pgettext_lazy("target", "settlement"),
    "intake": pgettext_lazy("target", "water intake"),
    "reservoir": pgettext_lazy("target", "reservoir"),
    "border": pgettext_lazy("target", "state border"),
    "gauge": pgettext_lazy("target", "gauging station"),
    "point": pgettext_lazy("target", "chosen point"),
}
TARGET_NOTES: dict[str, Words] = {"bank_filtration": _("bank filtration")}
FLAGS: dict[str, Words] = {
    "not_mixed": _("not mixed yet: near one bank more"),
    "ice": _("under ice"),
    "behind_reservoir": _("below a reservoir"),
    "dry_possible": _("bed may be dry"),
    "beyond_record": _("beyond the computed time"),
    "low_confidence_flow": _("discharge poorly known"),
}
WARNING_FLAGS = frozenset({"not_mixed", "dry_possible", "beyond_record", "low_confidence_flow"})
SENTENCES: dict[str, Words] = {
    "not_calibrated": _(
        "The velocity of these rivers was not calibrated with tracers: times may be a third shorter or longer. The interval "
        "has this in it."
    ),
    "not_mixed": _("Near the release the wave runs along one bank: there the concentration may be several times higher."),
    "reservoir": _(
        "A reservoir holds the wave for a day to more than a month, as its water is mixed and let through. Until there are "
        "readings below the dam, times behind it serve only for early notice."
    ),
    "ice": _("Under ice water flows slower and its surface cannot be watched; the times are for ice."),
    "dry": _("In this season the bed may be dry in some years: then the wave does not come, or comes with the next flood."),
    "low_confidence_flow": _("The discharge of a part of the way is an estimate from the zone, not a reading."),
    "beyond_record": _("At the last targets the wave is still passing when the computation ends."),
    "point_town": _("The place of the facility is known only to the town: the first kilometres are uncertain."),
    "long_approach": _("The way from the facility to the river is long: not all that is released needs to reach the water."),
    "no_river": _("The water of this facility reaches no river of the network."),
    "border_in_reservoir": _("The border runs through a reservoir: the time to it is that to the dam."),
    "dam_breach": _(
        "A dam breach sends a mudflow first. This forecast is about what is dissolved and carried in the river, not about "
        "the flood or the mud."
    ),
}
SENTENCES |= {"not_calibrated_velocity": SENTENCES["not_calibrated"], "behind_reservoir": SENTENCES["reservoir"]}
SENTENCES |= {"dry_possible": SENTENCES["dry"], "dry_bed": SENTENCES["dry"], "uncalibrated": SENTENCES["not_calibrated"]}
STEPS: dict[str, Words] = {
    "velocity": _("Velocity"),
    "dispersion": _("Longitudinal dispersion"),
    "mixing": _("Mixing across the river"),
    "width": _("Width of the river"),
    "wave": _("Wave"),
    "storage": _("Dead zones and reservoirs"),
    "discharge": _("Discharge"),
    "fate": _("Decay and settling"),
    "structure": _("Structural members"),
    "check": _("Independent check"),
}
VERSIONS: dict[str, Words] = {
    "network": _("river network"),
    "tables": _("tables"),
    "code": _("programme"),
    "hydrology": _("hydrology"),
    "substances": _("substances"),
    "priors": _("spread of the parameters"),
}
ALWAYS = (
    _("What the release adds is told; what the river carries anyway is not in it."),
    _("Water taken out at canals and mud that settles and is stirred up again later are not followed."),
)
"""Limits of the method that hold for each run."""


def say_kind(code: str) -> Words:
    return TARGET_KINDS.get(code, code)


def say_caution(caution: Caution) -> str:
    """A sentence; with what the caution names, where it names something."""
    words = str(SENTENCES.get(caution.code, caution.code))
    detail = _say_values(caution.values)
    return f"{words} ({detail})" if detail else words


def _say_values(values: Mapping[str, Any]) -> str:
    parts = []
    for name, value in values.items():
        if name.endswith("_m") and isinstance(value, int | float):
            parts.append(saying.say_distance(float(value)))
        elif name.endswith("_s") and isinstance(value, int | float):
            parts.append(saying.say_seconds(float(value)))
        elif name in {"name", "names", "river", "place"} and isinstance(value, str):
            parts.append(value)
        elif name == "difference" and isinstance(value, int | float):
            parts.append(f"{format_number(100 * value, decimals=1)}\u00a0%")
    return ", ".join(parts)
