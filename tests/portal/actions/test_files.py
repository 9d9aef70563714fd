"""The list as a file: exactly the rows of the page, no live formula, numbers as numbers."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://evil.test","x")'


def fetch(client: Any, query: str) -> bytes:
    answer = client.get(f"/actions/{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def read_csv(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_file_holds_the_rows_of_the_list_in_its_order(cast: Any, make_action: Any) -> None:
    for title, due in (("Later", "2099"), ("Sooner", "2026-01"), ("Other words", "2025")):
        make_action(title, due=due, objective="wells")
    client = cast["secretary"].client
    rows = read_csv(fetch(client, "?f=csv"))
    assert [row["title"] for row in rows] == ["Other words", "Sooner", "Later"]
    assert [row["title"] for row in read_csv(fetch(client, "?f=csv&q=sooner"))] == ["Sooner"]
    assert [row["number"] for row in read_csv(fetch(client, "?f=csv&sort=-number&late=1"))] == ["A-0003", "A-0002"]


def test_no_cell_is_a_formula(cast: Any, make_action: Any) -> None:
    make_action(FORMULA, objective="@cmd", cost_kzt=12_500_000, origins=[("other", "+1", "-x")])
    client = cast["secretary"].client
    row = read_csv(fetch(client, "?f=csv"))[0]
    assert row["title"] == "'" + FORMULA
    assert (row["objective"], row["cost_kzt"]) == ("'@cmd", "12500000")
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "?f=xlsx")))
    cells = {head.value: cell for head, cell in zip(*list(book["actions"].iter_rows())[:2], strict=True)}
    assert (cells["Action"].value, cells["Action"].data_type) == (FORMULA, "s")
    assert cells["Money, KZT"].value == 12_500_000
    assert all(cell.hyperlink is None for cell in cells.values())


def test_a_file_says_what_it_holds(cast: Any, make_action: Any) -> None:
    make_action(level=2)
    answer = cast["secretary"].client.get("/actions/?f=xlsx&state=approved")
    assert "authority" in answer["Content-Disposition"]
    assert answer["X-Row-Count"] == "1"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    about = {row[0].value: row[1].value for row in book["about"].iter_rows()}
    assert (about["Rows"], about["Open to"]) == (1, "authority")
    assert "approved by the Working Group" in about["Conditions"]
