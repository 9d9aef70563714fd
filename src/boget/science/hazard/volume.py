"""Which volume an index uses: stored, else design capacity, else mass over bulk density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from boget.science.errors import InvalidInput
from boget.science.facility import Impoundment, Span
from boget.science.facility.span import add_spans
from boget.science.hazard.table import ScoreTable

VolumeBasis = Literal["stored_volume", "design_capacity", "mass_and_density", "mixed"]


@dataclass(frozen=True, slots=True)
class VolumeChoice:
    """The volume chosen and why.

    Attributes
    ----------
    volume : Span or None
        m3; None = nothing to go by.
    basis : str or None
        ``stored_volume``, ``design_capacity``, ``mass_and_density``; ``mixed`` over several impoundments.
    density : Span or None
        kg/m3 used, only with ``mass_and_density``.
    is_density_assumed : bool
        The density came from the table and not from the facility.
    """

    volume: Span | None = None
    basis: VolumeBasis | None = None
    density: Span | None = None
    is_density_assumed: bool = False


def choose_volume(
    *, stored: Span | None, capacity: Span | None, mass: Span | None, density: Span | None, table: ScoreTable
) -> VolumeChoice:
    """Choose the volume for one impoundment. A volume or mass of zero or less counts as not given.

    The fallback on the design capacity does not widen the interval although less may be stored: nothing bounds it from
    below. The result carries the caution ``volume_from_design_capacity`` instead.

    Parameters
    ----------
    stored, capacity : Span or None
        m3.
    mass : Span or None
        kg.
    density : Span or None
        kg/m3; the span of the table if not known.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = choose_volume(stored=None, capacity=None, mass=Span(3923.9e6), density=None, table=load_table())
    >>> found.basis, round(found.volume.value), found.density.bounds
    ('mass_and_density', 2615933, (1300.0, 1700.0))
    """
    if _is_positive(stored):
        return VolumeChoice(stored, "stored_volume")
    if _is_positive(capacity):
        return VolumeChoice(capacity, "design_capacity")
    if mass is None or not _is_positive(mass):
        return VolumeChoice()
    used = density if density is not None and density.bounds[0] > 0 else assumed_density(table)
    low, high = mass.bounds[0] / used.bounds[1], mass.bounds[1] / used.bounds[0]
    return VolumeChoice(Span(mass.value / used.value, low, high), "mass_and_density", used, used is not density)


def choose_total(impoundments: tuple[Impoundment, ...], table: ScoreTable) -> VolumeChoice:
    """Choose and add the volumes of all impoundments.

    One impoundment with nothing to go by leaves the total unknown: a partial sum would lower the hazard in silence.
    """
    choices = [
        choose_volume(
            stored=basin.stored_volume,
            capacity=basin.design_capacity,
            mass=basin.tailings.mass,
            density=basin.tailings.bulk_density,
            table=table,
        )
        for basin in impoundments
    ]
    volumes = [choice.volume for choice in choices if choice.volume is not None]
    if not choices or len(volumes) < len(choices):
        return VolumeChoice()
    if len(choices) == 1:
        return choices[0]
    bases = {choice.basis for choice in choices}
    return VolumeChoice(
        add_spans(volumes),
        choices[0].basis if len(bases) == 1 else "mixed",
        is_density_assumed=any(choice.is_density_assumed for choice in choices),
    )


def assumed_density(table: ScoreTable) -> Span:
    """Return the bulk density of the table with its span, kg/m3."""
    entry = table.entry("density.bulk")
    if entry.low is None or entry.high is None or entry.low <= 0:
        raise InvalidInput("table_invalid", where="density.bulk", allowed="value, low and high above zero")
    return Span(entry.value, entry.low, entry.high)


def _is_positive(span: Span | None) -> bool:
    return span is not None and span.value > 0
