"""The numbers of the screening as a table for readers: value, unit, source, standing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS = {
    "criterion.two_days": _("time within which an effect is presumed"),
    "criterion.yes": _("probability from which the class is “yes”"),
    "criterion.possible": _("probability from which the class is “possible”"),
    "criterion.imprecise_point": _("error of a point from which its times get a question mark"),
    "criterion.low_flow_part": _("part of the way with little known discharge that is said"),
    "edge.time": _("time of the leading edge over the time of the mean of the wave"),
    "edge.peak": _("part of the peak at the edge behind a reservoir"),
    "meeting.along": _("length from which a meeting runs along the border"),
    "release.intercept": _("released volume: intercept of the logarithm"),
    "release.slope": _("released volume: slope of the logarithm"),
    "release.sigma": _("released volume: spread of the logarithm"),
    "release.worst": _("released volume: quantile of the worst credible release"),
    "release.bulk_density": _("dry mass of a cubic metre of tailings"),
    "unit_peak.factor": _("unit-peak concentration: factor"),
    "unit_peak.exponent": _("unit-peak concentration: exponent of the hours"),
    "exposure.reach": _("length past the border on which people are counted"),
    "exposure.least_people": _("least number of people counted"),
    "exposure.intake_people": _("people of an intake whose users are not stated"),
    "warning.full": _("warning time below which the factor is 1"),
    "hazard.nwg": _("factor of tailings that are not hazardous to water"),
    "hazard.whc1": _("factor of water hazard class 1"),
    "hazard.whc2": _("factor of water hazard class 2"),
    "hazard.whc3": _("factor of water hazard class 3"),
    "fits.likely": _("part of the members that makes a facility a likely explanation of an alarm"),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    word: str | Promise
    value: float
    unit: str
    source: str
    page: str
    status: str


def list_rules() -> list[RuleRow]:
    """All numbers of the table in its order."""
    from boget.science.river import screening_rules

    return [
        RuleRow(WORDS.get(name, name), rule.value, "" if rule.unit == "1" else rule.unit, rule.source, rule.page, rule.status)
        for name, rule in screening_rules.list_rules().items()
    ]
