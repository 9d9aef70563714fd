"""THI and TRI: the constructed vectors, real partial inputs, and what must hold for every input."""

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput
from boget.science.facility import Dam, Facility, Impoundment, Span, Tailings
from boget.science.hazard import (
    ExposureInputs,
    HazardInputs,
    choose_volume,
    gather_exposure,
    gather_inputs,
    load_table,
    pack_exposure,
    pack_inputs,
    parse_table,
    rank_places,
    rate,
    rate_basic,
    rate_exposure,
    rate_many,
    rate_risk,
    rate_risk_many,
    suggest_management,
)
from boget.science.hazard.many import EXPOSURE_DTYPE, INPUT_DTYPE

TABLE = load_table("0.1")
EXPOSURE_TABLE = load_table("0.1", code="tri")
TABLES: dict[str, Any] = {"table": TABLE, "exposure_table": EXPOSURE_TABLE}

# id, volume m3, class, management, seism, flood, dam, Cap, THI (constructed; there is no published set)
VECTORS = [
    ("T1", 1_000_000, 2, 0, 0, 0, 0, 6.000, 8.000),
    ("T2", 1_000_000, 3, 1, 1, 1, 1, 6.000, 13.000),
    ("T3", 250_000, 0, 0, 0, 0, 0, 5.398, 5.398),
    ("T4", 32_000_000, 3, 0, 1, 0, 0, 7.505, 11.505),
    ("T5", 120_000_000, 1, 1, 1, 0, 1, 8.079, 12.079),
    ("T6", 1_000, 0, 0, 0, 0, 0, 3.000, 3.000),
    ("T7", 1_000_000_000, 3, 1, 1, 1, 1, 9.000, 16.000),
]


def known_inputs(row: tuple[Any, ...]) -> HazardInputs:
    _, volume, water_class, manag, seism, flood, dam, *_ = row
    return HazardInputs(
        volume_m3=volume,
        water_hazard_class=water_class,
        management="unmanaged" if manag else "managed",
        pga_g=0.11 if seism else 0.1,  # the cut itself is not above it
        flood_prone=bool(flood),
        fos=1.5 if dam else 1.51,
    )


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row[0])
def test_vector(row: tuple[Any, ...]) -> None:
    found = rate(known_inputs(row), TABLE)
    assert round(found.term("cap").value or 0, 3) == row[-2]
    assert found.value is not None and round(found.value, 3) == row[-1]
    assert found.low == found.value == found.high
    assert (found.known, found.of, found.missing, found.is_sufficient) == (6, 6, (), True)


def test_terms_of_one_facility() -> None:
    found = rate(known_inputs(VECTORS[4]), TABLE)
    assert [(term.code, term.value) for term in found.terms[1:]] == [("tox", 1), ("manag", 1), ("site", 1), ("dam", 1)]
    assert [(part.code, part.value) for part in found.term("site").parts] == [("seism", 1), ("flood", 0)]
    assert found.term("site").rule == "seism.above+flood.no"


def test_kadamjay_with_only_its_volume() -> None:
    """Antimony ore-dressing facility, 2,592 thousand m3 (Kyrgyz inventory): everything else unknown."""
    found = rate(HazardInputs(volume_m3=2_592_000, volume_bases=("stored_volume",)), TABLE)
    assert round(found.term("cap").value or 0, 3) == 6.414
    assert found.low is not None and found.value is not None
    assert (round(found.low, 3), round(found.value, 3)) == (6.414, 13.414)
    assert (found.known, found.missing) == (1, ("water_hazard_class", "management", "pga_g", "flood_prone", "fos"))


def test_khaidarkan_from_mass_and_assumed_density() -> None:
    """Mercury facility, 3,923.9 kt (Kyrgyz inventory): the assumed density moves the capacity term by 0.12."""
    basin = Impoundment(tailings=Tailings(mass=Span(3923.9e6)))
    inputs = gather_inputs(Facility(impoundments=(basin,)), TABLE)
    cap = rate(inputs, TABLE).term("cap")
    assert [round(score or 0, 3) for score in (cap.low, cap.value, cap.high)] == [6.363, 6.418, 6.480]
    assert (inputs.volume_basis, inputs.bulk_density) == ("mass_and_density", 1500)
    assert {"volume_from_mass", "density_assumed"} <= set(rate(inputs, TABLE).cautions)


