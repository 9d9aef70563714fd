"""Changing values: what is understood, what is refused, that nothing typed is lost, that nothing half is written."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.registry import services
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.services import Source
from boget.portal.registry.services.changes import MOST_PROPOSALS
from boget.portal.registry.values import Claim

EDITORS = ("secretary", "editor", "inspector")
REFUSED = ("other_operator", "expert", "observer", "anonymous")
BLOCK = {"source": "Survey report 14-2, page 12", "source_date": "05.2025", "kind": "measured", "reason": "annual survey"}


def url(facility: Any, group: str, structure: str = "") -> str:
    query = f"?structure={facility.public_id}-{structure}" if structure else ""
    return f"/registry/facilities/{facility.public_id}/edit/{group}/{query}"


def fill(record: Any, **typed: str) -> dict[str, str]:
    record.refresh_from_db()
    return BLOCK | {"version": str(record.version)} | {name.replace("__", "-"): text for name, text in typed.items()}


def f(**typed: str) -> dict[str, str]:
    """Inputs by the code of their field."""
    return {f"f-{name.replace('__', '-')}": text for name, text in typed.items()}


def state() -> tuple[Any, ...]:
    """Everything a failed write must leave alone."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Facility, Impoundment, Dam)]
    return (*rows, Revision.objects.count())


@pytest.fixture
def dam(facility_own: Any) -> Any:
    return facility_own.dams.get()


# --- who -----------------------------------------------------------------------------------------------------------


def test_who_may_open_the_form(clients: dict[str, Any], facility_own: Any) -> None:
    for who in (*EDITORS, "operator"):
        assert clients[who].get(url(facility_own, "dam")).status_code == 200, who
    for who in REFUSED:
        assert clients[who].get(url(facility_own, "dam")).status_code == 404, who


def test_who_may_save(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    for who in REFUSED:
        answer = clients[who].post(url(facility_own, "dam"), fill(dam) | f(height_m="33"))
        assert answer.status_code == 404, who
    assert state() == before


def test_an_operator_reaches_only_its_own(clients: dict[str, Any], facility_other: Any) -> None:
    assert clients["operator"].get(url(facility_other, "dam")).status_code == 404
    assert clients["operator"].post(url(facility_other, "identity"), fill(facility_other) | f(mine="x")).status_code == 404


def test_a_write_needs_the_token(cast: dict[str, Any], facility_own: Any, dam: Any) -> None:
    from tests.cast import BACKEND

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["editor"], backend=BACKEND)
    before = state()
    assert client.post(url(facility_own, "dam"), fill(dam) | f(height_m="33")).status_code == 403
    assert state() == before


