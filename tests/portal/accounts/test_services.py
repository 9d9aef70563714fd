"""Every write appends to the log, and a refused write leaves neither a row nor an entry."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from boget.portal.accounts import services
from boget.portal.accounts.models import Membership, Organisation, User
from boget.portal.accounts.selectors import access_of
from boget.portal.core.services import SYSTEM, Actor, describe_installation, read_head, verify_chain
from boget.science.errors import InvalidInput
from tests.portal.accounts.conftest import EMAIL, PASSWORD, read_revisions

pytestmark = pytest.mark.django_db
CLERK = Actor("clerk@test.boget", "Clerk", "МЧС")


def test_creating_a_person_is_logged_without_the_password(ministry):
    user = services.create_user(email="  Bolat@Test.Boget ", name=" Болат   Сериков ", by=CLERK, password=PASSWORD)
    assert (user.email, user.name) == ("bolat@test.boget", "Болат Сериков")
    (entry,) = read_revisions("person", user.code)
    assert (entry.kind, entry.actor, entry.organisation) == ("create", CLERK.code, "МЧС")
    assert entry.changes["email"] == [None, "bolat@test.boget"]
    assert PASSWORD not in entry.changes_text and "argon2" not in entry.changes_text


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"email": EMAIL.upper()}, "duplicate"),
        ({"email": "not an address"}, "malformed"),
        ({"name": "  "}, "required"),
        ({"name": "a" * 151}, "too_long"),
        ({"name": "a\x00b"}, "control_character"),
        ({"language": "de"}, "not_in_list"),
    ],
)
def test_a_refused_person_leaves_nothing(person, fault, code):
    head, count = read_head(), User.objects.count()
    with pytest.raises(InvalidInput) as caught:
        services.create_user(**{"email": "new@test.boget", "name": "New", "by": CLERK, **fault})
    assert caught.value.code == code
    assert (read_head(), User.objects.count()) == (head, count)


def test_the_database_itself_refuses_a_second_spelling_of_an_address(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=User.objects.create(email="b@test.boget", name="B").pk).update(email=EMAIL.upper())
    assert User.objects.get_by_natural_key(EMAIL.upper()) == person


def test_a_role_is_logged_and_ends(person, ministry):
    (membership,) = person.memberships.all()
    assert access_of(person).can_edit
    services.end_membership(membership, last_day=dt.date(2023, 5, 1), by=CLERK, reason="left")
    last = read_revisions("person", person.code)[-1]
    assert last.changes["membership"] == [
        "editor @ ministry 2022-01-21..",
        "editor @ ministry 2022-01-21..2023-05-01",
    ]
    assert (last.actor, last.reason) == (CLERK.code, "left")
    assert not access_of(User.objects.get(pk=person.pk)).can_edit


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"role": "king"}, "not_in_list"),
        ({"role": "editor"}, "duplicate"),
        ({"valid_to": dt.date(2021, 1, 1)}, "date_order"),
    ],
)
def test_a_refused_role_leaves_nothing(person, ministry, fault, code):
    head = read_head()
    values = {"role": "expert", "valid_from": dt.date(2023, 1, 1), "by": CLERK, **fault}
    with pytest.raises(InvalidInput) as caught:
        services.add_membership(person, ministry, **values)
    assert caught.value.code == code
    assert (read_head(), Membership.objects.count()) == (head, 1)


def test_the_same_role_may_be_held_again_later(person, ministry):
    (membership,) = person.memberships.all()
    services.end_membership(membership, last_day=dt.date(2023, 5, 1), by=CLERK)
    services.add_membership(person, ministry, role="editor", valid_from=dt.date(2023, 5, 2), by=CLERK)
    assert person.memberships.count() == 2


def test_a_role_cannot_end_before_it_began(person):
    (membership,) = person.memberships.all()
    head = read_head()
    with pytest.raises(InvalidInput):
        services.end_membership(membership, last_day=dt.date(2021, 1, 1), by=CLERK)
    assert read_head() == head
    assert Membership.objects.get().valid_to is None


def test_preferences_are_logged_only_when_they_differ(person):
    head = read_head()
    services.change_preferences(person, {"language": "en"})
    assert read_head() == head
    services.change_preferences(person, {"language": "kk", "theme": "dark"})
    last = read_revisions("person", person.code)[-1]
    assert last.changes == {"language": ["en", "kk"], "theme": ["system", "dark"]}
    assert (last.actor, last.organisation) == (EMAIL, "Министерство")


@pytest.mark.parametrize("changes", [{"theme": "pink"}, {"time_zone": "Mars/Olympus"}, {"is_staff": "1"}])
def test_a_refused_preference_changes_nothing(person, changes):
    head = read_head()
    with pytest.raises(InvalidInput):
        services.change_preferences(person, changes)
    assert read_head() == head
    stored = User.objects.get(pk=person.pk)
    assert all(getattr(stored, name) == getattr(person, name) for name in ("theme", "time_zone", "is_staff"))


def test_password_and_invitation_are_logged_without_their_content(person):
    path = services.issue_invitation(person, by=CLERK)
    services.set_password(person, "another long password 9")
    text = "".join(entry.changes_text for entry in read_revisions("person", person.code))
    assert "password_link" in text and path.split("-")[-1].strip("/") not in text
    assert "another long password" not in text


def test_when_the_log_refuses_nothing_is_written(ministry, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(services, "append_revision", refuse)
    for write in (
        lambda: services.create_user(email="x@test.boget", name="X", by=CLERK),
        lambda: services.create_organisation(code="x", values={"kind": "other", "name_ru": "X"}, by=CLERK),
    ):
        with pytest.raises(RuntimeError):
            write()
    assert not User.objects.filter(email="x@test.boget").exists()
    assert not Organisation.objects.filter(code="x").exists()


def test_demo_accounts_exist_in_a_demonstration_only(db):
    with pytest.raises(InvalidInput) as caught:
        services.create_demo_accounts()
    assert caught.value.code == "not_a_demo"
    assert not User.objects.exists()


def test_demo_accounts_one_for_each_role_and_a_fresh_password_each_time(db):
    installation = describe_installation()
    installation.is_demo = True
    installation.save()
    accounts = services.create_demo_accounts()
    roles = [role for _email, role, _password in accounts]
    assert sorted(roles) == sorted(["secretary", "editor", "inspector", "operator", "operator", "expert", "observer"])
    operators = [access_of(User.objects.get(email=email)).operator_ids for email, role, _ in accounts if role == "operator"]
    assert operators[0] and operators[1] and not operators[0] & operators[1]
    again = services.create_demo_accounts()
    assert again[0][2] != accounts[0][2]
    assert User.objects.get(email=again[0][0]).check_password(again[0][2])
    assert User.objects.count() == len(accounts)
    assert services.create_demo_accounts("given by hand")[0][2] == "given by hand"


def test_the_chain_stays_sound(person, ministry):
    services.change_preferences(person, {"density": "compact"})
    services.rename_organisation(ministry, code="next", names={"name_ru": "Н"}, first_day=dt.date(2026, 1, 1), by=SYSTEM)
    assert verify_chain().is_sound