def test_a_mass_that_is_not_tailings_is_not_divided_by_the_density_of_tailings() -> None:
    """Ash settles far lighter than tailings: the span of its own is wider, holds that of tailings, and says so."""
    ash = Impoundment(tailings=Tailings(mass=Span(70e9), material="other"))
    found = rate(gather_inputs(Facility(impoundments=(ash,)), TABLE), TABLE)
    cap = found.term("cap")
    assert [round(score or 0, 3) for score in (cap.low, cap.value, cap.high)] == [7.544, 7.845, 8.146]
    assert "density_of_other_material" in found.cautions and "density_assumed" not in found.cautions
    tailings, other = TABLE.entry("density.bulk"), TABLE.entry("density.other")
    assert other.status == "placeholder" and other.low <= tailings.low <= tailings.high <= other.high  # type: ignore[operator]
    weighed = Impoundment(tailings=Tailings(mass=Span(70e9), bulk_density=Span(1000.0), material="other"))
    assert "density_of_other_material" not in rate(gather_inputs(Facility(impoundments=(weighed,)), TABLE), TABLE).cautions
    mixed = gather_inputs(Facility(impoundments=(ash, Impoundment(stored_volume=Span(1e6)))), TABLE)
    assert "density_of_other_material" in rate(mixed, TABLE).cautions


def test_measured_density_replaces_the_assumption() -> None:
    chosen = choose_volume(stored=None, capacity=None, mass=Span(2e9), density=Span(1600.0), table=TABLE)
    assert chosen.volume == Span(1.25e6, 1.25e6, 1.25e6) and not chosen.is_density_assumed


def test_volume_order_of_fallbacks() -> None:
    given_all = {"stored": Span(1e6), "capacity": Span(2e6), "mass": Span(1e9), "density": None, "table": TABLE}
    assert choose_volume(**given_all).basis == "stored_volume"  # type: ignore[arg-type]
    assert choose_volume(**(given_all | {"stored": Span(0.0)})).basis == "design_capacity"  # type: ignore[arg-type]
    assert choose_volume(**(given_all | {"stored": None, "capacity": None})).basis == "mass_and_density"  # type: ignore[arg-type]
    nothing = choose_volume(stored=None, capacity=None, mass=None, density=Span(1500.0), table=TABLE)
    assert nothing.volume is None and nothing.basis is None


def test_design_capacity_stands_in_and_the_volume_stays_unknown() -> None:
    """A pond may hold far less than it was built for: nothing but our cubic metre bounds it from below."""
    inputs = gather_inputs(Facility(impoundments=(Impoundment(design_capacity=Span(8e6)),)), TABLE)
    found = rate(inputs, TABLE)
    cap = found.term("cap")
    assert found.is_sufficient and "volume_from_design_capacity" in found.cautions
    assert (found.known, found.missing[0]) == (0, "volume_m3")
    assert (cap.is_known, cap.is_stood_in, cap.low, cap.high) == (False, True, 0.0, cap.value)
    assert cap.value == pytest.approx(math.log10(8e6)) and found.low == 0.0
    assert found.figure().interval == "unknown_inputs"


def test_interval_with_a_capacity_holds_every_volume_up_to_it() -> None:
    inputs = gather_inputs(Facility(impoundments=(Impoundment(design_capacity=Span(8e6, 7e6, 9e6)),), pga_g=0.2), TABLE)
    found = rate(inputs, TABLE)
    assert found.low is not None and found.high is not None
    for volume in (1.0, 40.0, 5e5, 8e6, 9e6):
        stored = rate(replace(inputs, volume_m3=volume, volume_low_m3=None, volume_high_m3=None, volume_bases=()), TABLE)
        assert stored.value is not None and stored.low is not None
        assert found.low <= stored.low <= stored.value <= found.high
        assert stored.known == found.known + 1 and not stored.term("cap").is_stood_in


def test_a_volume_that_stands_in_needs_its_lower_bound() -> None:
    with pytest.raises(InvalidInput) as caught:
        HazardInputs(volume_m3=8e6, volume_bases=("design_capacity",))
    assert caught.value.code == "interval_missing"


