"""The list of a few facilities that each test registers itself: rights, totals, values, an empty register."""

import re

import pytest

from boget.portal.accounts.selectors import organisation_of
from boget.portal.accounts.services import actor_of
from boget.portal.registry.models import Facility, Score
from boget.portal.registry.services import (
    Source,
    add_structure,
    change_values,
    publish_scores,
    set_disclosure,
    undo_revision,
)
from boget.portal.registry.values import Claim
from tests.facilities import score

pytestmark = pytest.mark.django_db
URL = "/registry/facilities/"


def read(client, address=""):
    return client.get(URL + address).context


def test_kazakh_letters_sort_by_the_kazakh_alphabet(make_facility, clients):
    for name in ("Өзен", "Отар", "Ақтау", "Әулие", "Ішкі", "Иртыш"):
        make_facility(name_kk=name)
    rows = clients["anonymous"].get(URL, {"sort": "name", "lang": "kk"}).context["page"].rows
    assert [row.name_kk for row in rows] == ["Ақтау", "Әулие", "Иртыш", "Отар", "Өзен", "Ішкі"]


def test_empty_register_and_empty_answer_say_what_to_do(clients, make_facility):
    assert "No facilities yet" in clients["anonymous"].get(URL).content.decode()
    make_facility()
    text = clients["anonymous"].get(URL, {"status": "planned"}).content.decode()
    assert "No facility matches 1 condition" in text and "Remove a condition" in text


def test_scores_are_those_of_the_readers_level(facility_own, facility_other, clients):
    publish_scores(
        [score(facility_own, 6.0), score(facility_own, 9.0, level=2), score(facility_other, 7.0), score(facility_other, 8.0, level=2)]
    )
    seen = {
        name: {row.facility.public_id: row.facility.thi_value for row in read(client)["rows"]} for name, client in clients.items()
    }
    own, other = facility_own.public_id, facility_other.public_id
    assert seen["anonymous"] == {own: 6.0, other: 7.0}
    assert seen["operator"] == {own: 9.0, other: 7.0}
    assert seen["other_operator"] == {own: 6.0, other: 8.0}
    assert seen["expert"] == seen["observer"] == seen["secretary"] == {own: 9.0, other: 8.0}
    order = [row.facility.public_id for row in read(clients["operator"], "?sort=-thi")["rows"]]
    assert order == [own, other]


def test_an_unknown_hidden_input_is_found_only_where_it_is_open(make_facility, cast, clients):
    make_facility(owner=organisation_of(cast["operator"]))
    make_facility(dams=[{"fos_static": 1.3}])
    counts = {name: read(client, "?unknown=fos_static")["page"].totals.count for name, client in clients.items()}
    assert counts == {
        "anonymous": 0, "other_operator": 0, "operator": 1, "expert": 1, "observer": 1, "secretary": 1, "editor": 1, "inspector": 1,
    }  # fmt: skip


def test_an_area_tells_no_more_about_a_place_than_the_page(facility_own, clients):
    """The exact point is 83.516123, 50.345123; the public sees 83.52, 50.35 and can ask no finer."""
    for west in (83.5150, 83.5155, 83.516122, 83.516124, 83.52):
        box = f"?bbox={west},50.34,83.53,50.36"
        assert read(clients["anonymous"], box)["page"].totals.count == 1, west
    assert read(clients["anonymous"], "?bbox=83.521,50.34,83.53,50.36")["page"].totals.count == 0
    assert read(clients["secretary"], "?bbox=83.516124,50.34,83.53,50.36")["page"].totals.count == 0
    assert read(clients["secretary"], "?bbox=83.516122,50.34,83.53,50.36")["page"].totals.count == 1


def test_map_points_are_rounded_for_the_public(facility_own, clients):
    def place(client):
        return client.get(URL, {"f": "points"}).json()["features"][0]["geometry"]["coordinates"]

    assert place(clients["anonymous"]) == place(clients["expert"]) == [83.52, 50.35]
    assert place(clients["secretary"]) == place(clients["operator"]) == [83.516123, 50.345123]


