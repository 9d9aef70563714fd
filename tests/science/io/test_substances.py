"""The catalogue of substances and what becomes of them in a river."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from boget.science.errors import InvalidInput, MissingData
from boget.science.io.substances import read_substances
from boget.science.river.substance import Substance, choose_fate

CATALOGUE = Path(__file__).resolve().parents[3] / "src" / "boget" / "data" / "catalogues" / "substances.toml"


@pytest.fixture(scope="module")
def substances() -> Mapping[str, Substance]:
    return read_substances(CATALOGUE)


def test_what_is_embedded(substances: Mapping[str, Substance]) -> None:
    assert len(substances) == 34
    assert all(set(substance.names) == {"en", "ru", "kk"} for substance in substances.values())
    assert sum(len(substance.limits) for substance in substances.values()) == 97, "93, and the two of free cyanide twice more"
    zinc = substances["Zn"]
    assert (zinc.log10_kd, zinc.log10_kd_sigma, zinc.aquatic_acute) == (5.1, 0.8, "1")
    fishery = zinc.find_limits("RU", "fishery")
    assert [limit.kg_m3 for limit in fishery] == [pytest.approx(1e-5)]
    assert fishery[0].titles["ru"].startswith("Приказ Минсельхоза")
    assert [rule.document for rule in zinc.no_limits] == ["WHO-2022"]


@pytest.mark.shared
def test_the_catalogue_is_the_compiled_one_and_cyanide(shared: Path) -> None:
    ours = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    compiled = tomllib.loads((shared / "catalogues" / "substances.toml").read_text(encoding="utf-8"))
    assert [row["code"] for row in ours["substance"] if row not in compiled["substance"]] == ["CN_total", "CN_WAD"]
    ours["substance"] = [row for row in ours["substance"] if row["code"] not in ("CN_total", "CN_WAD")]
    compiled["substance"] = [row for row in compiled["substance"] if row["code"] != "CN_WAD"]
    assert ours == compiled


def test_limits_in_force_come_first(substances: Mapping[str, Substance]) -> None:
    found = substances["Cu"].find_limits("KZ", "drinking")
    assert [limit.is_in_force for limit in found] == [True, False]
    assert substances["pH"].limits[0].kg_m3 is None and substances["pH"].limits[0].minimum is not None


def test_fates(substances: Mapping[str, Substance]) -> None:
    lead = choose_fate(substances["Pb"], season="high")
    assert lead.log10_kd == 5.6 and lead.settling_m_s > 0 and lead.decay_per_s == 0
    assert choose_fate(substances["Pb"], season="low").suspended_kg_m3 < lead.suspended_kg_m3
    sulphate = choose_fate(substances["SO4"])
    assert (sulphate.decay_per_s, sulphate.log10_kd, sulphate.settling_m_s) == (0.0, None, 0.0)
    assert choose_fate(substances["SS"]).log10_kd == 9.0
    assert lead.status == "placeholder", "the suspended matter is invented"


def test_cyanide_stays_in_winter_and_goes_in_summer(substances: Mapping[str, Substance]) -> None:
    half_life_d = {
        season: 0.6931 / choose_fate(substances["CN_free"], season=season).decay_per_s / 86_400 for season in ("01", "07")
    }
    assert half_life_d["01"] == pytest.approx(10.0, rel=0.01)
    assert 0.3 <= half_life_d["07"] < 1.0
    warm = choose_fate(substances["CN_free"], season="01", water_temperature_c=25.0)
    assert 0.6931 / warm.decay_per_s / 86_400 == pytest.approx(0.3, rel=0.01)


@pytest.mark.parametrize("code", ["pH", "Ra226"])
def test_what_has_no_mass_is_not_carried(substances: Mapping[str, Substance], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        choose_fate(substances[code])
    assert caught.value.code == "substance_not_carried"


def test_every_season_has_a_temperature(substances: Mapping[str, Substance]) -> None:
    for season in ("mean", "high", "low", *(f"{month:02d}" for month in range(1, 13))):
        assert choose_fate(substances["CN_WAD"], season=season).decay_per_s > 0
    with pytest.raises(InvalidInput):
        choose_fate(substances["CN_WAD"], season="spring")


SOUND = """
[[limit_document]]
code = "D"
jurisdiction = "KZ"
use = "drinking"
title.en = "A document"
[[substance]]
code = "A"
kind = "metal"
unit = "mg/L"
status = "provisional"
name.en = "A"
[[limit]]
code = "A-D"
substance = "A"
document = "D"
use = "drinking"
value = 1.0
unit = "mg/L"
in_force = true
status = "provisional"
source = "read"
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("value = 1.0", 'value = "1"', "not_a_number", "[[limit]] 1, value"),
        ("value = 1.0", "value = -1.0", "range", "[[limit]] 1, value"),
        ("value = 1.0", "", "empty", "[[limit]] 1, value"),
        ('document = "D"', 'document = "E"', "unknown_choice", "[[limit]] 1, document"),
        ('substance = "A"', 'substance = "B"', "unknown_choice", "[[limit]] 1, substance"),
        ('kind = "metal"', "", "empty", "[[substance]] 1, kind"),
        ('name.en = "A"', "log10_kd_suspended_median = 5.0", "unknown_unit", "[[substance]] 1, kd_unit"),
        ('status = "provisional"\nname', 'status = "sure"\nname', "unknown_choice", "[[substance]] 1, status"),
    ],
)
def test_faults_name_their_place(tmp_path: Path, *, old: str, new: str, code: str, where: str) -> None:
    path = tmp_path / "substances.toml"
    path.write_text(SOUND, encoding="utf-8")
    assert list(read_substances(path)) == ["A"]
    assert old in SOUND
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_substances(path)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_repeated_code_missing_file_and_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "substances.toml"
    path.write_text(SOUND + '[[substance]]\ncode = "A"\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_substances(path)
    assert caught.value.code == "repeated"
    path.write_text("not toml", encoding="utf-8")
    with pytest.raises(InvalidInput) as broken:
        read_substances(path)
    assert broken.value.code == "table_invalid"
    with pytest.raises(MissingData) as missing:
        read_substances(tmp_path / "nothing.toml")
    assert missing.value.code == "file_missing"
