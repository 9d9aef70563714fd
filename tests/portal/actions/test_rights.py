"""Who sees and does what: no text of a hidden action leaves by list, search, counts, file, history, panel, plan or digest."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from boget.portal.accounts.selectors import today
from boget.portal.actions.models import Action
from boget.portal.actions.selectors.overview import count_actions, find_similar, list_by_origin, list_due
from boget.portal.actions.selectors.reminders import list_digest_items
from boget.portal.actions.selectors.told import describe_action, filter_open
from boget.portal.actions.services import story
from boget.portal.actions.services.plans import approve_version, draft_version
from boget.portal.actions.services.reminding import remind
from boget.portal.notifications.letters import write_letter
from boget.portal.notifications.models import Letter

pytestmark = pytest.mark.django_db

PEOPLE = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer")
TEXTS = {
    "title": "{0}-CANARY title", "objective": "{0}-CANARY objective", "indicator": "{0}-CANARY indicator",
    "working_area": "{0}-CANARY area", "resources": "{0}-CANARY resources", "expected_result": "{0}-CANARY result",
}  # fmt: skip
SEES = {  # level 0, level 1, level 2, level 2 with the operator responsible
    "secretary": {"PUBLIC", "GROUP", "SECRET", "OWN"}, "editor": {"PUBLIC", "GROUP", "SECRET", "OWN"},
    "inspector": {"PUBLIC", "GROUP", "SECRET", "OWN"}, "operator": {"PUBLIC", "OWN"}, "other_operator": {"PUBLIC"},
    "expert": {"PUBLIC", "GROUP"}, "observer": {"PUBLIC", "GROUP"}, "anonymous": set(),
}  # fmt: skip
WORDS = ("PUBLIC", "GROUP", "SECRET", "OWN")


@pytest.fixture
def actions(cast: Any, make_action: Any, facility_other: Any) -> dict[str, Any]:
    """One action of each level, each overdue, with a story and a place in an approved version of the plan."""
    made = {}
    for word, level, lead in (
        ("PUBLIC", 0, "inspector"),
        ("GROUP", 1, "inspector"),
        ("SECRET", 2, "inspector"),
        ("OWN", 2, "operator"),
    ):
        values = {name: text.format(word) for name, text in TEXTS.items()}
        origin = ("decision", f"{word}-CANARY", f"{word}-CANARY origin")
        action = make_action(**values, lead=lead, level=level, facility=facility_other, origins=[origin], due="2026-01")
        action = story.report_progress(
            action, by=cast["secretary"], version=1, text=f"{word}-CANARY report", evidence=f"{word}-CANARY proof"
        )
        made[word] = story.change_action(
            action, {"baseline": f"{word}-CANARY before"}, reason=f"{word}-CANARY reason", by=cast["secretary"], version=2
        )
    approve_version(draft_version(by=cast["secretary"]), approved_by="4.5", by=cast["secretary"])
    return made


def read_body(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("name", SEES)
def test_no_hidden_text_in_any_answer(name: str, cast: Any, actions: Any, facility_other: Any) -> None:
    numbers = [action.public_id for action in actions.values()]
    addresses = [
        "/actions/", "/actions/?late=1", "/actions/?q=CANARY", "/actions/?by=body", "/actions/?f=csv", "/actions/?f=xlsx",
        f"/actions/?facility={facility_other.public_id}", "/actions/?origin=decision", "/actions/plans/",
        f"/actions/plans/{today().year}-1/", f"/actions/plans/compare/?older={today().year}-1&newer=live",
        "/actions/plans/compare/?older=live&newer=live", "/actions/new/?title=CANARY",
        f"/actions/facilities/{facility_other.public_id}/panel/", "/notifications/",
        *(f"/actions/{number}/" for number in numbers), *(f"/actions/{number}/edit/" for number in numbers),
        *(f"/actions/{number}/steps/{kind}/" for number in numbers for kind in ("progress", "claim", "postpone", "cancel")),
    ]  # fmt: skip
    hidden = [f"{word}-CANARY" for word in WORDS if word not in SEES[name]]
    seen: set[str] = set()
    for address in addresses:
        answer = cast[name].client.get(address)
        body = read_body(answer) if answer.status_code == 200 else ""
        assert [word for word in hidden if word in body] == [], address
        seen |= {word for word in WORDS if f"{word}-CANARY" in body}
    assert seen == SEES[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_counts_hold_only_what_is_open(name: str, cast: Any, actions: Any) -> None:
    day, open_to = today(), len(SEES[name])
    counts = count_actions(cast[name], day)
    assert (counts.total, counts.overdue, counts.by_state["in_progress"]) == (open_to, open_to, open_to)
    page = read_body(cast[name].client.get("/actions/"))
    assert f"Export {open_to}" in page
    found = {n for word in WORDS for n in [a.title[:6] for a in list_by_origin(cast[name], "decision", f"{word}-CANARY")]}
    assert found == {TEXTS["title"].format(word)[:6] for word in SEES[name]}
    alike = {action.public_id for action in find_similar(cast[name], "CANARY title of any level", limit=9)}
    assert alike <= {actions[word].public_id for word in SEES[name]}


def test_absent_and_refused_are_the_same(cast: Any, actions: Any) -> None:
    secret = actions["SECRET"].public_id
    for name in ("operator", "other_operator", "expert", "observer"):
        for tail in ("", "edit/", "steps/progress/", "steps/verify/"):
            for number in (secret, "A-9999"):
                assert cast[name].client.get(f"/actions/{number}/{tail}").status_code == 404, (name, number, tail)
    for name in ("editor", "expert", "observer", "operator"):
        assert cast[name].client.post(f"/actions/{secret}/link/", {"kind": "other", "ref": "x"}).status_code == 404


STEPS_OF = {  # who may take which steps on the action of the operator
    "secretary": {"agree", "approve", "start", "progress", "claim", "block", "resume", "postpone", "cancel", "verify", "return"},
    "editor": set(), "inspector": {"verify", "return"}, "other_operator": set(), "expert": set(), "observer": set(),
    "operator": {"agree", "start", "progress", "claim", "block", "resume"},
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS_OF)
def test_steps_by_role(name: str, cast: Any, actions: Any) -> None:
    number = actions["OWN"].public_id
    met = {
        kind for kind in STEPS_OF["secretary"] if cast[name].client.get(f"/actions/{number}/steps/{kind}/").status_code == 200
    }
    assert met == STEPS_OF[name]
    for kind in STEPS_OF["secretary"] - met:
        assert cast[name].client.post(f"/actions/{number}/steps/{kind}/", {"version": 3, "text": "x"}).status_code == 404
    assert Action.objects.get(public_id=number).version == 3


def test_an_observer_of_a_responsible_body_only_reads(cast: Any, make_action: Any) -> None:
    make_action("Of the observers' body", lead="observer", level=2)
    client = cast["observer"].client
    assert client.get("/actions/A-0001/").status_code == 200
    assert client.get("/actions/A-0001/steps/progress/").status_code == 404
    assert list_digest_items(cast["observer"], dt.date(2027, 1, 1)) == []


def test_editors_edit_actions_of_their_own_body(cast: Any, make_action: Any) -> None:
    make_action("Of the editor", lead="editor")
    make_action("Of the inspector", lead="inspector", co="editor")
    make_action("Supported only", lead="inspector")
    expected = {"secretary": [200, 200, 200], "editor": [200, 200, 404], "inspector": [404, 200, 200], "expert": [404] * 3}
    for name, wanted in expected.items():
        assert [cast[name].client.get(f"/actions/A-000{n}/edit/").status_code for n in (1, 2, 3)] == wanted, name


def test_who_proposes_and_who_approves_the_plan(cast: Any, make_action: Any) -> None:
    make_action()
    code = draft_version(by=cast["secretary"]).code
    for name in ("secretary", "editor", "inspector", "operator", "expert", "observer", "anonymous"):
        client, can_edit = cast[name].client, name in ("secretary", "editor", "inspector")
        assert client.get("/actions/new/").status_code == (200 if can_edit else 404)
        assert client.get(f"/actions/plans/{code}/approve/").status_code == (200 if name == "secretary" else 404)
        wanted = 302 if name == "anonymous" else 200 if can_edit else 404
        assert client.get(f"/actions/plans/{code}/").status_code == wanted
        if name != "secretary":
            assert client.post("/actions/plans/new/").status_code == 404
            assert client.post(f"/actions/plans/{code}/approve/", {"approved_by": "1"}).status_code == 404


def test_a_facility_that_is_hidden_is_not_named(cast: Any, make_action: Any, make_facility: Any) -> None:
    draft = make_facility(disclosure="draft", name_en="DRAFT")
    action = make_action("Level of the group", facility=draft)
    story.change_action(action, {"facility": None}, reason="r", by=cast["secretary"], version=1)
    story.change_action(action, {"facility": draft}, reason="r", by=cast["secretary"], version=2)
    approve_version(draft_version(by=cast["secretary"]), approved_by="4.5", by=cast["secretary"])
    for address in ("/actions/", "/actions/A-0001/", "/actions/?f=csv", f"/actions/plans/{today().year}-1/"):
        assert draft.public_id in read_body(cast["secretary"].client.get(address)), address
        assert draft.public_id not in read_body(cast["expert"].client.get(address)), address
    assert 'data-action="' not in read_body(cast["expert"].client.get(f"/actions/?facility={draft.public_id}"))


def test_an_action_that_is_waited_for_is_named_to_those_who_see_it(cast: Any, make_action: Any) -> None:
    make_action("Hidden", level=2, lead="inspector")
    make_action("Open", level=1, depends_on=Action.objects.get(public_id="A-0001"))
    assert "A-0001" in read_body(cast["secretary"].client.get("/actions/A-0002/"))
    assert "A-0001" not in read_body(cast["expert"].client.get("/actions/A-0002/"))
    assert "A-0001" not in read_body(cast["expert"].client.get("/actions/?f=csv"))


def test_an_editor_who_does_not_see_a_link_does_not_cut_it(cast: Any, make_action: Any, body_of: Any) -> None:
    """A co-responsible inspector of another body's action keeps what the form did not show."""
    hidden = make_action("Hidden", level=2, lead="inspector")
    action = make_action("Open", lead="editor", depends_on=hidden)
    typed = {"title": "Open now", "language": "en", "level": "1", "due": "30.06.2026", "body-0": str(body_of("editor").pk),
             "part-0": "lead", "depends_on": "A-0001", "reason": "r", "version": "1"}  # fmt: skip
    assert cast["editor"].client.post("/actions/A-0002/edit/", typed).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.depends_on) == ("Open now", hidden)