def test_totals_say_what_they_leave_out(make_facility, clients):
    make_facility(impoundments=[{"volume_m3": 2e6}])
    make_facility(impoundments=[{"volume_m3": 1e6}, {"volume_m3": 5e5}])
    make_facility(impoundments=[{"volume_m3": 1e6}, {}])
    make_facility(record_kind="aggregate", impoundments=[{"volume_m3": 9e6}])
    answer = clients["anonymous"].get(URL)
    totals = answer.context["totals"]
    assert (totals.count, totals.volume_m3, totals.volume_known, totals.aggregates) == (4, 3.5e6, 2, 1)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert "sum of 2 of 3 facilities with known volume" in text
    assert "1 record of several ponds is not in the sum" in text


def test_planned_facilities_are_not_in_the_sum(make_facility, clients):
    make_facility(impoundments=[{"volume_m3": 2e6}])
    make_facility(status="planned", impoundments=[{"volume_m3": 5e6}])
    make_facility(status="planned", record_kind="aggregate")
    answer = clients["anonymous"].get(URL)
    totals = answer.context["totals"]
    assert (totals.volume_m3, totals.volume_known, totals.counted, totals.planned, totals.aggregates) == (2e6, 1, 1, 1, 1)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert "1 planned facility is not in the sum" in text and "sum of 1 of 1 facilities" in text


def test_a_total_is_no_more_exact_than_its_coarsest_about(make_facility, clients):
    from boget.portal.registry.values import Claim

    make_facility(impoundments=[{"volume_m3": 2.592e6}])
    make_facility(impoundments=[{"volume_m3": 110_500.0}])
    assert "Volume 2.7025\u00a0million m³: sum of 2" in clients["anonymous"].get(URL).content.decode()
    make_facility(impoundments=[{"volume_m3": Claim(20e6, source="press", about=True)}, {"volume_m3": 1.5e6}])
    make_facility(impoundments=[{"volume_m3": Claim(50e6, source="press", about=True)}])
    answer = clients["anonymous"].get(URL)
    assert (answer.context["totals"].volume_m3, answer.context["totals"].is_about) == (70e6, True)
    assert "Volume ≈\u00a070\u00a0million m³: sum of 4" in answer.content.decode()
    volumes = {row.volume.value: row.volume.about for row in answer.context["rows"]}
    assert volumes == {2.592e6: False, 110_500.0: False, 20e6: True, 50e6: True}, "21.5 million with an about is about 20"


def test_volume_is_shown_with_the_interval_of_its_source(make_facility, clients):
    from boget.portal.registry.values import Claim

    make_facility(impoundments=[{"volume_m3": Claim(32e6, source="survey", low=30e6, high=34e6)}])
    figure = read(clients["anonymous"])["rows"][0].volume
    assert (figure.value, figure.low, figure.high, figure.interval) == (32e6, 30e6, 34e6, "declared_range")


def test_the_mirror_of_unknown_inputs_follows_changes(make_facility):
    facility = make_facility(management="managed", impoundments=[{"volume_m3": 1.0, "water_hazard_class": "unknown"}])
    assert Facility.objects.get(pk=facility.pk).unknown_inputs == "|water_hazard_class|pga_g|flood_prone|fos_static|"


def test_the_mirrored_index_is_the_published_one_after_every_kind_of_change(make_facility, cast):
    facility = make_facility(pga_g=0.1, impoundments=[{"volume_m3": 2e6}], dams=[{"fos_static": 1.3}])
    actor, source = actor_of(cast["editor"]), Source("Survey", "measured")
    revision = change_values(facility.impoundments.get(), {"volume_m3": Claim(9e6)}, source=source, actor=actor, version=1)
    add_structure(facility, "impoundment", {"volume_m3": Claim(1e6)}, actor=actor, source="Survey", reason="found")
    for change in (
        lambda: None,
        lambda: undo_revision(revision, reason="wrong place", actor=actor),
        lambda: change_values(facility.dams.get(), {"fos_static": None}, source=source, actor=actor, version=1),
        lambda: set_disclosure(facility, "draft", reason="not yet", actor=actor),
        lambda: change_values(facility.impoundments.last(), {"volume_m3": None}, source=source, actor=actor, version=1),
    ):
        change()
        scores = dict(Score.objects.filter(facility=facility, index="thi").values_list("level", "value"))
        mirrored = Facility.objects.get(pk=facility.pk)
        assert scores == {0: mirrored.thi_open, 2: mirrored.thi_full}
