"""What a release and a fate must be before anything is computed with them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import get_args

from boget.science.errors import InvalidInput
from boget.science.river.fate import Fate
from boget.science.river.priors import read_setting
from boget.science.river.release import Release, ReleaseKind

LARGEST_GSD = 100.0
MASS_TOLERANCE = 0.01
SECONDS_PER_DAY = 86_400.0


def require_number(where: str, value: float, *, low: float, high: float = math.inf, is_open: bool = False) -> None:
    """InvalidInput "not_a_number", "not_finite", "not_positive" (below an open zero) or "range"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput("not_a_number", where=where, value=value)
    if not math.isfinite(value):
        raise InvalidInput("not_finite", where=where, value=value)
    if value < low or (is_open and value == low):
        if is_open:
            raise InvalidInput("not_positive", where=where, value=value, allowed="above 0")
        raise InvalidInput("range", where=where, value=value, allowed=f"{low:g} or more")
    if value > high:
        raise InvalidInput("range", where=where, value=value, allowed=f"{low:g} to {high:g}")


def measure_release(release: Release) -> float:
    """How long a release lasts, s."""
    if release.kind == "hydrograph":
        return release.times_s[-1] - release.times_s[0]
    return release.duration_s if release.kind == "box" else 0.0


def check_release(release: Release) -> None:
    """The rules of a release.

    Raises
    ------
    InvalidInput
        "unknown_choice" for its kind; "not_finite", "not_positive" for a mass that is none; "range"; "not_increasing" for a
        hydrograph whose times do not grow; "release_mass" for one whose rates do not give its mass; "release_too_long" for one
        longer than the discharge of a season holds.
    """
    kinds = get_args(ReleaseKind)
    if release.kind not in kinds:
        raise InvalidInput("unknown_choice", where="kind of release", value=release.kind, allowed=", ".join(kinds))
    require_number("mass", release.mass_kg, low=0.0, is_open=True)
    require_number("spread of the mass", release.mass_gsd, low=1.0, high=LARGEST_GSD)
    require_number("duration", release.duration_s, low=0.0, is_open=release.kind == "box")
    if release.particulate_share is not None:
        require_number("share on particles", release.particulate_share, low=0.0, high=1.0)
    if release.volume_m3 is not None:
        require_number("volume", release.volume_m3, low=0.0, is_open=True)
    if release.kind == "hydrograph":
        check_hydrograph(release)
    longest = read_setting("limits.longest_release_s")
    if measure_release(release) > longest:
        allowed = f"up to {longest / SECONDS_PER_DAY:.0f} days"
        hint = "The discharge of one season holds no longer: split the release."
        raise InvalidInput("release_too_long", where="duration", value=measure_release(release), allowed=allowed, hint=hint)


def check_hydrograph(release: Release) -> None:
    """Times grow, rates are not negative, and their integral is the mass within a hundredth."""
    times, rates = release.times_s, release.rates_kg_s
    for time in times:
        require_number("times of the release", time, low=0.0)
    for rate in rates:
        require_number("rates of the release", rate, low=0.0)
    if len(times) < 2 or len(rates) != len(times) or any(after <= before for before, after in pairwise(times)):
        hint = "Give at least two times, each after the last, and a rate for each."
        raise InvalidInput("not_increasing", where="release", value=len(times), hint=hint)
    mass = sum((b - a) * (p + q) / 2 for (a, p), (b, q) in pairwise(zip(times, rates, strict=True)))
    if abs(mass - release.mass_kg) > MASS_TOLERANCE * release.mass_kg:
        hint = "The area under the rates must be the mass of the release."
        raise InvalidInput("release_mass", where="release", value=mass, allowed=f"{release.mass_kg:g} kg", hint=hint)


def check_fate(fate: Fate) -> None:
    """The rules of a fate; InvalidInput "not_finite", or "range"."""
    for name in ("decay_per_s", "log10_kd_sigma", "suspended_kg_m3", "settling_m_s"):
        require_number(name, getattr(fate, name), low=0.0)
    for name in ("decay_gsd", "settling_gsd"):
        require_number(name, getattr(fate, name), low=1.0, high=LARGEST_GSD)
    if fate.log10_kd is not None:
        require_number("log10_kd", fate.log10_kd, low=-10.0, high=20.0)
