"""/api/v1: the description is true, rights are those of the pages, errors are problems, unchanged answers are 304."""

import json

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS as ALL_CHECKS
from schemathesis.checks import load_all_checks

from boget.portal.core.services import SYSTEM
from boget.portal.registry.models import Facility, Score
from boget.portal.registry.services import Source, change_values, publish_scores
from boget.portal.registry.values import Claim
from boget.portal.wsgi import application

load_all_checks()
CHECKS = ALL_CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
API = "/api/v1"
PROBLEM = "application/problem+json"


@pytest.fixture
def register(make_facility, facility_own, facility_other):
    made = [facility_own, facility_other, *(make_facility(name_ru=f"Объект {n}", point={"longitude": 60 + n, "latitude": 50}) for n in range(8))]
    publish_scores([Score(facility=f, index="thi", level=level, value=5.0 + n, low=4.0, high=5.0 + n, known=3, of=6) for n, f in enumerate(made) for level in (0, 2)])
    return made


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_are_linked_and_hold_every_row_once(register, clients):
    address, seen = f"{API}/facilities?limit=3&sort=name", []
    while address:
        body = clients["anonymous"].get(address).json()
        assert body["count"] == 10 and "Unofficial" in body["notice"]
        seen += [item["id"] for item in body["items"]]
        address = body["next"]
    assert sorted(seen) == sorted(Facility.objects.values_list("public_id", flat=True))


@pytest.mark.django_db
def test_rows_are_those_of_the_page(register, clients):
    for name in ("anonymous", "operator", "secretary"):
        for query in ("", "status=active&sort=-name", "q=объект", "bbox=60,49,63,51", "class=5"):
            page = clients[name].get(f"/registry/facilities/?{query}").context["rows"]
            items = clients[name].get(f"{API}/facilities?{query}").json()["items"]
            assert [item["id"] for item in items] == [row.facility.public_id for row in page]
            assert [item["thi"]["class"] for item in items] == [row.step for row in page]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "query", "kind"),
    [
        ({}, "", "application/json"),
        ({"Accept": "application/geo+json"}, "", "application/geo+json"),
        ({"Accept": "application/geo+json;q=0.4, application/json"}, "", "application/json"),
        ({"Accept": "application/json"}, "f=geojson", "application/geo+json"),
        ({"Accept": "application/geo+json"}, "f=json", "application/json"),
        ({"Accept": "text/html"}, "", "application/json"),
    ],
)
def test_format_by_accept_or_address(register, clients, headers, query, kind):
    answer = clients["anonymous"].get(f"{API}/facilities?{query}", headers=headers)
    assert answer["Content-Type"] == kind
    assert "Accept" in answer["Vary"]


@pytest.mark.django_db
def test_geojson_of_an_area(register, clients):
    body = clients["anonymous"].get(f"{API}/facilities?f=geojson&bbox=60,49,62,51&limit=2").json()
    assert (body["numberMatched"], body["numberReturned"], len(body["features"])) == (3, 2, 2)
    assert body["next"] and all(f["geometry"]["coordinates"][0] <= 62 for f in body["features"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("colour=red", 400, "unknown_filter"),
        ("status=aktive", 400, "bad_filter"),
        ("view=map", 400, "unknown_filter"),
        ("sort=size", 400, "bad_filter"),
        ("after=zz", 400, "bad_filter"),
        ("f=xml", 400, "bad_filter"),
        ("limit=0", 422, "invalid"),
        ("limit=1001", 422, "invalid"),
        ("limit=many", 422, "invalid"),
        ("q=" + "a" * 300, 422, "invalid"),
    ],
)
def test_errors_are_problems(register, clients, query, status, code):
    answer = clients["anonymous"].get(f"{API}/facilities?{query}")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert (body["status"], body["code"]) == (status, code) and body["detail"] and body["title"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(register, clients, method):
    assert getattr(clients["secretary"], method)(f"{API}/facilities").status_code == 405


# --- one facility --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_values_come_with_sources_at_the_level_of_the_reader(facility_own, clients):
    url = f"{API}/facilities/{facility_own.public_id}"
    bodies = {name: client.get(url).json() for name, client in clients.items()}
    public, expert, secretary = bodies["anonymous"], bodies["expert"], bodies["secretary"]
    assert public["values"]["status"]["shown"] == {"value": "active", "kind": "declared", "source": "Test register"}
    assert [b["level"] for b in (public, expert, secretary, bodies["operator"])] == ["public", "group", "authority", "authority"]
    assert "bin" not in public["values"] and "contact" not in expert["values"]
    assert secretary["values"]["contact"]["shown"]["value"] == "AUTHORITY-CANARY"
    dam = next(s for s in expert["structures"] if s["type"] == "dam")
    assert dam["values"]["fos_static"]["shown"]["value"] == 1.4187
    assert (public["longitude"], secretary["longitude"]) == (83.52, 83.516123)


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["", "/history", "/scores"])
def test_refused_and_absent_are_the_same(make_facility, clients, part):
    draft = make_facility(disclosure="draft")
    for public_id in (draft.public_id, "KZ-9999", "..", "%00", "<script>"):
        answer = clients["anonymous"].get(f"{API}/facilities/{public_id}{part}")
        assert answer.status_code in {400, 404}
    texts = {clients["anonymous"].get(f"{API}/facilities/{i}{part}").content for i in (draft.public_id, "KZ-9999")}
    assert len(texts) == 1
    assert clients["secretary"].get(f"{API}/facilities/{draft.public_id}{part}").status_code == 200