def test_cautions_name_only_what_was_used() -> None:
    def read(*basins: Impoundment) -> tuple[str, ...]:
        return rate(gather_inputs(Facility(impoundments=basins), TABLE), TABLE).cautions

    stored, capacity = Impoundment(stored_volume=Span(1e6)), Impoundment(design_capacity=Span(2e6))
    mass = Impoundment(tailings=Tailings(mass=Span(2e9), bulk_density=Span(1500.0)))
    assert read(stored, capacity) == ("provisional_scores", "volume_from_design_capacity")
    assert read(stored, mass) == ("provisional_scores", "volume_from_mass")


def test_scores_of_our_own_are_called_placeholders() -> None:
    """The exposure scores come from no publication, so saying that they are only not checked would be untrue."""
    hazard = known_inputs(VECTORS[0])
    assert rate(hazard, TABLE).cautions == ("provisional_scores",)
    assert rate_exposure(ExposureInputs(), EXPOSURE_TABLE).cautions == ("placeholder_scores",)
    assert rate_risk(hazard, ExposureInputs(), **TABLES).cautions == ("provisional_scores", "placeholder_scores")


def test_one_impoundment_without_volume_leaves_the_total_unknown() -> None:
    basins = (Impoundment(stored_volume=Span(1e6)), Impoundment())
    assert gather_inputs(Facility(impoundments=basins), TABLE).volume_m3 is None
    both = gather_inputs(Facility(impoundments=(basins[0], Impoundment(design_capacity=Span(2e6, 1e6, 3e6)))), TABLE)
    assert (both.volume, both.volume_basis) == (Span(3e6, 1_000_001.0, 4e6), "mixed")


def test_worst_part_of_a_facility_counts() -> None:
    def gathered(classes: list[int | None], factors: list[float | None]) -> HazardInputs:
        basins = tuple(Impoundment(tailings=Tailings(water_hazard_class=number)) for number in classes)
        return gather_inputs(Facility(impoundments=basins, dams=tuple(Dam(fos=number) for number in factors)), TABLE)

    known = gathered([1, 2], [1.6, 1.9])
    assert (known.water_hazard_class, known.fos) == (2, 1.6)
    partly = gathered([1, None], [1.6, None])
    assert (partly.water_hazard_class, partly.fos) == (None, None)
    worst_known = gathered([3, None], [1.2, None])
    assert (worst_known.water_hazard_class, worst_known.fos) == (3, 1.2)


def test_management_follows_from_status_only_where_it_is_clear() -> None:
    assert suggest_management("active", None) == "managed"
    assert suggest_management("abandoned", None) == "unmanaged"
    assert suggest_management("closed", True) == "managed"
    assert suggest_management("closed", False) == "unmanaged"
    for status in ("inactive", "closed", "temporarily_closed", "rehabilitated", "planned", None):
        assert suggest_management(status, None) is None  # type: ignore[arg-type]


def test_radioactivity_is_a_caution_and_no_score() -> None:
    plain = known_inputs(VECTORS[0])
    marked = replace(plain, is_radioactive=True)
    assert rate(marked, TABLE).value == rate(plain, TABLE).value
    assert "radioactivity_not_expressed" in rate(marked, TABLE).cautions


@pytest.mark.parametrize("volume", [None, 0.0, -5.0])
def test_without_volume_there_is_no_index(volume: float | None) -> None:
    inputs = replace(known_inputs(VECTORS[1]), volume_m3=volume)
    for found in (rate(inputs, TABLE), rate_basic(inputs, TABLE), rate_risk(inputs, ExposureInputs(), **TABLES)):
        assert (found.value, found.low, found.high) == (None, None, None)
        assert (found.is_sufficient, found.reason) == (False, "insufficient_data")
        assert "volume_m3" in found.missing
        assert found.figure().value is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"volume_m3": math.nan}, "not_finite"),
        ({"volume_m3": math.inf}, "not_finite"),
        ({"pga_g": math.nan}, "not_finite"),
        ({"pga_g": -0.1}, "range"),
        ({"fos": 0.0}, "not_positive"),
        ({"volume_m3": 5.0, "volume_low_m3": 6.0}, "interval_order"),
        ({"volume_m3": 5.0, "volume_low_m3": 0.0}, "not_positive"),
        ({"water_hazard_class": 4}, "unknown_choice"),
        ({"water_hazard_class": True}, "unknown_choice"),
        ({"flood_prone": 0}, "unknown_choice"),
        ({"management": "unknown"}, "unknown_choice"),
    ],
)
def test_unsound_input_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        HazardInputs(**changes)
    assert caught.value.code == code


