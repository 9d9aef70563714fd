"""Files of the list: the same rows as the page, sources with every value, nothing that a spreadsheet would run."""

import csv
import io
import json
import random
import unicodedata
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from boget.portal.core.services import describe_installation
from boget.portal.registry.exports import WRITERS
from boget.portal.registry.exports.cells import guard_cell, unguard_cell
from boget.portal.registry.models import Facility
from boget.portal.registry.services import publish_scores
from boget.portal.registry.values import Claim

URL = "/registry/facilities/"


def read_bytes(client, wanted, address=""):
    answer = client.get(f"{URL}?f={wanted}{address}")
    assert answer.status_code == 200
    return b"".join(answer)


def read_csv(client, address=""):
    return list(csv.DictReader(io.StringIO(read_bytes(client, "csv", address).decode("utf-8-sig"), newline="")))


def read_xlsx(client, address=""):
    return openpyxl.load_workbook(io.BytesIO(read_bytes(client, "xlsx", address)))


@pytest.fixture
def save(tmp_path: Path):
    def save(content, name):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


@pytest.fixture
def register(make_facility, facility_own, facility_other):
    made = [make_facility(name_ru=f"Объект {n}", status=("active", "closed")[n % 2]) for n in range(8)]
    square = {"type": "Polygon", "coordinates": [[[60, 50], [60.1, 50], [60.1, 50.1], [60, 50]]]}
    axis = {"type": "LineString", "coordinates": [[60, 50], [60.1, 50]]}
    made.append(make_facility(name_en="With shapes", footprint=square, dam_axis=axis))
    made.append(
        make_facility(
            name_en="Two basins",
            impoundments=[{"volume_m3": Claim(1e6, source="survey 7", low=9e5, high=1.1e6, date="2025-05", kind="measured", confidence="high")}, {"volume_m3": 5e5}],
        )
    )  # fmt: skip
    return made


# --- counts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anonymous", "operator", "expert", "secretary"])
@pytest.mark.parametrize("address", ["", "&status=closed", "&q=объект", "&unknown=fos_static", "&basin=yertis", "&status=planned"])
@pytest.mark.django_db
def test_every_format_holds_the_rows_of_the_page(register, clients, save, name, address):
    client = clients[name]
    page = client.get(f"{URL}?{address[1:]}").context["page"].totals.count
    geojson = json.loads(read_bytes(client, "geojson", address))
    gpkg = save(read_bytes(client, "gpkg", address), "a.gpkg")
    kml = save(read_bytes(client, "kml", address), "a.kml")
    counts = {
        "csv": len(read_csv(client, address)),
        "xlsx": read_xlsx(client, address)["facilities"].max_row - 1,
        "geojson": len(geojson["features"]),
        "geojson stamp": geojson["about"]["rows"],
        "json": len(json.loads(read_bytes(client, "json", address))["facilities"]),
        "gpkg": pyogrio.read_info(gpkg, layer="facilities")["features"],
        "kml": pyogrio.read_info(kml)["features"] if page else 0,
        "points": len(client.get(f"{URL}?f=points{address}").json()["features"]),
        "api": client.get(f"/api/v1/facilities?{address[1:]}").json()["count"],
        "api features": client.get(f"/api/v1/facilities?f=geojson{address}").json()["numberMatched"],
        "header": int(client.get(f"{URL}?f=csv{address}")["X-Row-Count"]),
    }
    assert set(counts.values()) == {page}, counts


@pytest.mark.django_db
def test_rows_are_in_the_order_of_the_page(register, clients):
    page = [row.facility.public_id for row in clients["anonymous"].get(f"{URL}?sort=-name").context["rows"]]
    assert [row["id"] for row in read_csv(clients["anonymous"], "&sort=-name")] == page


# --- formulas ------------------------------------------------------------------------------------------------------


