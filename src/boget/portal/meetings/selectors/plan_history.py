"""What was changed in a plan, newest first, in words of the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import access_of
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.core.partial_dates import is_partial_date
from boget.portal.meetings.models import ItemState, PlanState, WorkPlan
from boget.portal.meetings.selectors.rights import documents_visible_to, group_access_of
from boget.portal.registry.selectors.wording import cut

MOST = 300
LABELS: dict[str, Any] = {
    "text_ru": _("Item in Russian"),
    "text_kk": _("Item in Kazakh"),
    "text_en": _("Item in English"),
    "due": pgettext_lazy("date", "Due"),
    "first_due": _("First date"),
    "responsible": pgettext_lazy("work plan", "Responsible"),
    "support": _("Support"),
    "state": _("Status"),
    "done_on": _("Done on"),
    "is_done_confirmed": _("Confirmed"),
    "next_steps": _("Next step"),
    "done": _("Done so far"),
    "result": _("Result"),
    "evidence": _("Evidence"),
    "next_due": _("Due of the next step"),
    "carried_from": _("Carried from"),
    "carried_to": _("Carried to"),
    "deliverable": _("Deliverable"),
    "approved_on": _("Day of approval"),
    "note": _("Note"),
    "approved_by": _("Decision"),
    "is_released": _("Open to the public"),
    "year": _("Year"),
}
DOCUMENT = re.compile(r"\bdocument (\d+)\b")
"""How the log names a file that was linked as a deliverable."""
LEFT_OUT = ("due_end", "next_step")  # told by the fields beside them


@dataclass(frozen=True, slots=True)
class HistoryChange:
    label: Any
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    at: dt.datetime
    subject: str
    who: str
    reason: str
    changes: list[HistoryChange]


def read_plan_history(user: Any, plan: WorkPlan, *, item: str = "") -> list[HistoryEntry]:
    """Entries about a plan and its items, or about one item. Persons are named to the group's own levels only."""
    found = Revision.objects.filter(root_id=f"plan {plan.year}", record_type__in=("work_plan", "plan_item"))
    if item:
        found = found.filter(record_type="plan_item", record_id=item)
    has_names = access_of(user).level >= Level.GROUP
    names = {row.code: str(row) for row in Organisation.objects.all()}
    revisions = list(found.order_by("-seq")[:MOST])
    _hide_documents(user, revisions)
    return [_describe(revision, names, has_names=has_names) for revision in revisions if revision.told]  # type: ignore[attr-defined]


def _hide_documents(user: Any, revisions: Sequence[Any]) -> None:
    """``told`` of each entry: its changes without the links to files that the reader may not open, whose labels name them."""
    is_bound = group_access_of(user).level < Level.AUTHORITY
    seen = {str(pk) for pk in documents_visible_to(user).values_list("pk", flat=True)} if is_bound else set()
    for revision in revisions:
        linked = DOCUMENT.findall(" ".join(map(str, revision.changes.get("deliverable", ())))) if is_bound else []
        is_hidden = not seen.issuperset(linked)
        revision.told = {name: pair for name, pair in revision.changes.items() if name != "deliverable" or not is_hidden}


def _describe(revision: Revision, names: dict[str, str], *, has_names: bool) -> HistoryEntry:
    is_item = revision.record_type == "plan_item"
    subject = gettext("Item %(ref)s") % {"ref": revision.record_id} if is_item else gettext("Work plan")
    who = ", ".join(part for part in (revision.actor_name if has_names else "", revision.organisation) if part)
    changes = [
        HistoryChange(LABELS.get(name, name), _say(name, old, names, is_item=is_item), _say(name, new, names, is_item=is_item))
        for name, (old, new) in revision.told.items()  # type: ignore[attr-defined]
        if name not in LEFT_OUT
    ]
    return HistoryEntry(revision.at, subject, who, revision.reason, changes)


def _say(name: str, value: Any, names: dict[str, str], *, is_item: bool) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return str(pgettext_lazy("answer", "yes") if value else pgettext_lazy("answer", "no"))
    if isinstance(value, list):
        return ", ".join(names.get(code, code) for code in value)
    if name == "state":
        states: Any = ItemState if is_item else PlanState
        return str(states(value).label) if value in states.values else str(value)
    text = str(value)
    return format_partial_date(text) if is_partial_date(text) and name != "year" else cut(text)
