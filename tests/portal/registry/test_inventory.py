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
    assert Dam.objects.count() == Dam.objects.exclude(height_m=None).count() == 4


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
        assert management["value"] == {"active": "managed", "abandoned": "unmanaged"}[facility.status]
        assert management["kind"] == "estimated" and management["source"].startswith("rule:")


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
