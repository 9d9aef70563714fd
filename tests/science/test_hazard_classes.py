"""The separate classifications: bands, boundaries, unknowns, and that none is derived from another."""

import ast
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boget.science.hazard
from boget.science.errors import InvalidInput
from boget.science.hazard import cis_class, consequence, eu_category, load_table, water_hazard
from boget.science.hazard.cis_class import classify_earth_dam, classify_liquid_waste
from boget.science.hazard.consequence import Consequences, classify_consequence, loading_criteria
from boget.science.hazard.eu_category import CategoryInputs, check_category
from boget.science.hazard.water_hazard import LocalInformation, propose_class

GISTM, EU = load_table(code="gistm"), load_table(code="eu_category")
CIS, WATER = load_table(code="cis_class"), load_table(code="water_hazard")
ALL_LOW = Consequences(0, 0, 0, "low", "low")


# --- GISTM ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, "low"), (0.5, "significant"), (1, "significant"), (9, "significant"), (10, "high"), (99, "high"),
     (100, "very_high"), (999, "very_high"), (1000, "extreme"), (10**6, "extreme")],
)  # fmt: skip
def test_population_band_with_the_higher_class_at_the_boundary(people: float, expected: str) -> None:
    found = classify_consequence(Consequences(people, 0, 0, "low", "low"), GISTM)
    assert (found.lowest, found.highest, found.is_final) == (expected, expected, True)


@pytest.mark.parametrize(
    ("lives", "expected"), [(0, "low"), (1, "high"), (9, "high"), (10, "very_high"), (100, "extreme")]
)
def test_loss_of_life_band(lives: float, expected: str) -> None:
    assert classify_consequence(Consequences(0, lives, 0, "low", "low"), GISTM).lowest == expected


@pytest.mark.parametrize(("usd", "expected"), [(0, "low"), (1e6, "significant"), (5e7, "high"), (1e9, "extreme")])
def test_economic_band(usd: float, expected: str) -> None:
    assert classify_consequence(Consequences(0, 0, usd, "low", "low"), GISTM).lowest == expected


def test_highest_column_decides_and_is_named() -> None:
    found = classify_consequence(Consequences(50, 0, 0, "very_high", "low"), GISTM)
    assert (found.lowest, found.governing, found.system) == ("very_high", ("environment",), "GISTM 2020")


def test_unknown_column_leaves_the_class_open_above() -> None:
    found = classify_consequence(Consequences(population_at_risk=50), GISTM)
    assert (found.lowest, found.highest, found.is_final) == ("high", "extreme", False)
    assert found.missing == ("loss_of_life", "economic_loss_usd", "environment", "health_social_cultural")
    assert classify_consequence(Consequences(loss_of_life=200), GISTM).is_final
    nothing = classify_consequence(Consequences(), GISTM)
    assert (nothing.lowest, nothing.highest, nothing.is_final) == (None, "extreme", False)


def test_impossible_consequences_are_refused() -> None:
    with pytest.raises(InvalidInput, match="outside"):
        classify_consequence(Consequences(population_at_risk=-1), GISTM)
    with pytest.raises(InvalidInput):
        Consequences(environment="III")  # type: ignore[arg-type]


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_more_people_never_lower_the_class(first: int, second: int) -> None:
    few, many = sorted((first, second))
    classes = [classify_consequence(Consequences(people, 0, 0, "low", "low"), GISTM).lowest for people in (few, many)]
    assert consequence.CLASSES.index(classes[0]) <= consequence.CLASSES.index(classes[1])  # type: ignore[arg-type]


def test_loading_criteria_per_class_and_phase() -> None:
    years = [loading_criteria(name, "active", GISTM).flood_return_period_years for name in consequence.CLASSES]
    assert years == [200, 1000, 2475, 5000, 10_000]
    assert {loading_criteria(name, "passive", GISTM).earthquake_return_period_years for name in consequence.CLASSES} == {10_000}
    with pytest.raises(InvalidInput):
        loading_criteria("high", "closed", GISTM)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        loading_criteria("III", "active", GISTM)  # type: ignore[arg-type]


# --- EU Category A -------------------------------------------------------------------------------------------------

ALL_NO = {
    "is_life_threatened": False,
    "is_health_endangered": False,
    "is_environment_endangered": False,
    "hazardous_share": 0.0,
    "has_dangerous_substances": False,
}


@pytest.mark.parametrize(
    ("changes", "outcome", "governing"),
    [
        ({}, "no", ()),
        ({"depth": 0.7}, "yes", ("life",)),
        ({"depth": 0.69, "speed": 0.5}, "no", ()),
        ({"speed": 0.51}, "yes", ("life",)),
        ({"is_life_threatened": True}, "yes", ("life",)),
        ({"hazardous_share": 0.049}, "no", ()),
        ({"hazardous_share": 0.05}, "site_assessment", ("hazardous_waste",)),
        ({"hazardous_share": 0.5}, "site_assessment", ("hazardous_waste",)),
        ({"hazardous_share": 0.501}, "yes", ("hazardous_waste",)),
        ({"hazardous_share": 0.3, "is_cleared_on_site": True}, "no", ()),
        ({"hazardous_share": 0.3, "is_cleared_on_site": False}, "yes", ("hazardous_waste",)),
        ({"hazardous_share": 0.9, "is_cleared_on_site": True}, "yes", ("hazardous_waste",)),
        ({"hazardous_share": None, "has_dangerous_substances": None, "is_inert_only": True}, "no", ()),
        ({"is_health_endangered": None}, "unknown", ("health",)),
        ({"is_life_threatened": None, "depth": 0.1}, "unknown", ("life",)),
        ({"is_life_threatened": None, "depth": 0.1, "speed": 0.1}, "no", ()),
        ({"has_dangerous_substances": None, "depth": 2.0}, "yes", ("life",)),
    ],
)
def test_category(changes: dict[str, object], outcome: str, governing: tuple[str, ...]) -> None:
    found = check_category(CategoryInputs(**(ALL_NO | changes)), EU)  # type: ignore[arg-type]
    assert (found.is_category_a, found.governing) == (outcome, governing)


