"""Results: the reference cases, what each level knows, when a new row is written."""

from __future__ import annotations

import math
from typing import Any

import pytest

from boget.portal.assessments.models import IndexResult, State
from boget.portal.assessments.selectors.sources import MATERIAL_FIELD, SOURCES
from boget.portal.assessments.services import rescore
from boget.portal.assessments.services.evidence import READ_UP_TO
from boget.portal.core.levels import Level
from boget.portal.core.services import SYSTEM
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Dam, Facility, Impoundment, Score
from boget.portal.registry.services import undo_revision
from boget.portal.registry.values import Claim
from boget.science.hazard import HazardInputs, load_table, rate

pytestmark = pytest.mark.django_db

CASES = {  # volume m3, water hazard class, then management, earthquake, flood, dam; index
    "T1": ((1_000_000, 2, 0, 0, 0, 0), 8.0),
    "T2": ((1_000_000, 3, 1, 1, 1, 1), 13.0),
    "T3": ((250_000, 0, 0, 0, 0, 0), 5.398),
    "T4": ((32_000_000, 3, 0, 1, 0, 0), 11.505),
    "T5": ((120_000_000, 1, 1, 1, 0, 1), 12.079),
    "T6": ((1_000, 0, 0, 0, 0, 0), 3.0),
    "T7": ((1_000_000_000, 3, 1, 1, 1, 1), 16.0),
}


@pytest.mark.parametrize("case", CASES)
def test_reference_case(make_case: Any, read_result: Any, case: str) -> None:
    inputs, expected = CASES[case]
    result = read_result(make_case(*inputs))
    assert result.value == pytest.approx(expected, abs=5e-4)
    assert (result.low, result.high) == (result.value, result.value)
    assert (result.known, result.of, result.gaps) == (6, 6, "")
    assert sum(term["value"] for term in result.terms) == pytest.approx(result.value)


def test_published_score_is_the_stored_result(make_case: Any, read_result: Any) -> None:
    facility = make_case(32e6, 3, 0, 1, 0, 0, people_at_risk=150, receiving_water="river")
    scores = Score.objects.filter(facility=facility)
    assert scores.count() == 4
    for score in scores:
        result = read_result(facility, score.index, score.level)
        assert (score.value, score.low, score.high, score.known, score.of) == (
            result.value, result.low, result.high, result.known, result.of,
        )  # fmt: skip
    assert read_result(facility, "tri").value == pytest.approx(11.505 + 3 + 2, abs=5e-4)


def test_unknown_input_counts_at_its_worst_and_widens(make_facility: Any, read_result: Any) -> None:
    facility = make_facility(
        management="managed", pga_g=0.2, flood_prone="no", impoundments=[{"volume_m3": 32e6}], dams=[{"fos_static": 1.6}]
    )
    result = read_result(facility)
    assert result.value == result.high == pytest.approx(11.505, abs=5e-4)
    assert result.low == pytest.approx(8.505, abs=5e-4)
    assert result.known_part == pytest.approx(8.505, abs=5e-4)
    assert (result.known, result.missing, result.gaps) == (5, ["water_hazard_class"], "water_hazard_class=0:3")


def test_without_volume_there_is_no_index(make_facility: Any, read_result: Any) -> None:
    for impoundments in ([], [{"water_hazard_class": "whc3"}], [{"volume_m3": 0.0}], [{"volume_m3": 1e6}, {}]):
        result = read_result(make_facility(impoundments=impoundments))
        assert result.state == State.INSUFFICIENT
        assert (result.value, result.low, result.high) == (None, None, None)
        assert "volume_m3" in result.missing
    assert not Score.objects.filter(value=0).exists()


def test_planned_facility_is_not_rated(make_case: Any, read_result: Any, change: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0, status="planned")
    assert (read_result(facility).state, read_result(facility).value) == (State.PLANNED, None)
    change(facility, status="active")
    assert (read_result(facility).state, read_result(facility).value) == (State.RATED, 8.0)


