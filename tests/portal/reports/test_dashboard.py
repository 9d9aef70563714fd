"""The dashboard for each role: numbers that agree with their lists, few queries, nothing of others; landing, links, search."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from boget.portal.reports.dashboard import read_dashboard

SIGNED_IN = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer")
DAY = dt.date(2026, 11, 22)


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def seated(desk: Any, cast: dict[str, Any]) -> dict[str, Any]:
    """The secretary's and the editor's bodies sit in the group; the secretary's is responsible for an action and an item."""
    from boget.portal.accounts.selectors import organisation_of
    from boget.portal.actions.models import Action, ActionParty
    from boget.portal.meetings.models import GroupBody, ItemParty, WorkingGroup

    group = WorkingGroup.objects.get()
    bodies = {name: organisation_of(cast[name]) for name in ("secretary", "editor")}
    for body in bodies.values():
        GroupBody.objects.create(group=group, organisation=body, valid_from=dt.date(2022, 1, 21))
    ActionParty.objects.create(action=Action.objects.get(title="Мера группы"), organisation=bodies["secretary"], role="lead")
    ItemParty.objects.create(item=desk["plan"].items.get(number=4), organisation=bodies["editor"], role="responsible")
    return desk


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_number_is_that_of_its_list(seated: Any, clients: dict[str, Any], name: str) -> None:
    board = clients[name].get("/dashboard/").context["board"]
    assert len(board.tiles) == 6
    for tile in board.tiles:
        answer = clients[name].get(tile.link)
        assert answer.status_code == 200, tile.link
        found = answer.context["totals"].count if tile.link.startswith("/registry/") else answer.context["page"].totals.total
        assert tile.value == found, (tile.code, tile.link)
    for line in board.register.missing:
        assert line.count == clients[name].get(line.link).context["totals"].count, line.link


