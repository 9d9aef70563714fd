"""`boget river`: the numbers of a run, in the forms a terminal and a script want, and without an installation too."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from boget.cli import main
from boget.commands import forecasting
from boget.commands.progress import show_progress
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.services import rivers
from tests.portal.scenarios.conftest import SmallScience, make_entry
from tests.portal.scenarios.test_services import ask, finish

pytestmark = pytest.mark.django_db
ORDER = ("river", "forecast", "KZ-0001", "--substance", "CN", "--mass-kg", "4000", "--hours", "6", "--season", "05")
DONE, REFUSED = 0, 3


@pytest.fixture
def at_hand(facility_own: Any, science: SmallScience) -> SmallScience:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    return science


def call(capsys: Any, *arguments: str) -> str:
    assert main([*ORDER, *arguments]) == DONE
    return str(capsys.readouterr().out)


def test_the_numbers_are_those_of_a_run(cast: Any, facility_own: Any, at_hand: SmallScience, capsys: Any) -> None:
    told = json.loads(call(capsys, "--json"))
    run = finish(ask(facility_own, cast["secretary"]))
    assert told["outcome"] == run.outcome
    assert (told["outcome_hash"], told["network_version"]) == (run.outcome_hash, run.network_version)
    assert (told["scenario"], told["input_hash"]) == (run.scenario, run.input_hash)
    assert (run.scenario["substance"], run.scenario["threshold"]) == ("CN_free", 3.5e-5), "the symbol, its first limit"
    assert Run.objects.count() == 1, "the command keeps nothing"


def test_csv_has_a_record_for_each_target(at_hand: SmallScience, capsys: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(call(capsys, "--csv", "--lang", "kk"))))
    assert [row["code"] for row in rows][:2] == ["place-primer", "oskemen"]
    assert (rows[1]["arrival_h_p50"], rows[1]["name"]) == ("37.0", "Өскемен су алғыштары")


def test_geojson_holds_river_and_targets(at_hand: SmallScience, capsys: Any, tmp_path: Path) -> None:
    call(capsys, "--geojson", str(tmp_path / "wave.geojson"))
    found = json.loads((tmp_path / "wave.geojson").read_text())
    assert {feature["geometry"]["type"] for feature in found["features"]} == {"Point", "LineString"}
    assert found["run"]["facility"] == "KZ-0001"
    assert main([*ORDER, "--geojson", str(tmp_path / "absent" / "wave.geojson")]) == REFUSED


def test_the_table_says_the_interval_and_the_limits(at_hand: SmallScience, capsys: Any) -> None:
    told = call(capsys)
    assert "Oskemen intakes" in told and "caution: not_calibrated" in told
    assert "34 (24–48.3)" in told, "median with 5 and 95 %"
    assert "screening only" in told


def test_an_unknown_facility_is_refused_with_a_sentence(science: SmallScience, capsys: Any) -> None:
    assert main(["river", "forecast", "KZ-9999", *ORDER[3:]]) == REFUSED
    assert "KZ-9999" in capsys.readouterr().err


def test_without_an_installation_the_embedded_rivers_are_used(
    at_hand: SmallScience, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Any:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(forecasting, "_is_there", lambda _connection: False)
    monkeypatch.setattr(rivers, "describe_installation", refuse)
    told = json.loads(call(capsys, "--json"))
    assert told["scenario"]["facility_id"] == "KZ-0001"
    with pytest.raises(AssertionError):
        rivers.open_rivers()


def test_a_substance_without_a_limit_needs_a_threshold(at_hand: SmallScience, capsys: Any) -> None:
    order = [word if word != "CN" else "cn_wad" for word in ORDER]
    assert main(order) == REFUSED
    assert "CN_WAD" in capsys.readouterr().err
    assert main([*order, "--threshold-mg-l", "0.5", "--volume-m3", "80000", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)["scenario"]
    assert told["threshold"] == 5e-4 and told["release"]["volume_m3"] == 80_000


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_only() -> None:
    screen, pipe = Terminal(), io.StringIO()
    for stream in (screen, pipe):
        with show_progress("forecast", stream) as progress:
            progress(0.5)
            progress(0.501)
    assert screen.getvalue().count("50 %") == 1
    assert screen.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""
