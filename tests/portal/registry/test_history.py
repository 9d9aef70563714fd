"""History and undo: who reads which entries, what comes back, what is refused."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM, verify_chain
from boget.portal.registry import services
from boget.portal.registry.selectors import log
from boget.portal.registry.services import Source
from boget.portal.registry.values import Claim

EVERYONE = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")
EDITORS = ("secretary", "editor", "inspector")


def url(facility: Any, query: str = "") -> str:
    return f"/registry/facilities/{facility.public_id}/history/{query}"


def undo_url(revision: Revision) -> str:
    return f"/registry/revisions/{revision.seq}/undo/"


def change(record: Any, person: Any, *, reason: str = "annual survey", source: str = "Survey", **values: Any) -> Revision:
    record.refresh_from_db()
    claims = {code: None if v is None else Claim(v) for code, v in values.items()}
    return services.change_values(record, claims, source=Source(source, reason), actor=actor_of(person), version=record.version)


def list_seqs(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'id="entry-(\d+)"', page)]


@pytest.fixture
def changed(facility_own: Any, cast: dict[str, Any]) -> list[Revision]:
    """Four changes: an open field, a group field, an authority field, an open field of the dam."""
    return [
        change(facility_own, cast["editor"], district="Glubokoe"),
        change(facility_own, cast["inspector"], bin="GROUP-CANARY 2", reason="REASON-CANARY"),
        change(facility_own, cast["editor"], contact="AUTHORITY-CANARY 2", inspection_findings="AUTHORITY-CANARY 3"),
        change(facility_own.dams.get(), cast["secretary"], height_m=40.0),
    ]


@pytest.mark.parametrize("who", EVERYONE)
def test_entries_without_visible_changes_are_absent(
    who: str, clients: dict[str, Any], facility_own: Any, changed: list[Revision]
) -> None:
    page = clients[who].get(url(facility_own)).content.decode()
    seqs = list_seqs(page)
    sees_group = who not in {"other_operator", "anonymous"}
    sees_all = sees_group and who not in {"expert", "observer"}
    assert changed[0].seq in seqs and changed[3].seq in seqs
    assert (changed[1].seq in seqs) == sees_group
    assert (changed[2].seq in seqs) == sees_all
    assert ("GROUP-CANARY 2" in page, "REASON-CANARY" in page) == (sees_group, sees_group)
    assert ("AUTHORITY-CANARY 2" in page) == sees_all
    is_authority = who in {"secretary", "editor", "inspector"}  # an operator sees no person's name, on its own facility either
    assert all((name in page) == is_authority for name in ("Inspector", "editor@test.boget", "All people"))
    assert (changed[3].hash in page) == sees_all


def test_old_and_new_in_words(clients: dict[str, Any], facility_own: Any, changed: list[Revision]) -> None:
    page = html.unescape(clients["anonymous"].get(url(facility_own, "?field=dam.height_m")).content.decode()).replace(
        "\u00a0", " "
    )
    row = page[page.index(f'id="entry-{changed[3].seq}"') :]
    assert "32 m" in row and "40 m" in row and "Height, current" in row
    assert len(list_seqs(page)) == 2  # created, changed


def test_filters(clients: dict[str, Any], facility_own: Any, changed: list[Revision]) -> None:
    client = clients["editor"]
    assert list_seqs(client.get(url(facility_own, "?person=inspector@test.boget")).content.decode()) == [changed[1].seq]
    assert list_seqs(client.get(url(facility_own, "?kind=change&field=facility.district")).content.decode()) == [changed[0].seq]
    assert list_seqs(client.get(url(facility_own, "?kind=undo")).content.decode()) == []
    # a person is no condition for those who may not know people
    public = clients["anonymous"].get(url(facility_own, "?person=inspector@test.boget"))
    assert list_seqs(public.content.decode()) == list_seqs(clients["anonymous"].get(url(facility_own)).content.decode())


@pytest.mark.parametrize(
    "query",
    [
        "?field=nothing",
        "?field=facility.nothing",
        "?kind=nothing",
        "?before=x",
        "?before=-1",
        "?before=" + "9" * 30,
        "?field=dam.bin",
    ],
)
def test_unknown_conditions_are_absent(query: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["editor"].get(url(facility_own, query)).status_code == 404


def test_a_hidden_field_is_no_condition(clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["anonymous"].get(url(facility_own, "?field=facility.bin")).status_code == 404
    assert clients["expert"].get(url(facility_own, "?field=facility.bin")).status_code == 200
    assert clients["expert"].get(url(facility_own, "?field=facility.contact")).status_code == 404


def test_pages_follow_each_other_without_gap(
    clients: dict[str, Any], cast: dict[str, Any], facility_own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        change(facility_own, cast["editor"], district=f"District {number}", contact="x")
        change(facility_own, cast["editor"], contact=f"Contact {number}")
    monkeypatch.setattr(log.read_page, "__kwdefaults__", {"size": 4})
    monkeypatch.setattr(log, "CHUNK", 3)
    for who in ("editor", "anonymous"):
        whole, query = [], ""
        while True:
            page = clients[who].get(url(facility_own, query)).content.decode()
            whole += list_seqs(page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            if not found:
                break
            query = html.unescape(found[1])
        assert whole == sorted(set(whole), reverse=True)
        own = Revision.objects.filter(root_id=facility_own.public_id)
        assert len(whole) == (own.count() if who == "editor" else 9 + 3)


def test_the_history_is_of_this_facility(
    clients: dict[str, Any], cast: dict[str, Any], facility_own: Any, facility_other: Any
) -> None:
    made = change(facility_other, cast["editor"], district="ELSEWHERE")
    page = clients["editor"].get(url(facility_own)).content.decode()
    assert made.seq not in list_seqs(page) and "ELSEWHERE" not in page


# --- undo ----------------------------------------------------------------------------------------------------------


def test_undo_brings_everything_back(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    change(facility_own, cast["editor"], district="First", reason="why first")
    change(facility_own, cast["editor"], district="Second", reason="why second")
    facility_own.refresh_from_db()
    before = facility_own.values
    made = change(facility_own, cast["editor"], district="Third", mine="New mine")
    confirm = clients["inspector"].get(undo_url(made)).content.decode()
    assert "Third" in confirm and "Second" in confirm and "Editor" in confirm
    answer = clients["inspector"].post(undo_url(made), {"reason": "was a mistake"})
    assert answer.status_code == 302
    facility_own.refresh_from_db()
    assert facility_own.values == before
    last = Revision.objects.first()
    assert (last.kind, last.reason, last.actor_name) == ("undo", "was a mistake", "Inspector")
    assert verify_chain().is_sound


def test_an_undo_can_be_undone(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    made = change(facility_own, cast["editor"], district="First")
    facility_own.refresh_from_db()
    changed = facility_own.values
    clients["editor"].post(undo_url(made), {"reason": "a"})
    assert clients["editor"].post(undo_url(Revision.objects.first()), {"reason": "b"}).status_code == 302
    facility_own.refresh_from_db()
    assert facility_own.values == changed


def test_undo_of_a_place_moves_the_columns_too(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    made = change(facility_own, cast["editor"], point={"longitude": 70.0, "latitude": 45.0, "radius_m": 10.0})
    clients["editor"].post(undo_url(made), {"reason": "a"})
    facility_own.refresh_from_db()
    assert (facility_own.longitude, facility_own.latitude, facility_own.west) == (83.516123, 50.345123, 83.516123)


def test_undo_is_refused_when_changed_again(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    made = change(facility_own, cast["editor"], district="First")
    change(facility_own, cast["editor"], district="Second")
    count = Revision.objects.count()
    answer = clients["editor"].post(undo_url(made), {"reason": "TYPED-REASON"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "was changed again after this entry" in page and "TYPED-REASON" in page
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "Second" and Revision.objects.count() == count


def test_undo_needs_a_reason(clients: dict[str, Any], cast: dict[str, Any], facility_own: Any) -> None:
    made = change(facility_own, cast["editor"], district="First")
    for reason in ("", "   ", "a\x00b", "x" * 10_000_000):
        assert clients["editor"].post(undo_url(made), {"reason": reason}).status_code == 422
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "First"


def test_creation_and_disclosure_cannot_be_undone(clients: dict[str, Any], facility_own: Any) -> None:
    created = Revision.objects.filter(record_id=facility_own.public_id).last()
    services.set_disclosure(facility_own, "draft", reason="check", actor=SYSTEM)
    published = Revision.objects.first()
    services.set_disclosure(facility_own, "published", reason="checked", actor=SYSTEM)
    for revision in (created, published):
        assert "cannot be undone" in clients["editor"].get(undo_url(revision)).content.decode()
        assert clients["editor"].post(undo_url(revision), {"reason": "a"}).status_code == 422
    facility_own.refresh_from_db()
    assert facility_own.value_of("name_en") == "Own tailings facility"


def test_a_retirement_is_not_undone_by_the_log(clients: dict[str, Any], facility_own: Any) -> None:
    services.set_disclosure(facility_own, "retired", reason="double", actor=SYSTEM)
    retired = Revision.objects.first()
    assert clients["editor"].post(undo_url(retired), {"reason": "a"}).status_code == 404  # a retired record is closed
    services.set_disclosure(facility_own, "published", reason="back", actor=SYSTEM)
    assert clients["editor"].post(undo_url(retired), {"reason": "a"}).status_code == 422


def test_only_editors_undo(clients: dict[str, Any], facility_own: Any, changed: list[Revision]) -> None:
    for who in EVERYONE:
        status = clients[who].get(undo_url(changed[0])).status_code
        assert status == (200 if who in EDITORS else 404), who
        if who not in EDITORS:
            assert clients[who].post(undo_url(changed[0]), {"reason": "mine"}).status_code == 404
        page = clients[who].get(url(facility_own)).content.decode()
        assert (f'href="{undo_url(changed[0])}"' in page) == (who in EDITORS)
    facility_own.refresh_from_db()
    assert facility_own.value_of("district") == "Glubokoe"


@pytest.mark.parametrize("seq", ["0", "999999999", "9" * 25])
def test_an_entry_that_is_not_there(seq: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["editor"].get(f"/registry/revisions/{seq}/undo/").status_code == 404


def test_entries_about_people_are_not_undone_here(clients: dict[str, Any], facility_own: Any) -> None:
    person = Revision.objects.exclude(record_type__in=("facility", "impoundment", "dam")).first()
    assert person is not None
    assert clients["secretary"].get(undo_url(person)).status_code == 404


def test_the_past_of_a_draft_stays_out_of_the_history(clients: dict[str, Any], cast: dict[str, Any], make_facility: Any) -> None:
    """What was taken back before the record was published was never open to anybody below the authority."""
    facility = make_facility(disclosure="draft", name_en="Fine", impoundments=[{"volume_m3": 1e6}])
    basin, person = facility.impoundments.get(), cast["inspector"]
    for slip in (change(facility, person, name_en="SLIPCANARY"), change(basin, person, volume_m3=7_654_321.0)):
        services.undo_revision(slip, reason="test", actor=SYSTEM)
    services.set_disclosure(facility, "published", reason="checked", actor=SYSTEM)
    change(facility, person, name_en="Later")
    services.set_disclosure(facility, "draft", reason="to check", actor=SYSTEM)
    services.undo_revision(change(facility, person, mine="SECONDCANARY"), reason="test", actor=SYSTEM)
    services.set_disclosure(facility, "published", reason="checked", actor=SYSTEM)
    home, result = f"/registry/facilities/{facility.public_id}/", f"/assessments/index-results/{facility.public_id}/thi/"
    addresses = (
        f"{home}history/", f"{home}?tab=history", f"{home}fields/name_en/", f"/api/v1/facilities/{facility.public_id}/history",
        result,
    )  # fmt: skip
    for name in ("anonymous", "expert", "operator", "editor"):
        text = "".join(clients[name].get(address).content.decode() for address in addresses)
        is_told = name == "editor"
        assert [word in text for word in ("SLIPCANARY", "SECONDCANARY", "?number=2", "Later")] == [is_told] * 3 + [True], name
        assert (clients[name].get(f"{result}?number=2").status_code == 200) is is_told