def test_several_impoundments(make_facility: Any, read_result: Any) -> None:
    facility = make_facility(
        impoundments=[
            {"volume_m3": Claim(3e6, low=2e6, high=4e6), "water_hazard_class": "whc1"},
            {"design_capacity_m3": 7e6, "water_hazard_class": "whc2"},
        ],
        dams=[{"fos_static": 1.8}, {"fos_static": 1.3}],
    )
    result = read_result(facility)
    volume = result.find_input("volume_m3")
    assert (volume["value"], volume["low"], volume["high"], volume["basis"]) == (10e6, 2e6 + 1, 11e6, "mixed")
    assert result.find_input("water_hazard_class")["value"] == 2
    assert result.find_input("fos")["value"] == 1.3
    assert "volume_from_design_capacity" in result.cautions.split()
    assert result.terms[0]["low"] == pytest.approx(math.log10(2e6 + 1))
    assert (volume["known"], volume["ask"]) == (False, [f"{facility.public_id}-S02"])
    assert {claim["record"] for claim in volume["claims"]} == {f"{facility.public_id}-S01", f"{facility.public_id}-S02"}


def test_mass_stands_for_the_volume(make_facility: Any, read_result: Any) -> None:
    result = read_result(make_facility(facility_type="tailings", impoundments=[{"mass_t": 3_923_900.0}]))
    assert result.terms[0]["value"] == pytest.approx(6.418, abs=5e-4)
    assert (result.terms[0]["low"], result.terms[0]["high"]) == pytest.approx((6.363, 6.480), abs=5e-4)
    assert {"volume_from_mass", "density_assumed"} <= set(result.cautions.split())


@pytest.mark.parametrize("kind", ["ash", "phosphogypsum", "sludge", "unknown"])
def test_only_tailings_are_given_the_density_of_tailings(
    make_facility: Any, read_result: Any, change: Any, *, kind: str
) -> None:
    facility = make_facility(facility_type=kind, impoundments=[{"mass_t": 17e6}])
    result = read_result(facility)
    term = result.terms[0]
    assert (term["low"], term["value"], term["high"]) == pytest.approx((6.929, 7.230, 7.531), abs=5e-4)
    assert "density_of_other_material" in result.cautions.split() and result.known == 2
    change(facility, facility_type="tailings")
    assert read_result(facility).terms[0]["value"] == pytest.approx(7.054, abs=5e-4), "rated again as tailings"


def test_who_is_in_charge_is_told_by_the_field_then_by_the_status(make_facility: Any, read_result: Any) -> None:
    def read(**values: Any) -> Any:
        return read_result(make_facility(impoundments=[{"volume_m3": 1e6}], **values)).find_input("management")

    assert read(status="active")["value"] == "managed"
    assert read(status="abandoned")["value"] == "unmanaged"
    assert read(status="closed")["value"] is None
    told = read(status="active", management="unmanaged")
    assert (told["value"], [claim["field"] for claim in told["claims"]]) == ("unmanaged", ["management"])
    unknown = read(status="abandoned", management="unknown")
    assert (unknown["value"], unknown["claims"]) == (None, []), "said outright, not guessed from the status"


def overwrite(record: Any, code: str, value: Any) -> None:
    """A value of an older register or of somebody's script: written past the door and its checks."""
    record.refresh_from_db()
    record.values[code]["shown"]["value"] = value
    record.save()


@pytest.mark.parametrize("zero", [0, 0.0])
def test_a_factor_or_an_acceleration_of_zero_is_unknown(make_facility: Any, read_result: Any, zero: float) -> None:
    """0 g and a factor of 0 are empty cells of a table; as numbers they would be the best earthquake and the worst dam."""
    facility = make_facility(pga_g=0.05, impoundments=[{"volume_m3": 1e6}], dams=[{"fos_static": 1.8}])
    assert not {"fos", "pga_g"} & set(read_result(facility).missing)
    overwrite(facility, "pga_g", zero)
    overwrite(Dam.objects.get(facility=facility), "fos_static", zero)
    rescore([facility.pk])
    result = read_result(facility)
    assert {"fos", "pga_g"} <= set(result.missing)
    assert [term["value"] for term in result.terms if term["input"] in ("fos", "pga_g")] == [1.0, 1.0]


