"""Which volume an index uses: stored, else design capacity, else mass over bulk density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.facility import Impoundment, Material, Span
from boget.science.facility.span import add_spans
from boget.science.hazard.table import ScoreTable

VolumeBasis = Literal["stored_volume", "design_capacity", "mass_and_density"]
STAND_IN: VolumeBasis = "design_capacity"
"""A basis that says how much fits in, not how much is there: the volume stays unknown."""


@dataclass(frozen=True, slots=True)
class VolumeChoice:
    """The volume chosen and why.

    Attributes
    ----------
    volume : Span or None
        m3; None = nothing to go by.
    bases : tuple of str
        What it was taken from, each once; several impoundments may differ. See `name_basis`.
    density : Span or None
        kg/m3 used, only with ``mass_and_density``.
    is_density_assumed : bool
        The density came from the table and not from the facility.
    is_material_other : bool
        It was assumed for a material that is not tailings, for which the table has no more than a wide guess.
    """

    volume: Span | None = None
    bases: tuple[VolumeBasis, ...] = ()
    density: Span | None = None
    is_density_assumed: bool = False
    is_material_other: bool = False

    @property
    def basis(self) -> str | None:
        """One word for the bases."""
        return name_basis(self.bases)


def name_basis(bases: tuple[VolumeBasis, ...]) -> str | None:
    """Return the one basis there is, ``mixed`` for several, None for none."""
    return "mixed" if len(bases) > 1 else next(iter(bases), None)


def choose_volume(
    *,
    stored: Span | None,
    capacity: Span | None,
    mass: Span | None,
    density: Span | None,
    table: ScoreTable,
    material: Material = "tailings",
) -> VolumeChoice:
    """Choose the volume for one impoundment. A volume or mass of zero or less counts as not given.

    A design capacity stands in: what is stored may be anything from the least volume of the table to the capacity (its
    upper bound, if it has one), and the volume does not count as known.

    Parameters
    ----------
    stored, capacity : Span or None
        m3.
    mass : Span or None
        kg.
    density : Span or None
        kg/m3; the span of the table for the material if not known.
    material : str
        Tailings, or another material, whose span is the widest.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = choose_volume(stored=None, capacity=None, mass=Span(3923.9e6), density=None, table=load_table())
    >>> found.basis, round(found.volume.value), found.density.bounds
    ('mass_and_density', 2615933, (1300.0, 1700.0))
    """
    if _is_positive(stored):
        return VolumeChoice(stored, ("stored_volume",))
    if capacity is not None and _is_positive(capacity):
        return VolumeChoice(_open_below(capacity, table), (STAND_IN,))
    if mass is None or not _is_positive(mass):
        return VolumeChoice()
    used = density if density is not None and density.bounds[0] > 0 else assumed_density(table, material)
    low, high = mass.bounds[0] / used.bounds[1], mass.bounds[1] / used.bounds[0]
    volume, is_assumed = Span(mass.value / used.value, low, high), used is not density
    return VolumeChoice(volume, ("mass_and_density",), used, is_assumed, is_assumed and material != "tailings")


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
            material=basin.tailings.material,
        )
        for basin in impoundments
    ]
    volumes = [choice.volume for choice in choices if choice.volume is not None]
    if not choices or len(volumes) < len(choices):
        return VolumeChoice()
    if len(choices) == 1:
        return choices[0]
    found = {basis for choice in choices for basis in choice.bases}
    return VolumeChoice(
        add_spans(volumes),
        tuple(basis for basis in get_args(VolumeBasis) if basis in found),
        is_density_assumed=any(choice.is_density_assumed for choice in choices),
        is_material_other=any(choice.is_material_other for choice in choices),
    )


def assumed_density(table: ScoreTable, material: Material = "tailings") -> Span:
    """Return the bulk density that the table assumes for a material, with its span, kg/m3."""
    entry = table.entry("density.bulk" if material == "tailings" else "density.other")
    if entry.low is None or entry.high is None or entry.low <= 0:
        raise InvalidInput("table_invalid", where=entry.id, allowed="value, low and high above zero")
    return Span(entry.value, entry.low, entry.high)


def _open_below(capacity: Span, table: ScoreTable) -> Span:
    least = table.number("cap.least_volume")
    if least <= 0:
        raise InvalidInput("table_invalid", where="cap.least_volume", value=least, allowed="above zero")
    return Span(capacity.value, min(least, capacity.bounds[0]), capacity.high)


def _is_positive(span: Span | None) -> bool:
    return span is not None and span.value > 0
