"""The card and the page of a field: who sees what, as of when, with how many queries."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from boget.portal.accounts.services import actor_of
from boget.portal.core import panels
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.registry import services
from boget.portal.registry.models import Score
from boget.portal.registry.selectors import past
from boget.portal.registry.services import Source
from boget.portal.registry.values import Claim

EVERYONE = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")
GROUP_CANARIES = ("GROUP-CANARY", "1.4187", "1.42")
AUTHORITY_CANARIES = ("AUTHORITY-CANARY", "83.516123", "REASON-CANARY")
SEES_ALL = {"secretary", "editor", "inspector", "operator"}
SEES_GROUP = SEES_ALL | {"expert", "observer"}
PAGES = (
    "",
    "?tab=map",
    "?tab=history",
    "?f=geojson",
    "?at={today}",
    "?at={today}&f=geojson",
    "fields/point/",
    "fields/name_en/",
    "history/",
    "history/?kind=create",
)


def url(facility: Any, tail: str = "") -> str:
    return f"/registry/facilities/{facility.public_id}/{tail}".format(today=timezone.localdate().isoformat())


def change(record: Any, person: Any, *, reason: str = "annual survey", source: str = "Survey 14-2", **values: Any) -> Revision:
    record.refresh_from_db()
    claims = {code: v if isinstance(v, Claim) or v is None else Claim(v) for code, v in values.items()}
    return services.change_values(record, claims, source=Source(source, reason), actor=actor_of(person), version=record.version)


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes every day of ``?at=`` end now, so that what a test writes afterwards is later."""

    def end_days_now() -> None:
        moment = timezone.now()
        monkeypatch.setattr(past, "end_of_day", lambda day: moment)

    return end_days_now


@pytest.fixture
def changed(facility_own: Any, cast: dict[str, Any]) -> Any:
    """The own facility after a change of hidden and of open fields by the editor in one entry."""
    change(
        facility_own,
        cast["editor"],
        source="Letter 7",
        name_en="Own renamed",
        bin="GROUP-CANARY 2",
        contact="AUTHORITY-CANARY 2",
    )
    change(facility_own, cast["editor"], reason="REASON-CANARY", source="Letter 8", contact="AUTHORITY-CANARY 3")
    facility_own.refresh_from_db()
    return facility_own


@pytest.mark.parametrize("who", EVERYONE)
def test_hidden_values_show_nowhere_below_their_level(who: str, clients: dict[str, Any], changed: Any) -> None:
    for tail in PAGES:
        answer = clients[who].get(url(changed, tail))
        assert answer.status_code == 200, tail
        page = answer.content.decode()
        if who not in SEES_GROUP:
            assert not [canary for canary in GROUP_CANARIES if canary in page], tail
        if who not in SEES_ALL:
            assert not [canary for canary in AUTHORITY_CANARIES if canary in page], tail
            assert "Editor" not in page and "editor@test.boget" not in page, tail


@pytest.mark.parametrize("who", EVERYONE)
def test_each_level_sees_its_own_values(who: str, clients: dict[str, Any], facility_own: Any) -> None:
    page = clients[who].get(url(facility_own)).content.decode()
    assert "Own tailings facility" in page
    assert ("GROUP-CANARY" in page) == (who in SEES_GROUP)
    assert ("AUTHORITY-CANARY" in page) == (who in SEES_ALL)
    level = "authority" if who in SEES_ALL else "working group" if who in SEES_GROUP else "public"
    assert f"level: {level}" in page


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("code", ["bin", "contact", "fos_static"])
def test_a_hidden_field_is_as_absent_as_one_that_is_not(
    who: str, code: str, clients: dict[str, Any], facility_own: Any
) -> None:
    structure = f"?structure={facility_own.public_id}-S02" if code == "fos_static" else ""
    may_see = SEES_ALL if code == "contact" else SEES_GROUP
    for headers in ({}, {"HX-Request": "true"}):
        answer = clients[who].get(url(facility_own, f"fields/{code}/{structure}"), headers=headers)
        assert answer.status_code == (200 if who in may_see else 404)


