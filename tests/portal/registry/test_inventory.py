"""The embedded inventory: loaded once, every value with its source, nothing invented."""

import pytest

from boget.portal.accounts.services import load_organisations
from boget.portal.core.models import Revision
from boget.portal.core.services import describe_installation, verify_chain
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.services import load_inventory
from boget.portal.registry.services.inventory import LOADED

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    load_organisations()
    return load_inventory()


def claim(facility_id: str, code: str) -> dict:
    return Facility.objects.get(public_id=facility_id).shown(code)


def test_all_rows_are_registered_with_one_impoundment_each(loaded):
    assert loaded == Facility.objects.count() == 119
    assert Impoundment.objects.count() == 119
    assert set(Facility.objects.values_list("country", flat=True)) == {"KZ", "KG", "TJ", "UZ", "CN"}
    assert Dam.objects.count() == Dam.objects.exclude(height_m=None).count() == 3


def test_second_load_changes_nothing(loaded):
    before = Revision.objects.count()
    assert load_inventory() == 0
    assert Revision.objects.count() == before
    assert verify_chain().is_sound


def test_changed_files_add_only_what_is_missing_and_overwrite_nothing(loaded):
    Facility.objects.filter(public_id="KZ-0001").update(status="closed")
    Facility.objects.filter(public_id="KZ-0002").delete()
    installation = describe_installation()
    installation.loaded = {LOADED: "another file"}
    installation.save()
    assert load_inventory() == 1
    assert Facility.objects.get(public_id="KZ-0001").status == "closed"


def test_every_value_names_its_source(loaded):
    for model in (Facility, Impoundment, Dam):
        for record in model.objects.all():
            for code, stored in record.values.items():
                assert stored["shown"]["source"].strip(), (record, code)


JUDGEMENT = "Boget compilers' judgement, November 2026"


def test_what_the_compilers_made_is_never_laid_on_a_source(loaded):
    for facility in Facility.objects.all():
        for code in ("confidence", "record_kind", "facility_type", "former_names", "history_note", "coordinate_precision"):
            made = facility.shown(code)
            assert made is None or (made["kind"], made["source"]) == ("estimated", JUDGEMENT), (facility, code)
        status = facility.shown("status") or {"kind": "", "source": ""}
        if facility.status == "planned":
            assert (status["kind"], status["source"]) == ("estimated", JUDGEMENT)
        else:
            assert JUDGEMENT not in status["source"]
    for impoundment in Impoundment.objects.filter(is_radioactive="yes"):
        assert impoundment.shown("is_radioactive")["source"] == JUDGEMENT


def test_a_value_without_a_source_of_its_own_cites_all_of_the_row(loaded):
    operator = claim("TJ-0001", "operator")
    assert operator["kind"] == "declared"
    assert operator["source_id"] == "istc-int-degmay-project;germany-forum-ru;nei-magazine-nov-2023"
    assert operator["source"].startswith("istc.int Degmay project (1963-1993") and operator["source"].endswith("; NEI Nov 2023")
    assert "coords" not in operator["source"]


def test_own_knowledge_is_an_estimate_and_words_about_the_point_stay_with_the_point(loaded):
    layout = claim("KG-0018", "layout")
    assert (layout["value"], layout["kind"], layout["source"], layout["confidence"]) == ("valley", "estimated", "own knowledge", "low")
    assert claim("KG-0018", "point")["source"] == "coords: own knowledge, within about 5 km"
    assert claim("KG-0010", "layout")["source"] == "own knowledge", "the remark on the row is no source of its layout"
    assert claim("KZ-0006", "operator")["kind"] == "estimated", "nobody else stands behind it"


