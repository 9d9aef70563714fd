"""Pages: one's own notifications, choices, the way out of a letter, the secretary's queue."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from boget.portal.notifications import services
from boget.portal.notifications.models import Letter, LetterState, Notification, Preference
from boget.portal.notifications.selectors import read_digest_rhythm
from boget.portal.notifications.topics import Topic, register_topic

pytestmark = pytest.mark.django_db
ROLES = ["secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous"]


def tell(person: Any, number: str = "A-0071", title: str = "Plug decant wells") -> Notification:
    context = {"title": title, "number": number, "due": "2026-06-30"}
    event = services.notify("assigned", [person], number, context=context)
    return event.notifications.get()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_the_own_notifications_only(role: str, clients: Any, cast: Any) -> None:
    told = tell(cast["operator"], title="CANARY")
    is_own = role == "operator"
    expected = 302 if role == "anonymous" else 200
    page = clients[role].get("/notifications/?show=all")
    assert page.status_code == expected
    assert ("CANARY" in page.content.decode()) == is_own
    one = clients[role].get(f"/notifications/{told.pk}/").status_code
    assert one == (200 if is_own else 302 if role == "anonymous" else 404)
    clients[role].post(f"/notifications/{told.pk}/read/")
    clients[role].post("/notifications/read/")
    told.refresh_from_db()
    assert (told.read_at is not None) == is_own


@pytest.mark.parametrize("role", ROLES)
def test_the_queue_is_open_to_the_secretary_only(role: str, clients: Any, cast: Any) -> None:
    tell(cast["operator"], title="CANARY")
    key = Letter.objects.get().key
    is_open = role == "secretary"
    for address in ("/notifications/queue/", f"/notifications/queue/{key}/"):
        assert clients[role].get(address).status_code == (200 if is_open else 404)
    for address in ("again/", f"{key}/again/", f"{key}/handed-over/"):
        assert clients[role].post(f"/notifications/queue/{address}").status_code == (302 if is_open else 404)
        assert clients[role].get(f"/notifications/queue/{address}").status_code == (405 if is_open else 404)


def test_what_is_closed_meanwhile_is_gone_from_list_count_and_page(
    clients: Any, cast: Any, hidden: set[tuple[str, str]]
) -> None:
    told = tell(cast["operator"], title="CANARY")
    tell(cast["operator"], "A-0072")
    hidden.add((cast["operator"].email, "A-0071"))
    page = clients["operator"].get("/notifications/")
    assert "CANARY" not in page.content.decode()
    assert page.context["unread"] == 1
    assert clients["operator"].get(f"/notifications/{told.pk}/").status_code == 404


def test_opening_is_reading(clients: Any, cast: Any) -> None:
    told = tell(cast["operator"])
    assert clients["operator"].get("/notifications/").context["unread"] == 1
    page = clients["operator"].get(f"/notifications/{told.pk}/").content.decode()
    assert 'href="/actions/A-0071/"' in page and "you are responsible for A-0071" in page
    assert clients["operator"].get("/notifications/").context["unread"] == 0
    assert "A-0071" in clients["operator"].get("/notifications/?show=all").content.decode()


def test_lists_are_grouped_by_day_and_cost_few_queries(
    clients: Any, cast: Any, time: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        tell(cast["operator"], f"A-{number:04d}")
        time.advance(hours=1)
    with django_assert_max_num_queries(14):
        page = clients["operator"].get("/notifications/")
    assert sum(len(lines) for _day, lines in page.context["days"]) == 50
    assert len(page.context["days"]) == 3
    assert page.context["unread"] == 120


def test_text_of_others_is_escaped(clients: Any, cast: Any) -> None:
    told = tell(cast["operator"], title="<script>alert(1)</script>")
    for address in ("/notifications/", f"/notifications/{told.pk}/"):
        assert "<script>alert" not in clients["operator"].get(address).content.decode()


# --- choices -----------------------------------------------------------------------------------------------------------


def read_choices(client: Any) -> dict[str, str]:
    form = client.get("/notifications/settings/").context["form"]
    return {name: str(field.initial) for name, field in form.fields.items()}


def test_choices_are_kept_and_defaults_stay_defaults(clients: Any, cast: Any) -> None:
    choices = read_choices(clients["expert"])
    assert choices["digest"] == "daily" and choices["assigned"] == "immediate" and choices["due"] == "digest"
    answer = clients["expert"].post("/notifications/settings/", {**choices, "digest": "weekly", "due": "off"})
    assert answer.status_code == 302
    assert read_choices(clients["expert"]) == {**choices, "digest": "weekly", "due": "off"}
    assert Preference.objects.count() == 1


def test_a_wrong_choice_is_refused(clients: Any) -> None:
    choices = read_choices(clients["expert"])
    answer = clients["expert"].post("/notifications/settings/", {**choices, "due": "sometimes"})
    assert answer.status_code == 422
    assert not Preference.objects.exists()


def test_a_topic_that_must_be_read_cannot_be_switched_off(clients: Any, cast: Any) -> None:
    from boget.science.errors import InvalidInput

    template = "notifications/topics/assigned.txt"
    register_topic(Topic("notice", "Notices", template, can_unsubscribe=False, filter_open=lambda user, ids: ids))
    field = clients["expert"].get("/notifications/settings/").context["form"].fields["notice"]
    assert [code for code, _label in field.choices] == ["immediate", "digest"]
    with pytest.raises(InvalidInput):
        services.choose_rhythm(cast["expert"], "notice", "off")
    token = services.sign_unsubscription(cast["expert"], "notice")
    assert Client().get(f"/notifications/unsubscribe/{token}/").status_code == 404


# --- the way out of a letter -------------------------------------------------------------------------------------------


def test_the_link_of_a_letter_shows_first_and_acts_on_post(cast: Any, server: Any, work_off: Any, time: Any) -> None:
    tell(cast["expert"])
    time.advance(minutes=10)
    work_off()
    (link,) = re.findall(r"<http://127.0.0.1:8000(/\S+)>", server.taken[0]["List-Unsubscribe"].replace("\n ", ""))
    anybody = Client(enforce_csrf_checks=True)
    assert "You are responsible" in anybody.get(link).content.decode()
    assert not Preference.objects.exists(), "a program that checks mail opens every link"
    assert anybody.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().rhythm == "off"
    tell(cast["expert"], "A-0072")
    assert Letter.objects.count() == 1
    assert Notification.objects.count() == 2, "the page goes on showing everything"


def test_the_digest_is_left_by_its_link(cast: Any) -> None:
    token = services.sign_unsubscription(cast["expert"], "digest")
    Client().post(f"/notifications/unsubscribe/{token}/")
    assert read_digest_rhythm(cast["expert"]) == "off"


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "x", lambda t: t.replace(":", "")])
def test_a_forged_link_is_not_found(change: Any, cast: Any) -> None:
    token = change(services.sign_unsubscription(cast["expert"], "assigned"))
    assert Client().post(f"/notifications/unsubscribe/{token}/").status_code == 404
    assert not Preference.objects.exists()


# --- the queue ---------------------------------------------------------------------------------------------------------


def test_the_secretary_sees_the_last_error_and_tries_again(clients: Any, cast: Any) -> None:
    tell(cast["operator"])
    Letter.objects.update(state=LetterState.FAILED, attempts=1, last_error="550 no such mailbox")
    page = clients["secretary"].get("/notifications/queue/").content.decode()
    assert "550 no such mailbox" in page and "Try now" in page
    clients["secretary"].post(f"/notifications/queue/{Letter.objects.get().key}/again/")
    assert Letter.objects.get().state == LetterState.WAITING


def test_stuck_letters_are_said_on_the_secretarys_page(clients: Any, cast: Any) -> None:
    tell(cast["operator"])
    Letter.objects.update(attempts=7, last_error="ConnectionRefusedError")
    assert "does not take: 1" in clients["secretary"].get("/notifications/").content.decode()
    assert "does not take" not in clients["operator"].get("/notifications/").content.decode()


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("address", ["", "?show=all", "settings/", "queue/"])
def test_pages_read_in_every_language(address: str, language: str, clients: Any, cast: Any) -> None:
    tell(cast["secretary"])
    query = f"{'&' if '?' in address else '?'}lang={language}"
    page = clients["secretary"].get(f"/notifications/{address}{query}").content.decode()
    assert page.count("Notifications") == 0 and "Queue of letters" not in page and "You are responsible" not in page
