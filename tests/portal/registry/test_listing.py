"""The list: filters, orders, paging, counts, totals, saved filters, refusals."""

import re

import pytest
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.registry.fields import DICTIONARY, find_field
from boget.portal.registry.fields.inputs import INPUTS
from boget.portal.registry.models import Facility, SavedFilter, Score
from boget.portal.registry.selectors import listing, sorting
from boget.portal.registry.selectors.filters import FILTERS, Reader, snap_box
from boget.portal.registry.selectors.quintiles import Quintiles, find_edges, read_quintiles
from boget.portal.registry.services import publish_scores
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db
URL = "/registry/facilities/"


def score(facility, value, *, level=0, known=4):
    low = None if value is None else value - 2
    return Score(facility=facility, index="thi", level=level, value=value, low=low, high=value, known=known, of=6)


@pytest.fixture
def register(make_facility):
    """Forty facilities with ties and unknowns in every column that sorts."""
    made = []
    for number in range(40):
        volume = None if number % 5 == 0 else float(number // 4 * 1000)
        made.append(
            make_facility(
                name_ru=f"Объект {number // 3}",
                status=("active", "closed", "abandoned", "planned")[number % 4],
                basin=("yertis", "yesil")[number % 2],
                region="KZ-63",
                point={"longitude": 60.0 + number / 2, "latitude": 50.0, "radius_m": 20.0},
                impoundments=[{"volume_m3": volume} if volume is not None else {}],
                dams=[{"height_m": float(number // 6)}] if number % 3 else [],
            )
        )
    publish_scores([score(f, None if n % 7 == 0 else float(5 + n // 4), level=level) for n, f in enumerate(made) for level in (0, 2)])
    return made


def read(client, address=""):
    return client.get(URL + address).context


# --- paging --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", sorting.list_sorts(has_text=True))
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_paging_visits_every_row_once_in_order_and_back(register, cast, sort, language):
    reader = Reader(cast["expert"], read_quintiles(cast["expert"]), language)
    text = "&q=объект" if sort == sorting.MATCH else ""
    base = listing.read_query(QueryDict(f"sort={sort}&size=7{text}"), sizes=(7,))
    pages = list(walk(base, reader, "after"))
    ids = [row.public_id for page in pages for row in page.rows]
    assert len(ids) == len(set(ids)) == 40
    ordered = listing.order_facilities(listing.select_facilities(base, reader), base, reader)
    assert ids == list(ordered.values_list("public_id", flat=True))
    assert [(page.first, page.last) for page in pages] == [(1, 7), (8, 14), (15, 21), (22, 28), (29, 35), (36, 40)]
    back = list(walk(base, reader, "before", token=pages[-1].previous_token))
    assert [[r.public_id for r in p.rows] for p in back] == [[r.public_id for r in p.rows] for p in pages[-2::-1]]
    assert [(page.first, page.last) for page in back] == [(page.first, page.last) for page in pages[-2::-1]]


def walk(query, reader, direction, token=""):
    from dataclasses import replace

    while True:
        page = listing.read_page(replace(query, **{direction: token}), reader)
        yield page
        token = page.next_token if direction == "after" else page.previous_token
        if not token:
            return


@pytest.mark.parametrize(("sort", "column"), [("volume", "volume_m3"), ("height", "height_m"), ("thi", "thi_value")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_unknowns_come_last_in_both_directions(register, clients, sort, column, sign):
    rows = read(clients["anonymous"], f"?sort={sign}{sort}&size=200")["page"].rows
    values = [getattr(row, column) for row in rows]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=bool(sign)) and values[: len(known)] == known and None in values


def test_rows_registered_meanwhile_repeat_nothing(register, clients, make_facility):
    client = clients["anonymous"]
    first = read(client, "?sort=name&size=25")
    make_facility(name_ru="Аааа, раньше всех")
    second = read(client, first["pager"]["next_url"])
    assert not {r.public_id for r in first["page"].rows} & {r.public_id for r in second["page"].rows}


@pytest.mark.parametrize("token", ["x", "====", "WyJuYW1lIl0", "eyJhIjoxfQ", "W" * 5000, "WyItdGhpIiwxLDFlOTk5OSwiS1otMDAwMSJd", "W1tbW1tb"])
def test_a_token_of_another_order_is_refused(register, clients, token):
    assert clients["anonymous"].get(URL, {"after": token}).status_code == 400


def test_kazakh_letters_sort_by_the_kazakh_alphabet(make_facility, clients):
    for name in ("Өзен", "Отар", "Ақтау", "Әулие", "Ішкі", "Иртыш"):
        make_facility(name_kk=name)
    rows = clients["anonymous"].get(URL, {"sort": "name", "lang": "kk"}).context["page"].rows
    assert [row.name_kk for row in rows] == ["Ақтау", "Әулие", "Иртыш", "Отар", "Өзен", "Ішкі"]


# --- filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("", 40),
        ("?status=active", 10),
        ("?status=active&status=closed", 20),
        ("?basin=yertis", 20),
        ("?basin=yertis&status=active", 10),
        ("?region=KZ-10", 0),
        ("?region=unknown", 0),
        ("?country=KZ", 40),
        ("?class=unknown", 6),
        ("?unknown=volume_m3", 8),
        ("?unknown=pga_g", 40),
        ("?kind=aggregate", 0),
        ("?precision=unknown", 40),
        ("?type=unknown", 40),
        ("?disputed=yes", 0),
        ("?disputed=no", 40),
        ("?level=public", 40),
        ("?level=authority", 0),
        ("?bbox=60,49,62,51", 5),
        ("?operator=none", 40),
        ("?known_from=4", 40),
        ("?known_from=40", 0),
        ("?updated_since=2020-01-01", 40),
        ("?updated_since=2999-01-01", 0),
        ("?disclosure=draft", 0),
    ],
)
def test_filters_select(register, clients, address, count):
    context = read(clients["anonymous"], address)
    assert context["page"].totals.count == count == len(read(clients["anonymous"], f"{address}{'&' if address else '?'}size=200")["rows"])


def test_every_filter_is_reachable_from_the_page(register, clients):
    html = clients["secretary"].get(URL).content.decode()
    for code in FILTERS.keys() - {"bbox"}:
        assert f'name="{code}"' in html, code


def test_classes_share_the_rows_out(register, clients):
    counts = [read(clients["anonymous"], f"?class={step}")["page"].totals.count for step in (1, 2, 3, 4, 5, "unknown")]
    assert sum(counts) == 40 and counts[5] == 6 and min(counts) > 0
    rows = read(clients["anonymous"], "?class=5&size=200")["rows"]
    assert {row.step for row in rows} == {5}


@pytest.mark.parametrize(
    "address",
    ["?colour=red", "?status=aktive", "?bbox=1,2,3", "?bbox=nan,1,2,3", "?class=6", "?sort=colour", "?size=13", "?size=1e9",
     "?view=globe", "?updated_since=yesterday", "?known_from=-1", "?unknown=bin", "?columns=bin", "?sort=bin", "?f=exe",
     "?after=%F0%9F%98%80", "?sort=match", "?level=secret", "?operator=nobody"],
)  # fmt: skip
def test_a_bad_address_is_400_and_names_what_is_allowed(register, clients, address):
    answer = clients["anonymous"].get(URL + address)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "llowed" in text
    name, _, _value = address[1:].partition("=")
    assert f'name="{name}"' in text, "what was typed is kept"


def test_a_new_filter_value_with_markup_stays_text(register, clients):
    text = clients["anonymous"].get(URL, {"status": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_empty_register_and_empty_answer_say_what_to_do(clients, make_facility):
    assert "No facilities yet" in clients["anonymous"].get(URL).content.decode()
    make_facility()
    text = clients["anonymous"].get(URL, {"status": "planned"}).content.decode()
    assert "No facility matches 1 condition" in text and "Remove a condition" in text


# --- rights --------------------------------------------------------------------------------------------------------


def test_counts_follow_the_rights(register, make_facility, cast, clients):
    own = organisation_of(cast["operator"])
    make_facility(name_en="Own draft", disclosure="draft", owner=own)
    make_facility(name_en="Retired", disclosure="retired")
    counts = {name: read(client)["page"].totals.count for name, client in clients.items()}
    assert counts == {
        "anonymous": 40, "expert": 40, "observer": 40, "other_operator": 40, "operator": 41,
        "secretary": 41, "editor": 41, "inspector": 41,
    }  # fmt: skip
    assert read(clients["secretary"], "?disclosure=retired")["page"].totals.count == 1
    assert read(clients["operator"], "?disclosure=retired")["page"].totals.count == 0
    assert read(clients["operator"], "?level=authority")["page"].totals.count == 1


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


def test_no_input_of_an_index_is_above_the_working_group():
    inputs = [field for field in DICTIONARY.values() if {"thi", "tri"} & set(field.used_by)]
    assert inputs and all(field.level <= Level.GROUP for field in inputs)


def test_inputs_of_the_filter_are_inputs_of_the_index():
    for code, of in INPUTS.items():
        assert "thi" in find_field(of, code).used_by


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


@pytest.mark.parametrize("place", [-0.0051, 0.004, 83.516123, 83.5151, -71.2349])
def test_the_grid_of_areas_is_that_of_the_rounded_points(place):
    seen = round(place, 2)
    for west in (seen - 0.02, seen - 0.004, seen, seen + 0.004, seen + 0.02):
        found = snap_box((west, 0, west + 5, 1))[0] <= place
        assert found == (seen >= west - 1e-9), west


def test_map_points_are_rounded_for_the_public(facility_own, clients):
    def place(client):
        return client.get(URL, {"f": "points"}).json()["features"][0]["geometry"]["coordinates"]

    assert place(clients["anonymous"]) == place(clients["expert"]) == [83.52, 50.35]
    assert place(clients["secretary"]) == place(clients["operator"]) == [83.516123, 50.345123]


# --- totals, classes -----------------------------------------------------------------------------------------------


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


def test_edges_are_the_fifths():
    assert find_edges([1.0, 2.0, 3.0, 4.0]) == ()
    assert find_edges([5.0, 1.0, 4.0, 2.0, 3.0]) == (1.0, 2.0, 3.0, 4.0)
    steps = [Quintiles(find_edges(list(range(100)))).classify(value) for value in range(100)]
    assert [steps.count(step) for step in range(1, 6)] == [20] * 5 and steps == sorted(steps)
    same = Quintiles(find_edges([3.0] * 10))
    assert {same.classify(3.0)} == {1} and same.classify(None) is None


def test_classes_follow_new_scores(register, clients):
    before = read(clients["anonymous"])["quintiles"]
    publish_scores([score(register[1], 99.0)])
    after = read(clients["anonymous"])["quintiles"]
    assert before.high < after.high == 99.0


def test_volume_is_shown_with_the_interval_of_its_source(make_facility, clients):
    from boget.portal.registry.values import Claim

    make_facility(impoundments=[{"volume_m3": Claim(32e6, source="survey", low=30e6, high=34e6)}])
    figure = read(clients["anonymous"])["rows"][0].volume
    assert (figure.value, figure.low, figure.high, figure.interval) == (32e6, 30e6, 34e6, "declared_range")


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anonymous", "secretary", "expert", "operator"])
@pytest.mark.parametrize("address", ["", "?q=объект&status=active&class=5", "?view=list&columns=height,operator,region,known,updated,type"])
def test_the_list_takes_at_most_ten_queries(register, clients, name, address, django_assert_max_num_queries):
    clients[name].get(URL + address)
    with django_assert_max_num_queries(10):
        assert clients[name].get(URL + address).status_code == 200


def test_queries_do_not_grow_with_rows(register, clients):
    from django.db import connection

    clients["secretary"].get(URL)  # measures the classes once
    counts = []
    for size in (25, 200):
        with CaptureQueriesContext(connection) as captured:
            clients["secretary"].get(URL, {"size": size})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_long_columns_are_not_read_for_the_list(register, cast):
    query = listing.read_query(QueryDict(""))
    reader = Reader(cast["expert"], Quintiles())
    rows = listing.read_page(query, reader).rows
    assert {"values", "footprint", "dam_axis"} <= rows[0].get_deferred_fields()


def test_htmx_gets_the_table_only(register, clients):
    part = clients["anonymous"].get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<table" in part and "<html" not in part
    whole = clients["anonymous"].get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize("view", listing.VIEWS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_views_answer_in_three_languages(register, clients, view, language):
    answer = clients["secretary"].get(URL, {"view": view, "lang": language})
    text = answer.content.decode()
    assert answer.status_code == 200 and ("data-map" in text) == (view != "list") and ("<table" in text) == (view != "map")
    assert text.count("button-primary") == 1


def test_columns_of_the_address_are_shown(register, clients):
    text = clients["anonymous"].get(URL, {"columns": "height,region"}).content.decode()
    assert "Height, m" in text and "East Kazakhstan Region" in text and 'data-label="THI"' not in text


def test_points_are_not_sent_twice(register, clients):
    client = clients["anonymous"]
    first = client.get(URL, {"f": "points"})
    assert client.get(URL, {"f": "points"}, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(URL, {"f": "points", "lang": "kk"}, headers={"If-None-Match": first["ETag"]}).status_code == 200
    publish_scores([score(register[1], 50.0)])
    assert client.get(URL, {"f": "points"}, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert clients["secretary"].get(URL, {"f": "points"}, headers={"If-None-Match": first["ETag"]}).status_code == 200


# --- saved filters -------------------------------------------------------------------------------------------------


def test_a_filter_is_saved_opened_shared_and_deleted(register, clients, cast):
    answer = clients["expert"].post("/registry/filters/", {"name": "Закрытые на Ертисе", "query": "status=closed&basin=yertis&after=x"})
    saved = SavedFilter.objects.get()
    assert answer.headers["Location"] == f"/registry/filters/{saved.slug}/"
    opened = clients["expert"].get(answer.headers["Location"])
    assert opened.headers["Location"] == "/registry/facilities/?status=closed&basin=yertis"
    assert clients["secretary"].get(answer.headers["Location"]).status_code == 404, "private"
    assert clients["anonymous"].get(answer.headers["Location"]).status_code == 404
    assert clients["secretary"].post(f"/registry/filters/{saved.slug}/delete/").status_code == 404
    assert clients["expert"].post(f"/registry/filters/{saved.slug}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()
    assert set(Revision.objects.filter(record_type="filter").values_list("kind", flat=True)) == {"create", "retire"}


def test_a_shared_filter_is_open_to_the_organisation_only(register, clients, cast):
    clients["expert"].post("/registry/filters/", {"name": "A", "query": "status=closed", "scope": "organisation"})
    saved = SavedFilter.objects.get()
    assert saved.organisation == organisation_of(cast["expert"])
    assert clients["expert"].get(f"/registry/filters/{saved.slug}/").status_code == 302
    assert clients["observer"].get(f"/registry/filters/{saved.slug}/").status_code == 404
    assert "A" in [f.name for f in read(clients["expert"])["saved_filters"]]
    assert not read(clients["observer"])["saved_filters"]


@pytest.mark.parametrize("post", [{"name": "", "query": "status=closed"}, {"name": "A", "query": "colour=red"}, {"name": "A" * 200, "query": ""}])
def test_a_bad_filter_is_not_saved(register, clients, post):
    assert clients["expert"].post("/registry/filters/", post).status_code in {400, 422}
    assert not SavedFilter.objects.exists() and not Revision.objects.filter(record_type="filter").exists()


def test_nobody_without_an_account_saves(register, clients):
    assert clients["anonymous"].post("/registry/filters/", {"name": "A", "query": ""}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_repeated_parameter_of_one_value_is_no_fault():
    query = listing.read_query(QueryDict("status=active&status=active&q=&region="))
    assert query.filters == {"status": ("active",)} and not query.text


def test_unknown_names_are_listed_in_the_refusal():
    with pytest.raises(InvalidInput) as caught:
        listing.read_query(QueryDict("colour=red"))
    assert caught.value.code == "unknown_filter" and "status" in caught.value.allowed


def test_the_mirror_of_unknown_inputs_follows_changes(make_facility):
    facility = make_facility(management="managed", impoundments=[{"volume_m3": 1.0, "water_hazard_class": "unknown"}])
    assert Facility.objects.get(pk=facility.pk).unknown_inputs == "|water_hazard_class|pga_g|flood_prone|fos_static|"
