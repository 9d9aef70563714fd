"""The reference traces of fourteen mining sites: first touch, final exit, end, and what happens between."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[3] / "bench" / "river_traces.py"


@pytest.mark.shared
def test_all_sites_are_met_within_three_km_or_two_percent(shared: Path) -> None:
    found = runpy.run_path(str(BENCH))["check_traces"](shared)
    assert [site["site"] for site in found["sites"] if not site["is_met"]] == []
    assert found["rows_met"] == found["rows"] == 14
    assert found["max_km_touch"] <= 3 and found["max_km_exit"] <= 3 and found["max_km_end"] <= 3
    meetings = {site["site"]: site["meetings"] for site in found["sites"]}
    assert meetings["Khromtau"] == ["KZ-RU", "RU-RU", "RU-KZ"], "the Ural comes back"
    assert meetings["Zhezkazgan"] == [] and meetings["Rudny"] == ["KZ-RU"]
