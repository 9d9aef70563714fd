"""The screening of the register: computed, kept, read by level, drawn, sent as a file."""

from __future__ import annotations

import csv
import io
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest

from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import Screening, ScreeningRow
from boget.portal.scenarios.selectors.screening import ScreeningQuery, read_board
from boget.portal.scenarios.services import screening as service
from boget.portal.scenarios.services import screening_exposure, screening_ways
from boget.portal.scenarios.services.screening_map import Ground
from boget.portal.scenarios.services.screening_ways import Way
from boget.portal.scenarios.views import screening as view
from boget.science.river.locating import Place
from boget.science.river.path import RiverPath
from tests.science.river.test_screening import make_flow, make_meeting, make_path

pytestmark = pytest.mark.django_db
PAGE = "/scenarios/screening/"
TABLE = {"kind": "table", "facility_id": "KZ-0001"}
TOWN = Place("town", "place", 70.6, 50.0, {"en": "Below", "ru": "Ниже", "kk": "Төмен"}, "RU", 50_000)


def make_way(path: RiverPath | None, refusal: str = "") -> Way:
    return Way(TABLE, path, {"mean": make_flow(), "high": make_flow(300.0, season="high")} if path else {}, refusal)


@pytest.fixture
def register(make_facility: Any) -> dict[str, Any]:
    """Near the border with a volume, far from it without one, in a closed basin, without coordinates, above us."""
    point = {"longitude": 70.0, "latitude": 50.0, "radius_m": 500.0}
    basins = [{"volume_m3": 4e6, "water_hazard_class": "whc2"}]
    return {
        "near": make_facility(name_en="Near", basin="yertis", point=point, impoundments=basins),
        "far": make_facility(name_en="Far", basin="yertis", point={**point, "radius_m": 15_000.0}),
        "lake": make_facility(name_en="Lake", basin="nura_sarysu", point=point),
        "dry": make_facility(name_en="Dry", basin="yertis"),
        "above": make_facility(name_en="Above", country="KG", basin="shu_talas", point=point),
    }


