"""Classes 1 to 5 by quintile of a loaded inventory.

There are no official class limits of the index at hand. A quintile says where a facility stands within the set that was
loaded, nothing more: always name the word quintile and the set beside the class.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from boget.science.errors import MissingData

CLASSES = 5
Floats = npt.NDArray[np.float64]


def find_edges(values: Floats) -> Floats:
    """Return the four inner edges of the quintiles.

    An edge is a value of the inventory itself (inverse of the empirical distribution), so it needs no interpolation.

    Parameters
    ----------
    values : array of float, shape (n,)
        NaN = no index, left out.

    Returns
    -------
    array of float, shape (4,), ascending

    Raises
    ------
    MissingData
        ``insufficient_data`` with fewer than five values.

    Examples
    --------
    >>> find_edges(np.arange(1.0, 11.0)).tolist()
    [2.0, 4.0, 6.0, 8.0]
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if known.size < CLASSES:
        raise MissingData("insufficient_data", where="quintiles", value=known.size, allowed="5 or more ranked facilities")
    # Whole-number steps: 0.2 * 3 is not 0.6 in binary and would move an edge by one facility.
    places = (known.size * np.arange(1, CLASSES) + CLASSES - 1) // CLASSES - 1
    return np.sort(known)[places]


def assign_classes(values: Floats, edges: Floats) -> npt.NDArray[np.int64]:
    """Return the class of each value: 1 lowest fifth to 5 highest fifth, 0 for NaN.

    A value on an edge belongs to the lower class. Equal values are always in one class, so with ties the classes are
    not of equal size, and a class may be empty.

    Examples
    --------
    >>> assign_classes(np.array([2.0, 2.1, 9.0, np.nan]), np.array([2.0, 4.0, 6.0, 8.0])).tolist()
    [1, 2, 5, 0]
    """
    numbers = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(numbers), 0, 1 + np.searchsorted(edges, numbers, side="left")).astype(np.int64)
