"""Where a path meets state borders: first touch, run along, final exit, re-entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BorderMeeting:
    """A meeting of a path with a state border.

    `before` and `after` are the countries on either side, ISO codes; equal where the path only runs along the border or cuts
    a bend of it. `touch_m` is where the path first crosses the line and `leave_m` where it last does before it is 3 km away
    from it, both in metres along the path from the release: of the river in a `RiverPath`, in lengths of the network before
    it is routed. `touch`, `leave`: longitude and latitude, degrees.
    """

    before: str
    after: str
    touch_m: float
    touch: tuple[float, float]
    leave_m: float
    leave: tuple[float, float]

    @property
    def is_crossing(self) -> bool:
        """The path goes on in another country."""
        return self.before != self.after
