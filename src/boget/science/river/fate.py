"""What happens to a substance on its way: decay, and settling of the part on particles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """Behaviour of a substance in the water.

    decay_per_s : first-order loss of the dissolved part, 1/s, median; 0 = conservative
    decay_gsd : its spread as a factor
    log10_kd, log10_kd_sigma : sorption to suspended matter, L/kg, decimal logarithm; None: not sorbed
    suspended_kg_m3 : suspended matter of the river, median
    settling_m_s : settling velocity of the particles times the probability to stay, median; spread `settling_gsd`
    status : the worst status of the coefficients used: verified, provisional or placeholder
    """

    decay_per_s: float = 0.0
    decay_gsd: float = 1.0
    log10_kd: float | None = None
    log10_kd_sigma: float = 0.0
    suspended_kg_m3: float = 0.0
    settling_m_s: float = 0.0
    settling_gsd: float = 1.0
    status: str = "provisional"
