"""What is not known of the way of the water, as the travel times of many paths need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from boget.science.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Spread:
    """Spread of velocity and reservoirs.

    velocity_sigma : of the logarithm of the velocity at a known discharge; the formula's own counts where it is greater
    correlation : of two groups of stretches, 0 to 1
    group_m : length of a group along the river, m
    tanks : least and greatest number of mixed tanks in a reservoir, 1 = wholly mixed
    active : least and greatest part of the volume that the wave takes
    """

    velocity_sigma: float
    correlation: float
    group_m: float
    tanks: tuple[float, float]
    active: tuple[float, float]

    def __post_init__(self) -> None:
        is_sound = (
            0 <= self.velocity_sigma < 5
            and 0 <= self.correlation <= 1
            and 0 < self.group_m < float("inf")
            and 1 <= self.tanks[0] <= self.tanks[1] < float("inf")
            and 0 < self.active[0] <= self.active[1] <= 1
        )
        if not is_sound:
            raise InvalidInput("range", where="spread", value=str(self), allowed="see the fields of Spread")


class HasSpread(Protocol):
    """A prior of the forecast: it knows what the travel times need of it."""

    @property
    def spread(self) -> Spread: ...


def read_spread(prior: Spread | HasSpread) -> Spread:
    """The spread of a prior; one that is a `Spread` already stays as it is. InvalidInput "unknown_choice" for anything else."""
    found = prior if isinstance(prior, Spread) else getattr(prior, "spread", None)
    if not isinstance(found, Spread):
        raise InvalidInput("unknown_choice", where="prior", value=type(prior).__name__, allowed="a prior or a Spread")
    return found
