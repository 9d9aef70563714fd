"""Exact solutions for one uniform channel or one mixed reservoir: what the engines are measured against.

Every function takes numbers or arrays; lengths in m, times in s, mass in kg, loss in 1/s. The speed `effective_velocity`
of the wave of a decaying substance is W = sqrt(U^2 + 4 k K).

References
----------
[ogata_banks1961], [kreft_zuber1978] for the flux concentration, [levenspiel1999] for mixed tanks, [bencala_walters1983] for
dead zones, in ``docs/references.bib``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfc, erfcx

from boget.science.river.compiling import Floats

LEVEL = 0.1


@dataclass(frozen=True, slots=True)
class Channel:
    """A uniform channel: velocity m/s, dispersion m2/s, first-order loss 1/s, cross-section m2."""

    velocity: float
    dispersion: float
    loss: float = 0.0
    area: float = 1.0

    @property
    def effective_velocity(self) -> float:
        """W = sqrt(U^2 + 4 k K), m/s."""
        return math.sqrt(self.velocity**2 + 4.0 * self.loss * self.dispersion)


@dataclass(frozen=True, slots=True)
class Wave:
    """Peak (kg/m3), its time, the first time at a tenth of it and the time above a tenth of it, s."""

    peak: float
    peak_time: float
    arrival10: float
    duration10: float


def slug(channel: Channel, distance: float, *, mass: float, times: Floats) -> Floats:
    """Resident concentration of an instant release, kg/m3: M / (A sqrt(4 pi K t)) exp(-(x - U t)^2 / (4 K t) - k t)."""
    spread = 4.0 * channel.dispersion * times
    gauss = np.exp(-((distance - channel.velocity * times) ** 2) / spread - channel.loss * times)
    return np.asarray(mass / (channel.area * np.sqrt(math.pi * spread)) * gauss)


def slug_flux(channel: Channel, distance: float, *, mass: float, times: Floats) -> Floats:
    """Flux concentration of an instant release, kg/m3: the resident one times x / (U t)."""
    return slug(channel, distance, mass=mass, times=times) * distance / (channel.velocity * times)


def measure_slug(channel: Channel, distance: float, *, mass: float, is_flux: bool) -> Wave:
    """Peak and tenths of an instant release, resident or flux concentration, by bracketed roots."""
    curve = slug_flux if is_flux else slug

    def fall(t: float, level: float = 0.0) -> float:
        return float(np.log(curve(channel, distance, mass=mass, times=np.array([t]))[0])) - level

    mean = distance / channel.velocity
    width = math.sqrt(2.0 * channel.dispersion * mean) / channel.velocity
    power = 1.5 if is_flux else 0.5
    peak_time = _peak_of_slug(channel, distance, power)
    top = fall(peak_time)
    level = top + math.log(LEVEL)
    start = brentq(fall, peak_time / (1.0 + 9.0 * width / mean), peak_time, args=(level,), xtol=1e-9, rtol=1e-14)
    end = brentq(fall, peak_time, mean + 20.0 * width, args=(level,), xtol=1e-9, rtol=1e-14)
    return Wave(math.exp(top), peak_time, float(start), float(end - start))


def _peak_of_slug(channel: Channel, distance: float, power: float) -> float:
    """Where t^-power exp(-(x - U t)^2 / (4 K t) - k t) is highest: a quadratic in t."""
    spread, speed = 2.0 * channel.dispersion * power, channel.effective_velocity
    return distance**2 / (spread + math.sqrt(spread**2 + (speed * distance) ** 2))


def ogata_banks(channel: Channel, distance: float, *, times: Floats) -> Floats:
    """C / C0 behind a constant concentration at the upper end since t = 0; erfcx keeps the second term from overflow."""
    speed = channel.effective_velocity
    root = 2.0 * np.sqrt(channel.dispersion * times)
    fading = (channel.velocity - speed) * distance / (2.0 * channel.dispersion)
    direct = np.exp(fading) * erfc((distance - speed * times) / root)
    at = (distance + speed * times) / root
    exponent = (channel.velocity + speed) * distance / (2.0 * channel.dispersion) - at**2
    return np.asarray(0.5 * (direct + erfcx(at) * np.exp(exponent)))


def inverse_gaussian_share(times: Floats, *, mean: float, shape: float) -> Floats:
    """Share of an instant release that has passed: F(t) = erfc(-z1/sqrt 2)/2 + erfcx(z2/sqrt 2) exp(-z1^2/2)/2."""
    root = np.sqrt(shape / times)
    z1, z2 = root * (times / mean - 1.0), root * (times / mean + 1.0)
    return np.asarray(0.5 * erfc(-z1 / math.sqrt(2.0)) + 0.5 * erfcx(z2 / math.sqrt(2.0)) * np.exp(-0.5 * z1 * z1))


def mixed_reservoir_box(residence: float, duration: float, *, loss: float = 0.0) -> tuple[float, float]:
    """Highest outflow over inflow concentration of an even inflow into one mixed tank, and the share of the mass let out.

    With the loss the tank has the residence tau / (1 + k tau) and lets out 1 / (1 + k tau) of the mass.
    """
    kept = 1.0 / (1.0 + loss * residence)
    return kept * -math.expm1(-duration / (residence * kept)), kept


def dead_zone_cumulants(channel: Channel, distance: float, *, share: float, exchange: float) -> tuple[float, float, float]:
    """Mean (s), variance (s2) and third central moment (s3) of the travel time with dead zones.

    `share` is the cross-section of the dead zones over that of the stream, `exchange` the mean stay in them, s. The loss acts
    in the stream only.
    """
    speed = channel.effective_velocity
    b = distance / speed
    d, f = channel.dispersion * distance / speed**3, channel.dispersion**2 * distance / speed**5
    e1, a2, a3 = 1.0 + share, share * exchange, share * exchange**2
    return b * e1, 2.0 * (b * a2 + d * e1**2), 6.0 * (b * a3 + 2.0 * d * e1 * a2 + 2.0 * f * e1**3)
