"""Score tables: every number has its provenance, and a broken table is refused."""

import re
from importlib import resources
from pathlib import Path

import pytest

from boget.science.errors import InvalidInput
from boget.science.hazard import list_versions, load_table, parse_table
from boget.science.units import UNITS

ROOT = Path(__file__).resolve().parents[2]
CODES = ["thi", "tri", "gistm", "eu_category", "cis_class", "water_hazard"]
BIBLIOGRAPHY = (ROOT / "docs" / "references.bib").read_text("utf-8")
KEYS = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY, re.MULTILINE))


def read_text(code: str) -> str:
    name = f"{code}-{list_versions(code)[-1]}.toml"
    return resources.files("boget.science.hazard").joinpath("tables", name).read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_every_entry_has_its_provenance(code: str) -> None:
    table = load_table(code=code)
    assert table.code == code and table.entries
    for entry in table.entries.values():
        assert entry.unit in UNITS, entry.id
        assert entry.source and entry.page, entry.id
        assert entry.reference in KEYS, entry.id
        assert entry.confidence in {"high", "medium", "low"}, entry.id
        assert entry.status in {"verified", "provisional", "placeholder"}, entry.id
        assert (entry.status == "placeholder") >= ("our assumption" in entry.source), entry.id


@pytest.mark.parametrize("code", CODES)
def test_no_table_claims_to_be_verified_before_the_documents_are_read(code: str) -> None:
    table = load_table(code=code)
    assert table.status != "verified"
    assert not [entry.id for entry in table.entries.values() if entry.status == "verified"]


@pytest.mark.parametrize("code", ["tri", "water_hazard"])
def test_our_own_scores_say_that_they_are_placeholders(code: str) -> None:
    table = load_table(code=code)
    assert {entry.status for entry in table.entries.values()} == {table.status} == {"placeholder"}


def test_thi_table_says_provisional_in_its_label() -> None:
    assert load_table("0.1").status == "provisional" and "provisional" in load_table("0.1").title


def test_every_shared_limit_says_whose_rule_it_is() -> None:
    """The Standard prints 10–100 and 100–1000: which class a hundred people are in is our decision."""
    steps = [entry for entry in load_table(code="gistm").entries.values() if entry.kind == "threshold" and entry.value > 0]
    assert len(steps) == 9
    assert all("our rule" in entry.source and entry.is_inclusive for entry in steps)


def test_references_of_docstrings_exist() -> None:
    for folder in ("hazard", "facility"):
        for path in (ROOT / "src" / "boget" / "science" / folder).glob("*.py"):
            for part in path.read_text("utf-8").split("----------\n")[1:]:
                cited = set(re.findall(r"\[([a-z]+[0-9_a-z]*\d[0-9_a-z]*|unece_methodology)\]", part))
                assert cited <= KEYS, (path.name, cited - KEYS)


def test_hash_follows_the_numbers_and_not_the_layout() -> None:
    text = read_text("thi")
    table = parse_table(text)
    assert re.fullmatch(r"[0-9a-f]{64}", table.content_hash)
    assert parse_table(f"# a remark\n\n{text}\n").content_hash == table.content_hash
    assert parse_table(text.replace("value = 0.1\n", "value = 0.2\n")).content_hash != table.content_hash


def test_missing_table_lists_what_there_is() -> None:
    for version in ("9.9", "../thi-0.1", ""):
        with pytest.raises(InvalidInput) as caught:
            load_table(version)
        assert caught.value.code == "table_missing" and "0.1" in caught.value.allowed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('status = "provisional"\ntitle', 'status = "official"\ntitle'),
        ('version = "0.1"', 'version = ""'),
        ('unit = "g"', 'unit = "gal"'),
        ("value = 0.1\n", "value = nan\n"),
        ("value = 0.1\n", 'value = "0.1"\n'),
        ("value = 0.1\n", ""),
        ('confidence = "low"', 'confidence = "sure"'),
        ('page = "not read"', 'page = ""'),
        ('id = "tox.1"', 'id = "tox.2"'),
        ('choice = "above"\nvalue = 1', 'choice = "above"\nvalue = 2'),
        ("[table]", "[table"),
        ('group = "cap"', 'group = "cap"\nweight = 2'),
    ],
)
def test_broken_table_is_refused(old: str, new: str) -> None:
    text = read_text("thi")
    assert old in text
    with pytest.raises(InvalidInput) as caught:
        parse_table(text.replace(old, new, 1))
    assert caught.value.code == "table_invalid"


def test_thresholds_pick_by_their_own_rule() -> None:
    table = load_table("0.1")
    assert [table.pick("seism", number) for number in (0.0, 0.1, 0.1000001)] == ["not_above", "not_above", "above"]
    with pytest.raises(InvalidInput, match="outside"):
        table.pick("seism", -0.1)
    with pytest.raises(InvalidInput, match="finite"):
        table.pick("seism", float("nan"))