@pytest.mark.parametrize(("of", "code"), [("facility", "pga_g"), ("dam", "fos_static")])
def test_zero_is_refused_where_it_is_entered(make_facility: Any, change: Any, of: str, code: str) -> None:
    from boget.science.errors import InvalidInput

    facility = make_facility(dams=[{"height_m": 10.0}])
    record = facility if of == "facility" else Dam.objects.get(facility=facility)
    with pytest.raises(InvalidInput) as caught:
        change(record, **{code: 0.0})
    assert caught.value.code == "range" and f"{DICTIONARY[of, code].minimum:g}–" in caught.value.allowed
    change(record, **{code: DICTIONARY[of, code].minimum})


HOSTILE = [("volume_m3", -5.0, "range"), ("bulk_density_t_m3", -1.25, "range")]


@pytest.mark.parametrize(("code", "value", "rule"), HOSTILE)
def test_a_hostile_value_never_blocks_a_change(
    make_facility: Any, read_result: Any, change: Any, caplog: Any, *, code: str, value: float, rule: str
) -> None:
    """The register is the record; an index that cannot use one of its values steps back and says so."""
    facility = make_facility(impoundments=[{"volume_m3": 1e6, "bulk_density_t_m3": 1.4}])
    neighbour = make_facility(impoundments=[{"volume_m3": 1e6}])
    basin = Impoundment.objects.get(facility=facility)
    basin.values[code]["shown"]["value"] = value
    Impoundment.objects.filter(pk=basin.pk).update(values=basin.values)
    change(facility, pga_g=0.2)
    assert Facility.objects.get(pk=facility.pk).value_of("pga_g") == 0.2
    result = read_result(facility)
    assert (result.state, result.value, result.known) == (State.INSUFFICIENT, None, 0)
    assert f"input_refused:{rule}" in result.cautions.split()
    assert Score.objects.get(facility=facility, index="thi", level=2).cautions == result.cautions
    assert facility.public_id in caplog.text and rule in caplog.text and str(value) not in caplog.text
    assert read_result(neighbour).state == State.RATED


def test_a_refused_hidden_value_does_not_show_in_public(make_facility: Any, read_result: Any) -> None:
    facility = make_facility(impoundments=[{"volume_m3": 1e6}], dams=[{"fos_static": 1.8}])
    overwrite(Dam.objects.get(facility=facility), "fos_static", -1.0)
    rescore([facility.pk])
    assert "input_refused:range" in read_result(facility).cautions
    public = read_result(facility, level=0)
    assert (public.state, "input_refused" in public.cautions) == (State.RATED, False)


def test_a_capacity_stands_in_for_the_volume(make_facility: Any, read_result: Any, change: Any) -> None:
    facility = make_facility(impoundments=[{"design_capacity_m3": 8e6, "water_hazard_class": "nwg"}])
    before = read_result(facility)
    assert (before.state, before.missing[0], before.known, before.is_stood_in) == (State.RATED, "volume_m3", 2, True)
    assert (before.low, before.terms[0]["stood_in"], before.terms[0]["known"]) == (0.0, True, False)
    assert before.known_part == 0.0  # of what is known, the least score: nothing is known about the volume
    assert Score.objects.get(facility=facility, index="thi", level=2).is_stood_in
    change(Impoundment.objects.get(facility=facility), volume_m3=5e5)
    after = read_result(facility)
    assert (after.known, after.is_stood_in, "volume_m3" in after.missing) == (3, False, False)
    assert before.low <= after.low <= after.value <= before.high
    assert not Score.objects.get(facility=facility, index="thi", level=2).is_stood_in


def test_registry_values_give_the_numbers_of_the_science(make_case: Any, read_result: Any) -> None:
    result = read_result(make_case(4_711_000, 1, 1, 0, 1, 1))
    inputs = HazardInputs(4_711_000, water_hazard_class=1, management="unmanaged", pga_g=0.05, flood_prone=True, fos=1.2)
    rating = rate(inputs, load_table())
    assert (result.value, result.low, result.high) == (rating.value, rating.low, rating.high)
    assert (result.table_version, result.table_hash) == (rating.table_version, rating.table_hash)


