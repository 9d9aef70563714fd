"""Compiles the kernels before somebody waits for them: at preparation of an installation and at the start of a worker."""

from __future__ import annotations

from typing import Any

import numpy as np

from boget.science.river import kernels, lagrangian, transfer

ONE = np.ones(1)
DAY = 86_400.0


def compile_kernels() -> None:
    """Run every kernel once on a river of one reach and one reservoir. Seconds on a new machine, milliseconds after that."""
    cum = kernels.accumulate(
        [1e4],
        ONE,
        [30.0],
        depth=ONE,
        is_flowing=[True],
        group=[0],
        stops=[[0, 1.0]],
        member_velocity=ONE,
        member_dispersion=ONE,
        group_velocity=ONE[:, None],
        reach_sigma=0.1,
        decay=0.0 * ONE,
        settling=0.0 * ONE,
        seed=1,
        threads=1,
    )
    kernels.evaluate_closed(cum, ONE[:, None], DAY * ONE, threshold=1e-9, threads=1)
    kernels.sample_closed(cum[:, 0], ONE, DAY * ONE, times=ONE, threads=1)
    release = transfer.shape_box(DAY * ONE)
    stores: dict[str, Any] = {"dead_zone": [[0.1, DAY]], "tanks": [[[DAY, 2.0]]], "decay": 0.0 * ONE}
    transfer.evaluate_storage(cum[:, 0], ONE, release, threshold=1e-9, **stores)
    transfer.curves(cum[:, 0], ONE, release, times=ONE, **stores)
    lagrangian.compile_engine()
