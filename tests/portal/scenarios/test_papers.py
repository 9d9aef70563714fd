"""Papers of a run: the numbers of the page in each form, for its readers alone, and nothing that runs out of its page."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from django.utils import timezone, translation
from pptx import Presentation

from boget.portal.scenarios.models import Run
from boget.portal.scenarios.papers import clock, confidence, page_fit, sheet_content, sheet_pdf, slide_pptx, strip_svg
from boget.portal.scenarios.papers.fan_svg import draw_fan
from boget.portal.scenarios.papers.run_words import Paper, name_file, open_paper
from boget.portal.scenarios.selectors import river_chart
from boget.portal.scenarios.selectors.scenario_words import Facts
from boget.portal.scenarios.views.opening import read_substances
from tests.portal.scenarios.outcomes import STARTED, THRESHOLD, make_outcome, make_outcome_json, make_run

ADDRESS = "/scenarios/runs/R-2026-0042/"
NOW = STARTED + dt.timedelta(hours=12)
FORMS = ("pdf", "pptx", "xlsx", "geojson", "csv", "svg")
LONG = "Өскемен қаласының Үлбі және Ертіс өзендері аңғарларындағы инфильтрациялық су алу құрылыстары мен ұңғымалары, "
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(db: None) -> Run:
    return make_run()


def open_for(run: Run) -> Paper:
    return open_paper(run, substances=read_substances(), now=NOW)


def describe(run: Run) -> dict[str, Any]:
    return sheet_content.describe_sheet(open_for(run), readings={}, seal="<svg/>")


def make_long_run() -> Run:
    """Names of 110 letters everywhere, every target to be instructed, the longest title there is."""
    outcome = make_outcome_json()
    for number, target in enumerate(outcome["targets"]):
        target["target"] |= {"names": dict.fromkeys(("ru", "kk", "en"), f"{LONG} № {number}"), "kind": "intake"}
        target |= {"probability": 0.97, "arrival_s": target["arrival10_s"], "duration_s": target["arrival10_s"]}
        target["departure_s"] = {name: 1.5 * value for name, value in target["arrival10_s"].items()}
    return make_run("R-2026-0099", mode="exercise", outcome=outcome, title=(LONG * 2)[:200])


# --- what the sheet says -------------------------------------------------------------------------------------------


def test_the_sheet_has_the_numbers_of_the_page(run: Run, clients: dict[str, Any]) -> None:
    page = html.unescape(clients["expert"].get(ADDRESS).content.decode())
    content = describe(run)
    rows = {row["cells"][1][0]: row["cells"] for row in content["whole"]["rows"]}
    assert list(rows) == [row.name for row in open_for(run).rows]
    for name, cells in rows.items():
        for main, more in (cells[index] for index in (2, 5, 6, 7)):
            assert main in page or main == sheet_content.DASH, (name, main)
            assert all(one in page for one in more), (name, more)
    assert content["orders"]["lines"][1]["order"] in page
    assert content["inputs"] in page


def test_three_clocks_where_the_receiver_has_another_one(run: Run) -> None:
    rows = {row["cells"][1][0]: row["cells"] for row in describe(run)["whole"]["rows"]}
    assert rows["Oskemen intakes"][3] == ("23.11\u00a008:00\u00a0– 24.11\u00a011:00", [])
    assert rows["Oskemen intakes"][4][0] == "23.11\u00a003:00\u00a0– 24.11\u00a006:00"
    assert rows["Border KZ–RU"][3][1][0].startswith("UTC+6:")
    with timezone.override(dt.UTC):
        target = make_outcome().targets[1].target
        assert [zone for zone, _window in clock.list_windows(target, STARTED, (3600.0, 7200.0))] == ["UTC", "UTC+5"]


@pytest.mark.parametrize(
    ("country", "longitude", "name"),
    [("RU", 47.0, "Europe/Astrakhan"), ("RU", 61.0, "Asia/Yekaterinburg"), ("RU", 75.3, "Asia/Omsk"), ("RU", 82.0, "Asia/Novosibirsk"), ("CN", 82.0, "Asia/Shanghai")],
)
def test_the_zone_of_a_receiver(country: str, longitude: float, name: str) -> None:
    zone = clock.find_zone(country, longitude)
    assert zone is not None and zone.key == name
    assert clock.find_zone("XX", longitude) is None


def test_confidence_is_low_below_a_reservoir_and_high_only_with_readings() -> None:
    outcome = make_outcome(is_refined=True)
    _village, intake, reservoir = outcome.targets[:3]
    assert confidence.rate(intake, outcome, has_readings=True) == confidence.HIGH
    assert confidence.rate(intake, outcome, has_readings=False) == confidence.MEDIUM
    assert confidence.rate(reservoir, outcome, has_readings=True) == confidence.LOW
    assert confidence.rate(make_outcome().targets[1], make_outcome(), has_readings=True) == confidence.MEDIUM
    assert "below a reservoir" in confidence.say_confidence(reservoir, outcome, Facts({}))


@pytest.mark.parametrize(("mode", "word"), [("exercise", "EXERCISE"), ("real", "REAL RELEASE"), ("study", "STUDY")])
def test_what_a_run_is_for_stands_in_the_paper_and_in_its_name(db: None, mode: str, word: str) -> None:
    run = make_run(mode=mode)
    head = describe(run)["head"]
    assert head["mode"].startswith(word)
    assert ("-exercise" in name_file(run, "pdf", language="kk")) == (mode == "exercise")
    assert ("Next update" in sheet_content.say_update(open_for(run))) == (mode != "study")


def test_where_nobody_is_at_risk_the_sheet_says_so_and_instructs_nobody(db: None) -> None:
    content = describe(make_run(outcome=make_outcome_json(nothing_arrives=True)))
    assert content["orders"]["lines"] == [] and "fewer than one run in ten" in content["orders"]["none"]
    assert len(content["fans"]) == 2


# --- pages ---------------------------------------------------------------------------------------------------------


def count_pages(run: Run) -> int:
    made = sheet_pdf.set_sheet(sheet_content.describe_sheet(open_for(run), readings={}, seal=sheet_pdf.draw_seal("x")), form="svg")
    return len(made) if isinstance(made, list) else 1


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_longest_names_stay_on_the_first_page(db: None, language: str) -> None:
    with translation.override(language):
        run = make_long_run()
        content = describe(run)
        only_first = {**content, "whole": {**content["whole"], "rows": []}, "limits": {**content["limits"], "lines": ["x"]}}
        only_first |= {"seal": "", "inputs_table": {"title": "x", "rows": []}, "origins": {"title": "x", "rows": []}}
        made = sheet_pdf.set_sheet(only_first, form="svg")
        assert isinstance(made, list) and len(made) == 2, "one page for the desk, one for the map"
    assert len(content["orders"]["lines"]) >= 1 and content["orders"]["more"]
    assert len(content["first"]["rows"]) < len(content["whole"]["rows"])


def test_a_usual_sheet_has_the_desk_page_and_the_table(run: Run) -> None:
    assert 2 <= count_pages(run) <= 3


def test_at_least_one_item_is_kept_however_long() -> None:
    assert page_fit.count_fitting([500.0, 1.0], float, 100.0) == 1
    assert page_fit.count_fitting([40.0, 40.0, 40.0], float, 100.0) == 2
    assert page_fit.count_fitting([], float, 100.0) == 0


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_sent_with_its_name(run: Run, clients: dict[str, Any], form: str) -> None:
    answer = clients["expert"].get(f"{ADDRESS}paper.{form}?lang=kk")
    assert answer.status_code == 200
    language = "-kk" if form in ("pdf", "pptx", "xlsx") else ""
    assert f'filename="boget-R-2026-0042{language}.{form}"' in answer["Content-Disposition"]
    assert answer["Cache-Control"].startswith("max-age=0")
    if form == "pdf":
        assert answer.content.startswith(b"%PDF-1.7") and b"/Lang" in answer.content


@pytest.mark.parametrize("form", ["docx", "exe", "html"])
def test_another_form_is_not_found(run: Run, clients: dict[str, Any], form: str) -> None:
    assert clients["expert"].get(f"{ADDRESS}paper.{form}").status_code == 404


@pytest.mark.parametrize("place", ["paper.pdf", "paper.csv", "paper.svg", "fan.svg"])
def test_without_a_result_there_is_no_paper(db: None, clients: dict[str, Any], place: str) -> None:
    make_run(outcome=None)
    assert clients["secretary"].get(f"{ADDRESS}{place}").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "pptx", "xlsx", "svg"])
def test_papers_are_for_the_readers_of_the_run(db: None, clients: dict[str, Any], form: str) -> None:
    """An observer does not see a real release; an operator not a run without a facility."""
    make_run(mode="real", level=2)
    seen = {role: clients[role].get(f"{ADDRESS}paper.{form}").status_code for role in ("editor", "observer", "operator", "anonymous")}
    assert seen == {"editor": 200, "observer": 404, "operator": 404, "anonymous": 302}


def test_the_workbook_has_the_numbers_of_the_outcome(run: Run, clients: dict[str, Any]) -> None:
    content = clients["expert"].get(f"{ADDRESS}paper.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["targets", "stretches", "inputs", "versions"]
    head, *rows = book["targets"].iter_rows(values_only=True)
    intake = dict(zip(head, rows[1], strict=True))
    assert (intake["code"], intake["arrival_h_p50"], intake["peak_mg_l_p50"]) == ("oskemen", 37, 1.05)
    assert book["stretches"].max_row == 1 + 16
    assert "0123456789ab" in {cell for row in book["versions"].iter_rows(values_only=True) for cell in row}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet3.xml"), "no formula"


def test_csv_of_all_targets_and_of_the_wave_at_one(run: Run, clients: dict[str, Any]) -> None:
    def read(query: str) -> list[dict[str, str]]:
        text = clients["expert"].get(f"{ADDRESS}paper.csv{query}").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    targets = read("")
    assert [row["code"] for row in targets] == [one.target.code for one in make_outcome().targets]
    assert {row["mode"] for row in targets} == {"study"}
    wave = read("?target=oskemen")
    fan = make_outcome().targets[1].fan
    assert [float(row["mg_l_typical"]) for row in wave] == pytest.approx([1e3 * value for value in fan.typical], rel=1e-5)
    assert read("?target=nowhere") == targets


def test_geojson_says_whose_numbers_and_what_for(db: None, clients: dict[str, Any]) -> None:
    make_run(mode="exercise")
    found = clients["expert"].get(f"{ADDRESS}paper.geojson").json()
    assert found["run"]["id"] == "R-2026-0042" and found["run"]["notice"].startswith("EXERCISE")
    assert [one["geometry"]["type"] for one in found["features"]].count("LineString") == 16


def test_the_slide_has_a_native_table_and_chart_within_the_page(db: None) -> None:
    for run in (make_run(), make_long_run()):
        show = Presentation(io.BytesIO(slide_pptx.write_slides(open_for(run))))
        assert len(show.slides) == 2
        shapes = list(show.slides[0].shapes)
        table = next(shape.table for shape in shapes if shape.has_table)
        chart = next(shape.chart for shape in shapes if shape.has_chart)
        assert [len(series.values) for series in chart.plots[0].series] == [81] * 4
        assert max(chart.plots[0].series[3].values) == pytest.approx(1e3 * THRESHOLD)
        assert "R-2026" in shapes[0].text_frame.text or any("R-2026" in s.text_frame.text for s in shapes if s.has_text_frame)
        for shape in shapes:
            assert shape.top + shape.height <= show.slide_height, shape.name
            assert shape.left + shape.width <= show.slide_width, shape.name
        assert len(table.rows) >= 2


def test_the_slide_has_the_numbers_of_the_page(run: Run) -> None:
    show = Presentation(io.BytesIO(slide_pptx.write_slides(open_for(run))))
    table = next(shape.table for shape in show.slides[0].shapes if shape.has_table)
    texts = [cell.text for cell in table.rows[2].cells]
    assert texts[0] == "Oskemen intakes" and texts[1] == "37\u00a0h\x0b(26–53)" and texts[4] == "0.88"


# --- drawings ------------------------------------------------------------------------------------------------------


def chart_of(**options: Any) -> dict[str, Any]:
    return river_chart.build_chart(make_outcome().targets[1], STARTED, threshold=THRESHOLD, now=NOW, **options)


def test_the_drawn_fan_is_the_chart_of_the_page() -> None:
    drawn = ElementTree.fromstring(draw_fan(chart_of(readings=[(36 * 3600.0, 0.0004)]), label="<Fan> & co"))  # noqa: S314 - our own
    assert drawn.get("aria-label") == "<Fan> & co"
    assert len(drawn.findall(f"{SVG}circle")) == 1, "one reading"
    texts = [text.text for text in drawn.findall(f"{SVG}text")]
    assert {"a typical run", "threshold 0.5\u00a0mg/L", "now 22.11 18:00", "mg/L", "UTC+5", "0", "2"} <= set(texts)
    typical = next(path for path in drawn.findall(f"{SVG}path") if path.get("stroke-width") == "2.4")
    heights = [float(point.split()[1]) for point in (typical.get("d") or "")[1:].split("L")]
    series = {one["role"]: one for one in chart_of()["series"]}
    base, room = 280 - 26, 280 - 26 - 22
    share = max(series["typical"]["values"]) / (1.08 * max(series["band"]["high"]))
    assert base - min(heights) == pytest.approx(room * share, rel=0.02)


def test_a_fan_without_any_concentration_is_drawn() -> None:
    chart = chart_of()
    for one in chart["series"]:
        one.update({name: [0.0] * len(chart["x"]["values"]) for name in ("low", "high", "values") if name in one})
    assert "NaN" not in draw_fan({**chart, "thresholds": []}, label="flat").replace("nan", "NaN")


def test_fan_and_map_of_a_page_without_script(run: Run, clients: dict[str, Any]) -> None:
    fan = clients["expert"].get(f"{ADDRESS}fan.svg?target=semey")
    assert fan["Content-Type"] == "image/svg+xml" and "Concentration at Semey" in fan.content.decode()
    assert "Oskemen intakes" in clients["expert"].get(f"{ADDRESS}fan.svg?target=nowhere").content.decode()
    drawn = ElementTree.fromstring(clients["expert"].get(f"{ADDRESS}paper.svg").content)  # noqa: S314 - our own
    fills = {path.get("stroke") for path in drawn.findall(f"{SVG}path")}
    assert {"#2d0b59", "#5a2a9c", "#3f6fc4", "#4aa3c7", "#8ccfc0"} & fills, "classes of arrival"
    texts = {text.text for text in drawn.findall(f"{SVG}text")}
    assert {"KZ", "RU", "release", "6–24 h"} <= texts and any((text or "").endswith(" km") or "km" in (text or "") for text in texts)


def test_numbers_of_the_strip_stand_on_each_other_and_not_across() -> None:
    assert strip_svg._stack([0.0, 5.0, 40.0, 41.0, 42.0]) == [0, 1, 0, 1, 2]