def test_figure_carries_table_status_and_warning() -> None:
    figure = rate(replace(known_inputs(VECTORS[3]), water_hazard_class=None), TABLE).figure()
    assert (figure.kind, figure.interval, figure.status) == ("computed", "unknown_inputs", "provisional")
    assert figure.version == "thi-0.1" and "stable" in figure.cannot and "provisional" in figure.source


def test_basic_index_has_two_terms() -> None:
    found = rate_basic(HazardInputs(volume_m3=1e6), TABLE)
    assert (found.low, found.value, found.known, found.of) == (6.0, 9.0, 1, 2)


# --- properties ----------------------------------------------------------------------------------------------------

VOLUMES = st.floats(min_value=1.0, max_value=1e10)
CHOICES: dict[str, list[Any]] = {
    "water_hazard_class": [0, 1, 2, 3],
    "management": ["managed", "unmanaged"],
    "pga_g": [0.0, 0.05, 0.1, 0.1000001, 0.4],
    "flood_prone": [False, True],
    "fos": [0.9, 1.3, 1.5, 1.5000001, 2.0],
}
ENDS: dict[str, list[Any]] = CHOICES | {"pga_g": [0.1, 0.4], "fos": [0.9, 2.0]}
"""One input on each side of a cut is enough to complete an unknown one."""
WATERS = ["none", "small_stream", "perennial", "large_or_source", "transboundary"]


@st.composite
def hazard_inputs(draw: st.DrawFn, *, has_volume: bool = True) -> HazardInputs:
    volume = draw(VOLUMES if has_volume else st.one_of(st.none(), st.just(0.0), st.just(-1.0), VOLUMES))
    low, high = draw(st.floats(0.1, 1.0)), draw(st.floats(1.0, 10.0))
    has_bounds = volume is not None and volume > 0 and draw(st.booleans())
    rest = {name: draw(st.one_of(st.none(), st.sampled_from(choices))) for name, choices in CHOICES.items()}
    bases = draw(st.sampled_from([(), ("stored_volume",), ("stored_volume", "design_capacity")])) if has_bounds else ()
    return HazardInputs(
        volume,
        volume * low if has_bounds and volume else None,
        volume * high if has_bounds and volume else None,
        bases,
        **rest,
    )


@st.composite
def exposure_inputs(draw: st.DrawFn) -> ExposureInputs:
    people = draw(st.one_of(st.none(), st.floats(0, 1e5), st.sampled_from([0.0, 1.0, 10.0, 100.0, 1000.0])))
    has_bounds = people is not None and draw(st.booleans())
    return ExposureInputs(
        people,
        people * draw(st.floats(0, 1)) if has_bounds and people is not None else None,
        people * draw(st.floats(1, 9)) if has_bounds and people is not None else None,
        draw(st.one_of(st.none(), st.sampled_from(WATERS))),  # type: ignore[arg-type]
    )


def complete(inputs: HazardInputs) -> list[HazardInputs]:
    """Every way to fill the unknown inputs and the ends of the volume."""
    unknown = [name for name in CHOICES if getattr(inputs, name) is None]
    assert inputs.volume is not None
    volumes = {inputs.volume.value, *inputs.volume.bounds}
    filled = itertools.product(volumes, *(ENDS[name] for name in unknown))
    exact = replace(inputs, volume_low_m3=None, volume_high_m3=None, volume_bases=())
    return [replace(exact, volume_m3=volume, **dict(zip(unknown, rest, strict=True))) for volume, *rest in filled]


def value_of(inputs: HazardInputs) -> float:
    value = rate(inputs, TABLE).value
    assert value is not None
    return value


