"""The page of the working group and its changes by the secretary."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.accounts.services import add_membership, load_organisations
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.meetings.models import GroupBody, GroupPerson, WorkingGroup
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import group as services
from boget.portal.meetings.services.group import NewPerson
from boget.portal.meetings.services.loading import load_working_group
from boget.science.errors import InvalidInput

PAGE = "/meetings/group/"
DAY = dt.date(2024, 5, 13)


@pytest.fixture
def group(cast: dict[str, Any]) -> WorkingGroup:
    load_organisations()
    load_working_group()
    return WorkingGroup.objects.get()


def body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def add_person(group: WorkingGroup, by: Any, role: str = "member", **more: Any) -> GroupPerson:
    values = {"organisation": body("mes"), "name": "CANARY-NAME", "email": "canary@mail.test", "valid_from": DAY, **more}
    return services.add_person(group, NewPerson(role=role, **values), by=by)


def test_the_mandate_is_public_and_in_three_languages(group: WorkingGroup, clients: dict[str, Any]) -> None:
    for language, words in (("ru", "приказом"), ("kk", "бұйрығы"), ("en", "order No 20")):
        page = clients["anonymous"].get(PAGE, query_params={"lang": language}).content.decode()
        assert words in page and "20" in page, language
    english = clients["anonymous"].get(PAGE, query_params={"lang": "en"}).content.decode()
    assert "Ministry of Ecology and Natural Resources" in english, "a body goes on under its present name"
    assert "came in as: Ministry of Ecology, Geology and Natural Resources" in english


def test_names_and_addresses_of_people(group: WorkingGroup, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    add_person(group, cast["secretary"])
    for role, client in clients.items():
        page = client.get(PAGE).content.decode()
        is_told = role in ("secretary", "editor", "inspector", "expert", "observer")
        assert ("CANARY-NAME" in page) == is_told, role
        assert ("canary@mail.test" in page) == is_told, role


def test_an_operator_in_the_group_reads_roles_without_names(group: WorkingGroup, cast: dict[str, Any]) -> None:
    add_person(group, cast["secretary"], role="chair")
    operator = cast["operator"]
    services.add_body(group, body("test-owner"), valid_from=DAY, is_observer=False, by=cast["secretary"])
    assert group_access_of(operator).is_member
    page = operator.client.get(PAGE).content.decode()
    assert "chair" in page and "CANARY-NAME" not in page and "canary@mail.test" not in page


def test_only_the_secretary_changes(group: WorkingGroup, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    person = add_person(group, cast["secretary"])
    place = group.bodies.first()
    assert place is not None
    paths = (
        "rules/",
        "bodies/new/",
        f"bodies/{place.pk}/end/",
        "persons/new/",
        f"persons/{person.pk}/end/",
        "persons/99999/end/",
    )
    for role, client in clients.items():
        for path in paths:
            wanted = 200 if role == "secretary" and "99999" not in path else 404
            assert client.get(PAGE + path).status_code == wanted, (role, path)
            if role != "secretary":
                assert client.post(PAGE + path, {"last_day": "2026-01-01", "reason": "x"}).status_code == 404


def test_the_secretary_adds_and_ends_a_body(group: WorkingGroup, cast: dict[str, Any]) -> None:
    client = cast["secretary"].client
    form = {"organisation": body("osce").pk, "valid_from": "26.08.2024", "is_observer": "on", "source": "письмо 1"}
    assert client.post(f"{PAGE}bodies/new/", form).status_code == 302
    place = GroupBody.objects.get(organisation__code="osce")
    assert place.is_observer and place.valid_from == dt.date(2024, 8, 26)
    assert client.post(f"{PAGE}bodies/new/", form).status_code == 422, "one place at a time"
    person = add_person(group, cast["secretary"], organisation=body("osce"))
    end = {"last_day": "31.12.2025", "reason": "письмо 2"}
    assert client.post(f"{PAGE}bodies/{place.pk}/end/", end).status_code == 302
    place.refresh_from_db()
    person.refresh_from_db()
    assert (place.valid_to, person.valid_to) == (dt.date(2025, 12, 31), dt.date(2025, 12, 31))
    assert client.post(f"{PAGE}bodies/new/", form | {"valid_from": "01.02.2026"}).status_code == 302, "it may come back"


def test_a_body_under_its_old_and_its_new_name_is_one_body(group: WorkingGroup, cast: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        services.add_body(group, body("menr"), valid_from=today(), is_observer=False, by=cast["secretary"])


def test_the_membership_of_a_body_makes_its_people_members(group: WorkingGroup, cast: dict[str, Any]) -> None:
    person = cast["other_operator"]
    add_membership(person, body("kazzinc"), role="operator", valid_from=today(), by=SYSTEM)
    assert not group_access_of(person).is_member
    place = services.add_body(group, body("kazzinc"), valid_from=today(), is_observer=False, by=cast["secretary"])
    person.__dict__.pop("_boget_group_access")
    assert group_access_of(person).is_member and group_access_of(person).speaks_for == body("kazzinc")
    services.end_body(place, last_day=today(), by=cast["secretary"], reason="x")


def test_one_chair_at_a_time_and_a_substitute_stands_in_for_somebody(group: WorkingGroup, cast: dict[str, Any]) -> None:
    by = cast["secretary"]
    chair = add_person(group, by, role="chair")
    with pytest.raises(InvalidInput):
        add_person(group, by, role="chair", name="Другой")
    with pytest.raises(InvalidInput):
        add_person(group, by, role="substitute", name="Заместитель")
    made = add_person(group, by, role="substitute", name="Заместитель", substitute_for=chair)
    assert made.substitute_for == chair
    services.end_person(chair, last_day=dt.date(2025, 1, 1), by=by)
    assert add_person(group, by, role="chair", name="Другой", valid_from=dt.date(2025, 1, 2)).name == "Другой"


def test_a_form_sent_twice_makes_one_person(group: WorkingGroup, cast: dict[str, Any]) -> None:
    form = {"name": "Гость", "organisation": body("mes").pk, "role": "invited", "valid_from": "01.02.2026"}
    client = cast["secretary"].client
    assert client.post(f"{PAGE}persons/new/", form).status_code == 302
    assert client.post(f"{PAGE}persons/new/", form).status_code == 422
    assert GroupPerson.objects.count() == 1


def test_days_in_order_and_a_reason(group: WorkingGroup, cast: dict[str, Any]) -> None:
    by, place = cast["secretary"], group.bodies.first()
    assert place is not None
    before = Revision.objects.count()
    for day, reason in ((dt.date(2020, 1, 1), "x"), (dt.date(2026, 1, 1), "")):
        with pytest.raises(InvalidInput):
            services.end_body(place, last_day=day, by=by, reason=reason)
    with pytest.raises(InvalidInput):
        services.change_rules(group, quorum_share=1.5, chair_decides_ties=True, is_from_statute=True, by=by, reason="x")
    assert Revision.objects.count() == before


def test_the_quorum_of_the_statute_replaces_the_placeholder(group: WorkingGroup, cast: dict[str, Any]) -> None:
    client = cast["secretary"].client
    assert "until the statute is entered" in client.get(PAGE).content.decode()
    form = {"quorum": "50", "chair_decides_ties": "on", "is_from_statute": "on", "reason": "п. 12 положения"}
    assert client.post(f"{PAGE}rules/", form).status_code == 302
    group.refresh_from_db()
    assert (group.quorum_share, group.quorum_status) == (0.5, "verified")
    assert "until the statute is entered" not in client.get(PAGE).content.decode()


def test_no_address_of_a_person_is_in_the_log(group: WorkingGroup, cast: dict[str, Any]) -> None:
    add_person(group, cast["secretary"])
    assert not Revision.objects.filter(record_type="group_person", changes_text__contains="canary@").exists()


def test_an_installation_without_a_group_says_so(clients: dict[str, Any]) -> None:
    for client in clients.values():
        assert client.get(PAGE).status_code == 200
    assert clients["secretary"].get("/meetings/work-plans/").status_code == 200
    assert clients["anonymous"].get("/meetings/work-plans/").status_code == 404