def test_the_buttons_follow_the_right(clients: dict[str, Any], facility_own: Any) -> None:
    for who in EVERYONE:
        page = clients[who].get(url(facility_own)).content.decode()
        assert (">Edit</a>" in page) == (who in {"secretary", "editor", "inspector"}), who
        assert (">Propose values</a>" in page) == (who == "operator"), who
        assert ("Change the disclosure" in page) == (who in {"secretary", "editor"}), who


def test_a_draft_is_absent_for_everyone_but_authority_and_own_operator(
    clients: dict[str, Any], cast: dict[str, Any], make_facility: Any
) -> None:
    from boget.portal.accounts.selectors import organisation_of

    draft = make_facility(owner=organisation_of(cast["operator"]), disclosure="draft")
    for who in EVERYONE:
        for tail in ("", "history/", "fields/status/", "?at={today}", "?f=geojson"):
            assert clients[who].get(url(draft, tail)).status_code == (200 if who in SEES_ALL else 404), (who, tail)


def test_refused_and_absent_have_the_same_body(clients: dict[str, Any], make_facility: Any) -> None:
    draft = make_facility(disclosure="draft")
    refused, absent = (clients["anonymous"].get(f"/registry/facilities/{one}/") for one in (draft.public_id, "KZ-7777"))
    assert refused.status_code == absent.status_code == 404
    assert refused.content.decode().replace(draft.public_id, "X") == absent.content.decode().replace("KZ-7777", "X")