def test_a_version_hides_what_was_closed_since_and_what_was_closed_then(cast: Any, make_action: Any) -> None:
    opened = make_action("OPENED-LATER", level=2, lead="inspector")
    closed = make_action("CLOSED-LATER", level=1, lead="inspector")
    plan = approve_version(draft_version(by=cast["secretary"]), approved_by="4.5", by=cast["secretary"])
    story.change_action(opened, {}, level=0, reason="r", by=cast["secretary"], version=1)
    story.change_action(closed, {}, level=2, reason="r", by=cast["secretary"], version=1)
    page = read_body(cast["expert"].client.get(f"/actions/plans/{plan.code}/"))
    assert "LATER" not in page
    assert "OPENED-LATER" in read_body(cast["secretary"].client.get(f"/actions/plans/{plan.code}/"))


# --- letters -----------------------------------------------------------------------------------------------------------


def test_letters_name_an_action_of_the_authority_by_its_number_only(cast: Any, actions: Any) -> None:
    remind(actions["OWN"])
    letters = [write_letter(letter) for letter in Letter.objects.filter(user=cast["operator"])]
    texts = [repr(letter) for letter in letters if letter]
    assert any(actions["OWN"].public_id in text for text in texts)
    assert not any("CANARY" in text for text in texts)
    items = [item.text for item in list_digest_items(cast["operator"], dt.date(2026, 2, 1))]
    assert len(items) == 1
    assert "CANARY" not in items[0]


def test_letters_name_an_action_of_the_group(cast: Any, actions: Any) -> None:
    assert describe_action(actions["GROUP"].public_id, {})["title"] == "GROUP-CANARY title"
    everything = [action.public_id for action in actions.values()]
    for name in PEOPLE:
        assert filter_open(cast[name], everything) == {actions[word].public_id for word in SEES[name]}


def test_due_lists_hold_the_own_body_only(cast: Any, actions: Any) -> None:
    assert [due.action.public_id for due in list_due(cast["operator"], today())] == [actions["OWN"].public_id]
    assert list_due(cast["expert"], today()) == []
    assert list_due(cast["anonymous"], today()) == []
    assert {due.action.pk for due in list_due(cast["inspector"], today())} == {
        actions[w].pk for w in ("PUBLIC", "GROUP", "SECRET")
    }
