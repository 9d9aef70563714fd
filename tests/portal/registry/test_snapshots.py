"""Snapshots: immutable, rebuilt from the log, compared without telling anything hidden."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM, append_revision
from boget.portal.registry.models import Facility, Snapshot
from boget.portal.registry.selectors.snapshots import compare, count_facilities, is_log_unchanged, replay_rows
from boget.portal.registry.services import Source, add_structure, change_values, set_disclosure
from boget.portal.registry.services.snapshots import make_snapshot
from boget.portal.registry.values import Claim
from boget.science.errors import InvalidInput

ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")


def change(record: Any, actor: Any, **values: Any) -> None:
    record.refresh_from_db()
    claims = {code: Claim(value, source="Отчёт 14-2") for code, value in values.items()}
    change_values(record, claims, source=Source("Отчёт 14-2", "обновление"), actor=actor, version=record.version)


@pytest.fixture
def register(cast: dict[str, Any], facility_own: Any, facility_other: Any, make_facility: Any) -> dict[str, Any]:
    return {
        "own": facility_own,
        "other": facility_other,
        "third": make_facility(name_en="Third", status="closed", region="KZ-63"),
    }


def test_a_snapshot_holds_the_place_in_the_log(register: dict[str, Any], cast: dict[str, Any]) -> None:
    head = Revision.objects.latest("seq")
    made = make_snapshot(" Перед обзором ", by=actor_of(cast["secretary"]), note="к пункту 3")
    assert (made.number, made.name, made.seq, made.hash) == (1, "Перед обзором", head.seq, head.hash)
    assert make_snapshot("Второй", by=SYSTEM).number == 2
    entry = Revision.objects.filter(record_type="snapshot").last()
    assert entry is not None and entry.changes["hash"] == [None, head.hash]


def test_the_same_form_twice_makes_one(register: dict[str, Any], cast: dict[str, Any]) -> None:
    for _time in range(2):
        assert cast["editor"].client.post("/registry/snapshots/", {"name": "Один"}).status_code == 302
    assert Snapshot.objects.count() == 1


def test_a_snapshot_needs_a_name(register: dict[str, Any], cast: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        make_snapshot("  ", by=SYSTEM)
    assert cast["editor"].client.post("/registry/snapshots/", {"name": " "}).status_code == 422
    assert not Snapshot.objects.exists() and not Revision.objects.filter(record_type="snapshot").exists()


def test_the_log_gives_back_what_was_counted_then(register: dict[str, Any], cast: dict[str, Any], make_facility: Any) -> None:
    make_facility(name_en="Draft", disclosure="draft")
    first = make_snapshot("Первый", by=SYSTEM)
    actor = actor_of(cast["editor"])
    change(register["third"], actor, status="abandoned")
    set_disclosure(register["other"], "retired", reason="дубль", actor=actor)
    make_facility(name_en="Fifth", status="planned")
    second = make_snapshot("Второй", by=SYSTEM)
    change(register["own"], actor, status="closed")
    for snapshot in (first, second):
        assert count_facilities(replay_rows(snapshot.seq)) == snapshot.counts
    assert first.counts["0"]["status"] == {"active": 2, "closed": 1}
    assert second.counts["0"]["status"] == {"abandoned": 1, "active": 1, "planned": 1}
    assert (first.counts["0"]["total"], first.counts["2"]["total"]) == (3, 4)


def test_a_log_changed_behind_it_shows(register: dict[str, Any]) -> None:
    made = make_snapshot("x", by=SYSTEM)
    assert is_log_unchanged(made)
    Snapshot.objects.update(hash="0" * 64)
    made.refresh_from_db()
    assert not is_log_unchanged(made)


def test_added_removed_and_changed(register: dict[str, Any], cast: dict[str, Any], make_facility: Any) -> None:
    editor = cast["editor"]
    actor = actor_of(editor)
    make_snapshot("1", by=SYSTEM)
    new = make_facility(name_en="Newcomer")
    set_disclosure(register["other"], "retired", reason="дубль", actor=actor)
    change(register["third"], actor, status="abandoned", name_kk="Үшінші")
    change(register["third"], actor, status="closed_rehabilitated")
    add_structure(register["third"], "dam", {"height_m": Claim(12.0)}, source="Отчёт", reason="новая", actor=actor)
    make_snapshot("2", by=SYSTEM)
    change(register["own"], actor, status="closed")
    found = compare(editor, 1, 2)
    assert found is not None and (found.older.number, found.newer and found.newer.number) == (1, 2)
    assert [row.public_id for row in found.added] == [new.public_id]
    assert [row.public_id for row in found.removed] == [register["other"].public_id]
    assert [row.public_id for row in found.changed] == [register["third"].public_id]
    lines = {str(line.change.label): line for line in found.changed[0].fields}
    status = lines["Status"]
    assert (status.change.old, status.change.new, status.change.new_note) == ("closed", "closed, rehabilitated", "Отчёт 14-2")
    assert "Editor" in status.who and "test-environment" in status.who
    assert "Name in Kazakh" in lines and any("12" in line.change.new for line in lines.values())


def test_the_order_of_the_address_does_not_matter_and_now_is_the_end(register: dict[str, Any], cast: dict[str, Any]) -> None:
    make_snapshot("1", by=SYSTEM)
    change(register["own"], SYSTEM, status="closed")
    make_snapshot("2", by=SYSTEM)
    one, other, now = compare(cast["editor"], 1, 2), compare(cast["editor"], 2, 1), compare(cast["editor"], 2, None)
    assert one is not None and other is not None and now is not None
    assert one.changed == other.changed and one.older.number == other.older.number == 1
    assert now.is_same and compare(cast["editor"], 1, 7) is None


def test_a_value_changed_and_changed_back_is_no_difference(register: dict[str, Any], cast: dict[str, Any]) -> None:
    make_snapshot("1", by=SYSTEM)
    own = register["own"]
    set_disclosure(own, "draft", reason="проверка", actor=SYSTEM)
    own.refresh_from_db()
    set_disclosure(own, "published", reason="проверено", actor=SYSTEM)
    found = compare(cast["secretary"], 1, None)
    assert found is not None and found.is_same


def test_hidden_values_are_told_to_nobody_below_their_level(register: dict[str, Any], cast: dict[str, Any]) -> None:
    make_snapshot("1", by=SYSTEM)
    change(register["own"], actor_of(cast["editor"]), contact="HIDDEN-AUTHORITY", bin="HIDDEN-GROUP", status="closed")
    levels = {"secretary": 2, "editor": 2, "inspector": 2, "expert": 1, "observer": 1, "operator": 2}
    for role in ROLES:
        page = cast[role].client.get("/registry/snapshots/1/compare/now/").content.decode()
        level = levels.get(role, 0)
        assert "closed" in page, role
        assert ("HIDDEN-AUTHORITY" in page) == (level >= 2), role
        assert ("HIDDEN-GROUP" in page) == (level >= 1), role
        assert ("Editor" in page.split("<main", 1)[1]) == (role in ("secretary", "editor", "inspector")), role


def test_a_draft_and_a_withdrawn_facility_are_known_to_the_authority_only(
    register: dict[str, Any], cast: dict[str, Any], make_facility: Any
) -> None:
    make_snapshot("1", by=SYSTEM)
    draft = make_facility(name_en="DRAFT-CANARY", disclosure="draft")
    third = Facility.objects.get(pk=register["third"].pk)
    change(third, SYSTEM, name_en="WITHDRAWN-CANARY")
    make_snapshot("2", by=SYSTEM)
    third.refresh_from_db()
    set_disclosure(third, "draft", reason="проверка", actor=SYSTEM)
    for role in ROLES:
        pages = [
            cast[role].client.get(f"/registry/snapshots/{path}/").content.decode()
            for path in ("1/compare/2", "1/compare/now", "2")
        ]
        text = "".join(pages)
        is_told = role in ("secretary", "editor", "inspector")
        assert ("DRAFT-CANARY" in text) == is_told and (draft.public_id in text) == is_told, role
        assert ("WITHDRAWN-CANARY" in text) == is_told, role


def test_what_the_operator_proposes_is_no_change_for_others(register: dict[str, Any], cast: dict[str, Any]) -> None:
    from boget.portal.registry.services import propose_values

    make_snapshot("1", by=SYSTEM)
    own = Facility.objects.get(pk=register["own"].pk)
    propose_values(
        own, {"status": Claim("PROPOSED" and "closed")}, source=Source("Мы", "проще"), actor=actor_of(cast["operator"])
    )
    for role, is_told in (
        ("secretary", True),
        ("operator", True),
        ("expert", False),
        ("other_operator", False),
        ("anonymous", False),
    ):
        found = compare(cast[role], 1, None)
        assert found is not None and bool(found.changed) == is_told, role


def test_who_makes_snapshots_and_who_reads_them(register: dict[str, Any], clients: dict[str, Any]) -> None:
    make_snapshot("NAME-OF-IT", by=SYSTEM)
    for role, client in clients.items():
        met = client.post("/registry/snapshots/", {"name": f"by {role}"}).status_code
        assert met == (302 if role in ("secretary", "editor") else 404), role
        paths = (
            "",
            "1/",
            "1/compare/now/",
            "999/",
            "1/compare/999/",
            "99999999999999999999/",
            "1/compare/99999999999999999999/",
        )
        wanted = [200, 200, 200, 404, 404, 404, 404]
        assert [client.get(f"/registry/snapshots/{path}").status_code for path in paths] == wanted, role
        assert client.get("/registry/snapshots/1/?with=x").status_code == 404
    assert Snapshot.objects.count() == 3


def test_other_entries_of_the_log_are_no_changes_of_the_register(register: dict[str, Any], cast: dict[str, Any]) -> None:
    from boget.portal.core.services import Entry

    make_snapshot("1", by=SYSTEM)
    append_revision(Entry("plan_item", "2022/1", "change", {"state": ("planned", "done")}), actor=SYSTEM)
    found = compare(cast["secretary"], 1, None)
    assert found is not None and found.is_same


def test_comparing_costs_a_fixed_number_of_queries(
    register: dict[str, Any], cast: dict[str, Any], make_facility: Any, django_assert_max_num_queries: Any
) -> None:
    make_snapshot("1", by=SYSTEM)
    for number in range(12):
        make_facility(name_en=f"New {number}")
    make_snapshot("2", by=SYSTEM)
    with django_assert_max_num_queries(12):
        found = compare(cast["expert"], 1, 2)
    assert found is not None and len(found.added) == 12
