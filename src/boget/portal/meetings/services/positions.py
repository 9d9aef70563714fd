"""Proposals and positions: the only door for their writes.

A proposal is a text in versions. Organisations state their position on a version; a changed mind is a new row, and nothing
said is ever overwritten: the agreed text and the dissent are kept side by side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import LANGUAGES, Organisation, User
from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.accounts.services import actor_of
from boget.portal.actions.services.telling import list_people
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.core.services import Entry, append_revision
from boget.portal.core.text import is_storable
from boget.portal.meetings.models import Position, Proposal, ProposalState, ProposalText, Remark, Stance, WorkingGroup
from boget.portal.meetings.selectors.positions import list_voices
from boget.portal.notifications.services import notify

TOPIC = "position"
LONGEST_TITLE = 300
LONGEST_TEXT = 60_000
LONGEST_REMARK = 10_000
MOST_PARAGRAPHS = 300
ANSWERABLE = (ProposalState.OPEN, ProposalState.QUIET)
NEEDS_REMARK = (Stance.AGREE_IF, Stance.OBJECT)


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of a text as typed or pasted: parted by empty lines, else by line ends; white space made plain.

    >>> split_paragraphs("One\\nline.\\n\\n Two ")
    ['One line.', 'Two']
    >>> split_paragraphs("One\\nTwo")
    ['One', 'Two']
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    parts = lines.split("\n\n") if "\n\n" in lines.strip() else lines.split("\n")
    return [plain for part in parts if (plain := " ".join(part.split()))]


@transaction.atomic
def create_proposal(group: WorkingGroup, *, title: str, text: str, language: str, by: User) -> Proposal:
    """A draft with its first text, seen by its own organisation and the secretary until it is opened.

    InvalidInput: no title, no text, too long, unknown language.
    """
    title, paragraphs = _check_title(title), _check_paragraphs(text)
    if language not in LANGUAGES:
        raise refuse("not_in_list", where=_("Language"), value=language, allowed=", ".join(LANGUAGES))
    now = timezone.now()
    WorkingGroup.objects.select_for_update().get(pk=group.pk)  # two at once do not take one number
    number = (Proposal.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    organisation = organisation_of(by)
    proposal = Proposal.objects.create(
        group=group, number=number, title=title, language=language, proposed_by=organisation, author=by, created_at=now,
        updated_at=now,
    )  # fmt: skip
    ProposalText.objects.create(proposal=proposal, number=1, paragraphs=paragraphs, by=by, at=now)
    _log(proposal, {"title": (None, title), "text 1": (None, "\n\n".join(paragraphs))}, by=by, kind=RevisionKind.CREATE)
    return proposal


@transaction.atomic
def add_text(proposal: Proposal, *, title: str, text: str, note: str, version: int, by: User) -> ProposalText:
    """The next version of the text. A draft's text is replaced by it in the eyes of readers; all versions are kept.

    Conflict: somebody else wrote meanwhile. InvalidInput: closed already, nothing changed, no note on an open proposal.
    """
    row = _take(proposal, version)
    _require_state(row, (ProposalState.DRAFT, *ANSWERABLE))
    last = row.texts.order_by("-number").first()
    assert last is not None  # a proposal is born with a text
    title, paragraphs = _check_title(title), _check_paragraphs(text)
    note = _check_text(note, limit=500, where=_("What changed"))
    if paragraphs == last.paragraphs and title == row.title:
        raise refuse("nothing_changed")
    if row.state != ProposalState.DRAFT and not note:
        raise refuse("required", where=_("What changed"))
    new = ProposalText.objects.create(
        proposal=row, number=last.number + 1, paragraphs=paragraphs, note=note, by=by, at=timezone.now()
    )
    changes = {f"text {new.number}": ("\n\n".join(last.paragraphs), "\n\n".join(paragraphs))}
    _save(row, changes | ({"title": (row.title, title)} if title != row.title else {}), by=by, reason=note, title=title)
    if row.state != ProposalState.DRAFT:
        _tell_asked(row, "text", by=by, note=note)
    return new


@transaction.atomic
def open_proposal(proposal: Proposal, *, closes_on: dt.date, version: int, by: User) -> Proposal:
    """Ask the organisations for their positions until a day, or set that day anew. InvalidInput for a day that is over."""
    row = _take(proposal, version)
    _require_state(row, (ProposalState.DRAFT, *ANSWERABLE))
    if closes_on < today():
        raise refuse("date_order", where=_("Positions until"), value=closes_on, allowed=today())
    changes = {"state": (row.state, "open"), "closes_on": (_iso(row.closes_on), closes_on.isoformat())}
    opened_at = row.opened_at or timezone.now()
    is_new = row.state == ProposalState.DRAFT
    _save(row, changes, by=by, state=ProposalState.OPEN, closes_on=closes_on, opened_at=opened_at)
    if is_new:
        _tell_asked(row, "opened", by=by)
    return row


@transaction.atomic
def begin_quiet_period(proposal: Proposal, *, closes_on: dt.date, version: int, by: User) -> Proposal:
    """The text stands as it is: who says nothing until the day does not object. Positions may still be stated."""
    row = _take(proposal, version)
    _require_state(row, (ProposalState.OPEN,))
    if closes_on < today():
        raise refuse("date_order", where=_("Positions until"), value=closes_on, allowed=today())
    changes = {"state": ("open", "quiet"), "closes_on": (_iso(row.closes_on), closes_on.isoformat())}
    _save(row, changes, by=by, state=ProposalState.QUIET, closes_on=closes_on)
    _tell_asked(row, "quiet", by=by)
    return row


@transaction.atomic
def state_position(
    proposal: Proposal, *, organisation: Organisation, text_number: int, stance: str, remark: str, by: User
) -> Position:
    """Record what an organisation says of a version. The same said again makes no second row.

    InvalidInput: not open, a version that is not the newest, an unknown stance, remarks or an objection without words.
    """
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _require_state(row, ANSWERABLE)
    newest = row.texts.aggregate(last=Max("number"))["last"]
    if text_number != newest:
        raise Conflict("stale_text", where=str(_("Text")), value=text_number, allowed=newest)
    if stance not in Stance.values:
        raise refuse("not_in_list", where=_("Position"), value=stance, allowed=", ".join(Stance.values))
    remark = _check_text(remark, limit=LONGEST_REMARK, where=_("Remark"))
    if stance in NEEDS_REMARK and not remark:
        raise refuse("required", where=_("Remark"))
    last = row.positions.filter(organisation__in=organisation.lineage()).first()
    if last and (last.text_number, last.stance, last.remark) == (text_number, stance, remark):
        return last
    said = Position.objects.create(
        proposal=row, text_number=text_number, organisation=organisation, stance=stance, remark=remark, by=by, at=timezone.now()
    )
    old = {"stance": last.stance, "text": last.text_number, "remark": last.remark} if last else None
    new = {"stance": stance, "text": text_number, "remark": remark}
    _log(row, {f"position {organisation.code}": (old, new)}, by=by)
    return said


@transaction.atomic
def add_remark(
    proposal: Proposal, *, text: str, paragraph: int | None = None, parent: Remark | None = None, by: User
) -> Remark:
    """A word in the discussion, to the whole text, to a paragraph (from 1) of the newest version, or below another word.

    InvalidInput: not open, empty, too long, no such paragraph.
    """
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _require_state(row, ANSWERABLE)
    text = _check_text(text, limit=LONGEST_REMARK, where=_("Comment"))
    if not text:
        raise refuse("required", where=_("Comment"))
    newest = row.texts.order_by("-number").first()
    assert newest is not None
    if paragraph is not None and not 1 <= paragraph <= len(newest.paragraphs):
        raise refuse("range", where=_("Paragraph"), value=paragraph, allowed=f"1–{len(newest.paragraphs)}")
    if parent is not None and parent.proposal_id != row.pk:
        raise refuse("not_in_list", where=_("Comment"), value=parent.pk)
    number, paragraph = (parent.text_number, parent.paragraph) if parent else (newest.number, paragraph)
    last = row.remarks.filter(by=by).last()
    if last and (last.text, last.paragraph, last.parent) == (text, paragraph, parent):
        return last  # the same form sent twice
    made = Remark.objects.create(
        proposal=row, text_number=number, paragraph=paragraph, parent=parent, organisation=organisation_of(by), by=by,
        text=text, at=timezone.now(),
    )  # fmt: skip
    _log(row, {f"remark {made.pk}": (None, text)}, by=by)
    return made


@transaction.atomic
def agree_by_decision(proposal: Proposal, decision_ref: str, *, by: User) -> Proposal:
    """Close with the decision that agreed the newest text. Positions that differ stay as they were said.

    InvalidInput: not open for positions any more, no decision named.
    """
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _require_state(row, ANSWERABLE)
    if not decision_ref.strip():
        raise refuse("required", where=_("Decision"))
    changes = {"state": (row.state, "agreed"), "decision_ref": ("", decision_ref.strip())}
    return _save(
        row, changes, by=by, state=ProposalState.AGREED, decision_ref=decision_ref.strip(), closed_at=timezone.now()
    )


@transaction.atomic
def close_proposal(proposal: Proposal, *, state: str, reason: str, version: int, by: User) -> Proposal:
    """Close without agreement: not_agreed or withdrawn. Everything said is kept. InvalidInput without a reason."""
    row = _take(proposal, version)
    allowed = (ProposalState.NOT_AGREED, ProposalState.WITHDRAWN)
    if state not in allowed:
        raise refuse("not_in_list", where=_("Status"), value=state, allowed=", ".join(allowed))
    _require_state(row, (ProposalState.DRAFT, *ANSWERABLE))
    reason = _check_text(reason, limit=500, where=_("Reason"))
    if not reason:
        raise refuse("reason_missing")
    return _save(row, {"state": (row.state, state)}, by=by, reason=reason, state=state, closed_at=timezone.now())


def _tell_asked(row: Proposal, event: str, *, by: User, note: str = "") -> None:
    """Tell the people of the organisations that are asked for a position; who acted knows already."""
    people = [user for user in list_people(list_voices(today())) if user.pk != by.pk]
    if people:
        key = f"position-{row.number}-{row.version}"
        notify(TOPIC, people, str(row.number), context={"event": event, "note": note}, dedupe_key=key)


def _take(proposal: Proposal, version: int) -> Proposal:
    """The row, locked. Conflict where it was changed since the page was opened."""
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.version != version:
        last = Revision.objects.filter(record_type="proposal", record_id=str(row.number)).first()
        who = (last.organisation or last.actor_name) if last else ""
        raise Conflict("stale", who=who, time=row.updated_at)
    return row


def _save(row: Proposal, changes: dict[str, tuple[Any, Any]], *, by: User, reason: str = "", **values: Any) -> Proposal:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = timezone.now()
    row.save()
    _log(row, changes, by=by, reason=reason)
    return row


def _log(
    row: Proposal, changes: dict[str, tuple[Any, Any]], *, by: User, reason: str = "", kind: str = RevisionKind.CHANGE
) -> None:
    append_revision(Entry("proposal", str(row.number), kind, changes, reason=reason), actor=actor_of(by))


def _require_state(row: Proposal, allowed: Sequence[str]) -> None:
    if row.state not in allowed:
        words = ", ".join(str(ProposalState(state).label) for state in allowed)
        raise refuse("wrong_state", where=_("Proposal"), value=row.get_state_display(), allowed=words)


def _check_title(title: str) -> str:
    title = _check_text(title, limit=LONGEST_TITLE, where=_("Title"))
    if not title:
        raise refuse("required", where=_("Title"))
    return " ".join(title.split())


def _check_paragraphs(text: str) -> list[str]:
    paragraphs = split_paragraphs(_check_text(text, limit=LONGEST_TEXT, where=_("Text")))
    if not paragraphs:
        raise refuse("required", where=_("Text"))
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise refuse("too_long", where=_("Paragraphs"), value=len(paragraphs), allowed=f"≤ {MOST_PARAGRAPHS}")
    return paragraphs


def _check_text(text: str, *, limit: int, where: Any) -> str:
    text = text.strip()
    if not is_storable(text):
        raise refuse("control_character", where=where)
    if len(text) > limit:
        raise refuse("too_long", where=where, value=len(text), allowed=f"≤ {limit}")
    return text


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
