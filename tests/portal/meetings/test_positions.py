"""Proposals: versions kept, positions by organisation, dissent kept, drafts hidden, nothing lost in a race."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.core.errors import Conflict
from boget.portal.core.models import Revision
from boget.portal.meetings.models import GroupBody, Position, Proposal, WorkingGroup
from boget.portal.meetings.selectors import positions as selectors
from boget.portal.meetings.services import positions as services
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db

MEMBERS = ("test-emergency", "test-environment", "test-owner", "test-university")
ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")


@pytest.fixture
def group(cast: dict[str, Any]) -> WorkingGroup:
    bodies = {code: Organisation.objects.get(code=code) for code in (*MEMBERS, "test-observer")}
    group = WorkingGroup.objects.create(code="kz", country="KZ", name_ru="Рабочая группа", host=bodies["test-emergency"])
    for code, body in bodies.items():
        GroupBody.objects.create(
            group=group, organisation=body, is_observer=code == "test-observer", valid_from=dt.date(2022, 1, 21)
        )
    return group


@pytest.fixture
def draft(group: WorkingGroup, cast: dict[str, Any]) -> Proposal:
    text = "Обследовать бесхозные объекты.\n\nДоложить до июня."
    return services.create_proposal(group, title="О бесхозных объектах", text=text, language="ru", by=cast["editor"])


@pytest.fixture
def opened(draft: Proposal, cast: dict[str, Any]) -> Proposal:
    return services.open_proposal(draft, closes_on=today() + dt.timedelta(days=14), version=1, by=cast["editor"])


def say(proposal: Proposal, who: Any, stance: str, remark: str = "", *, text: int = 1) -> Position:
    organisation = who.memberships.get().organisation
    return services.state_position(
        proposal, organisation=organisation, text_number=text, stance=stance, remark=remark, by=who
    )


def test_a_draft_is_seen_by_its_own_organisation_and_the_secretary_only(draft: Proposal, cast: dict[str, Any]) -> None:
    seen = {role for role in ROLES if selectors.proposals_visible_to(cast[role]).exists()}
    assert seen == {"secretary", "editor"}


def test_an_open_one_is_seen_by_members_only(opened: Proposal, cast: dict[str, Any]) -> None:
    address = reverse("meetings:proposal", args=[opened.number])
    statuses = {role: cast[role].client.get(address).status_code for role in ROLES if role != "anonymous"}
    assert statuses == {role: 404 if role == "other_operator" else 200 for role in statuses}


def test_a_changed_mind_is_a_new_row_and_the_newest_counts(opened: Proposal, cast: dict[str, Any]) -> None:
    say(opened, cast["operator"], "object", "Нет средств.")
    say(opened, cast["operator"], "agree")
    voices = {voice.organisation.code: voice for voice in selectors.list_positions(opened, 1)}
    voice = voices["test-owner"]
    assert voice.stance == "agree"
    assert [(said.stance, said.remark) for said in voice.earlier] == [("object", "Нет средств.")]
    assert voices["test-university"].stance == "silent"
    assert "test-observer" not in voices


def test_the_same_said_twice_is_one_row(opened: Proposal, cast: dict[str, Any]) -> None:
    first, second = (say(opened, cast["expert"], "agree_if", "Добавить срок.") for _n in range(2))
    assert first == second
    assert Position.objects.count() == 1


@pytest.mark.parametrize("stance", ["agree_if", "object"])
def test_remarks_and_objections_need_words(opened: Proposal, cast: dict[str, Any], stance: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        say(opened, cast["expert"], stance)
    assert caught.value.code == "required"
    assert not Position.objects.exists()


def test_a_position_on_an_older_text_is_refused_and_shown_as_older(opened: Proposal, cast: dict[str, Any]) -> None:
    say(opened, cast["expert"], "agree")
    services.add_text(opened, title=opened.title, text="Обследовать все объекты.", note="шире", version=2, by=cast["editor"])
    with pytest.raises(Conflict):
        say(opened, cast["operator"], "agree", text=1)
    voices = {voice.organisation.code: voice for voice in selectors.list_positions(opened, 2)}
    assert (voices["test-university"].stance, voices["test-university"].is_current) == ("agree", False)
    assert [row.number for row in selectors.list_unanswered(cast["expert"])] == [opened.number]


def test_agreement_keeps_the_text_and_the_dissent(opened: Proposal, cast: dict[str, Any]) -> None:
    say(opened, cast["operator"], "object", "Против второго пункта.")
    services.agree_by_decision(opened, "5.3", by=cast["secretary"])
    page = selectors.read_proposal(cast["expert"], opened.number)
    assert page is not None
    assert (page.proposal.state, page.proposal.decision_ref) == ("agreed", "5.3")
    assert page.voices[0].said is not None
    assert (page.voices[0].stance, page.voices[0].said.remark) == ("object", "Против второго пункта.")
    with pytest.raises(InvalidInput):
        say(opened, cast["expert"], "agree")
    with pytest.raises(InvalidInput):
        services.add_text(page.proposal, title="x", text="y", note="z", version=page.proposal.version, by=cast["secretary"])


def test_every_version_and_step_is_in_the_log(opened: Proposal, cast: dict[str, Any]) -> None:
    say(opened, cast["expert"], "agree")
    entries = Revision.objects.filter(record_type="proposal", record_id=str(opened.number)).order_by("seq")
    assert [row.kind for row in entries] == ["create", "change", "change"]
    assert entries[2].changes == {"position test-university": [None, {"stance": "agree", "text": 1, "remark": ""}]}


def test_two_writers_of_the_text_lose_nothing(opened: Proposal, cast: dict[str, Any]) -> None:
    address = reverse("meetings:proposal_text", args=[opened.number])
    sent = {"title": opened.title, "note": "правка", "version": opened.version}
    first = cast["editor"].client.post(address, {**sent, "text": "Текст редактора."})
    second = cast["secretary"].client.post(address, {**sent, "text": "Текст секретаря."})
    assert (first.status_code, second.status_code) == (302, 409)
    page = second.content.decode()
    assert "Текст редактора." in page
    assert "Текст секретаря." in page
    again = cast["secretary"].client.post(address, {**sent, "version": opened.version + 1, "text": "Текст секретаря."})
    assert again.status_code == 302
    assert [row.paragraphs for row in opened.texts.all()][1:] == [["Текст редактора."], ["Текст секретаря."]]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("editor", 302), ("expert", 302), ("operator", 302), ("observer", 404), ("inspector", 404), ("other_operator", 404)],
)
def test_who_may_state_a_position(opened: Proposal, cast: dict[str, Any], role: str, expected: int) -> None:
    address = reverse("meetings:proposal_position", args=[opened.number])
    answer = cast[role].client.post(address, {"stance": "agree", "text_number": 1})
    assert answer.status_code == expected
    assert Position.objects.count() == (expected == 302)


def test_observers_comment_and_strangers_do_not(opened: Proposal, cast: dict[str, Any]) -> None:
    address = reverse("meetings:proposal_remark", args=[opened.number])
    assert cast["observer"].client.post(address, {"text": "Есть опыт.", "paragraph": 2}).status_code == 302
    assert cast["other_operator"].client.post(address, {"text": "Есть опыт."}).status_code == 404
    page = selectors.read_proposal(cast["secretary"], opened.number)
    assert page is not None
    assert [thread.remark.text for thread in page.paragraphs[1].threads] == ["Есть опыт."]


def test_a_remark_follows_its_paragraph_into_the_next_version(opened: Proposal, cast: dict[str, Any]) -> None:
    services.add_remark(opened, text="Почему июнь?", paragraph=2, by=cast["expert"])
    services.add_remark(opened, text="Кто?", paragraph=1, by=cast["expert"])
    text = "Новое начало.\n\nВсе объекты.\n\nДоложить до июня."
    services.add_text(opened, title=opened.title, text=text, note="шире", version=2, by=cast["editor"])
    page = selectors.read_proposal(cast["expert"], opened.number)
    assert page is not None
    assert [[thread.remark.text for thread in row.threads] for row in page.paragraphs] == [[], [], ["Почему июнь?"]]
    assert [thread.remark.text for thread in page.threads] == ["Кто?"]  # its paragraph is gone, the word stays


def test_only_the_secretary_records_an_agreement_and_only_by_a_real_decision(opened: Proposal, cast: dict[str, Any]) -> None:
    address = reverse("meetings:proposal_close", args=[opened.number])
    sent = {"state": "agreed", "decision_ref": "5.3", "version": opened.version}
    assert cast["editor"].client.post(address, sent).status_code == 422
    assert cast["secretary"].client.post(address, sent).status_code == 422  # no such decision
    assert cast["expert"].client.post(address, sent).status_code == 404
    opened.refresh_from_db()
    assert opened.state == "open"


def test_closing_without_a_reason_is_refused(opened: Proposal, cast: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.close_proposal(opened, state="not_agreed", reason=" ", version=opened.version, by=cast["secretary"])
    assert caught.value.code == "reason_missing"


def test_a_closed_one_says_why(opened: Proposal, cast: dict[str, Any]) -> None:
    services.close_proposal(opened, state="not_agreed", reason="Нет согласия.", version=opened.version, by=cast["secretary"])
    page = cast["expert"].client.get(reverse("meetings:proposal", args=[opened.number])).content.decode()
    assert "Reason: Нет согласия." in page
    assert "State our position" not in page


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ 7|add:7 }}"])
def test_texts_are_shown_as_text(group: WorkingGroup, cast: dict[str, Any], payload: str) -> None:
    proposal = services.create_proposal(group, title=payload, text=payload, language="ru", by=cast["editor"])
    services.open_proposal(proposal, closes_on=today(), version=1, by=cast["editor"])
    services.add_remark(proposal, text=payload, by=cast["expert"])
    page = cast["secretary"].client.get(reverse("meetings:proposal", args=[proposal.number])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "14" not in payload
    assert payload.startswith("{{") is ("{{ 7|add:7 }}" in page)


def test_the_list_costs_the_same_for_one_and_for_many(opened: Proposal, cast: dict[str, Any], group: WorkingGroup) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection, ) as queries:
            assert cast["expert"].client.get(reverse("meetings:proposals")).status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(8):
        row = services.create_proposal(group, title=f"П{number}", text="т", language="ru", by=cast["editor"])
        services.open_proposal(row, closes_on=today(), version=1, by=cast["editor"])
    assert count() == few


def list_told(proposal: Proposal) -> list[tuple[str, str]]:
    """Event and role of those told, in order."""
    from boget.portal.notifications.models import Notification

    rows = Notification.objects.filter(event__topic="position", event__subject_id=str(proposal.number))
    return [(row.event.context["event"], row.user.email.split("@")[0]) for row in rows.order_by("pk")]


def test_the_people_of_the_organisations_asked_are_told(opened: Proposal, cast: dict[str, Any]) -> None:
    asked = {"secretary", "operator", "expert"}  # the editor opened it; the observer is not asked
    assert sorted(list_told(opened)) == sorted(("opened", role) for role in asked)
    again = services.open_proposal(opened, closes_on=today() + dt.timedelta(days=20), version=2, by=cast["editor"])
    services.add_text(again, title=again.title, text="Иной текст.", note="шире", version=3, by=cast["secretary"])
    assert sorted(list_told(opened))[len(asked) :] == sorted(("text", role) for role in ("editor", "operator", "expert"))


def test_a_draft_is_told_to_nobody(draft: Proposal, cast: dict[str, Any]) -> None:
    services.add_text(draft, title=draft.title, text="Иной текст.", note="", version=1, by=cast["editor"])
    assert list_told(draft) == []


def test_the_letter_says_what_is_asked_and_goes_to_members_only(opened: Proposal, cast: dict[str, Any]) -> None:
    from boget.portal.notifications.letters import keep_open, render_part
    from boget.portal.notifications.models import Notification

    row = Notification.objects.select_related("event").get(event__topic="position", user=cast["expert"])
    parts = {part: render_part(row.event, part) for part in ("subject", "line", "reason", "body", "action")}
    assert all(parts.values())
    assert parts["subject"].endswith(f"proposal {opened.number}")
    assert opened.title in parts["body"]
    GroupBody.objects.filter(organisation__code="test-owner").update(valid_to=dt.date(2022, 2, 1))
    kept = Notification.objects.select_related("event").get(event__topic="position", user=cast["operator"])
    operator = type(cast["operator"]).objects.get(pk=cast["operator"].pk)
    assert keep_open(operator, [kept]) == []
    assert len(keep_open(cast["expert"], [row])) == 1
