"""Words for the codes of an outcome: kinds of targets, flags, cautions, steps and formulas. An unknown code prints as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.core.formatting import format_number, format_quantity
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import choose_name
from boget.science.river.outcome import Caution
from boget.science.river.targets import Target

Words = str | Promise
SECONDS_PER_DAY = 86_400.0

TARGET_KINDS: dict[str, Words] = {
    "place": pgettext_lazy("target", "settlement"),
    "intake": pgettext_lazy("target", "water intake"),
    "reservoir": pgettext_lazy("target", "reservoir"),
    "border": pgettext_lazy("target", "state border"),
    "gauge": pgettext_lazy("target", "gauging station"),
    "point": pgettext_lazy("target", "chosen point"),
}
TARGET_NOTES: dict[str, Words] = {
    "bank_filtration": _("bank filtration"),
    "drinking_surface": _("drinking water from the river"),
    "groundwater": _("wells beside the river"),
    "canal": _("canal"),
    "transfer": _("water transfer"),
    "industrial": _("industry"),
}
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
    "not_mixed_below": _(
        "Below the mouth of the tributary the wave again runs along one bank: there the concentration may be higher."
    ),
    "reservoir": _(
        "A reservoir holds the wave for a day to more than a month, as its water is mixed and let through. Until there are "
        "readings below the dam, times behind it serve only for early notice."
    ),
    "ice": _("Under ice water flows slower and its surface cannot be watched; the times are for ice."),
    "dry": _(
        "In some years the bed is dry in this season: the wave then soaks away or waits for the next flood. All is told as if "
        "the bed carried water; treat the places below as at risk."
    ),
    "release_dominates": _(
        "The release brings more water than a small part of the river: its water is counted in the discharge, so the wave is "
        "faster and no concentration is higher than in what was let out."
    ),
    "release_water_unknown": _(
        "The river at the release is small, and how much water comes with the release, or how fast, is not known: the wave may "
        "come sooner than told, and near the release the concentration may differ."
    ),
    "spring_release": _(
        "In spring this dam lets out one announced release, which is not the usual discharge of the month: type in the "
        "announced discharge. The wave then stays in the reservoir only for the days given here."
    ),
    "low_confidence_flow": _("The discharge of a part of the way is an estimate from the zone, not a reading."),
    "beyond_record": _("At the last targets the wave is still passing when the computation ends."),
    "point_town": _("The place of the facility is known only to the town: the first kilometres are uncertain."),
    "long_approach": _("The way from the facility to the river is long: not all that is released needs to reach the water."),
    "no_river": _("The water of this facility reaches no river of the network."),
    "border_in_reservoir": _("The border runs through a reservoir: the time to it is that to the dam."),
    "slope_assumed": _("The slope of a part of the way is not known; the usual one is taken."),
    "fate_placeholder": _("How the substance decays or settles is our own assumption, not checked against a source."),
    "weights_collapsed": _(
        "The readings agree with few runs only: they were given less weight. Check the readings, the mass and the moment."
    ),
    "reading_unexplained": _(
        "No run explains one of the readings; it was left out of account. Its number in the list of readings:"
    ),
    "engines_differ": _("The independent computation differs by more than the rule allows."),
    "reach_chosen": _("The release was put at a place of the river by hand."),
    "point_chosen": _(
        "The release was put at a point by hand; the way to the river is a straight line where no terrain is loaded."
    ),
    "point_mine": _("The place of the facility is known only to the mine: the first kilometres are uncertain."),
    "other_river": _("The river of the table is not the one that the inventory names: confirm the watercourse."),
    "dam_breach": _(
        "A dam breach sends a mudflow first. This forecast is about what is dissolved and carried in the river, not about "
        "the flood or the mud."
    ),
}
SENTENCES["dry_possible"] = SENTENCES["dry"]
SILENT = frozenset({"point_site"})
"""Codes that tell of nothing to beware of."""
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


def name_target(target: Target) -> str:
    """Its name in the language of the moment; a border without one by its two countries."""
    if name := choose_name(target.names):
        return name
    if target.kind == "border" and target.note:
        return gettext("Border %(countries)s") % {"countries": target.note.replace("-", "–")}
    return target.note or target.code


def say_kind(code: str) -> Words:
    return TARGET_KINDS.get(code, code)


def list_cautions(cautions: Sequence[Caution]) -> list[str]:
    """Sentences, each once; cautions of one code together with all that they name."""
    told: dict[str, list[str]] = {}
    for caution in cautions:
        if caution.code not in SILENT:
            told.setdefault(caution.code, []).extend(_say_values(caution.values))
    return [_join(str(SENTENCES.get(code, code)), dict.fromkeys(details)) for code, details in told.items()]


def _join(words: str, details: Iterable[str]) -> str:
    detail = ", ".join(details)
    return f"{words} ({detail})" if detail else words


def _say_values(values: Mapping[str, Any]) -> list[str]:
    """What a caution names: lengths, times, shares, a name in the reader's language."""
    parts = []
    for name, value in values.items():
        if isinstance(value, int | float) and name in UNITS:
            parts.append(UNITS[name](float(value)))
    named = choose_name({name.removeprefix("name_"): str(value) for name, value in values.items() if name.startswith("name_")})
    return [named, *parts] if named else parts


def _say_share(share: float) -> str:
    return gettext("%(share)s of the way") % {"share": format_quantity(round(100 * share) or 1, "percent")}


def _say_years(share: float) -> str:
    return gettext("in %(share)s of years") % {"share": format_quantity(round(100 * share) or 1, "percent")}


def _say_discharge(value: float) -> str:
    return format_quantity(value, "m3_s")


def _say_days(days: float) -> str:
    return saying.say_seconds(days * SECONDS_PER_DAY)


UNITS: Mapping[str, Callable[[float], str]] = {
    "length_m": saying.say_distance,
    "to_m": saying.say_distance,
    "years": _say_years,
    "discharge_m3s": _say_discharge,
    "least_m3s": _say_discharge,
    "greatest_m3s": _say_discharge,
    "shortest_stay_d": _say_days,
    "longest_stay_d": _say_days,
    "horizon_s": saying.say_seconds,
    "share": _say_share,
    "difference": lambda share: format_quantity(round(100 * share, 1), "percent"),
    "effective": lambda number: format_number(float(round(number))),
    "number": lambda number: format_number(number),
}
