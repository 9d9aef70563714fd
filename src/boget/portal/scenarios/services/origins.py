"""Where the numbers behind a forecast come from: source and status of the parameters, read from the tables of the science."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = ("verified", "provisional", "placeholder")
ROWS = {
    "velocity": ("velocity.gsd", "velocity.correlation", "velocity.reach_sigma"),
    "dispersion": ("dispersion.gsd",),
    "discharge": ("discharge.correlation", "discharge.group_m"),
    "dead_zone_share": ("dead_zone.share_low", "dead_zone.share_high"),
    "exchange_s": ("dead_zone.exchange_low_s", "dead_zone.exchange_high_s"),
    "structure": ("structure.fick", "structure.dead_zone", "structure.jobson"),
    "tanks": ("reservoir.tanks_low", "reservoir.tanks_high"),
    "active": ("reservoir.active_low", "reservoir.active_high"),
}
"""Rows of the table of priors behind each parameter that an outcome names."""


@dataclass(frozen=True, slots=True)
class ParameterSource:
    """Source as the table has it, in English; the worst status of its rows."""

    source: str
    status: str


def find_source(parameter: str) -> ParameterSource | None:
    """None for what a person typed in, such as the mass."""
    from boget.science.river.coefficients import load_coefficients

    table = load_coefficients("priors")
    entries = [table.entries[name] for name in ROWS.get(parameter, ()) if name in table.entries]
    if not entries:
        return None
    sources = "; ".join(dict.fromkeys(entry.source for entry in entries))
    return ParameterSource(sources, find_worst(entry.status for entry in entries))


def find_worst(statuses: Iterable[str]) -> str:
    """The least trusted of several; "provisional" for none."""
    return max(statuses, key=ORDER.index, default="provisional")
