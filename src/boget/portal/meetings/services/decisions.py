"""Decisions of a meeting: what, who, by when, how it was agreed; and the step from a decision to an action."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation, User
from boget.portal.actions.models import Action
from boget.portal.actions.services.parts import Origin, Party
from boget.portal.actions.services.story import link_origin, propose_action
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.core.partial_dates import end_of, parse_partial_date
from boget.portal.jobs import clock
from boget.portal.meetings.models import AgendaItem, Decision, DecisionOutcome, DecisionParty, Meeting, VoteForm
from boget.portal.meetings.selectors.agenda import find_plan_item, text_of
from boget.portal.meetings.selectors.attendance import count_quorum
from boget.portal.meetings.services.attendance import check_text
from boget.portal.meetings.services.locking import lock_meeting, lock_row, log_change, write_plain
from boget.portal.meetings.services.minutes import check_writable

TEXTS = ("text_ru", "text_kk", "text_en")
VOTES = ("votes_for", "votes_against", "votes_abstained")
FIELDS = (*TEXTS, "outcome", "due", "vote_form", *VOTES, "dissent", "plan_item_ref", "proposal_number")
FULL_STOP = re.compile(r"(?<=\w{3})\.$")  # a title has none; that of an abbreviation stays
LONGEST_TEXT, LONGEST_TITLE, LONGEST_LABEL = 4000, 500, 300


@transaction.atomic
def record_decision(
    meeting: Meeting, item: AgendaItem, values: Mapping[str, Any], *, responsible: Sequence[Organisation] = (), by: User | None
) -> Decision:
    """Write down a decision under an item. `values`: any of FIELDS, ``due`` as people write dates.

    The same text under the same item sent twice is one decision. Raises InvalidInput: no text; it becomes an action but
    has no responsible body or no date; votes that do not add up; the minutes are final or signed.
    """
    current = lock_meeting(meeting)
    check_writable(current)
    decision = Decision(meeting=current, item=item, recorded_at=clock.read_now(), recorded_by=by)
    _fill(decision, values)
    _check(decision, responsible)
    same = current.decisions.filter(item=item, **{name: getattr(decision, name) for name in TEXTS}).first()
    if same is not None:
        return same
    last = current.decisions.order_by("-number").first()
    decision.number = last.number + 1 if last else 1
    decision.save()
    _set_parties(decision, responsible)
    changes = {
        name: (None, write_plain(getattr(decision, name))) for name in FIELDS if getattr(decision, name) not in (None, "")
    }
    changes["responsible"] = (None, [body.code for body in responsible])
    log_change(current, ("decision", decision.ref), changes, by=by, kind="create")
    return decision


@transaction.atomic
def change_decision(
    decision: Decision, values: Mapping[str, Any], *, responsible: Sequence[Organisation], by: User | None, version: int
) -> Decision:
    """Correct a decision while the minutes are written. Raises Conflict, InvalidInput as :func:`record_decision`.

    One that has become an action keeps its outcome: the action lives on its own.
    """
    check_writable(lock_meeting(decision.meeting))
    current = lock_row(decision, version, record=("decision", decision.ref))
    before = {name: write_plain(getattr(current, name)) for name in FIELDS}
    bodies = _list_codes(current)
    _fill(current, values)
    if current.action_id and current.outcome != DecisionOutcome.ACTION:
        raise refuse("decision_taken", where=current.ref, value=current.action_id)
    _check(current, responsible)
    current.version += 1
    current.save()
    _set_parties(current, responsible)
    changes = {name: (before[name], write_plain(getattr(current, name))) for name in FIELDS}
    changes["responsible"] = (bodies, [body.code for body in responsible])
    log_change(current.meeting, ("decision", current.ref), changes, by=by)
    return current


@transaction.atomic
def remove_decision(decision: Decision, *, by: User | None, version: int) -> None:
    """Take back what was written by mistake, as long as no action came of it."""
    check_writable(lock_meeting(decision.meeting))
    current = lock_row(decision, version, record=("decision", decision.ref))
    if current.action_id:
        raise refuse("decision_taken", where=current.ref, value=current.action_id)
    log_change(current.meeting, ("decision", current.ref), {"text": (text_of(current)[0], None)}, by=by, kind="retire")
    current.delete()


@transaction.atomic
def turn_into_action(decision: Decision, *, by: User | None) -> Action:
    """Make the action of a decision: same words, bodies and date, with the decision as its origin. Asked twice it is one.

    The first body is responsible, the others are co-responsible; the Working Group has approved it by deciding.
    Raises InvalidInput: the decision does not become an action, or lacks a body or a date.
    """
    current = _lock_for_action(decision)
    if current.action_id:
        return Action.objects.get(public_id=current.action_id)
    bodies = [party.organisation for party in current.parties.select_related("organisation")]
    _check(current, bodies)
    text, language = text_of(current)
    values = {"title": FULL_STOP.sub("", " ".join(text.split()))[:LONGEST_TITLE], "language": language, "due": current.due}
    if len(text) > LONGEST_TITLE:
        values["objective"] = text
    parties = [Party(body, "co" if number else "lead") for number, body in enumerate(bodies)]
    action = propose_action(
        values, parties=parties, origins=[_name_origin(current)], by=by, level=Level.GROUP, state="approved"
    )
    _note_action(current, action, by=by)
    return action


@transaction.atomic
def link_action(decision: Decision, action: Action, *, by: User | None) -> Decision:
    """The decision is carried out by an action that is open already: it gets the decision as a further origin."""
    current = _lock_for_action(decision)
    if current.action_id:
        if current.action_id != action.public_id:
            raise refuse("decision_taken", where=current.ref, value=current.action_id)
        return current
    link_origin(action, _name_origin(current), by=by)
    _note_action(current, action, by=by)
    return current


def _lock_for_action(decision: Decision) -> Decision:
    current = lock_row(decision)
    if current.outcome != DecisionOutcome.ACTION:
        raise refuse("not_an_action", where=current.ref)
    return current


def _name_origin(decision: Decision) -> Origin:
    return Origin("decision", decision.ref, text_of(decision)[0][:LONGEST_LABEL])


def _note_action(decision: Decision, action: Action, *, by: User | None) -> None:
    decision.action_id = action.public_id
    decision.version += 1
    decision.save(update_fields=["action_id", "version"])
    log_change(decision.meeting, ("decision", decision.ref), {"action": (None, action.public_id)}, by=by)


def _fill(decision: Decision, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(decision, name, value.strip() if isinstance(value, str) else value)
    decision.due = parse_partial_date(decision.due, where=_("By when")) if decision.due else ""
    decision.due_end = end_of(decision.due) if decision.due else None


def _check(decision: Decision, responsible: Sequence[Organisation]) -> None:
    if not any(getattr(decision, name) for name in TEXTS):
        raise refuse("required", where=_("Decision"))
    for name in (*TEXTS, "dissent"):
        check_text(getattr(decision, name), _("Decision"), LONGEST_TEXT)
    if decision.outcome not in DecisionOutcome.values or decision.vote_form not in VoteForm.values:
        raise refuse("not_in_list", where=_("Outcome"), value=decision.outcome, allowed=", ".join(DecisionOutcome.values))
    if decision.outcome == DecisionOutcome.ACTION:
        if not responsible:
            raise refuse("decision_owner")
        if not decision.due:
            raise refuse("decision_due")
    if decision.outcome == DecisionOutcome.PLAN_ITEM and find_plan_item(decision.plan_item_ref) is None:
        raise refuse("plan_item_missing")
    _check_votes(decision)


def _check_votes(decision: Decision) -> None:
    if decision.vote_form != VoteForm.VOTE:
        decision.votes_for = decision.votes_against = decision.votes_abstained = None
        return
    votes = [getattr(decision, name) for name in VOTES]
    if votes[0] is None or votes[1] is None:
        raise refuse("required", where=_("Votes for and against"))
    present = count_quorum(decision.meeting).present
    cast = sum(number or 0 for number in votes)
    if present and cast > present:
        raise refuse("too_many_votes", value=cast, allowed=present)


def _set_parties(decision: Decision, responsible: Sequence[Organisation]) -> None:
    decision.parties.all().delete()
    unique = list(dict.fromkeys(responsible))
    rows = [DecisionParty(decision=decision, organisation=body, position=place) for place, body in enumerate(unique)]
    DecisionParty.objects.bulk_create(rows)


def _list_codes(decision: Decision) -> list[str]:
    return [party.organisation.code for party in decision.parties.select_related("organisation")]
