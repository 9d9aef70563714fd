"""Attempts to read, write or stop more of the working group's desk than one's place in it allows."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import nh3
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from boget.portal.accounts.models import Membership
from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.core.models import Revision
from boget.portal.core.sheets import read_sheet
from boget.portal.meetings import markup
from boget.portal.meetings.models import GroupBody, GroupPerson, MinutesVersion, WorkPlan
from boget.portal.meetings.selectors.meetings import list_calendar
from boget.portal.meetings.services import plan as plans
from boget.portal.meetings.services import positions
from boget.portal.meetings.services.attendance import add_participant
from boget.portal.meetings.services.calendar import make_feed
from boget.portal.meetings.services.documents import store_document
from boget.portal.meetings.services.invitations import send_invitations
from boget.portal.meetings.services.minutes_docx import write_docx
from boget.portal.meetings.services.minutes_paper import lay_out_version
from boget.portal.meetings.services.minutes_steps import add_comment, close_meeting, open_comments
from boget.portal.meetings.services.plan_import import import_plan
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db

TEXT = b"Where the dam is weakest."


@pytest.fixture
def member(group: Any, cast: dict[str, Any]) -> Any:
    """The operator, whose body has a full place in the group."""
    body = organisation_of(cast["operator"])
    GroupBody.objects.create(group=group, organisation=body, is_observer=False, valid_from=dt.date(2022, 1, 21))
    return cast["operator"]


# --- who left ------------------------------------------------------------------------------------------------------------


def test_who_has_left_the_group_reads_its_meetings_no_more(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting(link="https://video.example.org/secret-room")
    send_invitations(meeting, by=cast["secretary"], version=meeting.version)
    expert = cast["expert"]
    _feed, token = make_feed(expert)
    assert b"secret-room" in expert.client.get(f"/meetings/calendar/{token}.ics").content
    Membership.objects.filter(user=expert).update(valid_to=today() - dt.timedelta(days=1))
    GroupPerson.objects.filter(user=expert).update(valid_to=today() - dt.timedelta(days=1))
    assert expert.client.get(f"/meetings/{meeting.number}/").status_code == 404
    assert expert.client.post(f"/meetings/{meeting.number}/answer/", {"answer": "no"}).status_code == 404
    assert b"secret-room" not in expert.client.get(f"/meetings/calendar/{token}.ics").content


def test_an_invited_guest_without_a_role_still_reads_the_meeting(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting()
    add_participant(meeting, {"name": "Guest", "email": cast["operator"].email}, by=cast["secretary"])
    meeting.refresh_from_db()
    send_invitations(meeting, by=cast["secretary"], version=meeting.version)
    Membership.objects.filter(user=cast["operator"]).update(valid_to=today() - dt.timedelta(days=1))
    assert cast["operator"].client.get(f"/meetings/{meeting.number}/").status_code == 200


def test_a_registration_for_a_seminar_opens_nothing_to_who_has_no_role_any_more(group: Any, cast: dict[str, Any]) -> None:
    from boget.portal.meetings.services.meetings import create_meeting
    from boget.portal.meetings.services.seminars import register

    starts = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    seminar = create_meeting({"starts_at": starts, "mode": "online"}, by=cast["secretary"], kind="seminar")
    register(seminar, by=cast["operator"])
    Membership.objects.filter(user=cast["operator"]).update(valid_to=today() - dt.timedelta(days=1))
    reader = type(cast["operator"]).objects.get(pk=cast["operator"].pk)
    assert not list_calendar(reader).exists()


# --- names of persons ----------------------------------------------------------------------------------------------------


def test_an_operator_in_the_group_reads_bodies_and_no_names(make_held: Any, member: Any, cast: dict[str, Any]) -> None:
    meeting = make_held()
    by = cast["secretary"]
    close_meeting(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    open_comments(meeting, until=today(), by=by, version=meeting.version)
    add_comment(meeting, "The date is wrong", by=cast["expert"])
    proposal = positions.create_proposal(meeting.group, title="Wells", text="One\n\nTwo", language="en", by=by)
    positions.open_proposal(proposal, closes_on=today(), version=1, by=by)
    positions.add_remark(proposal, text="A word", by=cast["expert"])
    positions.add_text(proposal, title="Wells", text="One\n\nThree", note="as asked", version=2, by=by)
    names = {cast[name].name for name in ("secretary", "expert", "inspector")}
    pages = (f"/meetings/{meeting.number}/", f"/meetings/{meeting.number}/minutes/", f"/meetings/proposals/{proposal.number}/")
    for page in pages:
        told = visible_text(member.client.get(page))
        assert not {name for name in names if name in told}, page
        assert {name for name in names if name in visible_text(cast["inspector"].client.get(page))}, page


def visible_text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"<[^>]*>", " ", answer.content.decode())


def test_a_late_report_of_an_operator_does_not_learn_who_was_faster(plan: Any, cast: dict[str, Any]) -> None:
    from boget.portal.core.errors import Conflict

    item = plan.items.get(number=1)
    plans.report_on_item(item, plans.ItemReport(done="Begun"), by=cast["secretary"], version=item.version)
    with pytest.raises(Conflict) as stale:
        plans.report_on_item(item, plans.ItemReport(done="Mine"), by=cast["operator"], version=item.version)
    assert cast["secretary"].name not in str(stale.value.context.get("who", ""))


# --- documents -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(make_meeting: Any, cast: dict[str, Any]) -> Any:
    meeting = make_meeting()
    upload = SimpleUploadedFile("weakest.txt", TEXT)
    return store_document(meeting, upload, {"title": "CANARY-DAM", "level": 2}, by=cast["secretary"])


def test_the_history_of_an_item_does_not_name_a_hidden_document(plan: Any, hidden: Any, cast: dict[str, Any]) -> None:
    item = plan.items.get(number=1)
    plans.add_deliverable(
        item, "document", ref=str(hidden.pk), label="CANARY-DAM", by=cast["secretary"], version=item.version
    )
    for address in (f"/meetings/work-plans/{plan.year}/1/", f"/meetings/work-plans/{plan.year}/history/"):
        assert "CANARY-DAM" in cast["secretary"].client.get(address).content.decode()
        told = cast["expert"].client.get(address).content.decode()
        assert "CANARY-DAM" not in told, address
        assert f"document {hidden.pk}" not in told, address


def test_a_link_does_not_tell_whether_a_hidden_document_exists(plan: Any, hidden: Any, responsible: Any) -> None:
    Membership.objects.filter(user=responsible).update(role="expert")
    person = type(responsible).objects.get(pk=responsible.pk)
    item = plan.items.filter(parties__organisation__in=organisation_of(person).lineage(), parties__role="responsible").first()
    for pk in (hidden.pk, hidden.pk + 1000):
        with pytest.raises(InvalidInput) as refused:
            plans.add_deliverable(item, "document", ref=str(pk), by=person, version=item.version)
        assert refused.value.code == "no_such_object"


# --- what is settled -----------------------------------------------------------------------------------------------------


def test_nothing_of_a_closed_plan_is_changed(plan: Any, cast: dict[str, Any]) -> None:
    item = plan.items.get(number=1)
    by = cast["secretary"]
    plans.add_deliverable(item, "other", label="A list", by=by, version=item.version)
    WorkPlan.objects.filter(pk=plan.pk).update(state="closed")
    item.refresh_from_db()
    bodies = [party.organisation for party in item.parties.all()]
    writes = (
        lambda: plans.change_item(item, plans.NewItem(text_ru="Другое", responsible=bodies), by=by, version=item.version),
        lambda: plans.add_deliverable(item, "other", label="B", by=by, version=item.version),
        lambda: plans.remove_deliverable(item, item.deliverables.get().pk, by=by, version=item.version),
    )
    for write in writes:
        with pytest.raises(InvalidInput) as refused:
            write()
        assert refused.value.code == "illegal_step"
    assert item.deliverables.count() == 1


def test_a_version_of_the_minutes_is_not_deleted(make_held: Any, sign_off: Any) -> None:
    version = sign_off(make_held())
    with pytest.raises(TypeError):
        version.delete()
    assert MinutesVersion.objects.filter(pk=version.pk).exists()


def test_a_remark_is_in_the_log(group: Any, cast: dict[str, Any]) -> None:
    proposal = positions.create_proposal(group, title="Wells", text="One", language="en", by=cast["editor"])
    positions.open_proposal(proposal, closes_on=today(), version=1, by=cast["editor"])
    positions.add_remark(proposal, text="A word", by=cast["expert"])
    last = Revision.objects.filter(record_type="proposal", record_id=str(proposal.number)).first()
    assert last is not None and "A word" in last.changes_text and last.actor_name == cast["expert"].name


# --- input that breaks papers or the server ------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["\x01", "\x1b", "\ufffe", "\u202e"])
def test_a_proposal_cannot_break_the_paper_of_the_meeting(group: Any, cast: dict[str, Any], letter: str) -> None:
    for title, text in ((f"W{letter}", "One"), ("Wells", f"O{letter}ne")):
        with pytest.raises(InvalidInput) as refused:
            positions.create_proposal(group, title=title, text=text, language="en", by=cast["editor"])
        assert refused.value.code == "control_character"


def test_a_number_that_no_column_holds_marks_nobody(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting()
    address = f"/meetings/{meeting.number}/participants/presence/"
    assert cast["secretary"].client.post(address, {f"present-{'9' * 30}": "yes"}).status_code == 302


def test_a_meeting_with_unprintable_words_is_refused(make_meeting: Any) -> None:
    for name in ("place", "host", "title_ru", "funder"):
        with pytest.raises(InvalidInput) as refused:
            make_meeting(**{name: "A\x01B"})
        assert refused.value.code == "control_character"


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<!--</div>--><div>", "<i x=1>"])
def test_text_nested_without_end_costs_no_more_than_its_length(monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    """nh3 takes time in the square of the depth: minutes for 400 000 characters, while the database is locked."""
    seen: list[str] = []
    clean = nh3.clean
    monkeypatch.setattr(markup.nh3, "clean", lambda text, **rules: seen.append(text) or clean(text, **rules))
    assert "word" in markup.clean_html(piece * 20_000 + "word")
    name = re.findall(r"<(\w+)", piece)[0]
    assert seen[0].count(f"<{name}") <= 500


def test_nested_text_of_people_stays_as_it_is() -> None:
    html = "<div><div><ul><li>a<ul><li><b><i>b</i></b></li></ul></li></ul><table><tr><td colspan=2>c</td></tr></table></div></div>"
    assert markup.clean_html(html) == (
        "<ul><li><p>a</p><ul><li><strong><em>b</em></strong></li></ul></li></ul>"
        '<table><tbody><tr><td colspan="2">c</td></tr></tbody></table>'
    )


def test_a_table_of_wide_cells_does_not_fill_the_memory(make_held: Any, cast: dict[str, Any]) -> None:
    """Cells that each claim 40 by 40 others are written in the room of the table they stand in."""
    from boget.portal.meetings.services.minutes import save_block

    meeting = make_held()
    html = "<table>" + f"<tr>{'<td colspan=40 rowspan=40>x</td>' * 100}</tr>" * 5 + "</table>"
    save_block(meeting.items.get(), "heard", "ru", html=html, version=0, by=cast["secretary"])
    version = close_meeting(meeting, by=cast["secretary"], version=meeting.version)
    blocks = markup.read_blocks(version.content["items"][0]["heard"]["ru"])
    assert max(sum(cell["colspan"] for cell in row) for row in blocks[0]["rows"]) <= markup.WIDEST_TABLE
    assert max(cell["rowspan"] for row in blocks[0]["rows"] for cell in row) <= len(blocks[0]["rows"])
    assert write_docx(lay_out_version(version, "ru"))


def test_one_long_text_named_in_every_cell_is_too_large() -> None:
    """A few kilobytes of a workbook whose cells all show the same long text would be gigabytes in the server."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:  # keeps each text once
        page = book.add_worksheet()
        for number in range(1000):
            page.write_row(number, 0, ["я" * 19_000] * 20)
    assert len(stream.getvalue()) < 1_000_000
    with pytest.raises(InvalidInput) as refused:
        read_sheet(stream.getvalue(), name="long.xlsx")
    assert refused.value.code == "sheet_too_large"


def test_a_cell_of_commas_is_searched_in_few_steps(plan: Any, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.portal.meetings.services.plan_import import FaultyRows, _NameIndex

    asked: list[str] = []
    find = _NameIndex._find
    monkeypatch.setattr(_NameIndex, "_find", lambda self, name: asked.append(name) or find(self, name))
    rows = [["№", "Наименование мероприятий", "Срок", "Ответственные"], ["1", "x", "июнь", "a," * 9_000]]
    with pytest.raises(FaultyRows):
        import_plan(plan, rows, by=cast["secretary"], version=plan.version)
    assert len(asked) < 50
