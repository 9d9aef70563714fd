"""What is read of proposals: who sees which, positions by organisation, discussion, differences of two versions."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.core.formatting import current_language
from boget.portal.core.models import Revision
from boget.portal.meetings.models import GroupBody, Position, Proposal, ProposalState, ProposalText, Remark, Stance
from boget.portal.meetings.selectors.rights import GroupAccess, group_access_of

OPEN = (ProposalState.OPEN, ProposalState.QUIET)
CHIPS = {"draft": "neutral", "open": "info", "quiet": "info", "agreed": "ok", "not_agreed": "warn", "withdrawn": "neutral"}
STANCE_CHIPS = {"agree": "ok", "agree_if": "info", "object": "bad", "abstain": "neutral", "silent": "warn"}

_WORDS = re.compile(r"\s+|[^\s]+")


def proposals_visible_to(user: Any) -> QuerySet[Proposal]:
    """Members read what was opened; a draft only its own organisation and the secretary; others nothing."""
    access = group_access_of(user)
    if access.can_manage:
        return Proposal.objects.all()
    if not access.is_member:
        return Proposal.objects.none()
    return Proposal.objects.filter(~Q(opened_at=None) | Q(proposed_by__in=access.lineage))


def filter_open(user: Any, numbers: Collection[str]) -> set[str]:
    """Those of the proposals that the person may read now."""
    wanted = [int(number) for number in numbers if number.isdecimal()]
    return {str(number) for number in proposals_visible_to(user).filter(number__in=wanted).values_list("number", flat=True)}


def find_address(number: str) -> str:
    """Path of the page of a proposal."""
    return reverse("meetings:proposal", args=[int(number)])


def describe_proposal(number: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the letter: title and last day as they are now."""
    proposal = Proposal.objects.filter(number=int(number)).first() if number.isdecimal() else None
    if proposal is None:
        return {"number": number, "title": "", "closes_on": ""}
    closes_on = proposal.closes_on.isoformat() if proposal.closes_on else ""
    return {"number": number, "title": proposal.title, "closes_on": closes_on}


def can_write(user: Any, proposal: Proposal) -> bool:
    """Whether the person may change text and course: the secretary, and people of the organisation that proposed it."""
    access = group_access_of(user)
    is_own = access.speaks_for is not None and proposal.proposed_by_id in access.lineage
    return access.can_manage or (is_own and proposal.state in (ProposalState.DRAFT, *OPEN))


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in the list, with how many of the organisations asked have answered on the newest text."""

    proposal: Proposal
    chip: str
    answered: int
    asked: int
    days_left: int | None


def list_proposals(user: Any, *, state: str = "") -> list[ProposalRow]:
    """Proposals, open ones first, then the newest."""
    seen = proposals_visible_to(user).select_related("proposed_by").annotate(newest=Max("texts__number"))
    if state in ProposalState.values:
        seen = seen.filter(state=state)
    asked = len(list_voices(today()))
    answers = _count_answers()
    rows = [
        ProposalRow(row, CHIPS[row.state], answers.get((row.pk, row.newest), 0), asked, _days_left(row)) for row in seen
    ]
    return sorted(rows, key=lambda row: (row.proposal.state not in OPEN, -row.proposal.number))


def list_open_proposals(user: Any) -> list[ProposalRow]:
    """Proposals that wait for positions: for the dashboard and the agenda."""
    return [row for row in list_proposals(user) if row.proposal.state in OPEN]


def list_unanswered(user: Any) -> list[Proposal]:
    """Open proposals on whose newest text the person's organisation has not said anything."""
    access = group_access_of(user)
    if access.speaks_for is None:
        return []
    seen = proposals_visible_to(user).filter(state__in=OPEN).annotate(newest=Max("texts__number"))
    said = Position.objects.filter(organisation__in=access.lineage).values_list("proposal_id", "text_number")
    answered = set(said)
    return [row for row in seen.order_by("closes_on", "number") if (row.pk, row.newest) not in answered]


def _count_answers() -> dict[tuple[int, int], int]:
    rows = Position.objects.order_by().values_list("proposal_id", "text_number")
    return {(pk, number): count for pk, number, count in rows.annotate(n=Count("organisation", distinct=True))}


def _days_left(row: Proposal) -> int | None:
    return (row.closes_on - today()).days if row.closes_on and row.state in OPEN else None


