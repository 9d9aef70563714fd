"""What stands beside an index in list, card, export and API: what stands in, what is not expressed, of how many a fifth is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boget.portal.registry.models import Facility, Impoundment
from boget.portal.registry.selectors.quintiles import read_quintiles

pytestmark = pytest.mark.django_db
URL = "/registry/facilities/"
STANDS_IN = "volume: design capacity stands in"
NOT_EXPRESSED = "the index does not express radiological hazard"


@pytest.fixture
def marked(make_facility: Any) -> Any:
    """Unknown volume with a design capacity; one of two basins is radioactive."""
    basins = [{"design_capacity_m3": 8e6, "is_radioactive": "yes"}, {"volume_m3": 2e6, "is_radioactive": "no"}]
    return make_facility(name_en="Marked", impoundments=basins)


@pytest.fixture
def plain(make_facility: Any) -> Any:
    return make_facility(name_en="Plain", impoundments=[{"volume_m3": 2e6, "is_radioactive": "unknown"}])


def read_row(client: Any, facility: Any, address: str = "") -> str:
    rows = client.get(URL + address).content.decode().split("</tbody>")[0].split("<tr data-facility=")
    return next(row for row in rows if row.startswith(f'"{facility.public_id}"'))


def test_list_row_and_its_legend(plain: Any, marked: Any, clients: Any) -> None:
    client = clients["anonymous"]
    row = read_row(client, marked)
    assert f'<abbr title="{STANDS_IN}">by capacity</abbr>' in row and "radioactive" in row
    assert "capacity" not in read_row(client, plain) and "radioactive" not in read_row(client, plain)
    text = client.get(URL).content.decode()
    assert NOT_EXPRESSED in text and "the design capacity stands in; less may be stored" in text
    only_plain = client.get(URL, {"q": "Plain"}).content.decode()
    assert NOT_EXPRESSED not in only_plain and "By capacity" not in only_plain


def test_card_headline(plain: Any, marked: Any, clients: Any) -> None:
    texts = [clients["anonymous"].get(f"{URL}{facility.public_id}/").content.decode() for facility in (marked, plain)]
    heads = [text[text.index('class="headline"') :].split("</div>")[0] for text in texts]
    assert STANDS_IN in heads[0] and "The index does not express radiological hazard." in heads[0]
    assert STANDS_IN not in heads[1] and "radiological" not in heads[1]


def test_indices_have_one_decimal_on_pages(marked: Any, clients: Any) -> None:
    """A value on a whole number keeps its place, and the interval does not set another one."""
    for address in (URL, f"{URL}{marked.public_id}/"):
        text = clients["anonymous"].get(address).content.decode()
        assert ">13.0</data>" in text and "(6.3–13.0)" in text
    feature = clients["anonymous"].get(URL, {"f": "points"}).json()["features"][0]["properties"]
    assert (feature["summary"], feature["thi"]) == ("THI 13.0 (6.3–13.0)", 13.0)


def test_export_has_two_decimals_and_a_column_of_cautions(make_facility: Any, marked: Any, clients: Any) -> None:
    make_facility(name_en="Known", impoundments=[{"volume_m3": 2.5e6}])
    rows = {row["name_en"]: row for row in read_json_rows(clients["anonymous"])}
    assert "volume_from_design_capacity" in rows["Marked"]["thi_cautions"]
    assert "volume_from_design_capacity" not in rows["Known"]["thi_cautions"]
    assert (rows["Known"]["thi"], rows["Known"]["thi_low"]) == ("12.4", "6.4")


def read_json_rows(client: Any) -> list[dict[str, str]]:
    import csv
    import io

    body = b"".join(client.get(URL, {"f": "csv"}).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_api_scores_and_summary(marked: Any, clients: Any) -> None:
    scores = {item["index"]: item for item in read_api(clients, f"/{marked.public_id}/scores")["items"]}
    assert (scores["thi"]["status"], scores["tri"]["status"]) == ("provisional", "placeholder")
    assert "placeholder_scores" in scores["tri"]["cautions"] and "volume_from_design_capacity" in scores["thi"]["cautions"]
    assert scores["thi"]["low"] == 6.3 and scores["thi"]["known"] == 1  # who is in charge
    assert "placeholders" in read_api(clients, f"/{marked.public_id}/scores")["notice"]
    (item,) = read_api(clients, "")["items"]
    assert item["is_radioactive"] and "volume_from_design_capacity" in item["thi"]["cautions"]
    assert item["thi"]["value"] == 13.0


def read_api(clients: Any, address: str) -> Any:
    return json.loads(clients["anonymous"].get(f"/api/v1/facilities{address}").content)


def test_mark_follows_the_impoundments(marked: Any, plain: Any) -> None:
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import Source, change_values
    from boget.portal.registry.values import Claim

    def change(facility: Any, value: str) -> bool:
        basin = Impoundment.objects.filter(facility=facility).order_by("public_id")[0]
        claims = {"is_radioactive": Claim(value)}
        change_values(basin, claims, source=Source("Survey", "test"), actor=SYSTEM, version=basin.version)
        return Facility.objects.get(pk=facility.pk).is_radioactive

    assert [f.is_radioactive for f in (marked, plain)] == [True, False]
    assert change(marked, "no") is False
    assert change(plain, "yes") is True


def test_edges_come_from_rated_single_facilities(make_facility: Any, cast: Any) -> None:
    def make(volume: float, **values: Any) -> None:
        make_facility(impoundments=[{"volume_m3": volume}], **values)

    for number in range(1, 6):
        make(10.0**number)
    before = read_quintiles(cast["expert"])
    for number in range(3):
        make(1e9 + number, record_kind="aggregate")
        make(1e9 + number, status="planned")
    after = read_quintiles(cast["expert"])
    assert (after.edges, after.rated, after.visible) == (before.edges, 5, 11)
    make_facility(impoundments=[{"design_capacity_m3": 1e9}])
    assert read_quintiles(cast["expert"]).rated == 6  # what stands in stays in
    text = cast["expert"].client.get(URL).content.decode()
    assert text.count("Class: quintiles of the THI of 6 rated facilities, not an official class.") == 2  # table and map


def test_too_few_for_quintiles(make_facility: Any, clients: Any) -> None:
    made = [make_facility(impoundments=[{"volume_m3": 10.0**number}]) for number in range(1, 5)]
    made.append(make_facility(record_kind="aggregate", impoundments=[{"volume_m3": 1e9}]))
    empty = make_facility(name_en="Empty")
    client = clients["anonymous"]
    for facility in made:
        assert 'title="too few rated facilities for quintiles">?<' in read_row(client, facility)
    assert 'title="too little data">?<' in read_row(client, empty)
    assert "too few rated facilities for quintiles." in client.get(URL).content.decode()


def test_list_keeps_to_its_queries(marked: Any, plain: Any, clients: Any, django_assert_max_num_queries: Any) -> None:
    for role in ("anonymous", "operator", "secretary"):
        clients[role].get(URL)
        with django_assert_max_num_queries(10):
            clients[role].get(URL)