def test_public_result_never_depends_on_a_hidden_value(make_case: Any, read_result: Any, change: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    public, full = read_result(facility, level=0), read_result(facility)
    assert (public.value, public.low, public.missing) == (9.0, 8.0, ["fos"])
    assert full.value == 8.0
    change(Dam.objects.get(facility=facility), fos_static=1.1)
    assert read_result(facility, level=0).pk == public.pk
    assert read_result(facility).value == 9.0
    hidden = public.find_input("fos")
    assert (hidden["value"], hidden["claims"]) == (None, [])


def test_every_input_of_the_dictionary_enters_and_none_above_the_group() -> None:
    marked = {(f.of, f.code) for f in DICTIONARY.values() if {"thi", "tri"} & set(f.used_by)}
    used = {(of, code) for of, codes in SOURCES.values() for code in codes} | {MATERIAL_FIELD}
    assert used == marked
    assert max(DICTIONARY[key].level for key in used) == READ_UP_TO[2] == Level.GROUP


def test_change_and_undo_write_new_rows_and_keep_the_old(make_case: Any, read_result: Any, change: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    first = read_result(facility)
    revision = change(Impoundment.objects.get(facility=facility), water_hazard_class="whc3")
    second = read_result(facility)
    assert (second.value, second.serial) == (9.0, 2)
    assert Score.objects.get(facility=facility, index="thi", level=2).value == 9.0
    undo_revision(revision, reason="test", actor=SYSTEM)
    third = read_result(facility)
    assert (third.value, third.serial, third.input_hash) == (8.0, 3, first.input_hash)
    first.refresh_from_db()
    assert (first.is_current, first.value) == (False, 8.0)
    assert IndexResult.objects.filter(facility=facility, index="thi", level=2, is_current=True).count() == 1


def test_only_a_changed_input_makes_a_row(make_case: Any, change: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    before = set(IndexResult.objects.values_list("pk", flat=True))
    change(facility, district="Ridder", name_en="Renamed")
    assert rescore() == rescore([facility.pk]) == 0
    assert set(IndexResult.objects.values_list("pk", flat=True)) == before
    change(facility, people_at_risk=5)
    new = IndexResult.objects.exclude(pk__in=before)
    assert {(row.index, row.level) for row in new} == {("tri", 0), ("tri", 2)}


def test_radioactivity_changes_the_caution_and_not_the_number(make_case: Any, read_result: Any, change: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    before = read_result(facility)
    change(Impoundment.objects.get(facility=facility), is_radioactive="yes")
    after = read_result(facility)
    assert (after.value, after.low, after.high) == (before.value, before.low, before.high)
    assert "radioactivity_not_expressed" in after.cautions.split() and after.serial == 2


def test_a_refused_change_leaves_no_result(make_case: Any, change: Any) -> None:
    from boget.science.errors import InvalidInput

    facility = make_case(1e6, 2, 0, 0, 0, 0)
    before = IndexResult.objects.count()
    with pytest.raises(InvalidInput):
        change(facility, pga_g=50.0)
    assert IndexResult.objects.count() == before


def test_bulk_writes_the_same_as_one_by_one(make_case: Any) -> None:
    for number in range(3):
        make_case(1e6 * (number + 1), number, 0, 1, 0, 1)
    columns = ("facility", "index", "level", "value", "low", "high", "gaps", "input_hash")
    single = list(IndexResult.objects.order_by("facility", "index", "level").values_list(*columns))
    IndexResult.objects.all().delete()
    assert rescore(Facility.objects.values_list("pk", flat=True)) == 12
    assert list(IndexResult.objects.order_by("facility", "index", "level").values_list(*columns)) == single


def test_number_of_queries_does_not_grow(make_case: Any, django_assert_max_num_queries: Any) -> None:
    for _number in range(5):
        make_case(1e6, 1, 0, 0, 0, 0)
    IndexResult.objects.all().delete()
    with django_assert_max_num_queries(12):
        rescore()


def test_an_interval_from_zero_does_not_block_the_register(make_facility: Any, read_result: Any) -> None:
    """The logarithm has no lower end, so the interval of the index begins at one cubic metre."""
    from boget.portal.registry.values import Claim

    facility = make_facility(impoundments=[{"volume_m3": Claim(100.0, low=0.0, high=900.0)}])
    result = read_result(facility)
    assert result.state == "rated"
    assert result.terms[0]["low"] == pytest.approx(0.0)
    assert result.terms[0]["value"] == pytest.approx(2.0)
