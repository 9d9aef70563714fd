"""Is a place of a table on this river? Its catchment must be that of the network."""

from __future__ import annotations

from collections.abc import Sequence


def is_plausible(known_km2: Sequence[float], upland_km2: float, factor: float) -> bool:
    """The catchment of the network is one of those known within a factor; where none is known nothing can be checked.

    Examples
    --------
    >>> is_plausible((125_510.0,), 127_976.0, 1.6), is_plausible((125_510.0,), 2_459.0, 1.6), is_plausible((), 2_459.0, 1.6)
    (True, False, True)
    """
    ratios = [upland_km2 / area for area in known_km2]
    return not ratios or any(1 / factor <= ratio <= factor for ratio in ratios)
