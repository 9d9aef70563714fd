"""The parts of docs/validation.md about formulas, numbers and speed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HEAD = """# Validation of the river forecast

What the forecast was held against: exact solutions, tracer tests in rivers, past spills, hand-made traces. The page is
written by `tools/river/validation.py`; run it again instead of changing a number. Data as of November 2026.

Two kinds of comparison are kept apart:

- **uncalibrated**: nothing of the event went into the forecast, only the general ranges of the product;
- **calibrated**: readings at the first stations weigh the members, and everything farther down is predicted. No coefficient
  is changed by this, and nothing seen downstream goes back into it.

A number that misses its aim stays on this page with the reason. The measurements behind it: `boget bench river`.
"""

NOT_TESTED = """## What was not tested

- **Rivers of Kazakhstan.** No tracer test and no spill with a measured wave was found for one. The velocity formula comes
  from rivers of the United States, the spill with most readings from the Tisza and the Danube. Until a wave is measured on
  the Irtysh or the Ulba, the width of the intervals is what protects the reader, not the middle of them.
- **The published test part of the dispersion reaches.** Only the training part lies in the reference data, so every share
  above is on reaches that later formulas may have been fitted to; expect less on a river none of them has seen.
- **Spills kept aside.** Sandoz 1986 on the Rhine, Baia Borsa 2000, Aznalcóllar 1998 and Mount Polley 2014 were fitted to
  nothing and compared with nothing. They are left for a check by others.
- **Metals on particles.** No event with both a wave and its loss along the way was at hand; the settling velocity is a
  provisional figure with a factor of three.
- **Ice, dry beds, floodplains, canals, layers in reservoirs, ruptured ice dams.** Simple rules with stated ranges, no test.
- **The release itself.** Mass, duration and the path over land to the river are inputs here.
- **Concentration before mixing across the river.** The factor near a bank is a rule; no plume was compared.
"""

SPEED_ROWS = (
    ("p1_cpu_s", "10 000 members, 1 000 stretches, 30 targets", "s", "0.6"),
    ("p2_cpu_s", "the same with dead zones and reservoirs, 10 targets", "s", "1.5"),
    ("p4_s", "all facilities, 10 000 members, share within 48 h (by the clock)", "s", "0.5"),
    ("pass_1e6_ms", "travel times of a network of a million reaches", "ms", "10"),
)


def write_head() -> str:
    return HEAD


def write_not_tested() -> str:
    return NOT_TESTED


def write_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def format_small(value: float) -> str:
    """A relative error as text: 0.04 %, or 3e-12 where it is rounding alone."""
    return f"{value:.0e}" if value < 1e-6 else f"{100 * value:.2g} %"


def write_dispersion(shared: Path) -> str:
    from tracer_reaches import read_measured

    from boget.science.river.dispersion.comparison import compare_formulas

    reaches = read_measured(shared)
    rows = [
        [s.title, f"{s.median_ratio:.2f}", f"{s.spread:.2f}", f"{100 * s.within_2:.0f} %", f"{100 * s.within_3:.0f} %"]
        for s in compare_formulas(reaches)
    ]
    table = write_table(("Formula", "Median of predicted / measured", "Spread, factor", "Within × 2", "Within × 3"), rows)
    return f"""## Dispersion

Measured longitudinal dispersion of {len(reaches.measured)} river reaches (the training part of a published split), with width,
depth, velocity and shear velocity known. Aim for the default, Disley 2015: at least 70 % within a factor of two.

{table}

The forecast carries a factor of 2.1 (one sigma) on dispersion, which is a factor of about 1.4 on the peak.
"""


def write_velocity(shared: Path) -> str:
    from tracer_reaches import score_velocity

    score = score_velocity(shared)
    return f"""## Velocity

The velocity of a tracer from discharge, width and slope, on {score.reaches} reaches of the same set; each is predicted
from a fit to the others. Aim: mean absolute error of at most 27 %.

