"""How kernels are compiled and shared out over threads.

A kernel works on whole arrays, lets other threads run, and treats each member by itself. Members are cut into chunks of a
fixed size whatever the number of threads, so the numbers do not depend on it.

A kernel calls kernels of its own module only. What is kept on disk is made anew when the file of a kernel changes, not when a
file it imports from does: after an upgrade it would go on with the old formula.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
CHUNK = 256
"""Members treated together: their working arrays stay in the cache of one core."""


def kernel(function: Compiled) -> Compiled:
    """Compile on first use and keep the result on disk; division by zero gives infinity as in numpy."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Compiled) -> Compiled:
    """The same for a small function that only kernels call: it is laid into them."""
    return cast(Compiled, numba.njit(inline="always", error_model="numpy")(function))


def run_chunks(count: int, work: Callable[[int, int], None], *, threads: int | None = None, chunk: int = CHUNK) -> None:
    """Call ``work(first, last)`` for every chunk of `count` members, on `threads` threads (None: all cores)."""
    firsts = range(0, count, chunk)
    workers = min(threads or os.cpu_count() or 1, len(firsts))
    if workers <= 1:
        for first in firsts:
            work(first, min(first + chunk, count))
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, first, min(first + chunk, count)) for first in firsts]:
            done.result()


def pack(values: Any, where: str, *, shape: tuple[int | None, ...], above: float | None = None) -> Floats:
    """`values` as a contiguous array of floats of the shape (None: any length of that axis).

    Raises
    ------
    InvalidInput
        "shape_mismatch", "not_finite", or "not_positive" where all values must be above or at `above`.
    """
    array = np.ascontiguousarray(values, dtype=np.float64)
    fits = array.ndim == len(shape) and all(want in (None, have) for want, have in zip(shape, array.shape, strict=True))
    if not fits:
        raise InvalidInput("shape_mismatch", where=where, value=array.shape, allowed=str(shape))
    if not np.isfinite(array).all():
        raise InvalidInput("not_finite", where=where)
    if above is not None and array.size and float(array.min()) < above:
        raise InvalidInput("range", where=where, value=float(array.min()), allowed=f"{above:g} or more")
    return array
