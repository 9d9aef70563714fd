"""Dispersion: fifteen formulas on the tracer reaches."""

from __future__ import annotations

import csv
import inspect
from pathlib import Path

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients
from boget.science.river.dispersion import DEFAULT, FORMULAS, find_dispersion
from boget.science.river.dispersion.comparison import MeasuredReaches, compare_formulas

REACH = {"width_m": 60.0, "depth_m": 1.5, "velocity_ms": 0.6, "shear_velocity_ms": 0.07}
# each formula written out by hand at REACH
BY_HAND = {
    "elder": 5.93 * 1.5 * 0.07,
    "fischer": 0.011 * 0.36 * 3600 / (1.5 * 0.07),
    "mcquivey_keefer": 0.058 * (60 * 1.5 * 0.6) / (0.07**2 / (9.80665 * 1.5) * 60),
    "liu": 0.18 * (0.07 / 0.6) ** 1.5 * 0.36 * 3600 / (1.5 * 0.07),
    "iwasa_aya": 2 * 40**1.5 * 1.5 * 0.07,
    "seo_cheong": 5.915 * 40**0.620 * (0.6 / 0.07) ** 1.428 * 1.5 * 0.07,
    "koussis": 0.6 * 3600 * 0.07 / 1.5,
    "deng": 0.15 / (8 * (0.145 + (0.6 / 0.07) * 40**1.38 / 3520)) * 40 ** (5 / 3) * (0.6 / 0.07) ** 2 * 1.5 * 0.07,
    "kashefipour_falconer_a": 10.612 * (0.6 / 0.07) * 1.5 * 0.6,
    "kashefipour_falconer_b": (7.428 + 1.775 * 40**0.620 * (0.07 / 0.6) ** 0.572) * (0.6 / 0.07) * 1.5 * 0.6,
    "sahay_dutta": 2 * 40**0.96 * (0.6 / 0.07) ** 1.25 * 1.5 * 0.07,
    "etemad_shahidi": 14.12 * 40**0.61 * (0.6 / 0.07) ** 0.85 * 1.5 * 0.07,
    "zeng_huai": 5.4 * 40**0.7 * (0.6 / 0.07) ** 0.13 * 1.5 * 0.6,
    "disley": 3.563 * (0.6 / (9.80665 * 1.5) ** 0.5) ** -0.4117 * 40**0.6776 * (0.6 / 0.07) ** 1.0132 * 1.5 * 0.07,
    "wang_huai": 17.648 * 40**0.3619 * (0.6 / 0.07) ** 1.16 * 1.5 * 0.07,
}


@pytest.fixture(scope="module")
def measured() -> MeasuredReaches:
    path = Path(__file__).resolve().parents[4] / "shared" / "data" / "tracer_dispersion_train.csv"
    if not path.is_file():
        pytest.skip("needs the reference data in ../shared")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    names = ("width_m", "depth_m", "velocity_ms", "shear_velocity_ms", "Kx_m2s")
    return MeasuredReaches(*(np.array([float(row[name]) for row in rows]) for name in names))


def test_every_formula_is_checked_by_hand() -> None:
    assert set(BY_HAND) == set(FORMULAS)


@pytest.mark.parametrize("code", BY_HAND)
def test_formula_by_hand(code: str) -> None:
    assert float(find_dispersion(code, **REACH)) == pytest.approx(BY_HAND[code], rel=1e-12)


def test_narrow_channels_have_their_own_numbers() -> None:
    narrow = REACH | {"width_m": 30.0}
    by_hand = 15.49 * 20**0.78 * (0.6 / 0.07) ** 0.11 * 1.5 * 0.07
    assert float(find_dispersion("etemad_shahidi", **narrow)) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.shared
def test_disley_within_a_factor_of_two(measured: MeasuredReaches) -> None:
    scores = {score.code: score for score in compare_formulas(measured)}
    best = scores[DEFAULT]
    assert best.within_2 >= 0.70 and best.spread <= 2.2
    assert 0.8 < best.median_ratio < 1.25
    assert next(iter(scores)) == DEFAULT, "no formula here does better"
    assert scores["elder"].within_2 < 0.05, "the formula of a channel without banks"


def test_arrays_keep_their_shape_and_grow_with_width() -> None:
    widths = np.linspace(10, 300, 7)
    for code in set(FORMULAS) - {"elder", "kashefipour_falconer_a", "etemad_shahidi", "mcquivey_keefer", "deng"}:
        values = find_dispersion(code, **(REACH | {"width_m": widths}))
        assert values.shape == (7,) and np.all(np.diff(values) > 0), code


@pytest.mark.parametrize(("name", "value"), [("depth_m", 0.0), ("velocity_ms", float("nan")), ("width_m", -3.0)])
def test_bad_values_are_refused(name: str, value: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_dispersion("disley", **(REACH | {name: value}))
    assert caught.value.code in {"not_finite", "not_positive"}


def test_unknown_formula_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidInput) as caught:
        find_dispersion("magic", **REACH)
    assert caught.value.code == "unknown_choice" and "disley" in caught.value.allowed


def test_every_formula_names_a_work_of_the_bibliography() -> None:
    bibliography = (Path(__file__).resolve().parents[3] / "docs" / "references.bib").read_text(encoding="utf-8")
    for formula in FORMULAS.values():
        assert f"{{{formula.reference}," in bibliography
        assert formula.reference in (inspect.getmodule(formula.dispersion).__doc__ or "")
    keys = {entry.source.split(":")[0].split(",")[0] for entry in load_coefficients("jobson").entries.values()}
    assert all(f"{{{key}," in bibliography for key in keys)