@given(hazard_inputs())
def test_interval_is_exactly_the_span_of_all_completions(inputs: HazardInputs) -> None:
    found = rate(inputs, TABLE)
    values = [value_of(filled) for filled in complete(inputs)]
    assert (found.low, found.high) == pytest.approx((min(values), max(values)), abs=1e-9)


@given(hazard_inputs())
def test_precautionary_value_is_the_high_end_over_unknown_inputs(inputs: HazardInputs) -> None:
    exact = replace(inputs, volume_low_m3=None, volume_high_m3=None, volume_bases=())
    found = rate(exact, TABLE)
    assert found.value == found.high
    assert rate(inputs, TABLE).value == found.value


@given(hazard_inputs(), st.sampled_from(sorted(CHOICES)))
def test_learning_an_input_never_widens_the_interval(inputs: HazardInputs, name: str) -> None:
    before = rate(replace(inputs, **{name: None}), TABLE)
    for choice in CHOICES[name]:
        after = rate(replace(inputs, **{name: choice}), TABLE)
        assert before.low <= after.low <= after.high <= before.high  # type: ignore[operator]
        assert after.known == before.known + 1


@given(hazard_inputs(), st.sampled_from(sorted(CHOICES)), st.floats(1.0, 1000.0))
def test_monotone_in_each_input(inputs: HazardInputs, name: str, factor: float) -> None:
    ordered = CHOICES[name][::-1] if name == "fos" else CHOICES[name]
    scores = [value_of(replace(inputs, **{name: choice})) for choice in ordered]
    assert scores == sorted(scores) and scores[0] < scores[-1]
    exact = replace(inputs, volume_low_m3=None, volume_high_m3=None, volume_bases=())
    larger = replace(exact, volume_m3=(exact.volume_m3 or 0) * factor)
    assert value_of(larger) >= value_of(exact)


@given(hazard_inputs())
def test_ten_times_the_volume_is_one_point(inputs: HazardInputs) -> None:
    exact = replace(inputs, volume_low_m3=None, volume_high_m3=None, volume_bases=())
    larger = replace(exact, volume_m3=(exact.volume_m3 or 0) * 10)
    assert value_of(larger) - value_of(exact) == pytest.approx(1.0, abs=1e-9)


@given(st.lists(hazard_inputs(), min_size=2, max_size=12))
def test_ranking_does_not_depend_on_the_unit_of_volume(rows: list[HazardInputs]) -> None:
    head = 'id = "cap.volume_unit"\ngroup = "cap"\nkind = "number"\nvalue = 1'
    in_millions = parse_table(table_text().replace(head, f"{head}e6"))
    assert in_millions.number("cap.volume_unit") == 1e6
    first, second = rate_many(pack_inputs(rows), TABLE), rate_many(pack_inputs(rows), in_millions)
    assert np.allclose(first["value"] - second["value"], 6.0)
    numbers = np.concatenate([first[name] for name in ("low", "value", "high")])
    gaps = np.abs(np.subtract.outer(numbers, numbers))
    assume(not ((gaps > 1e-12) & (gaps < 1e-8)).any())  # closer than the digits that count
    assert (places(first) == places(second)).all()


def places(rated: Any) -> Any:
    return rank_places(rated["low"], rated["high"], rated["value"])


def table_text() -> str:
    from importlib import resources

    return resources.files("boget.science.hazard").joinpath("tables", "thi-0.1.toml").read_text("utf-8")


# --- many at once --------------------------------------------------------------------------------------------------


def assert_same(row: Any, found: Any) -> None:
    assert bool(row["is_sufficient"]) == found.is_sufficient and row["known"] == found.known
    for name in ("value", "low", "high"):
        expected = getattr(found, name)
        assert np.isnan(row[name]) if expected is None else row[name] == pytest.approx(expected, abs=1e-9)
    for field, name in (("terms", "value"), ("terms_low", "low"), ("terms_high", "high")):
        expected = [math.nan if getattr(term, name) is None else getattr(term, name) for term in found.terms]
        assert row[field].tolist() == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(st.lists(hazard_inputs(has_volume=False), max_size=8))
def test_many_equals_one_by_one(rows: list[HazardInputs]) -> None:
    rated = rate_many(pack_inputs(rows), TABLE)
    assert rated.shape == (len(rows),)
    for row, inputs in zip(rated, rows, strict=True):
        assert_same(row, rate(inputs, TABLE))