@pytest.fixture
def computed(register: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Screening:
    ways = {
        "near": make_way(make_path(200e3, (make_meeting(20e3), make_meeting(150e3, "RU", "KZ")))),
        "far": make_way(make_path(900e3, (make_meeting(880e3),))),
        "lake": make_way(make_path(50e3, end="balkhash")),
        "dry": make_way(None, "place_unknown"),
        "above": make_way(make_path(90e3, (make_meeting(60e3, "KG", "KZ"),), countries=("KG",) * 10)),
    }
    ports = SimpleNamespace(places=(TOWN,), hydrology=SimpleNamespace(version="h1"))
    monkeypatch.setattr(
        service, "trace_ways", lambda places, on_progress: {register[k].public_id: way for k, way in ways.items()}
    )
    monkeypatch.setattr(screening_ways, "find_place", lambda facility, level: TABLE)
    for module in (service, screening_exposure):
        monkeypatch.setattr(module, "open_rivers", lambda: ports)
    monkeypatch.setattr(service, "current_network_version", lambda: "0123456789ab")
    monkeypatch.setattr(service, "MEMBERS", 200)
    monkeypatch.setattr(view, "draw_ground", lambda: Ground(960, 620, "M0 0", "M1 1", "M2 2", (("RU", 1.0, 2.0),)))
    return service.compute_screening()


def read(user: Any, **asked: str) -> Any:
    board = read_board(user, ScreeningQuery(**asked))
    assert board is not None
    return board


def test_every_meeting_is_kept_and_only_one_screening_is_current(computed: Screening, register: dict[str, Any]) -> None:
    rows = ScreeningRow.objects.filter(screening=computed)
    assert sorted(rows.values_list("facility__name_en", "border")) == [
        ("Above", "KG-KZ-1"), ("Dry", ""), ("Far", "KZ-RU-1"), ("Lake", ""), ("Near", "KZ-RU-1"), ("Near", "RU-KZ-2"),
    ]  # fmt: skip
    assert computed.rows == {"refused": {register["dry"].public_id: "place_unknown"}}
    second = service.compute_screening()
    assert list(Screening.objects.filter(is_current=True)) == [second]
    assert second.input_hash == computed.input_hash
    first, again = (
        Screening.objects.get(pk=one.pk).lines.order_by("facility", "border").values("t50_s", "p48", "rank_value")
        for one in (computed, second)
    )
    assert list(first) == list(again), "the same inputs give the same numbers"


def test_old_screenings_are_cleared_away(computed: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEPT", 1)
    newest = service.compute_screening()
    assert list(Screening.objects.all()) == [newest]


def test_classes_and_exposure_are_those_of_the_science(computed: Screening, register: dict[str, Any]) -> None:
    near = ScreeningRow.objects.get(facility=register["near"], border="KZ-RU-1")
    far = ScreeningRow.objects.get(facility=register["far"])
    assert (near.grade, far.grade) == ("yes", "no")
    assert near.details["exposure"]["people"] == 50_000
    assert near.rank == 1 and near.rank_low < near.rank_value <= near.rank_high
    assert far.rank is None, "no volume, no rank"


def test_the_board_groups_by_neighbour_and_hides_nobody(cast: dict[str, Any], computed: Screening) -> None:
    board = read(cast["secretary"])
    assert [(group.section, group.country, len(group.lines)) for group in board.groups] == [
        ("neighbour", "RU", 2), ("closed", "", 1), ("unknown", "", 1), ("foreign", "KG", 1),
    ]  # fmt: skip
    counts = board.counts
    assert (counts.total, counts.border, counts.closed, counts.unknown, counts.yes) == (4, 2, 1, 1, 1)
    assert counts.foreign == {"KG": 1} and counts.imprecise == 1
    assert [line.facility.name_en for line in board.groups[0].lines] == ["Near", "Far"]
    assert board.groups[0].risk.missing == 1


def test_drafts_are_seen_by_those_who_may(cast: dict[str, Any], computed: Screening, register: dict[str, Any]) -> None:
    Facility.objects.filter(pk=register["near"].pk).update(disclosure="draft")
    assert read(cast["secretary"]).counts.yes == 1
    for role in ("expert", "observer", "operator", "anonymous"):
        assert read(cast[role]).counts.yes == 0
        page = cast[role].client.get(PAGE).content.decode()
        assert register["near"].public_id not in page


def test_filters_leave_what_they_name(cast: dict[str, Any], computed: Screening) -> None:
    assert [g.section for g in read(cast["secretary"], neighbour="RU").groups] == ["neighbour"]
    assert read(cast["secretary"], basin="shu_talas").groups[0].section == "foreign"
    assert read(cast["secretary"], neighbour="CN").groups == ()
    page = cast["secretary"].client.get(PAGE, {"border": "CN", "flow": "nonsense", "basin": "<x>"})
    assert page.status_code == 200 and b"No facility matches" in page.content


def test_the_page_says_the_count_the_rule_and_the_question_mark(cast: dict[str, Any], computed: Screening) -> None:
    page = cast["expert"].client.get(PAGE).content.decode()
    assert "Reach a border within 48 h: 1 (P ≥ 0.9)." in page
    assert "Beyond the two-day aid does not mean no effect" in page
    assert "marked “?”" in page and "imprecise by more than 5 km: 1" in page
    assert "comes back, RU → KZ, 150 km" in page
    assert "Lake Balkhash" in page and "the register has no coordinates" in page
    assert "people within 100 km past the border" in page, "the terms of the rank are there without script"


def test_the_protective_reading_is_never_later(cast: dict[str, Any], computed: Screening) -> None:
    board = read(cast["secretary"], basis="high")
    for line in board.lines:
        if line.row.border:
            assert line.read("high")[1] < line.read("mean")[1]
    assert "leading edge of the wave" in cast["secretary"].client.get(PAGE, {"flow": "high"}).content.decode()


def test_files_hold_all_meetings_and_where_the_numbers_come_from(cast: dict[str, Any], computed: Screening) -> None:
    answer = cast["observer"].client.get(PAGE, {"f": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 6 and {row["is_main"] for row in rows} == {"yes", ""}
    near = next(row for row in rows if row["name_en"] == "Near" and row["is_main"])
    assert float(near["p48"]) > 0.9 and near["class"] == "yes" and near["rank"] == "1"
    book = zipfile.ZipFile(io.BytesIO(cast["observer"].client.get(PAGE, {"f": "xlsx"}).content))
    text = book.read("xl/sharedStrings.xml").decode()
    assert "0123456789ab" in text and "Beyond the two-day aid" in text and "jobson1996" in text


def test_the_public_reads_counts_and_names_only(cast: dict[str, Any], computed: Screening) -> None:
    page = cast["anonymous"].client.get(PAGE).content.decode()
    assert "Only published facilities are counted." in page and "Near" in page
    assert "share-bar" not in page and "arrival" not in page
    assert "text/html" in cast["anonymous"].client.get(PAGE, {"f": "csv"})["Content-Type"]


def test_without_a_screening_the_page_says_so(cast: dict[str, Any]) -> None:
    assert "No screening has been computed yet" in cast["secretary"].client.get(PAGE).content.decode()


def test_a_change_makes_it_stale_and_says_so(cast: dict[str, Any], computed: Screening, register: dict[str, Any]) -> None:
    from boget.portal.scenarios.services.staleness import mark_screening_stale

    mark_screening_stale()
    assert "inputs changed" in cast["secretary"].client.get(PAGE).content.decode()


def test_the_questions_do_not_grow_with_the_register(
    cast: dict[str, Any], computed: Screening, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        read(cast["secretary"])