def count_states(user: Any) -> dict[str, int]:
    """Number of visible proposals by state."""
    return dict(proposals_visible_to(user).order_by().values_list("state").annotate(n=Count("pk")))


def list_voices(day: dt.date) -> list[Organisation]:
    """Organisations that are asked for a position: full bodies of the group on a day, each lineage once."""
    bodies = GroupBody.objects.on(day).filter(is_observer=False).select_related("organisation__successor")
    voices: dict[str, Organisation] = {}
    for body in bodies:
        now = body.organisation.on_date(day)
        voices.setdefault(now.code, now)
    return sorted(voices.values(), key=lambda row: row.short_in(current_language()))


@dataclass(frozen=True, slots=True)
class Voice:
    """What one organisation says now, and what it said before. stance "silent": nothing yet."""

    organisation: Organisation
    name: str
    stance: str
    label: Any
    chip: str
    said: Position | None
    earlier: tuple[Position, ...]
    is_current: bool  # about the newest text


def list_positions(proposal: Proposal, newest: int) -> list[Voice]:
    """One voice for each organisation that is asked, and for each other one that spoke; objections first."""
    day = (proposal.closed_at.date() if proposal.closed_at else None) or today()
    said = list(proposal.positions.select_related("organisation__successor", "by"))
    voices, used = [], set()
    for organisation in list_voices(day):
        lineage = organisation.lineage()
        own = [row for row in said if row.organisation_id in lineage]
        used.update(row.pk for row in own)
        voices.append(_make_voice(organisation, own, newest))
    others: dict[str, list[Position]] = {}
    for row in said:
        if row.pk not in used:
            others.setdefault(row.organisation.code, []).append(row)
    voices += [_make_voice(rows[0].organisation, rows, newest) for rows in others.values()]
    order = {"object": 0, "agree_if": 1, "abstain": 2, "silent": 3, "agree": 4}
    return sorted(voices, key=lambda voice: (order[voice.stance], voice.name))


def _make_voice(organisation: Organisation, said: Sequence[Position], newest: int) -> Voice:
    last = said[0] if said else None
    day = last.at.date() if last else today()
    name = organisation.name_on(day, current_language(), is_short=True)
    stance = last.stance if last else "silent"
    label = Stance(last.stance).label if last else ""
    is_current = last is not None and last.text_number == newest
    return Voice(organisation, name, stance, label, STANCE_CHIPS[stance], last, tuple(said[1:]), is_current)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a compared paragraph: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with the answers below it."""

    remark: Remark
    answers: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph of the newest text with its remarks."""

    number: int
    text: str
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """All that the page of a proposal shows to one reader."""

    proposal: Proposal
    chip: str
    text: ProposalText
    texts: list[ProposalText]
    paragraphs: list[Paragraph]
    threads: tuple[Thread, ...]  # to the whole text, and to paragraphs that are gone
    voices: list[Voice]
    counts: dict[str, int]
    days_left: int | None
    closing_reason: str  # why it was withdrawn or not agreed
    mine: Position | None
    can_write: bool
    can_manage: bool
    can_answer: bool
    can_remark: bool
    compared: list[list[Piece]] = field(default_factory=list)


def read_proposal(user: Any, number: int, *, compare: tuple[int, int] | None = None) -> ProposalPage | None:
    """The page of a proposal; None where it is absent or not open to the reader."""
    proposal = proposals_visible_to(user).select_related("proposed_by", "author", "group").filter(number=number).first()
    if proposal is None:
        return None
    texts = list(proposal.texts.select_related("by"))
    newest = texts[-1]
    access = group_access_of(user)
    voices = list_positions(proposal, newest.number)
    threads = _gather_threads(proposal)
    by_paragraph = _assign_threads(threads, newest)
    counts = {stance: sum(voice.stance == stance for voice in voices) for stance in (*Stance.values, "silent")}
    is_open = proposal.state in OPEN
    return ProposalPage(
        proposal=proposal,
        chip=CHIPS[proposal.state],
        text=newest,
        texts=texts,
        paragraphs=[Paragraph(n, text, tuple(by_paragraph.get(n, ()))) for n, text in enumerate(newest.paragraphs, start=1)],
        threads=tuple(by_paragraph.get(0, ())),
        voices=voices,
        counts=counts,
        days_left=_days_left(proposal),
        closing_reason=_find_closing_reason(proposal),
        mine=_find_mine(voices, access),
        can_write=can_write(user, proposal) and proposal.state in (ProposalState.DRAFT, *OPEN),
        can_manage=access.can_manage,
        can_answer=is_open and access.speaks_for is not None,
        can_remark=is_open and access.is_member,
        compared=_compare(texts, compare),
    )