@pytest.mark.parametrize("name", SIGNED_IN)
def test_the_page_takes_few_queries(seated: Any, clients: dict[str, Any], name: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        assert clients[name].get("/dashboard/").status_code == 200


def test_what_waits_is_ones_own(seated: Any, cast: dict[str, Any]) -> None:
    waiting = {name: [row.title for row in read_dashboard(cast[name], DAY, timezone.now()).today] for name in ("secretary", "editor", "observer")}
    assert waiting["secretary"] == ["Мера группы"]
    assert len(waiting["editor"]) == 1 and waiting["editor"][0].startswith("Drawing up of proposals")
    assert waiting["observer"] == []


def test_late_things_come_first_with_their_days(seated: Any, cast: dict[str, Any]) -> None:
    row = read_dashboard(cast["secretary"], dt.date(2022, 10, 3), timezone.now()).today[0]
    assert (row.chip, row.words) == ("bad", "overdue by 3 d")
    before = read_dashboard(cast["secretary"], dt.date(2022, 9, 30), timezone.now()).today[0]
    assert (before.chip, before.words) == ("warn", "today")


@pytest.mark.parametrize("name", ["expert", "observer", "operator", "other_operator"])
def test_nothing_hidden_is_on_the_page(seated: Any, clients: dict[str, Any], name: str) -> None:
    page = read(clients[name], "/dashboard/")
    assert [word for word in ("ACTION-CANARY", "DRAFT-CANARY", "AUTHORITY-CANARY") if word in page] == []
    board = clients[name].get("/dashboard/").context["board"]
    counts = {tile.code: tile.value for tile in board.tiles}
    assert counts["facilities"] == 2
    assert counts["late"] == (1 if name in ("operator", "other_operator") else 2)
    assert board.plan is not None  # the embedded plan is a released one
    seated["plan"].is_released = False
    seated["plan"].save()
    board = clients[name].get("/dashboard/").context["board"]
    assert (board.plan is None) == (name in ("operator", "other_operator"))


def test_the_secretary_is_offered_the_report_others_not(seated: Any, clients: dict[str, Any]) -> None:
    for name in SIGNED_IN:
        page = read(clients[name], "/dashboard/")
        assert ("/reports/progress/new/" in page) == (name == "secretary"), name
        assert page.count("<h1") == 1 and len(re.findall(r'class="button button-primary"', page)) <= 1


def test_changes_are_counted_from_the_last_report_that_the_reader_sees(seated: Any, clients: dict[str, Any], make_facility: Any) -> None:
    from boget.portal.reports.models import ProgressReport

    rest = {"year": 2022, "since": DAY, "until": DAY, "state": "released", "made_at": timezone.now()}
    at = timezone.now() - dt.timedelta(days=1)
    ProgressReport.objects.create(code="2022-1", level=1, released_at=at, **rest)
    ProgressReport.objects.create(code="2022-2", level=2, released_at=timezone.now() + dt.timedelta(days=1), **rest)
    group = clients["expert"].get("/dashboard/").context["board"].register
    assert (group.report_code, group.changed) == ("2022-1", 2)
    assert clients["expert"].get(group.changed_link).context["totals"].count == 2
    assert clients["secretary"].get("/dashboard/").context["board"].register.report_code == "2022-2"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_an_empty_installation_has_a_dashboard(cast: dict[str, Any], language: str) -> None:
    page = read(cast["secretary"].client, f"/dashboard/?lang={language}")
    assert f'<html lang="{language}"' in page


# --- landing -------------------------------------------------------------------------------------------------------


def test_people_land_where_their_work_is(cast: dict[str, Any]) -> None:
    for name in SIGNED_IN:
        wanted = "/registry/facilities/?level=authority" if "operator" in name else "/dashboard/"
        assert cast[name].client.get("/welcome/").headers["Location"] == wanted, name
    assert "/accounts/sign-in/" in cast["anonymous"].client.get("/welcome/").headers["Location"]
    assert "/accounts/sign-in/" in cast["anonymous"].client.get("/dashboard/").headers["Location"]


def test_an_operator_lands_among_the_own_facilities(facility_own: Any, facility_other: Any, cast: dict[str, Any]) -> None:
    answer = cast["operator"].client.get("/welcome/", follow=True)
    assert answer.context["totals"].count == 1


# --- short links and search ----------------------------------------------------------------------------------------


@pytest.fixture
def decision(plan: Any) -> Any:
    from boget.portal.meetings.models import AgendaItem, Decision, Meeting

    meeting = Meeting.objects.get(kind="session", number=1)
    item = AgendaItem.objects.create(meeting=meeting, position=99, title_ru="Инвентаризация")
    words = {"text_ru": "Запросить у акиматов сведения", "recorded_at": timezone.now()}
    return Decision.objects.create(meeting=meeting, item=item, number=90, **words)


def test_a_short_link_leads_to_the_action_of_those_who_may_see_it(desk: Any, clients: dict[str, Any]) -> None:
    from boget.portal.actions.models import Action

    hidden, group = (Action.objects.get(title=title) for title in ("ACTION-CANARY", "Мера группы"))
    for name, client in clients.items():
        may = {"hidden": name in ("secretary", "editor", "inspector"), "group": name in ("secretary", "editor", "inspector", "expert", "observer")}
        for code, action in (("hidden", hidden), ("group", group)):
            answer = client.get(f"/a/{action.public_id}/")
            assert answer.status_code == (302 if may[code] else 404), (name, code)
    assert clients["secretary"].get(f"/a/{hidden.public_id.lower()}/").headers["Location"] == f"/actions/{hidden.public_id}/"
    assert clients["secretary"].get("/a/A-9999/").status_code == 404


def test_a_short_link_leads_members_to_the_decision(decision: Any, clients: dict[str, Any]) -> None:
    for name, client in clients.items():
        is_member = name in ("secretary", "editor", "inspector", "expert", "observer")
        assert client.get("/d/1.90/").status_code == (302 if is_member else 404), name
    assert clients["secretary"].get("/d/1.90/").headers["Location"] == "/meetings/1/decisions/90/"
    assert clients["secretary"].get("/d/1.91/").status_code == 404


def test_search_finds_actions_by_the_rights_of_the_reader(desk: Any, clients: dict[str, Any]) -> None:
    counts = {name: client.get("/search/", {"q": "мера"}).context["findings"].actions_count for name, client in clients.items()}
    assert counts == {"secretary": 2, "editor": 2, "inspector": 2, "expert": 2, "observer": 2, "operator": 1, "other_operator": 1, "anonymous": 0}
    for name, client in clients.items():
        found = client.get("/search/", {"q": "ACTION-CANARY"}).context["findings"].actions
        assert bool(found) == (name in ("secretary", "editor", "inspector")), name


def test_search_finds_decisions_and_meetings_for_members_only(decision: Any, clients: dict[str, Any]) -> None:
    for name, client in clients.items():
        is_member = name in ("secretary", "editor", "inspector", "expert", "observer")
        for query in ("акимат", "1.90"):
            findings = client.get("/search/", {"q": query}).context["findings"]
            assert (findings.decisions_count == 1) == is_member, (name, query)
        assert bool(client.get("/search/", {"q": "инвентариз"}).context["findings"].meetings) == is_member, name
