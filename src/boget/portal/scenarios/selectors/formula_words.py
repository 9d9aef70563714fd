"""Words for formulas and parameters of a run, which the outcome holds as codes. An unknown code prints as it is."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.selectors.wave_words import STEPS

Words = str | Promise

FORMULAS: dict[str, dict[str, Words]] = {
    "discharge": {
        "gauge": _("gauging stations"),
        "between_gauges": _("interpolated between gauging stations by catchment area"),
        "zone": _("specific runoff of the zone times catchment area"),
        "approach": _("estimate for the way from the facility to the river"),
        "announced": _("as announced for today"),
        "network": _("mean of the river network"),
    },
    "velocity": {
        "tracer": _("power law of discharge and slope, own fit to tracer tests"),
        "manning": _("Manning formula"),
        "jobson": _("Jobson 1996, regression of tracer tests in rivers of the USA"),
    },
    "width": {"tracer_fit": _("power law of discharge, own fit to the reaches of the tracer tests")},
    "dispersion": {
        "disley": "Disley et al. 2015",
        "elder": "Elder 1959",
        "fischer": "Fischer 1979",
        "mcquivey_keefer": "McQuivey, Keefer 1974",
        "liu": "Liu 1977",
        "iwasa_aya": "Iwasa, Aya 1991",
        "koussis": "Koussis, Rodríguez-Mirasol 1998",
        "seo_cheong": "Seo, Cheong 1998",
        "deng": "Deng et al. 2001",
        "kashefipour_falconer_a": "Kashefipour, Falconer 2002 (a)",
        "kashefipour_falconer_b": "Kashefipour, Falconer 2002 (b)",
        "sahay_dutta": "Sahay, Dutta 2009",
        "zeng_huai": "Zeng, Huai 2014",
        "etemad_shahidi": "Etemad-Shahidi, Taghipour 2012",
        "wang_huai": "Wang, Huai 2016",
    },
    "mixing": {"fischer": _("mixing length by transverse dispersion, Fischer 1979")},
    "wave": {"inverse_gaussian": _("shifted inverse Gaussian with the first three cumulants of the travel time")},
    "storage": {"transfer_function": _("product of transfer functions, inverted by fast Fourier transform")},
    "structure": {
        "fick": _("Fickian wave"),
        "dead_zone": _("wave with dead zones"),
        "jobson": _("wave by Jobson 1996"),
    },
    "check": {"lagrangian": _("Lagrangian engine of equal travel times on the median member")},
}
PARAMETERS: dict[str, Words] = {
    "velocity": _("Velocity"),
    "dispersion": _("Longitudinal dispersion"),
    "discharge": _("Discharge"),
    "dead_zone_share": _("Dead zones: area over that of the flow"),
    "exchange_s": _("Dead zones: time of exchange, s"),
    "structure": _("Weights of the three pictures of the wave"),
    "tanks": _("Reservoir: number of mixed tanks"),
    "active": _("Reservoir: active part of the volume"),
    "mass": _("Released mass"),
    "decay": _("Decay"),
    "settling": _("Settling"),
    "kd": _("Sorption to particles (Kd)"),
}
KEYS: dict[str, Words] = {
    "gsd": _("factor of one standard deviation"),
    "correlation": _("correlation along the way"),
    "reach_sigma": _("noise from stretch to stretch (of ln)"),
    "group_m": _("length of a group of stretches, m"),
    "low": pgettext_lazy("range of a parameter", "from"),
    "high": pgettext_lazy("range of a parameter", "to"),
    "median_kg": _("median, kg"),
    "median_per_s": _("median, 1/s"),
    "median_m_s": _("median, m/s"),
    "log10_median": _("median of lg, L/kg"),
    "log10_sigma": _("standard deviation of lg"),
    **FORMULAS["structure"],
}
TABLES: dict[str, Words] = {
    "priors": _("spread of the parameters"),
    "velocity": _("velocity"),
    "velocity_fit": _("fit of the velocity"),
    "hydraulics": _("width and depth"),
    "dispersion": _("dispersion"),
    "discharge": _("discharge"),
    "fate": _("decay and settling"),
}
SMALL = 1e-3
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def name_formula(step: str, code: str) -> str:
    """All formulas of a step in words; the code is one, or several with plus signs."""
    known = FORMULAS.get(step, {})
    return "; ".join(str(known.get(one, one)) for one in code.split("+"))


def list_formulas(formulas: Mapping[str, str]) -> list[tuple[Words, str]]:
    """Step and formula, both in words."""
    return [(STEPS.get(step, step), name_formula(step, code)) for step, code in formulas.items()]


def name_parameter(name: str) -> Words:
    return PARAMETERS.get(name, name)


def say_spread(values: Mapping[str, float]) -> str:
    """ "factor of one standard deviation 1.33 · correlation along the way 0.7" """
    return " · ".join(f"{KEYS.get(key, key)}\u00a0{_write(value)}" for key, value in values.items())


def _write(value: float) -> str:
    if value and abs(value) < SMALL:
        power = math.floor(math.log10(abs(value)))
        return f"{format_number(value / 10.0**power, decimals=1)}·10{str(power).translate(RAISED)}"
    return format_number(float(f"{value:.3g}"))


def say_tables(text: str) -> str:
    """ "priors-0.1 velocity-0.1" as "spread of the parameters 0.1, velocity 0.1" """
    pairs = (one.partition("-") for one in text.split())
    return ", ".join(f"{TABLES.get(name, name)} {version}" for name, _dash, version in pairs)