def test_about_and_ranges_of_the_sources_are_kept(loaded):
    basin, dam = Impoundment.objects.get(facility__public_id="TJ-0001"), Dam.objects.get(facility__public_id="TJ-0001")
    claims = [basin.shown("volume_m3"), basin.shown("area_m2"), dam.shown("height_m")]
    assert [(c["value"], c["about"]) for c in claims] == [(20e6, True), (900_000.0, True), (40.0, True)]
    assert "about" not in basin.shown("mass_t") and basin.mass_t == 36e6
    ash = Dam.objects.get(facility__public_id="KZ-0027").shown("height_m")
    assert (ash["value"], ash["low"], ash["high"], ash["interval"]) == (16.0, 15.0, 16.0, "declared_range")
    assert Facility.objects.get(public_id="KG-0019").shown("start_year").get("about") is None
    assert Facility.objects.get(public_id="KZ-0054").shown("start_year")["about"] is True


def test_own_source_of_a_value_is_kept(loaded):
    height = Dam.objects.get(facility__public_id="TJ-0001").shown("height_m")
    volume = Impoundment.objects.get(facility__public_id="TJ-0001").shown("volume_m3")
    assert (height["value"], height["source_id"]) == (40.0, "istc-int-degmay-project")
    assert (volume["value"], volume["source_id"]) == (20e6, "germany-forum-ru")


def test_design_capacity_is_not_taken_for_present_fill(loaded):
    impoundment = Impoundment.objects.get(facility__public_id="KZ-0038")
    assert impoundment.volume_m3 is None and impoundment.design_capacity_m3 == 80e6
    assert Facility.objects.get(public_id="KG-0009").volume_m3 is None, "the amount before 1958 is no present fill"


def test_water_hazard_class_is_never_invented(loaded):
    assert not [i for i in Impoundment.objects.all() if "water_hazard_class" in i.values]


def test_who_is_in_charge_follows_the_rule_and_says_so(loaded):
    for facility in Facility.objects.all():
        management = facility.shown("management")
        if facility.status not in {"active", "abandoned"}:
            assert management is None
            continue
        assert management["kind"] == "estimated" and management["source"].startswith("rule:")
        allowed = {"managed"} if facility.status == "active" else {"unmanaged", "unknown"}
        assert management["value"] in allowed


def test_an_abandoned_facility_with_a_body_named_may_have_someone_in_charge(loaded):
    abandoned = Facility.objects.filter(status="abandoned")
    named = {f.public_id for f in abandoned if f.value_of("management") == "unknown"}
    assert named == {"KZ-0055", "KZ-0072", "KZ-0075", "KZ-0078", "KG-0018", "KG-0026"}
    assert "MES Kyrgyzstan" in claim("KG-0018", "management")["source"]
    assert {f.operator.split()[0] for f in abandoned if f.public_id not in named} == {"legacy", "ownerless"}


def test_a_point_of_a_town_is_an_estimate_with_its_radius(loaded):
    point = claim("KZ-0001", "point")
    assert point["value"] == {"longitude": 83.516, "latitude": 50.345, "radius_m": 15000.0}
    assert (point["kind"], point["confidence"], point["source_id"]) == ("estimated", "low", "geonames")
    assert Facility.objects.filter(coordinate_precision="unknown").count() == 16
    assert not Facility.objects.filter(coordinate_precision="unknown", longitude__isnull=False)


def test_aggregates_planned_and_former_names_are_kept(loaded):
    aggregate = Facility.objects.get(public_id="KG-0010")
    assert aggregate.record_kind == "aggregate"
    assert "Includes KG-0007, KG-0008, KG-0009." in aggregate.value_of("history_note")
    assert Facility.objects.filter(status="planned").count() == 3
    assert claim("KZ-0001", "former_names")["value"] == "Лениногорск; Leninogorsk"


def test_own_rendering_of_a_kazakh_name_is_marked(loaded):
    name = next(f.shown("name_kk") for f in Facility.objects.exclude(name_kk=""))
    assert name["kind"] == "estimated" and "not an official name" in name["source"]


def test_a_known_operator_owns_its_facilities(loaded):
    assert Facility.objects.get(public_id="KZ-0001").operator_organisation.code == "kazzinc"
    assert Facility.objects.get(public_id="KZ-0018").operator_organisation is None