@pytest.mark.parametrize("who", ["anonymous", "expert", "operator", "editor"])
def test_the_card_needs_few_queries(who: str, clients: dict[str, Any], facility_own: Any, make_facility: Any) -> None:
    many = make_facility(impoundments=[{"volume_m3": 1e6}] * 6, dams=[{"height_m": 20.0}] * 6)
    counts = []
    for facility in (facility_own, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            clients[who].get(url(facility))
        counts.append(len(queries))
    assert max(counts) <= 12, [q["sql"] for q in queries]


def test_unknown_is_the_word_with_a_next_step(clients: dict[str, Any], facility_own: Any) -> None:
    page = clients["anonymous"].get(url(facility_own)).content.decode()
    district = page[page.index("District") : page.index("River basin")]
    assert "unknown" in district and "What is needed" in district
    answer = clients["anonymous"].get(url(facility_own, "fields/district/")).content.decode()
    assert "Write to the secretary" in answer


def test_headline_figures(clients: dict[str, Any], make_facility: Any) -> None:
    facility = make_facility(
        point={"longitude": 70.0, "latitude": 50.0, "radius_m": 15_000},
        impoundments=[{"volume_m3": Claim(30e6, low=28e6, high=33e6, source="a")}, {"volume_m3": Claim(2e6, source="a")}],
        dams=[{"height_m": 12.0}, {"height_m": 31.5}],
    )
    page = clients["anonymous"].get(url(facility)).content.decode()
    headline = page[page.index("headline") : page.index('class="tabs"')]
    text = " ".join(re.sub(r"<[^>]+>", " ", headline).split())
    assert "32 million m³ (30–35)" in text.replace("\u00a0", " ")
    assert "31.5 m" in text.replace("\u00a0", " ")
    assert "15 km" in text.replace("\u00a0", " ")


def test_one_unknown_volume_makes_the_sum_unknown(clients: dict[str, Any], make_facility: Any) -> None:
    facility = make_facility(impoundments=[{"volume_m3": 30e6}, {"name": "second"}])
    headline = clients["anonymous"].get(url(facility)).content.decode()
    volume = headline[headline.index("Tailings volume") : headline.index("Height of the highest dam")]
    assert "unknown" in volume


def test_the_score_is_that_of_the_level(clients: dict[str, Any], facility_own: Any) -> None:
    Score.objects.filter(facility=facility_own).delete()
    Score.objects.create(facility=facility_own, index="thi", level=0, value=11.25, low=8.5, high=11.25, known=4, of=6)
    Score.objects.create(facility=facility_own, index="thi", level=2, value=9.75, low=9.75, high=9.75, known=6, of=6)
    for who in EVERYONE:
        page = clients[who].get(url(facility_own)).content.decode()
        assert ("inputs 6 of 6" in page) == (who in SEES_GROUP), who
        assert ("inputs 4 of 6" in page) == (who not in SEES_GROUP), who


def test_names_fall_back_to_another_language_with_its_tag(clients: dict[str, Any], make_facility: Any) -> None:
    facility = make_facility(name_ru="Таловское")
    english = clients["anonymous"].get(url(facility, "?lang=en")).content.decode()
    assert "<h1>Test facility</h1>" in english
    kazakh = clients["anonymous"].get(url(facility, "?lang=kk")).content.decode()
    assert '<span lang="ru">Таловское</span>' in kazakh


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_card_stands_in_three_languages(language: str, clients: dict[str, Any], facility_own: Any) -> None:
    for tail in ("", "?tab=map", "history/", "fields/point/"):
        mark = "&" if "?" in tail else "?"
        answer = clients["editor"].get(url(facility_own, f"{tail}{mark}lang={language}"))
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()


def test_kinds_of_records_say_what_they_are(clients: dict[str, Any], make_facility: Any) -> None:
    several = make_facility(record_kind="aggregate")
    planned = make_facility(status="planned")
    assert "several ponds together" in clients["anonymous"].get(url(several)).content.decode()
    assert "This facility is planned" in clients["anonymous"].get(url(planned)).content.decode()
    assert "Unofficial compilation" in clients["anonymous"].get(url(planned)).content.decode()


def test_panels_of_upper_apps_become_tabs(clients: dict[str, Any], facility_own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = panels.Panel("facility", "trial", "Trial panel", "registry:history", is_open_to=lambda user: user.is_authenticated)
    monkeypatch.setitem(panels._panels, ("facility", "trial"), shown)
    page = clients["editor"].get(url(facility_own, "?tab=trial")).content.decode()
    assert f'hx-get="{url(facility_own, "history/")}"' in page and f'<a href="{url(facility_own, "history/")}">' in page
    assert "Trial panel" not in clients["anonymous"].get(url(facility_own)).content.decode()
    assert clients["anonymous"].get(url(facility_own, "?tab=trial")).status_code == 200  # falls back to the details


def test_sources_that_differ_show_side_by_side(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    dam = facility_own.dams.get()
    change(dam, cast["editor"], height_m=24.0, source="Cadastre")
    page = clients["anonymous"].get(url(facility_own)).content.decode().replace("\u00a0", " ")
    assert "sources differ: 24 m / 32 m" in page
    assert "2 sources" in page


def test_an_open_proposal_is_for_the_authority_only(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    services.propose_values(
        facility_own,
        {"district": Claim("PROPOSED-CANARY")},
        source=Source("Operator", "update"),
        actor=actor_of(cast["operator"]),
    )
    for who in EVERYONE:
        for tail in ("", "fields/district/", "history/"):
            page = clients[who].get(url(facility_own, tail)).content.decode()
            if who not in SEES_ALL:
                assert "PROPOSED-CANARY" not in page and "proposal" not in page.lower().replace("propose", ""), (who, tail)
    assert "1 proposal" in clients["editor"].get(url(facility_own)).content.decode()
    assert "PROPOSED-CANARY" in clients["editor"].get(url(facility_own, "fields/district/")).content.decode()


def test_geojson_holds_what_the_level_sees(clients: dict[str, Any], make_facility: Any) -> None:
    line = {"type": "LineString", "coordinates": [[70.0, 50.0], [70.01, 50.01]]}
    facility = make_facility(point={"longitude": 70.123456, "latitude": 50.123456, "radius_m": 5.0}, dam_axis=line)
    public = clients["anonymous"].get(url(facility, "?f=geojson")).json()["features"]
    assert [f["properties"]["kind"] for f in public] == ["facility"]
    assert public[0]["geometry"]["coordinates"] == [70.12, 50.12]
    authority = clients["editor"].get(url(facility, "?f=geojson")).json()["features"]
    assert [f["properties"]["kind"] for f in authority] == ["dam", "facility"]


# --- as of a day ---------------------------------------------------------------------------------------------------


def test_the_card_of_an_earlier_day_is_rebuilt_from_the_log(
    clients: dict[str, Any], cast: dict[str, Any], facility_own: Any, stop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop()
    change(facility_own, cast["editor"], name_en="Renamed", district="New district")
    dam = facility_own.dams.get()
    services.add_structure(facility_own, "dam", {"name": Claim("Later dam")}, actor=SYSTEM, source="a", reason="b")
    change(dam, cast["editor"], height_m=50.0)
    day = (timezone.localdate() - dt.timedelta(days=10)).isoformat()
    past = clients["editor"].get(url(facility_own, f"?at={day}")).content.decode()
    assert "You are reading the version of" in past and "Own tailings facility" in past
    assert not [text for text in ("Renamed", "New district", "Later dam", ">Edit</a>") if text in past]
    now = clients["editor"].get(url(facility_own)).content.decode()
    assert "Renamed" in now and "Later dam" in now and "You are reading" not in now
    monkeypatch.undo()
    before = (timezone.localdate() - dt.timedelta(days=60)).isoformat()
    assert clients["editor"].get(url(facility_own, f"?at={before}")).status_code == 404


def test_a_day_ends_at_midnight_of_the_installation() -> None:
    assert past.end_of_day(dt.date(2026, 11, 22)).isoformat() == "2026-11-23T00:00:00+05:00"


def test_the_past_of_a_draft_stays_closed(clients: dict[str, Any], make_facility: Any, stop: Any) -> None:
    facility = make_facility(disclosure="draft", name_en="DRAFT-CANARY")
    stop()
    services.set_disclosure(facility, "published", reason="checked", actor=SYSTEM)
    day = (timezone.localdate() - dt.timedelta(days=10)).isoformat()
    assert clients["anonymous"].get(url(facility, f"?at={day}")).status_code == 404
    assert clients["editor"].get(url(facility, f"?at={day}")).status_code == 200
    stop()
    assert clients["anonymous"].get(url(facility, "?at={today}")).status_code == 200


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-31", "%00", "9" * 500, "20261122T00"])
def test_a_day_that_is_none_is_refused(text: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["anonymous"].get(url(facility_own, f"?at={text}")).status_code in {400, 422}


# --- retired and merged --------------------------------------------------------------------------------------------


def test_a_merged_id_leads_to_its_successor(clients: dict[str, Any], make_facility: Any) -> None:
    stays, goes, first = make_facility(name_en="Stays"), make_facility(name_en="Goes"), make_facility(name_en="First")
    services.set_disclosure(first, "retired", reason="double", actor=SYSTEM, merged_into=goes.public_id)
    services.set_disclosure(goes, "retired", reason="double", actor=SYSTEM, merged_into=stays.public_id)
    for retired in (goes, first):
        answer = clients["anonymous"].get(url(retired))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert url(stays) in page and "Goes" not in page and "First" not in page
        assert clients["anonymous"].get(url(retired, "history/")).status_code == 404
    assert "This record is retired" in clients["editor"].get(url(goes)).content.decode()


def test_a_retired_id_without_successor_is_absent(clients: dict[str, Any], make_facility: Any) -> None:
    facility, draft, merged = make_facility(), make_facility(disclosure="draft"), make_facility()
    services.set_disclosure(facility, "retired", reason="mistake", actor=SYSTEM)
    services.set_disclosure(merged, "retired", reason="double", actor=SYSTEM, merged_into=draft.public_id)
    assert clients["anonymous"].get(url(facility)).status_code == 404
    assert clients["anonymous"].get(url(merged)).status_code == 404


# --- one value -----------------------------------------------------------------------------------------------------


def test_the_popover_is_the_same_address(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    change(facility_own, cast["editor"], reason="newer survey", district="Glubokoe")
    change(facility_own, cast["editor"], reason="newest survey", district="Ridder")
    address = url(facility_own, "fields/district/")
    popover = clients["editor"].get(address, headers={"HX-Request": "true"})
    page = popover.content.decode()
    assert "<html" not in page and "Glubokoe" in page and "Shown because: newest survey (Editor" in page
    assert "HX-Request" in popover["Vary"]
    public = clients["anonymous"].get(address, headers={"HX-Request": "true"}).content.decode()
    assert "newest survey" not in public and "Editor" not in public and "Glubokoe" in public
    group = clients["expert"].get(address, headers={"HX-Request": "true"}).content.decode()
    assert "newest survey" in group and "Editor" not in group


def test_unknown_fields_and_structures_are_absent(clients: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    tails = ("fields/nothing/", "fields/height_m/", "fields/status/?structure=KZ-9999-S01",
             f"fields/height_m/?structure={facility_other.public_id}-S02", "fields/height_m/?structure=%2E%2E")  # fmt: skip
    for tail in tails:
        assert clients["editor"].get(url(facility_own, tail)).status_code == 404, tail


def test_choosing_a_claim(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    change(facility_own, cast["editor"], district="Glubokoe")
    change(facility_own, cast["editor"], district="Ridder")
    facility_own.refresh_from_db()
    sent = {"version": facility_own.version, "position": "0", "reason": "the older is right"}
    answer = clients["inspector"].post(url(facility_own, "fields/district/choose/"), sent)
    assert answer.status_code == 302
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "Glubokoe"
    last = Revision.objects.first()
    assert (last.kind, last.reason, last.actor_name) == ("choose", "the older is right", "Inspector")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"reason": ""}, 422),
        ({"position": "5"}, 422),
        ({"position": ""}, 422),
        ({"position": "-1"}, 422),
        ({"position": "²"}, 422),
        ({"version": "1"}, 409),
        ({"version": "x"}, 409),
        ({"reason": "a\x00b"}, 422),
    ],
)
def test_a_choice_that_cannot_be(
    sent: dict[str, str], status: int, clients: dict[str, Any], cast: dict[str, Any], facility_own: Any
) -> None:
    change(facility_own, cast["editor"], district="Glubokoe")
    change(facility_own, cast["editor"], district="Ridder")
    facility_own.refresh_from_db()
    count = Revision.objects.count()
    whole = {"version": str(facility_own.version), "position": "0", "reason": "TYPED-REASON"} | sent
    answer = clients["editor"].post(url(facility_own, "fields/district/choose/"), whole)
    assert answer.status_code == status
    assert whole["reason"] in answer.content.decode()
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "Ridder" and Revision.objects.count() == count


def test_a_choice_for_a_structure_that_is_not_there(clients: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    for structure in ("KZ-9999-S01", f"{facility_other.public_id}-S02", "a\x00b", "x" * 100_000):
        sent = {"version": "1", "position": "0", "reason": "a", "structure": structure}
        assert clients["editor"].post(url(facility_own, "fields/height_m/choose/"), sent).status_code == 404


def test_only_the_authority_chooses(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    change(facility_own, cast["editor"], district="Glubokoe")
    change(facility_own, cast["editor"], district="Ridder")
    facility_own.refresh_from_db()
    for who in ("operator", "other_operator", "expert", "observer", "anonymous"):
        sent = {"version": facility_own.version, "position": "0", "reason": "mine"}
        assert clients[who].post(url(facility_own, "fields/district/choose/"), sent).status_code == 404
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "Ridder"


def test_values_in_words_of_three_languages() -> None:
    from boget.portal.registry.fields import find_field
    from boget.portal.registry.selectors.wording import say_value

    point = {"longitude": 83.516, "latitude": 50.345, "radius_m": 15_000}
    with translation.override("ru"):
        assert say_value(find_field("facility", "point"), point).startswith("50,345° с. ш., 83,516° в. д.")
        assert say_value(find_field("facility", "region"), "KZ-63") == "Восточно-Казахстанская область"
    with translation.override("kk"):
        assert say_value(find_field("facility", "point"), point).startswith("50,345° с. е., 83,516° ш. б.")
    assert say_value(find_field("facility", "start_year"), 1979) == "1979"
    south = {"longitude": -70.5, "latitude": -23.0}
    assert say_value(find_field("facility", "point"), south) == "23° S, 70.5° W"
