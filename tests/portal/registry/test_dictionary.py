"""The field dictionary: page, search, downloads, the page of the documentation."""

import csv
import io

import pytest

from boget.portal.registry.fields import DICTIONARY, list_fields
from boget.portal.registry.reference import build_reference, write_reference

URL = "/registry/dictionary/"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_field_is_on_the_page(clients, language):
    answer = clients["anonymous"].get(URL, {"lang": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    for of, code in DICTIONARY:
        assert f"<code>{of}.{code}</code>" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("factor of safety", {"fos_static", "fos_seismic"}),
        ("water hazard", {"water_hazard_class"}),
        ("fos static", {"fos_static"}),
        ("nothing holds this", set()),
        ("%", set()),
    ],
)
def test_search(clients, text, found):
    rows = clients["anonymous"].get(URL, {"q": text}).context["rows"]
    assert {row.field.code for row in rows} >= found and (found or not rows)
    assert len(rows) < len(DICTIONARY)


@pytest.mark.django_db
def test_downloads_hold_every_field(clients):
    table = clients["anonymous"].get(URL, {"f": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["record"], row["code"]) for row in rows] == list(DICTIONARY)
    body = clients["anonymous"].get(URL, {"f": "json"}).json()
    assert body["fields"] == rows
    assert clients["anonymous"].get(URL, {"f": "xml"}).status_code == 400


@pytest.mark.django_db
def test_completeness_counts_what_the_reader_sees(make_facility, clients):
    make_facility(mine="A")
    make_facility(status="unknown")
    make_facility(mine="B", disclosure="draft")

    def count(name, code):
        rows = clients[name].get(URL).context["rows"]
        filling = next(row.filling for row in rows if row.field.code == code)
        return filling.known, filling.of

    assert (count("anonymous", "mine"), count("secretary", "mine")) == ((1, 2), (2, 3))
    assert count("anonymous", "status") == (1, 2), "the choice unknown is not known"


def test_reference_page_is_written_the_same_each_time(tmp_path):
    path = tmp_path / "dictionary.md"
    write_reference(path)
    text = path.read_text(encoding="utf-8")
    assert text == build_reference() and text.startswith("# Field dictionary")
    for field in list_fields():
        assert f"| `{field.of}.{field.code}` |" in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert widths == {9}