@pytest.mark.django_db
def test_history_shows_each_level_its_own(facility_own, clients):
    facility = Facility.objects.get(pk=facility_own.pk)
    source = Source("report 12", "secret reason")
    change_values(facility, {"contact": Claim("AUTHORITY-CANARY-2")}, source=source, actor=SYSTEM, version=facility.version)
    facility.refresh_from_db()
    change_values(facility, {"mine": Claim("Open mine")}, source=source, actor=SYSTEM, version=facility.version)
    url = f"{API}/facilities/{facility_own.public_id}/history"
    public, expert, secretary = (clients[n].get(url).json()["items"] for n in ("anonymous", "expert", "secretary"))
    assert len(secretary) == len(public) + 1
    assert public[0]["changes"] == [{"field": "mine", "old": None, "new": {"value": "Open mine", "kind": "declared", "source": "report 12"}}]
    assert (public[0]["reason"], expert[0]["reason"], secretary[0]["reason"]) == ("", "secret reason", "secret reason")
    assert public[0]["who"] == expert[0]["who"] == "" and secretary[0]["who"]
    newest = secretary[0]["number"]
    assert all(item["number"] < newest for item in clients["secretary"].get(f"{url}?before={newest}").json()["items"])


@pytest.mark.django_db
def test_scores_say_from_which_inputs(facility_own, clients):
    publish_scores([Score(facility=facility_own, index="thi", level=level, value=value, known=4, of=6) for level, value in ((0, 7.0), (2, 8.5))])
    url = f"{API}/facilities/{facility_own.public_id}/scores"

    def thi(name):
        return next(item for item in clients[name].get(url).json()["items"] if item["index"] == "thi")

    assert (thi("anonymous")["value"], thi("anonymous")["inputs"]) == (7.0, "public")
    assert (thi("expert")["value"], thi("expert")["inputs"]) == (8.5, "all")


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["", "/{id}", "/{id}/history", "/{id}/scores"])
def test_unchanged_answers_are_not_sent_again(facility_own, clients, part):
    url = f"{API}/facilities{part}".format(id=facility_own.public_id)
    client = clients["anonymous"]
    tag = client.get(url)["ETag"]
    again = client.get(url, headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.content and again["ETag"] == tag
    assert clients["secretary"].get(url, headers={"If-None-Match": tag}).status_code == 200, "another reader"
    facility = Facility.objects.get(pk=facility_own.pk)
    change_values(facility, {"mine": Claim("New")}, source=Source("x", "y"), actor=SYSTEM, version=facility.version)
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.django_db
def test_a_tag_does_not_open_a_hidden_facility(make_facility, clients):
    draft = make_facility(disclosure="draft")
    assert clients["anonymous"].get(f"{API}/facilities/{draft.public_id}", headers={"If-None-Match": "*"}).status_code == 404


# --- the description -----------------------------------------------------------------------------------------------


def read_description():
    return json.loads(Client().get(f"{API}/openapi.json").content)


@pytest.mark.django_db
def test_description_is_openapi_3_1_with_problems():
    description = read_description()
    assert description["openapi"].startswith("3.1")
    parts = ("", "/{public_id}", "/{public_id}/history", "/{public_id}/scores", "/{public_id}/thi", "/{public_id}/tri")
    assert set(description["paths"]) >= {f"{API}/facilities{part}" for part in parts}
    for path in description["paths"].values():
        for status, response in path["get"]["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [PROBLEM]
    names = {parameter["name"] for parameter in description["paths"][f"{API}/facilities"]["get"]["parameters"]}
    assert {"status", "class", "bbox", "q", "sort", "limit", "after", "f"} <= names


@pytest.mark.django_db
def test_no_page_of_the_api_needs_scripts(clients):
    for path in ("/docs", "/docs/", "/"):
        assert clients["anonymous"].get(API + path).status_code == 404


@pytest.mark.django_db
def test_answers_agree_with_the_description(register):
    """Schemathesis asks the portal in this process, through the WSGI application."""
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", application)
    for operation in schema.get_all_operations():
        ask_many(operation.ok())


def ask_many(operation):
    @given(case=operation.as_strategy())
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def ask(case):
        case.validate_response(case.call(), checks=CHECKS)

    ask()
