"""The river forecast measured: exact solutions, tracers, past spills, traces, speed, and two other schemes on the same path.

Times are seconds of the processor of a second run in this process; ratios hold for this machine. The same as
``boget bench river``. Parts that read the reference data in ../shared are left out where it is absent, and said so.

    bench/river.py [--json] [--only exact,speed,…]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tools" / "river")]

import numpy as np  # noqa: E402

import river_parts as parts  # noqa: E402

SHARED = ROOT.parent / "shared"
AIMS: Mapping[str, tuple[float, str]] = {
    "exact_max_rel": (1e-6, "≤"),
    "n2_peak": (0.005, "≤"),
    "n2_arrival10": (0.002, "≤"),
    "n2_mass": (0.001, "≤"),
    "n3_peak": (0.01, "≤"),
    "n3_arrival10": (0.02, "≤"),
    "n3_duration": (0.02, "≤"),
    "uvas_l1": (0.01, "≤"),
    "p1_cpu_s": (0.6, "≤"),
    "p2_cpu_s": (1.5, "≤"),
    "p4_s": (0.5, "≤"),
    "pass_1e6_ms": (10.0, "≤"),
    "k_within2": (0.70, "≥"),
    "u_mape": (0.27, "≤"),
    "baia_mare_arrival_worst": (0.12, "≤"),
    "baia_mare_peaks_within_two": (4, "≥"),
    "baia_mare_outside_band": (0, "≤"),
    "trace_worst_of_allowance": (1.0, "≤"),
}
PARTS: tuple[tuple[str, Callable[[Path], dict[str, Any]], bool], ...] = (  # name, function, whether it reads ../shared
    ("exact", parts.measure_exact, True),
    ("accuracy", parts.measure_accuracy, False),
    ("uvas", parts.measure_uvas, True),
    ("speed", parts.measure_speed, False),
    ("screening", parts.measure_screening, False),
    ("peers", parts.measure_peers, False),
    ("hydraulics", parts.measure_hydraulics, True),
    ("baia_mare", parts.measure_baia_mare, False),
    ("traces", parts.measure_traces, True),
)


def measure(only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """All figures, with the names of those that miss their aim and the parts that were left out."""
    figures: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name, function, needs_shared in PARTS:
        if only and name not in only:
            left_out[name] = "not asked for"
        elif needs_shared and not SHARED.is_dir():
            left_out[name] = "the reference data in ../shared are not beside this checkout"
        else:
            print(f"{name} …", file=sys.stderr, flush=True)
            figures |= {key: _as_plain(value) for key, value in function(SHARED).items()}
    return figures | {"missed": list_missed(figures), "left_out": left_out}


def _as_plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def is_met(value: float, aim: float, sign: str) -> bool:
    return value <= aim if sign == "≤" else value >= aim


def list_missed(figures: Mapping[str, Any]) -> list[str]:
    return [name for name, (aim, sign) in AIMS.items() if name in figures and not is_met(figures[name], aim, sign)]


def print_table(figures: Mapping[str, Any]) -> None:
    for name, value in figures.items():
        if name in {"missed", "left_out"}:
            continue
        shown = f"{value:.4g}" if isinstance(value, float) else str(value)
        aim, sign = AIMS.get(name, (None, ""))
        verdict = "" if aim is None else f"{sign} {aim:<8g} {'met' if is_met(value, aim, sign) else 'MISSED'}"
        print(f"{name:32} {shown:>12} {verdict}".rstrip())
    for name, reason in figures["left_out"].items():
        print(f"{name}: left out, {reason}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", metavar="PART,…", help=", ".join(name for name, _f, _s in PARTS))
    options = parser.parse_args()
    figures = measure(frozenset(filter(None, options.only.split(","))))
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        print_table(figures)
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
