"""What gets into the river: mass over time, dissolved and on particles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReleaseKind = Literal["instant", "box", "hydrograph"]


@dataclass(frozen=True, slots=True)
class Release:
    """Mass of one substance entering the river.

    kind : instant (all at once), box (evenly over `duration_s`), hydrograph (`rates_kg_s` between `times_s`, piecewise linear)
    mass_kg : total mass, median; for a hydrograph the integral of the rates
    mass_gsd : spread of the mass as a factor (1 = known exactly, 2 = times or divided by 2 at one sigma)
    duration_s : of the box, s; 0 for an instant release
    particulate_share : part of the mass on particles at the source, 0 to 1; None: by the substance's Kd
    volume_m3 : water that comes with the mass, m3; None where it is not known
    """

    kind: ReleaseKind
    mass_kg: float
    mass_gsd: float = 1.0
    duration_s: float = 0.0
    times_s: tuple[float, ...] = ()
    rates_kg_s: tuple[float, ...] = ()
    particulate_share: float | None = None
    volume_m3: float | None = None
