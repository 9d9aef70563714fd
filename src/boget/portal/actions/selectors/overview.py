"""Counts and short lists of actions for pages above: what is due, what is late, what is alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, Sum

from boget.portal.accounts.selectors import organisation_of
from boget.portal.actions.models import OPEN_STATES, Action, ActionParty, ActionState, Funding, PartyRole
from boget.portal.actions.querysets import ActionQuerySet
from boget.portal.core.text import fold_keyboard

RESPONSIBLE = (PartyRole.LEAD, PartyRole.CO)
ALIKE = 0.5
"""Share of common words from which two texts count as alike."""
SHORTEST_WORD = 4
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """Numbers of the actions that a reader may see. Money is the sum of the ``cost_stated`` amounts that are stated.

    Cancelled actions are in ``by_state`` and ``total`` only; overdue counts open actions after their last day.
    """

    total: int = 0
    by_state: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    unfunded: int = 0
    not_stated: int = 0
    without_indicator: int = 0
    cost_kzt: int = 0
    cost_stated: int = 0

    @property
    def live(self) -> int:
        """Actions that were not cancelled."""
        return self.total - self.by_state.get(ActionState.CANCELLED, 0)


@dataclass(frozen=True, slots=True)
class DueAction:
    """An open action with its lateness on a day. days_left is below zero for a late one, None without a date."""

    action: Action
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        return max(-(self.days_left or 0), 0)


# --- lateness ----------------------------------------------------------------------------------------------------------


def select_late(day: dt.date) -> Q:
    """Open actions whose last day is over on `day`."""
    return Q(state__in=OPEN_STATES, due_end__lt=day)


def is_late(action: Action, day: dt.date) -> bool:
    """Whether something was still to be done after the last day of the date. A claim waits for the verifier and is not late."""
    return action.state in OPEN_STATES and action.due_end is not None and day > action.due_end


def days_late(action: Action, day: dt.date) -> int:
    """Days since the last day of the date; 0 for one that is not late."""
    return (day - action.due_end).days if is_late(action, day) and action.due_end else 0


# --- counts ------------------------------------------------------------------------------------------------------------

LIVE = ~Q(state=ActionState.CANCELLED)


def count_actions(user: Any, day: dt.date) -> ActionCounts:
    """Counts of everything the reader may see, in one query."""
    return count_rows(Action.objects.visible_to(user), day)


def count_rows(rows: ActionQuerySet, day: dt.date) -> ActionCounts:
    return read_counts(rows.aggregate(**build_counts(day)))


def build_counts(day: dt.date) -> dict[str, Any]:
    """What an aggregation counts for `read_counts`."""
    states = {f"is_{code}": Count("pk", filter=Q(state=code)) for code in ActionState.values}
    return {
        "total": Count("pk"),
        "overdue": Count("pk", filter=select_late(day)),
        "unfunded": Count("pk", filter=LIVE & Q(funding=Funding.UNFUNDED)),
        "not_stated": Count("pk", filter=LIVE & Q(funding=Funding.NOT_STATED)),
        "without_indicator": Count("pk", filter=LIVE & Q(indicator="")),
        "money": Sum("cost_kzt", filter=LIVE),
        "cost_stated": Count("cost_kzt", filter=LIVE),
        **states,
    }


def read_counts(found: Mapping[str, Any]) -> ActionCounts:
    by_state = {code: found[f"is_{code}"] for code in ActionState.values}
    plain = ("total", "overdue", "unfunded", "not_stated", "without_indicator", "cost_stated")
    return ActionCounts(by_state=by_state, cost_kzt=int(found["money"] or 0), **{name: found[name] for name in plain})


# --- lists -------------------------------------------------------------------------------------------------------------


def is_own(user: Any) -> Q:
    """Actions in which the reader's own body is responsible or co-responsible."""
    body = organisation_of(user) if getattr(user, "is_authenticated", False) else None
    if body is None:
        return Q(pk__in=())
    parts = ActionParty.objects.filter(organisation__in=body.lineage(), role__in=RESPONSIBLE)
    return Q(pk__in=parts.values("action"))


def select_own(user: Any) -> ActionQuerySet:
    return Action.objects.filter(is_own(user))


def list_due(user: Any, day: dt.date, *, limit: int = 10) -> list[DueAction]:
    """Open actions of the reader's own body, the longest late first, those without a date last."""
    order = [F("due_end").asc(nulls_last=True), "pk"]
    rows = select_own(user).filter(state__in=OPEN_STATES).order_by(*order)[:limit]
    return [DueAction(row, (row.due_end - day).days if row.due_end else None) for row in rows]


def list_by_origin(user: Any, kind: str, ref: str) -> list[Action]:
    """Actions that come from one decision, answer or recommendation and that the reader may see."""
    found = Action.objects.visible_to(user).filter(origins__kind=kind, origins__ref=ref)
    return list(found.prefetch_related("parties__organisation__successor").order_by("pk"))


def find_similar(user: Any, text: str, limit: int = 3, *, origins: Any = ()) -> list[Action]:
    """Open actions that the reader may see and that say nearly the same, or come from one of these origins, the nearest first.

    origins: things with ``kind`` and ``ref``. Alike means that half of the words are common, whatever their endings.
    """
    stems = _cut_stems(text)
    same = Q(pk__in=())
    for origin in origins:
        same |= Q(origins__kind=origin.kind, origins__ref=origin.ref)
    visible = Action.objects.visible_to(user).filter(state__in=OPEN_STATES)
    known = list(visible.filter(same).distinct().order_by("pk")[:limit]) if origins else []
    words = Q(pk__in=())
    for stem in stems:
        words |= Q(search_keyboard__contains=stem)
    rows = visible.filter(words).exclude(pk__in=[row.pk for row in known]).values_list("pk", "title")
    rated = sorted(((-_rate(stems, title), pk) for pk, title in rows if stems), key=lambda pair: pair)
    near = [pk for rate, pk in rated if -rate >= ALIKE][: max(limit - len(known), 0)]
    found = Action.objects.in_bulk(near)
    return known + [found[pk] for pk in near]


def _cut_stems(text: str) -> frozenset[str]:
    """The longer words without their endings, in the spelling of a Russian keyboard."""
    words = [word for word in fold_keyboard(text).split() if len(word) >= SHORTEST_WORD]
    return frozenset(word[: max(SHORTEST_WORD, len(word) * 2 // 3)] for word in words[:MOST_WORDS])


def _rate(stems: frozenset[str], title: str) -> float:
    """Share of the common words among those of the longer text, 0 to 1."""
    others = _cut_stems(title)
    if not stems or not others:
        return 0.0
    common = sum(any(one.startswith(other) or other.startswith(one) for other in others) for one in stems)
    return common / max(len(stems), len(others))
