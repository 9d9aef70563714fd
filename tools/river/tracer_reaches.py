"""Measured tracer reaches of the reference data, for the tables of the validation. They are not part of the package."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_velocity import fit_tracer, read_reaches

from boget.science.river.dispersion.comparison import MeasuredReaches

NAME = "data/tracer_dispersion_train.csv"


@dataclass(frozen=True, slots=True)
class VelocityScore:
    """Velocity with each reach left out of the fit over the measured one: mean absolute error, median, spread, share."""

    reaches: int
    mape: float
    median_ratio: float
    spread: float
    within_25: float


def read_measured(shared: Path) -> MeasuredReaches:
    with (shared / NAME).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    names = ("width_m", "depth_m", "velocity_ms", "shear_velocity_ms", "Kx_m2s")
    width, depth, velocity, shear, measured = (np.array([float(row[name]) for row in rows]) for name in names)
    return MeasuredReaches(width, depth, velocity, shear, measured)


def score_velocity(shared: Path) -> VelocityScore:
    """The default velocity formula, discharge, width and slope known, each reach predicted from the others."""
    reaches = read_reaches(shared / NAME)
    reaches = reaches.keep(reaches.slope > 0)
    ratio = fit_tracer(reaches)[1]
    return VelocityScore(
        reaches=len(ratio),
        mape=float(np.mean(np.abs(ratio - 1))),
        median_ratio=float(np.median(ratio)),
        spread=float(np.exp(np.std(np.log(ratio), ddof=1))),
        within_25=float(np.mean(np.abs(ratio - 1) <= 0.25)),
    )