| Mean absolute error | Median of predicted / measured | Spread, factor | Within 25 % |
| --- | --- | --- | --- |
| {100 * score.mape:.0f} % | {score.median_ratio:.2f} | {score.spread:.2f} | {100 * score.within_25:.0f} % |

One reach each. The slope is implied by the published shear velocity, and a forecast rarely knows the width: then it is
estimated too, and the spread of the forecast is wider than this one.
"""


def write_speed(file: Path) -> str:
    figures: Mapping[str, float] = json.loads(file.read_text(encoding="utf-8"))
    rows = [[what, f"{figures[key]:.2g} {unit}", f"{aim} {unit}"] for key, what, unit, aim in SPEED_ROWS if key in figures]
    quickest, lagrangian = (float(f"{figures[key]:.2g}") for key in ("ratio_quickest", "ratio_lagrangian"))
    worst = 100 * figures["quickest_worst_peak"]
    return f"""## Speed

Seconds of the processor, all threads together, of a warm second run on one machine in November 2026. Another machine gives
other times; the ratios hold better.

{write_table(("Work", "Measured", "Aim"), rows)}

Two other schemes on the same path and release: the explicit ULTIMATE QUICKEST scheme with cells of 200 m would take
about {quickest:.0f} times as long for ten thousand members, the Lagrangian scheme that checks the forecast about
{lagrangian:.0f} times. Both are timed for one member and multiplied by the number of members. QUICKEST computes only the
cells that the wave covers; its step is set by the greatest dispersion on the path, and its peak is within {worst:.1f} % of
the exact one.
"""


def write_traces(shared: Path) -> str:
    from river_traces import check_traces

    found = check_traces(shared)
    rows = [_write_site(site) for site in found["sites"]]
    return f"""## Traces

From {found["rows"]} sites over the flow directions to the river network and down to the end, beside a table made by another
program. Allowed: 3 km or 2 %. Met: {found["rows_met"]} of {found["rows"]}.

{write_table(("Site", "First touch of the border, off by", "Final exit, off by", "End, off by", "Borders met", "Met"), rows)}
"""


def _write_site(site: Mapping[str, Any]) -> list[str]:
    off = {figure["kind"]: f"{figure['km']:.1f} km" for figure in site["figures"]}
    borders = ", ".join(site["meetings"]) or "none"
    return [site["site"], off["touch"], off["exit"], off["end"], borders, "yes" if site["is_met"] else "no"]


def write_numerics(shared: Path) -> str:
    import river_cases as cases

    exact = cases.check_exact(shared / "data")["exact_max_rel"]
    uvas = cases.check_uvas(shared / "data")["uvas_l1"]
    plain, stored = cases.check_n2(), cases.check_n3()
    rows = [
        ["slug, step, reservoir and dead zones in one channel, closed form", "largest difference", format_small(exact), "1e-6"],
        ["1 000 uneven reaches, no storage", "peak", format_small(plain["n2_peak"]), "0.5 %"],
        ["", "arrival at a tenth of the peak", format_small(plain["n2_arrival10"]), "0.2 %"],
        ["", "mass", format_small(plain["n2_mass"]), "0.1 %"],
        ["the same with dead zones and reservoirs of 2 and 20 days", "peak", format_small(stored["n3_peak"]), "1 %"],
        ["", "arrival at a tenth of the peak", format_small(stored["n3_arrival10"]), "2 %"],
        ["", "time above a tenth of the peak", format_small(stored["n3_duration"]), "2 %"],
        ["Uvas Creek, five stations, reference run with dead zones", "sum of differences", format_small(uvas), "1 %"],
    ]
    return f"""## Numbers against exact solutions

The made-up path has 1 000 uneven reaches over 1 506 km with discharge growing from 5 to 900 m³/s. The reference is the product
of the transfer functions of all reaches, turned back into time on {cases.POINTS} points. The worst of all stations is shown.
The table of exact cases has seven digits, so a difference of some 1e-7 is its rounding.

{write_table(("Case", "Quantity", "Found", "Aim"), rows)}
"""
