"""The list: filters, orders, paging, counts, saved filters, refusals."""

from copy import deepcopy

import pytest
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.registry.fields import DICTIONARY, find_field
from boget.portal.registry.fields.inputs import INPUTS
from boget.portal.registry.models import SavedFilter
from boget.portal.registry.selectors import listing, sorting
from boget.portal.registry.selectors.filters import FILTERS, Reader, snap_box
from boget.portal.registry.selectors.quintiles import Quintiles, change_stamp, find_edges, read_quintiles
from boget.portal.registry.services import publish_scores
from boget.science.errors import InvalidInput
from tests.cast import bring_cast
from tests.facilities import describe_facility, register_all, score

pytestmark = pytest.mark.django_db
URL = "/registry/facilities/"


@pytest.fixture(scope="module")
def registered(module_db):
    """Forty facilities with ties and unknowns in every column that sorts, registered once for all tests of this file."""
    described = []
    for number in range(40):
        volume = None if number % 5 == 0 else float(number // 4 * 1000)
        described.append(
            describe_facility(
                name_ru=f"Объект {number // 3}",
                status=("active", "closed", "abandoned", "planned")[number % 4],
                basin=("yertis", "yesil")[number % 2],
                region="KZ-63",
                point={"longitude": 60.0 + number / 2, "latitude": 50.0, "radius_m": 20.0},
                impoundments=[{"volume_m3": volume} if volume is not None else {}],
                dams=[{"height_m": float(number // 6)}] if number % 3 else [],
            )
        )
    with module_db.unblock():
        bring_cast()  # before the facilities, while the database is empty: the tests find it there
        made = register_all(described)
        publish_scores([score(f, None if n % 7 == 0 else float(5 + n // 4), level=level) for n, f in enumerate(made) for level in (0, 2)])
    return made


@pytest.fixture
def register(registered, db):
    change_stamp()  # what a test before kept belonged to rows that are gone
    return deepcopy(registered)


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
        ("?unknown=volume_m3", 11),  # eight without a volume and three with a volume of zero, which is none for the index
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


def test_no_input_of_an_index_is_above_the_working_group():
    inputs = [field for field in DICTIONARY.values() if {"thi", "tri"} & set(field.used_by)]
    assert inputs and all(field.level <= Level.GROUP for field in inputs)


def test_inputs_of_the_filter_are_inputs_of_the_index():
    for code, of in INPUTS.items():
        assert "thi" in find_field(of, code).used_by


@pytest.mark.parametrize("place", [-0.0051, 0.004, 83.516123, 83.5151, -71.2349])
def test_the_grid_of_areas_is_that_of_the_rounded_points(place):
    seen = round(place, 2)
    for west in (seen - 0.02, seen - 0.004, seen, seen + 0.004, seen + 0.02):
        found = snap_box((west, 0, west + 5, 1))[0] <= place
        assert found == (seen >= west - 1e-9), west


# --- totals, classes -----------------------------------------------------------------------------------------------


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