@given(st.lists(st.tuples(hazard_inputs(has_volume=False), exposure_inputs()), max_size=8))
def test_many_risks_equal_one_by_one(rows: list[tuple[HazardInputs, ExposureInputs]]) -> None:
    hazards, exposures = pack_inputs(row[0] for row in rows), pack_exposure(row[1] for row in rows)
    rated = rate_risk_many(hazards, exposures, **TABLES)
    for row, (inputs, exposure) in zip(rated, rows, strict=True):
        assert_same(row, rate_risk(inputs, exposure, **TABLES))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("volume_m3", math.inf, "not_finite"),
        ("pga_g", -0.1, "range"),
        ("fos", 0.0, "not_positive"),
        ("volume_low_m3", 9e9, "interval_order"),
        ("volume_low_m3", -1.0, "not_positive"),
        ("water_hazard_class", 4, "unknown_choice"),
        ("management", -2, "unknown_choice"),
    ],
)
def test_many_names_the_row_it_refuses(field: str, value: float, code: str) -> None:
    packed = pack_inputs([known_inputs(row) for row in VECTORS])
    packed[field][3] = value
    with pytest.raises(InvalidInput, match="row 3") as caught:
        rate_many(packed, TABLE)
    assert caught.value.code == code


def test_many_needs_the_lower_bound_of_what_stands_in() -> None:
    packed = pack_inputs([known_inputs(row) for row in VECTORS])
    packed["is_volume_stood_in"][3] = True
    with pytest.raises(InvalidInput, match="row 3") as caught:
        rate_many(packed, TABLE)
    assert caught.value.code == "interval_missing"
    packed["volume_low_m3"][3] = 1.0
    assert rate_many(packed, TABLE)["known"].tolist() == [6, 6, 6, 5, 6, 6, 6]


def test_many_needs_the_named_fields() -> None:
    with pytest.raises(InvalidInput) as caught:
        rate_many(np.zeros(3, dtype=EXPOSURE_DTYPE), TABLE)
    assert caught.value.code == "shape_mismatch"
    with pytest.raises(InvalidInput):
        rate_risk_many(np.zeros(3, dtype=INPUT_DTYPE), np.zeros(2, dtype=EXPOSURE_DTYPE), **TABLES)


# --- exposure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "score"), [(0, 0), (0.4, 1), (1, 1), (10, 1), (11, 2), (100, 2), (101, 3), (1000, 3), (1001, 4), (1e6, 4)]
)
def test_population_score(people: float, score: int) -> None:
    assert rate_exposure(ExposureInputs(population=people), EXPOSURE_TABLE).term("population").value == score
    if 1 < people <= 10_000:
        assert score == math.ceil(math.log10(people) - 1e-12)


def test_risk_is_hazard_plus_exposure() -> None:
    hazard, exposure = known_inputs(VECTORS[3]), ExposureInputs(population=50, receiving_water="transboundary")
    risk = rate_risk(hazard, exposure, **TABLES)
    thi, tei = rate(hazard, TABLE).value, rate_exposure(exposure, EXPOSURE_TABLE).value
    assert thi is not None and tei == 6 and risk.value == pytest.approx(thi + tei)
    assert (risk.known, risk.of, risk.status, risk.table_version) == (8, 8, "placeholder", "thi-0.1+tri-0.1")


def test_unknown_exposure_counts_at_its_worst() -> None:
    found = rate_exposure(ExposureInputs(), EXPOSURE_TABLE)
    assert (found.low, found.value, found.high, found.known, found.of) == (0, 8, 8, 0, 2)


def test_population_estimate_carries_its_bounds() -> None:
    found = rate_exposure(ExposureInputs(80, 5, 400, "none"), EXPOSURE_TABLE)
    assert (found.low, found.value, found.high) == (1, 2, 3)


def test_exposure_of_a_facility_is_gathered() -> None:
    facility = Facility(population_at_risk=Span(80.0, 5.0, 400.0), receiving_water="perennial")
    assert gather_exposure(facility) == ExposureInputs(80, 5, 400, "perennial")
    assert gather_exposure(Facility()) == ExposureInputs()