def invent_texts(count):
    """Random text of the kinds that are stored: letters of all scripts, signs that spreadsheets know, quotes, breaks."""
    dice = random.Random(7)
    starts = ["=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ",", ";", " =", "  +", "'=", "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "＝1", "{=1}", ""]
    letters = "abcЖжӘәҚқ0123456789 =+-@'\",;:|\t\r\n!()[]{}<>&%$#_xX\u00a0\u2028＝＋－＠😀"
    for _number in range(count):
        yield dice.choice(starts) + "".join(dice.choices(letters, k=dice.randint(0, 25)))


def test_ten_thousand_texts_leave_no_formula_in_csv():
    texts = list(invent_texts(10_000))
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([guard_cell(text), "next"] for text in texts)
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert len(rows) == len(texts) and all(len(row) == 2 for row in rows)
    for text, (cell, _next) in zip(texts, rows, strict=True):
        assert unguard_cell(cell) == text
        assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")) and not cell.startswith(("\t", "\r", "\n"))


def test_ten_thousand_texts_leave_no_formula_in_xlsx(tmp_path):
    import xlsxwriter

    from boget.portal.registry.exports.xlsx_file import OPTIONS, _write_row

    texts = [text for text in invent_texts(10_000) if text.strip()]
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        page = book.add_worksheet()
        for number, text in enumerate(texts):
            _write_row(page, number, [text])
    cells = [row[0] for row in openpyxl.load_workbook(path).active.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"} and not any(cell.hyperlink for cell in cells)
    assert [read_back(cell.value) for cell in cells] == [plain_breaks(text) for text in texts]


def read_back(text):
    from openpyxl.utils.escape import unescape

    return plain_breaks(unescape(text))


def plain_breaks(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.django_db
def test_hostile_names_go_out_as_text_and_come_back(make_facility, clients):
    hostile = ["=1+1", "+A1", "-2+3", "@SUM(1)", '=HYPERLINK("http://example.test","x")', "'=1", "%0A=1", "=cmd|'/C calc'!A0"]
    for name in hostile:
        make_facility(name_en=name, operator=name, mine=name)
    rows = read_csv(clients["anonymous"], "&sort=id")
    assert [unguard_cell(row["name_en"]) for row in rows] == hostile
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r")) and (not cell.startswith("-") or float(cell) < 0)
    book = read_xlsx(clients["anonymous"], "&sort=id")
    head = [cell.value for cell in book["facilities"][1]]
    column = [row[head.index("name_en")].value for row in book["facilities"].iter_rows(min_row=2)]
    assert column == hostile
    for page in book:
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.django_db
def test_negative_numbers_stay_numbers(make_facility, clients):
    make_facility(elevation_m=-132.0, point={"longitude": -71.2, "latitude": -3.5, "radius_m": 20_000.0})
    row = read_csv(clients["anonymous"])[0]
    assert (row["elevation_m"], row["longitude"], row["latitude"]) == ("-132.0", "-71.2", "-3.5")


# --- content -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_value_comes_with_its_source(register, clients, save):
    client = clients["anonymous"]
    expected = {"source": "survey 7", "date": "2025-05", "kind": "measured", "confidence": "high", "low": 9e5, "high": 1.1e6, "interval": "declared_range"}
    facility = Facility.objects.get(name_en="Two basins")
    key = f"{facility.public_id}-S01.volume_m3"
    row = next(row for row in read_csv(client) if row["id"] == facility.public_id)
    assert json.loads(row["provenance"])[key] == expected
    assert row["impoundment.volume_m3"] == f"{facility.public_id}-S01=1000000.0; {facility.public_id}-S02=500000.0"
    feature = next(f for f in json.loads(read_bytes(client, "geojson"))["features"] if f["id"] == facility.public_id)
    assert feature["properties"]["provenance"][key] == expected
    assert [i["volume_m3"] for i in feature["properties"]["impoundments"]] == [1e6, 5e5]
    lines = list(read_xlsx(client)["sources"].iter_rows(values_only=True))
    line = next(dict(zip(lines[0], line, strict=True)) for line in lines if line[1] == f"{facility.public_id}-S01")
    assert {name: line[name] for name in expected} == expected and line["value"] == 1e6
    gpkg = save(read_bytes(client, "gpkg"), "a.gpkg")
    table = pyogrio.read_dataframe(gpkg, layer="sources").set_index("record")
    assert {name: table.loc[f"{facility.public_id}-S01"][name] for name in expected} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["anonymous", "secretary"])
def test_each_file_carries_the_stamp(register, clients, save, name):
    level = {"anonymous": "public", "secretary": "authority"}[name]
    client = clients[name]
    row = read_csv(client)[0]
    assert (row["file_level"], row["row_count"]) == (level, "12") and row["notice"].startswith("Unofficial compilation")
    assert row["data_of"].endswith("Z")
    book = read_xlsx(client)
    assert book.sheetnames == ["facilities", "dictionary", "sources", "about"]
    about = dict(book["about"].iter_rows(values_only=True))
    assert (about["level"], about["rows"]) == (level, 12) and about["notice"] == row["notice"] and len(about["log_hash"]) == 64
    assert json.loads(read_bytes(client, "geojson"))["about"]["notice"] == row["notice"]
    gpkg = save(read_bytes(client, "gpkg"), "a.gpkg")
    stamp = pyogrio.read_dataframe(gpkg, layer="about").set_index("name")["value"]
    assert (stamp["level"], stamp["rows"]) == (level, "12")
    assert row["notice"].encode() in read_bytes(client, "kml")
    assert level in client.get(f"{URL}?f=kml")["Content-Disposition"]


@pytest.mark.django_db
def test_files_of_a_demonstration_say_so_in_name_and_notice(register, clients):
    installation = describe_installation()
    installation.is_demo = True
    installation.save()
    for wanted, writer in WRITERS.items():
        answer = clients["anonymous"].get(f"{URL}?f={wanted}")
        assert answer["Content-Disposition"].endswith(f'-public-demo.{writer.suffix}"')
    assert "Demonstration data" in read_csv(clients["anonymous"])[0]["notice"]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["csv", "geojson", "json"])
def test_the_same_data_give_the_same_bytes(register, clients, wanted):
    assert read_bytes(clients["expert"], wanted) == read_bytes(clients["expert"], wanted)


@pytest.mark.django_db
def test_csv_opens_in_a_spreadsheet(register, clients):
    content = read_bytes(clients["anonymous"], "csv")
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    assert "Объект" in content.decode("utf-8")


@pytest.mark.django_db
def test_geojson_keeps_to_the_standard(register, clients):
    body = json.loads(read_bytes(clients["anonymous"], "geojson"))
    assert body["type"] == "FeatureCollection" and "crs" not in body
    for feature in body["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["geometry"] is None or feature["geometry"]["type"] == "Point"


@pytest.mark.django_db
def test_geopackage_holds_shapes_and_structures_by_level(register, clients, save):
    layers = {}
    for name in ("anonymous", "expert"):
        path = save(read_bytes(clients[name], "gpkg"), f"{name}.gpkg")
        layers[name] = {layer for layer, _type in pyogrio.list_layers(path)}
        frame = pyogrio.read_dataframe(path, layer="facilities")
        assert str(frame.crs) == "EPSG:4326" and frame.geometry.notna().sum() == 2
        assert len(pyogrio.read_dataframe(path, layer="impoundments")) == 4
    assert layers["anonymous"] == {"facilities", "impoundments", "dams", "sources", "about"}
    assert layers["expert"] == layers["anonymous"] | {"footprints", "dam_axes"}, "exact shapes are for the working group"


@pytest.mark.django_db
def test_a_hidden_column_is_absent_and_empty_on_rows_of_a_lower_level(register, clients, facility_own, facility_other):
    public, operator, expert, secretary = (read_csv(clients[name]) for name in ("anonymous", "operator", "expert", "secretary"))
    assert not {"bin", "contact", "dam.fos_static"} & set(public[0])
    assert {"bin", "dam.fos_static"} <= set(expert[0]) and "contact" not in expert[0]
    assert {"bin", "contact", "dam.fos_static"} <= set(secretary[0])
    own = next(row for row in operator if row["id"] == facility_own.public_id)
    other = next(row for row in operator if row["id"] == facility_other.public_id)
    assert (own["level"], own["contact"], own["bin"]) == ("authority", "AUTHORITY-CANARY", "GROUP-CANARY")
    assert (other["level"], other["contact"], other["bin"], other["dam.fos_static"]) == ("public", "", "", "")
    assert (own["longitude"], other["longitude"]) == ("83.516123", "83.52")


@pytest.mark.django_db
def test_the_index_of_a_row_is_that_of_its_level(register, clients, facility_own):
    from boget.portal.registry.models import Score

    publish_scores([Score(facility=facility_own, index="thi", level=level, value=value, low=1.0, high=value, known=5, of=6) for level, value in ((0, 6.0), (2, 9.0))])
    for name, value in (("anonymous", "6.0"), ("other_operator", "6.0"), ("operator", "9.0"), ("expert", "9.0")):
        row = next(row for row in read_csv(clients[name]) if row["id"] == facility_own.public_id)
        assert row["thi"] == value, name


@pytest.mark.django_db
def test_a_facility_that_disappears_meanwhile_stops_the_file(register, cast):
    from boget.portal.core.errors import Conflict
    from boget.portal.registry.exports import Sheet
    from boget.portal.registry.selectors.filters import Reader
    from boget.portal.registry.selectors.quintiles import Quintiles

    sheet = Sheet(Facility.objects.visible_to(cast["expert"]), Reader(cast["expert"], Quintiles()))
    register[0].delete()
    with pytest.raises(Conflict):
        list(sheet.read_entries())


@pytest.mark.django_db
def test_an_export_reads_in_chunks(register, clients, django_assert_max_num_queries, monkeypatch):
    from boget.portal.registry.exports import sheet

    with django_assert_max_num_queries(12):
        read_bytes(clients["anonymous"], "csv")
    monkeypatch.setattr(sheet, "CHUNK", 5)
    assert len(read_csv(clients["anonymous"])) == 12


def test_texts_of_the_property_tests_are_storable():
    """The control characters left out above are refused at the door, so no file can hold them."""
    from boget.portal.registry.checks import check_text
    from boget.science.errors import InvalidInput

    for text in ("a\x00b", "a\x1bb", "a\ud800b"):
        with pytest.raises(InvalidInput):
            check_text("x", text)
    assert all(unicodedata.category(c) != "Cc" or c in "\t\r\n" for text in invent_texts(100) for c in text)