def test_nothing_known_is_unknown_and_never_no() -> None:
    found = check_category(CategoryInputs(), EU)
    assert found.is_category_a == "unknown" and len(found.missing) == 5


def test_share_is_a_share() -> None:
    with pytest.raises(InvalidInput, match="0 to 1"):
        CategoryInputs(hazardous_share=30)


# --- class by height -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "foundation", "expected"),
    [
        (81, "rock", "I"), (80, "rock", "II"), (50, "rock", "II"), (49, "rock", "III"), (20, "rock", "III"),
        (19, "rock", "IV"), (66, "coarse_or_stiff", "I"), (35, "coarse_or_stiff", "II"), (15, "coarse_or_stiff", "III"),
        (14, "coarse_or_stiff", "IV"), (51, "plastic_clay", "I"), (25, "plastic_clay", "II"), (15, "plastic_clay", "III"),
    ],
)  # fmt: skip
def test_class_by_height_and_foundation(height: float, foundation: str, expected: str) -> None:
    found = classify_earth_dam(height, foundation, CIS)  # type: ignore[arg-type]
    assert found.value == found.highest == found.lowest == expected and not found.missing


@pytest.mark.parametrize(("height", "expected"), [(51, "I"), (50, "II"), (20, "II"), (10.1, "III"), (10, "IV")])
def test_class_of_a_liquid_waste_dam(height: float, expected: str) -> None:
    assert classify_liquid_waste(height, CIS).value == expected


def test_unknown_foundation_counts_at_its_worst() -> None:
    found = classify_earth_dam(31, None, CIS)
    assert (found.value, found.highest, found.lowest, found.missing) == ("II", "II", "III", ("foundation",))
    assert classify_earth_dam(None, "rock", CIS).value is None
    assert classify_liquid_waste(None, CIS).missing == ("height",)


def test_class_names_its_set_and_denies_kazakhstan() -> None:
    found = classify_earth_dam(31, "rock", CIS)
    assert "B.1" in found.set_name and "not confirmed for Kazakhstan" in found.set_name and found.status == "provisional"


def test_impossible_height_is_refused() -> None:
    with pytest.raises(InvalidInput):
        classify_earth_dam(-1, "rock", CIS)
    with pytest.raises(InvalidInput):
        classify_earth_dam(30, "sand", CIS)  # type: ignore[arg-type]


# --- proposed water hazard class -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (LocalInformation(contents=frozenset({"cyanide"})), 3),
        (LocalInformation(eu_waste_code="01 03 04*"), 3),
        (LocalInformation(eu_waste_code="01 03 06"), None),
        (LocalInformation(cis_waste_class="II"), 3),
        (LocalInformation(cis_waste_class="III"), 2),
        (LocalInformation(cis_waste_class="IV"), 1),
        (LocalInformation(cis_waste_class="V"), 0),
        (LocalInformation(cis_waste_class="V", contents=frozenset({"mercury"})), 3),
        (LocalInformation(), None),
    ],
)
def test_proposed_class(local: LocalInformation, expected: int | None) -> None:
    found = propose_class(local, WATER)
    assert (found.water_hazard_class, found.status) == (expected, "placeholder")
    assert bool(found.rules) == (expected is not None)


def test_radioactivity_passes_through_and_changes_no_class() -> None:
    for flag, code in itertools.product((True, False, None), ("", "010305")):
        found = propose_class(LocalInformation(eu_waste_code=code, is_radioactive=flag), WATER)
        assert found.is_radioactive is flag
        assert found.water_hazard_class == (3 if code else None)


def test_unlisted_content_is_refused() -> None:
    with pytest.raises(InvalidInput):
        LocalInformation(contents=frozenset({"uranium"}))  # type: ignore[arg-type]


# --- apart ---------------------------------------------------------------------------------------------------------

SEPARATE = {"cis_class", "consequence", "eu_category", "water_hazard", "thi"}


@pytest.mark.parametrize("module", [cis_class, consequence, eu_category, water_hazard])
def test_no_classification_is_derived_from_another(module: object) -> None:
    path = Path(str(module.__file__))  # type: ignore[attr-defined]
    imported = {node.module or "" for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)}
    own = path.stem
    assert not {name for name in imported if name.rpartition(".")[2] in SEPARATE - {own}}


def test_index_does_not_read_the_classes() -> None:
    folder = Path(boget.science.hazard.__file__).parent
    for name in ("thi", "tri", "many", "result", "inputs", "volume"):
        text = (folder / f"{name}.py").read_text("utf-8")
        assert not [other for other in SEPARATE - {"thi"} if f"hazard.{other} import" in text], name