def _find_closing_reason(proposal: Proposal) -> str:
    """The reason in the log: after closing nothing more is written about a proposal."""
    if proposal.state not in (ProposalState.NOT_AGREED, ProposalState.WITHDRAWN):
        return ""
    last = Revision.objects.filter(record_type="proposal", record_id=str(proposal.number)).order_by("-seq").first()
    return last.reason if last else ""


def _find_mine(voices: Sequence[Voice], access: GroupAccess) -> Position | None:
    return next((voice.said for voice in voices if voice.organisation.pk in access.lineage), None)


def _gather_threads(proposal: Proposal) -> list[Thread]:
    remarks = list(proposal.remarks.select_related("organisation", "by"))
    answers: dict[int, list[Remark]] = {}
    for row in remarks:
        if row.parent_id:
            answers.setdefault(row.parent_id, []).append(row)
    return [Thread(row, tuple(_flatten(row.pk, answers))) for row in remarks if row.parent_id is None]


def _flatten(pk: int, answers: dict[int, list[Remark]]) -> Iterator[Remark]:
    for row in answers.get(pk, ()):
        yield row
        yield from _flatten(row.pk, answers)


def _assign_threads(threads: Sequence[Thread], newest: ProposalText) -> dict[int, list[Thread]]:
    """Threads by paragraph of the newest text. One about an older text stands where its paragraph still reads the same."""
    older = {row.number: row.paragraphs for row in newest.proposal.texts.all()}
    found: dict[int, list[Thread]] = {}
    for thread in threads:
        remark = thread.remark
        place = 0
        if remark.paragraph is not None:
            words = older[remark.text_number][remark.paragraph - 1]
            place = newest.paragraphs.index(words) + 1 if words in newest.paragraphs else 0
        found.setdefault(place, []).append(thread)
    return found


def _compare(texts: Sequence[ProposalText], pair: tuple[int, int] | None) -> list[list[Piece]]:
    by_number = {row.number: row.paragraphs for row in texts}
    if pair is None or not {*pair} <= by_number.keys():
        return []
    return compare_paragraphs(by_number[pair[0]], by_number[pair[1]])


def compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[list[Piece]]:
    """Two texts against each other, paragraph by paragraph, changed paragraphs word by word.

    >>> [[(p.kind, p.text) for p in row] for row in compare_paragraphs(["Same.", "By June."], ["Same.", "By July."])]
    [[('same', 'Same.')], [('same', 'By '), ('removed', 'June.'), ('added', 'July.')]]
    """
    rows: list[list[Piece]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [[Piece("same", text)] for text in old[a:b]]
            continue
        pairs = min(b - a, d - c)
        rows += [_compare_words(old[a + n], new[c + n]) for n in range(pairs)]
        rows += [[Piece("removed", text)] for text in old[a + pairs : b]]
        rows += [[Piece("added", text)] for text in new[c + pairs : d]]
    return rows


def _compare_words(old: str, new: str) -> list[Piece]:
    """Words side by side; two changes with nothing but a space between them are one.

    >>> [(p.kind, p.text) for p in _compare_words("by the end of 2026 all", "by 1 July 2027 all")]
    [('same', 'by '), ('removed', 'the end of 2026'), ('added', '1 July 2027'), ('same', ' all')]
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    gone, come = "", ""
    for place, (kind, a, b, c, d) in enumerate(steps):
        text = "".join(before[a:b])
        is_gap = kind == "equal" and not text.strip() and 0 < place < len(steps) - 1
        if kind != "equal" or is_gap:
            gone, come = gone + text, come + "".join(after[c:d])
            continue
        pieces += [*_change(gone, come), Piece("same", text)]
        gone, come = "", ""
    return [*pieces, *_change(gone, come)]


def _change(gone: str, come: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("removed", gone), ("added", come)) if text]
