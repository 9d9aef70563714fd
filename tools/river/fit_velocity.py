"""Fit the velocity of tracers in rivers and write `science/river/tables/velocity_fit.toml`.

    python tools/river/fit_velocity.py ../shared/data/tracer_dispersion_train.csv

Field reaches with width, depth, velocity and shear velocity: Q = W H U, S = u*^2 / (g H). A row whose published slope is
nought is left out: hardly a river, it stands still. Fitted by least squares in logarithms:

- the roughness that gives the velocity, n = a S^b Q^c, with known Q, W and S;
- the width W = p Q^q;
- U = a Q^b without slope and width.

Printed: the error of each when the reach itself is left out of the fit.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GRAVITY = 9.80665
TABLE = Path(__file__).resolve().parents[2] / "src" / "boget" / "science" / "river" / "tables" / "velocity_fit.toml"
NEEDED = ("width_m", "depth_m", "velocity_ms", "shear_velocity_ms", "slope_implied_u2_over_gH")
HEAD = """\
# Written by tools/river/fit_velocity.py on {date}; run it again instead of changing a number.
# Fitted to {count} field reaches with a slope: the published training part of a set of tracer tests, rivers of the
# United States. One reach each; a whole path is tighter. cov_* are covariances of ln a, b, c.

[table]
code = "velocity_fit"
version = "{version}"
title = "Velocity of tracers: roughness, width, power law"
"""
SOURCE = "own fit to {count} reaches of tracer_reaches2021"


@dataclass(frozen=True, slots=True)
class Reaches:
    """Measured reaches, arrays of one length: discharge (m3/s), width (m), slope (m/m, 0 unknown), velocity (m/s)."""

    discharge: Floats
    width: Floats
    slope: Floats
    velocity: Floats

    def keep(self, mask: NDArray[np.bool_]) -> Reaches:
        return Reaches(self.discharge[mask], self.width[mask], self.slope[mask], self.velocity[mask])


@dataclass(frozen=True, slots=True)
class Fit:
    """ln y = columns @ numbers: `numbers` (k,), `covariance` (k, k), `sigma` of one reach, `left_out` predictions of ln y."""

    numbers: Floats
    covariance: Floats
    sigma: float
    left_out: Floats


def read_reaches(path: Path) -> Reaches:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    width, depth, velocity, shear, published = (np.array([float(row[name]) for row in rows]) for name in NEEDED)
    slope = np.where(published > 0, shear**2 / (GRAVITY * depth), 0.0)
    return Reaches(width * depth * velocity, width, slope, velocity)


def fit_logarithms(columns: list[Floats], target: Floats) -> Fit:
    """Least squares with a constant in front, and each row predicted from the others."""
    design = np.column_stack([np.ones_like(target), *columns])
    inverse = np.linalg.inv(design.T @ design)
    numbers = inverse @ design.T @ target
    residual = target - design @ numbers
    variance = float(residual @ residual) / (len(target) - design.shape[1])
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    left_out = target - residual / (1 - leverage)
    return Fit(numbers, variance * inverse, variance**0.5, left_out)


def find_roughness(reaches: Reaches) -> Floats:
    """n of the wide channel in which the discharge has the measured velocity."""
    depth = reaches.discharge / (reaches.width * reaches.velocity)
    return depth ** (5 / 3) * reaches.width * np.sqrt(reaches.slope) / reaches.discharge


def fit_tracer(reaches: Reaches) -> tuple[Fit, Floats]:
    """The fit of ln n, and the velocities predicted with each reach left out over the measured ones."""
    fit = fit_logarithms([np.log(reaches.slope), np.log(reaches.discharge)], np.log(find_roughness(reaches)))
    wide = reaches.discharge**0.4 * reaches.slope**0.3 * reaches.width**-0.4
    return fit, wide * np.exp(-0.6 * fit.left_out) / reaches.velocity


def describe(ratio: Floats) -> str:
    """Error of predicted over measured values, as a line of text."""
    spread = float(np.exp(np.std(np.log(ratio), ddof=1)))
    within = float(np.mean(np.abs(ratio - 1) <= 0.25))
    return (
        f"mean absolute error {np.mean(np.abs(ratio - 1)):.1%}, median ratio {np.median(ratio):.3f}, "
        f"mean ratio {np.mean(ratio):.3f}, spread {spread:.2f}, within 25 % {within:.0%}"
    )


def write_row(name: str, value: float, unit: str, count: int) -> str:
    source = SOURCE.format(count=count)
    return f'{name} = {{ value = {value:.6g}, unit = "{unit}", source = "{source}", page = "none", status = "provisional" }}\n'


def write_section(name: str, fit: Fit, names: list[tuple[str, str]], *, scale: float, factor_unit: str) -> str:
    """A section of the table: the factor, the powers, the spread of one reach and the covariances."""
    count = len(fit.left_out)
    text = f"\n[{name}]\n" + write_row("factor", float(np.exp(fit.numbers[0])), factor_unit, count)
    for (key, unit), number in zip(names, fit.numbers[1:], strict=True):
        text += write_row(key, float(number), unit, count)
    text += write_row("sigma_ln", scale * fit.sigma, "1", count)
    letters = "abc"
    for row in range(len(fit.numbers)):
        for column in range(row, len(fit.numbers)):
            text += write_row(f"cov_{letters[row]}{letters[column]}", float(fit.covariance[row, column]), "1", count)
    return text


def main(path: Path) -> None:
    found = read_reaches(path)
    reaches = found.keep(found.slope > 0)
    tracer, ratio = fit_tracer(reaches)
    width = fit_logarithms([np.log(reaches.discharge)], np.log(reaches.width))
    power = fit_logarithms([np.log(reaches.discharge)], np.log(reaches.velocity))
    print("tracer roughness, Q W S known:", describe(ratio))
    print("width:", describe(np.exp(width.left_out) / reaches.width))
    print("power law:", describe(np.exp(power.left_out) / reaches.velocity))
    date = datetime.now(tz=UTC).date().isoformat()
    text = HEAD.format(date=date, version=date, count=len(reaches.width))
    both = [("slope_power", "1"), ("discharge_power", "1")]
    text += write_section("tracer", tracer, both, scale=0.6, factor_unit="s/m^(1/3)")
    text += write_section("width", width, [("power", "1")], scale=1.0, factor_unit="m")
    text += write_section("power", power, [("power", "1")], scale=1.0, factor_unit="m/s")
    TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
