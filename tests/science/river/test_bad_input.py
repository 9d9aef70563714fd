"""What cannot be is refused with a code of its own, before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boget.science.errors import WORDINGS, InvalidInput
from boget.science.river.ensemble import run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.priors import read_priors, read_setting
from boget.science.river.release import Release
from boget.science.river.spread import read_spread
from tests.science.river.made_paths import make_flow, make_path, make_release, make_target

NAN, INFINITE = float("nan"), float("inf")


def refuse(**changes: Any) -> InvalidInput:
    path = make_path(10)
    parts: dict[str, Any] = {
        "flow": make_flow(path),
        "release": make_release(),
        "fate": Fate(),
        "targets": [make_target(30)],
    }
    given = {"prior": read_priors(), "threshold": 1e-4, "members": 100}
    parts |= {name: changes.pop(name) for name in list(changes) if name in parts}
    with pytest.raises(InvalidInput) as caught:
        run_ensemble(path, **parts, **{**given, **changes})
    assert caught.value.code in WORDINGS or caught.value.context.get("hint")
    assert "[" in str(caught.value)
    return caught.value


def flow_with(value: float, field: str = "discharge_m3s") -> Any:
    flow = make_flow(make_path(10))
    values = getattr(flow, field).copy()
    values[4] = value
    return replace(flow, **{field: values})


@pytest.mark.parametrize(
    ("value", "code"), [(0.0, "not_positive"), (-3.0, "not_positive"), (NAN, "not_finite"), (INFINITE, "not_finite")]
)
def test_flow_that_is_none(value: float, code: str) -> None:
    error = refuse(flow=flow_with(value))
    assert error.code == code and error.where == "discharge"


def test_spread_of_the_flow() -> None:
    assert refuse(flow=flow_with(NAN, "sigma_ln")).code == "not_finite"
    assert refuse(flow=flow_with(-0.1, "sigma_ln")).code == "range"
    assert refuse(flow=make_flow(make_path(9))).code == "shape_mismatch"


@pytest.mark.parametrize(
    ("mass", "code"),
    [(-1.0, "not_positive"), (0.0, "not_positive"), (NAN, "not_finite"), (INFINITE, "not_finite"), ("4 t", "not_a_number")],
)
def test_mass_that_is_none(mass: Any, code: str) -> None:
    error = refuse(release=make_release(mass_kg=mass))
    assert error.code == code and error.where == "mass"


def test_release_longer_than_the_record() -> None:
    longest = read_setting("limits.longest_release_s")
    assert refuse(release=make_release(duration_s=longest + 1)).code == "release_too_long"
    rates = (1.0 / longest, 1.0 / longest)
    drawn = Release("hydrograph", 1.1, times_s=(0.0, 1.1 * longest), rates_kg_s=rates)
    assert refuse(release=drawn).code == "release_too_long"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "flood"}, "unknown_choice"),
        ({"mass_gsd": 0.5}, "range"),
        ({"duration_s": 0.0}, "not_positive"),
        ({"duration_s": NAN}, "not_finite"),
        ({"particulate_share": 1.2}, "range"),
        ({"kind": "hydrograph", "times_s": (0.0, 2.0, 1.0), "rates_kg_s": (1.0, 1.0, 1.0)}, "not_increasing"),
        ({"kind": "hydrograph", "times_s": (0.0,), "rates_kg_s": (1.0,)}, "not_increasing"),
        ({"kind": "hydrograph", "times_s": (0.0, 10.0), "rates_kg_s": (1.0, -1.0)}, "range"),
        ({"kind": "hydrograph", "times_s": (0.0, 10.0), "rates_kg_s": (1.0, 1.0)}, "release_mass"),
    ],
)
def test_release_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    assert refuse(release=make_release(**changes)).code == code


@pytest.mark.parametrize("distance", [-5.0, 0.0, NAN])
def test_target_upstream_of_the_spill(distance: float) -> None:
    error = refuse(targets=[make_target(30), make_target(distance, "town")])
    assert error.code == "target_upstream" and error.where == "town"


def test_target_beyond_the_end() -> None:
    assert refuse(targets=[make_target(51)]).code == "range"


@pytest.mark.parametrize(("threshold", "code"), [(0.0, "not_positive"), (-1.0, "not_positive"), (NAN, "not_finite")])
def test_threshold(threshold: float, code: str) -> None:
    assert refuse(threshold=threshold).code == code


@pytest.mark.parametrize("members", [0, 99, 10**6])
def test_number_of_members(members: int) -> None:
    assert refuse(members=members).code == "range"


@pytest.mark.parametrize(
    ("fate", "code"),
    [
        (Fate(decay_per_s=-1.0), "range"),
        (Fate(decay_per_s=NAN), "not_finite"),
        (Fate(settling_gsd=0.1), "range"),
        (Fate(log10_kd=99.0), "range"),
    ],
)
def test_fate_that_cannot_be(fate: Fate, code: str) -> None:
    assert refuse(fate=fate).code == code


def test_formulas_that_nobody_knows() -> None:
    assert refuse(velocity="guess").code == "unknown_choice"
    assert refuse(dispersion_code="guess").code == "unknown_choice"


@pytest.mark.parametrize(
    "changes", [{"velocity_gsd": 0.5}, {"structure": (1.0, 1.0, 1.0)}, {"tanks": (0.5, 2.0)}, {"active": (0.0, 1.0)}]
)
def test_prior_that_cannot_be(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        replace(read_priors(), **changes)


def test_prior_of_the_table_is_sound_and_gives_the_spread_of_the_screening() -> None:
    prior = read_priors()
    assert read_spread(prior.spread) is not None
    assert sum(prior.structure) == pytest.approx(1.0)
    assert prior.velocity_gsd == 1.33 and prior.dispersion_gsd == 2.1
    assert np.isfinite([value for row in prior.to_dict().values() for value in row.values()]).all()