@pytest.mark.parametrize("group", ["nothing", "place2", "thi"])
def test_an_unknown_group_is_absent(group: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["editor"].get(url(facility_own, group)).status_code == 404


def test_a_group_of_another_record_is_absent(
    clients: dict[str, Any], facility_own: Any, facility_other: Any, make_facility: Any
) -> None:
    assert clients["editor"].get(url(facility_own, "dam", "S01")).status_code == 404  # S01 is the impoundment
    assert clients["editor"].get(url(facility_own, "identity", "S01")).status_code == 404
    foreign = f"{url(facility_own, 'dam')}?structure={facility_other.public_id}-S02"
    assert clients["editor"].get(foreign).status_code == 404
    assert clients["editor"].get(url(make_facility(), "dam")).status_code == 404  # no dam on record


def test_a_retired_record_is_closed(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    services.set_disclosure(facility_own, "retired", reason="double", actor=actor_of(cast["editor"]))
    assert clients["editor"].get(url(facility_own, "identity")).status_code == 404


# --- what is understood --------------------------------------------------------------------------------------------


def test_one_change_is_one_entry_and_nothing_else_moves(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    count = Revision.objects.count()
    answer = clients["editor"].post(url(facility_own, "dam", "S02"), fill(dam) | f(height_m="33", raising_method="upstream"))
    assert answer.status_code == 302
    dam.refresh_from_db()
    facility_own.refresh_from_db()
    assert (dam.height_m, dam.raising_method, dam.version, facility_own.height_m) == (33.0, "upstream", 2, 33.0)
    revision = Revision.objects.first()
    assert Revision.objects.count() == count + 1
    assert set(revision.changes) == {"height_m", "raising_method"}
    assert (revision.kind, revision.source, revision.reason) == ("change", BLOCK["source"], BLOCK["reason"])
    claim = dam.values["height_m"]["shown"]
    assert (claim["kind"], claim["date"], claim["source"], claim["by"]) == (
        "measured",
        "2025-05",
        BLOCK["source"],
        "editor@test.boget",
    )
    assert dam.values["height_m"]["others"][0]["value"] == 32.0
    page = clients["editor"].get(answer["Location"]).content.decode()
    assert f"/registry/revisions/{revision.seq}/undo/" in page and "Changed values: 2" in page


@pytest.mark.parametrize(
    ("typed", "value", "low", "high", "about"),
    [
        ({"volume_m3": "5,2 млн м³"}, 5.2e6, None, None, False),
        ({"volume_m3": "5200 тыс. м3"}, 5.2e6, None, None, False),
        ({"volume_m3": "около 5 млн м³"}, 5e6, None, None, True),
        ({"volume_m3": "шамамен 5 млн м³"}, 5e6, None, None, True),
        ({"volume_m3": "1 250 000,5"}, 1250000.5, None, None, False),
        ({"volume_m3": "30–34 млн м³"}, 32e6, 30e6, 34e6, False),
        ({"volume_m3": "31 ± 0,5 млн м³"}, 31e6, 30.5e6, 31.5e6, False),
        ({"volume_m3": "0"}, 0.0, None, None, False),
        ({"volume_m3": "5 млн", "volume_m3__low": "4 млн", "volume_m3__high": "9 млн"}, 5e6, 4e6, 9e6, False),
        ({"volume_m3": "5000", "volume_m3__about": "1"}, 5000.0, None, None, True),
    ],
)
def test_numbers_as_people_write_them(
    typed: dict[str, str],
    value: float,
    low: float | None,
    high: float | None,
    about: bool,
    clients: dict[str, Any],
    facility_own: Any,
) -> None:
    basin = facility_own.impoundments.get()
    answer = clients["editor"].post(url(facility_own, "volume"), fill(basin) | f(**typed))
    assert answer.status_code == 302
    basin.refresh_from_db()
    claim = Claim.from_stored(basin.values["volume_m3"]["shown"])
    assert (claim.value, claim.low, claim.high, claim.about) == (value, low, high, about)


def test_an_interval_may_begin_at_zero(clients: dict[str, Any], facility_own: Any) -> None:
    basin = facility_own.impoundments.get()
    sent = fill(basin) | f(pond_volume_m3="5", pond_volume_m3__low="0", pond_volume_m3__high="9")
    assert clients["editor"].post(url(facility_own, "volume"), sent).status_code == 302
    basin.refresh_from_db()
    shown = basin.values["pond_volume_m3"]["shown"]
    assert (shown["low"], shown["high"]) == (0.0, 9.0)


def test_other_units_and_kinds(clients: dict[str, Any], facility_own: Any) -> None:
    sent = fill(facility_own) | f(pga_g="0,3", max_daily_rain_mm="12 см", flood_prone="unknown")
    assert clients["editor"].post(url(facility_own, "setting"), sent).status_code == 302
    facility_own.refresh_from_db()
    assert [facility_own.value_of(c) for c in ("pga_g", "max_daily_rain_mm", "flood_prone")] == [0.3, 120.0, "unknown"]


def test_dates_and_years(clients: dict[str, Any], facility_own: Any) -> None:
    sent = fill(facility_own) | f(status_date="4 кв. 2026", start_year="1979 г.", end_year="2031")
    assert clients["editor"].post(url(facility_own, "status"), sent).status_code == 302
    facility_own.refresh_from_db()
    assert [facility_own.value_of(c) for c in ("status_date", "start_year", "end_year")] == ["2026-Q4", 1979, 2031]


def test_a_value_becomes_unknown_and_the_old_one_stays_beside(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    sent = fill(dam) | f(height_m__unknown="1")
    assert clients["editor"].post(url(facility_own, "dam"), sent).status_code == 302
    dam.refresh_from_db()
    assert dam.height_m is None and dam.shown("height_m") is None
    assert dam.values["height_m"]["others"][0]["value"] == 32.0


def test_what_was_understood_is_said_back(clients: dict[str, Any], facility_own: Any) -> None:
    basin = facility_own.impoundments.get()
    sent = fill(basin) | f(volume_m3="около 5,2 млн м³") | {"source": "", "source_date": "июль 2026"}
    answer = clients["editor"].post(url(facility_own, "volume"), sent)
    page = html.unescape(answer.content.decode()).replace("\u00a0", " ")
    assert answer.status_code == 422
    assert "= ≈ 5.2 million m³" in page and "= July 2026" in page and 'value="около 5,2 млн м³"' in page


def test_one_address_for_each_structure(clients: dict[str, Any], make_facility: Any) -> None:
    facility = make_facility(dams=[{"height_m": 10.0}, {"height_m": 20.0}])
    second = facility.dams.get(public_id=f"{facility.public_id}-S02")
    assert clients["editor"].post(url(facility, "dam", "S02"), fill(second) | f(height_m="25")).status_code == 302
    assert sorted(facility.dams.values_list("height_m", flat=True)) == [10.0, 25.0]


# --- what is refused -----------------------------------------------------------------------------------------------

LARGE = "x" * 10_000_000
BAD = [
    ("dam", {"height_m": "thirty"}, "is not a number"),
    ("dam", {"height_m": "-4"}, "is outside 0–500 m"),
    ("dam", {"height_m": "40 km"}, "is outside 0–500 m"),
    ("dam", {"height_m": "1e400"}, "is too large"),
    ("dam", {"height_m": "nan"}, "is not a finite number"),
    ("dam", {"height_m": "24 31"}, "more than one number"),
    ("dam", {"height_m": "1,250"}, "can be read in two ways"),
    ("dam", {"height_m": "5 kg"}, "unit"),
    ("dam", {"height_m": "33", "height_m__low": "34", "height_m__high": "40"}, "does not hold the value"),
    ("dam", {"height_m": "33", "height_m__low": "30"}, "does not hold the value"),
    ("dam", {"height_m__low": "30"}, "empty"),
    ("dam", {"height_m": "33", "height_m__unknown": "1"}, "Keep one of the two"),
    ("dam", {"raising_method": "sideways"}, "is not in the list"),
    ("dam", {"raising_method": "UPSTREAM"}, "is not in the list"),
    ("dam", {"material": "cl\x00ay"}, "cannot be stored"),
    ("dam", {"material": "x" * 501}, "Shorten the text"),
    ("status", {"start_year": "soon"}, "is not a whole number"),
    ("status", {"start_year": "0079"}, "is outside"),
    ("status", {"status_date": "31.02.2026"}, "is not a date"),
    ("exposure", {"people_at_risk": "12,5"}, "is not a whole number"),
    ("exposure", {"people_at_risk": "-1"}, "is outside"),
    ("classification", {"consequence_class": "II"}, "without the name of the classification"),
    ("classification", {"consequence_class": "II", "classification_system": "unknown"}, "without the name"),
    ("identity", {"name_en": "a\x07b"}, "cannot be stored"),
    ("identity", {"name_en": "x" * 301}, "Shorten the text"),
    ("place", {"region": "x" * 41}, "Shorten the text"),
    ("history", {"incidents": LARGE}, "Shorten the text"),
    ("dam", {"height_m": LARGE}, "Shorten the text"),
    ("status", {"start_year": LARGE}, "is not a whole number"),
    ("status", {"status_date": LARGE}, "is not a date"),
    ("identity", {"name_en": LARGE}, "Shorten the text"),
]


@pytest.mark.parametrize(("group", "typed", "message"), BAD, ids=lambda part: str(part)[:40])
def test_bad_input_is_refused_and_kept(
    group: str, typed: dict[str, str], message: str, clients: dict[str, Any], facility_own: Any, dam: Any
) -> None:
    record = dam if group == "dam" else facility_own
    before = state()
    answer = clients["editor"].post(url(facility_own, group), fill(record) | f(**typed))
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert message in page
    assert "data-error-summary" in page and "<title>Error:" in page
    assert all(text in page for text in typed.values() if text != "1")
    assert BLOCK["source"] in page and BLOCK["reason"] in page and BLOCK["source_date"] in page
    assert state() == before


def test_one_bad_value_keeps_the_good_ones_out(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    answer = clients["editor"].post(
        url(facility_own, "dam"), fill(dam) | f(height_m="33", crest_length_m="long", core="GOOD-TEXT")
    )
    assert answer.status_code == 422 and "GOOD-TEXT" in answer.content.decode()
    assert state() == before


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"source": " "}, "Every value needs a source"),
        ({"reason": ""}, "Reason: not given"),
        ({"source_date": "yesterday"}, "is not a date"),
        ({"kind": "computed"}, "is not in the list"),
        ({"kind": "guess"}, "is not in the list"),
        ({"source": "a\x00b"}, "cannot be stored"),
        ({"source": LARGE}, "Shorten the text"),
        ({"reason": LARGE}, "Shorten the text"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_source_and_reason_are_needed(
    block: dict[str, str], message: str, clients: dict[str, Any], facility_own: Any, dam: Any
) -> None:
    before = state()
    answer = clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(height_m="33") | block)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and message in page and 'value="33"' in page
    assert state() == before


def test_a_page_larger_than_any_form_is_refused(clients: dict[str, Any], facility_own: Any) -> None:
    before = state()
    answer = clients["editor"].post(url(facility_own, "history"), fill(facility_own) | f(incidents="x" * 13_000_000))
    assert answer.status_code in {400, 413}
    assert state() == before


def test_nothing_typed_is_nothing_saved(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    for typed in ({}, f(height_m="  "), f(height_m__about="1"), f(height_m="32")):
        sent = fill(dam) | typed
        if typed.get("f-height_m") == "32":  # the same value from the same source
            sent |= {"source": "Test register", "source_date": "", "kind": "declared"}
        answer = clients["editor"].post(url(facility_own, "dam"), sent)
        assert answer.status_code == 422 and "No value was changed" in answer.content.decode()
    assert state() == before


def test_a_class_with_its_system_is_saved_and_the_system_stays(clients: dict[str, Any], facility_own: Any) -> None:
    sent = fill(facility_own) | f(consequence_class="II", classification_system="cis_height")
    assert clients["editor"].post(url(facility_own, "classification"), sent).status_code == 302
    before = state()
    sent = fill(facility_own) | f(classification_system="unknown")
    answer = clients["editor"].post(url(facility_own, "classification"), sent)
    assert answer.status_code == 422 and "without the name" in html.unescape(answer.content.decode())
    assert state() == before


def test_an_unusual_value_is_asked_about_once_more(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    answer = clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(height_m="310"))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'name="f-height_m-accept"' in page and "unusually large" in page
    assert state() == before
    answer = clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(height_m="310", height_m__accept="1"))
    assert answer.status_code == 302
    dam.refresh_from_db()
    assert dam.height_m == 310.0


def test_hidden_codes_cannot_be_written_through_another_group(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    answer = clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(name_en="x", volume_m3="5", point="1"))
    assert answer.status_code == 422
    assert state() == before


# --- two writers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def conflict(clients: dict[str, Any], facility_own: Any, dam: Any) -> Any:
    """The answer to a save against a version that somebody else has changed meanwhile: height 32 → 40, mine 33."""
    stale = fill(dam) | f(height_m="33 ± 1", material="MINE-CLAY")
    clients["inspector"].post(url(facility_own, "dam", "S02"), fill(dam) | f(height_m="40") | {"source": "THEIR-SOURCE"})
    return clients["editor"].post(url(facility_own, "dam", "S02"), stale)


def read_inputs(page: str) -> dict[str, str]:
    """What the conflict page would send."""
    import re

    found = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n?(.*?)</textarea>', page, re.DOTALL))
    found |= dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))
    return {name: html.unescape(text) for name, text in found.items()}


def test_a_conflict_shows_all_three_and_writes_nothing(conflict: Any, dam: Any) -> None:
    page = html.unescape(conflict.content.decode()).replace("\u00a0", " ")
    assert conflict.status_code == 409
    assert all(text in page for text in ("32 m", "40 m", "33 m ±1", "MINE-CLAY", "THEIR-SOURCE", "Inspector", BLOCK["reason"]))
    dam.refresh_from_db()
    assert (dam.height_m, dam.value_of("material")) == (40.0, None)


def test_a_conflict_is_settled_field_by_field(conflict: Any, clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    sent = read_inputs(conflict.content.decode())
    assert (sent["take-height_m"], sent["take-material"]) == ("theirs", "mine")
    assert clients["editor"].post(url(facility_own, "dam", "S02"), sent).status_code == 302
    dam.refresh_from_db()
    assert (dam.height_m, dam.value_of("material"), dam.version) == (40.0, "MINE-CLAY", 3)


def test_mine_can_win(conflict: Any, clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    sent = read_inputs(conflict.content.decode()) | {"take-height_m": "mine"}
    assert clients["editor"].post(url(facility_own, "dam", "S02"), sent).status_code == 302
    dam.refresh_from_db()
    assert (dam.height_m, [c["value"] for c in dam.values["height_m"]["others"]]) == (33.0, [40.0, 32.0])


def test_theirs_everywhere_saves_nothing(conflict: Any, clients: dict[str, Any], facility_own: Any) -> None:
    before = state()
    sent = read_inputs(conflict.content.decode()) | {"take-height_m": "theirs", "take-material": "theirs"}
    assert clients["editor"].post(url(facility_own, "dam", "S02"), sent).status_code == 302
    assert state() == before


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "99999999999999999999", "²", "1\x00"])
def test_a_version_that_is_none_is_a_conflict(version: str, clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    answer = clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(height_m="33") | {"version": version})
    assert answer.status_code == 409
    assert state() == before


# --- operators -----------------------------------------------------------------------------------------------------


def test_an_operator_proposes_and_shown_values_stay(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    count = Revision.objects.count()
    shown = dam.values["height_m"]["shown"]
    answer = clients["operator"].post(url(facility_own, "dam"), fill(dam) | f(height_m="35", material="rock"))
    assert answer.status_code == 302
    dam.refresh_from_db()
    assert dam.values["height_m"]["shown"] == shown and dam.height_m == 32.0 and dam.value_of("material") is None
    proposed = dam.values["height_m"]["others"][0]
    assert (proposed["value"], proposed["is_proposal"], proposed["by"]) == (35.0, True, "operator@test.boget")
    kinds = list(Revision.objects.values_list("kind", flat=True)[:2])
    assert kinds == ["propose", "propose"] and Revision.objects.count() == count + 2


def test_a_proposal_is_not_lost_to_a_newer_version(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    sent = fill(dam) | f(height_m="35")
    clients["editor"].post(url(facility_own, "dam"), fill(dam) | f(height_m="40"))
    assert clients["operator"].post(url(facility_own, "dam"), sent).status_code == 302
    dam.refresh_from_db()
    assert dam.height_m == 40.0 and 35.0 in [c["value"] for c in dam.values["height_m"]["others"]]


@pytest.mark.parametrize(
    "typed",
    [{"height_m": "-1"}, {"height_m__unknown": "1"}, {"raising_method": "sideways"}, {"height_m": "33", "crest_length_m": "x"}],
)
def test_a_bad_proposal_is_refused_whole(typed: dict[str, str], clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    before = state()
    assert clients["operator"].post(url(facility_own, "dam"), fill(dam) | f(**typed)).status_code == 422
    assert state() == before


def test_a_class_without_its_system_is_no_proposal(clients: dict[str, Any], facility_own: Any) -> None:
    before = state()
    answer = clients["operator"].post(url(facility_own, "classification"), fill(facility_own) | f(consequence_class="II"))
    assert answer.status_code == 422
    assert state() == before


def test_the_same_proposal_twice_is_one(clients: dict[str, Any], facility_own: Any, dam: Any) -> None:
    assert clients["operator"].post(url(facility_own, "dam"), fill(dam) | f(height_m="35")).status_code == 302
    before = state()
    assert clients["operator"].post(url(facility_own, "dam"), fill(dam) | f(height_m="35")).status_code == 422
    assert state() == before


def test_a_proposal_is_chosen_by_the_authority(
    clients: dict[str, Any], cast: dict[str, Any], facility_own: Any, dam: Any
) -> None:
    services.propose_values(
        dam, {"height_m": Claim(35.0)}, source=Source("Operator", "update"), actor=actor_of(cast["operator"])
    )
    dam.refresh_from_db()
    sent = {"structure": dam.public_id, "version": dam.version, "position": "0", "reason": "checked on site"}
    answer = clients["editor"].post(f"/registry/facilities/{facility_own.public_id}/fields/height_m/choose/", sent)
    assert answer.status_code == 302
    dam.refresh_from_db()
    assert dam.height_m == 35.0 and "is_proposal" not in dam.values["height_m"]["shown"]


def test_proposals_for_one_field_do_not_pile_up(clients: dict[str, Any], facility_own: Any) -> None:
    """An operator cannot fill the log: every entry repeats all that waits."""
    address = url(facility_own, "owner")
    numbers = range(MOST_PROPOSALS + 1)
    answers = [clients["operator"].post(address, fill(facility_own) | f(owner=f"Owner {n}")) for n in numbers]
    assert [answer.status_code for answer in answers] == [302] * MOST_PROPOSALS + [422]
    page = answers[-1].content.decode()
    assert "Wait until the authority has decided" in page and f"Owner {MOST_PROPOSALS}" in page
    other = clients["operator"].post(address, fill(facility_own) | f(partners="Others"))
    assert other.status_code == 302, "another field is open"
