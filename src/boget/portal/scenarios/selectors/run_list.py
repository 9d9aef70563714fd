"""The list of runs: what the address asks for, the rows with their key result, and the conditions in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from boget.portal.accounts.selectors import Reader
from boget.portal.core.errors import refuse
from boget.portal.jobs.models import JobState
from boget.portal.scenarios.models import Run, RunMode
from boget.portal.scenarios.selectors.key_result import KeyResult, read_summary
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.runs import list_runs

STALE = "stale"
LABELS = {
    "state": gettext_lazy("Status"),
    "mode": pgettext_lazy("run", "Mode"),
    "facility": gettext_lazy("Facility"),
    "q": gettext_lazy("Text"),
}
CHIPS = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "neutral",
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filters of an address; empty words filter nothing."""

    text: str = ""
    facility: str = ""
    mode: str = ""
    state: str = ""

    @property
    def is_filtered(self) -> bool:
        return any((self.text, self.facility, self.mode, self.state))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list. key: its key result, None for a run without an outcome."""

    run: Run
    name: str
    chip: str
    key: KeyResult | None


def read_query(address: QueryDict) -> ListQuery:
    """The filters. Raises InvalidInput ("bad_filter") for a value that no run can have."""
    query = ListQuery(
        text=address.get("q", "").strip()[:LONGEST],
        facility=address.get("facility", "").strip()[:20],
        mode=address.get("mode", ""),
        state=address.get("state", ""),
    )
    _require(LABELS["mode"], query.mode, RunMode.values)
    _require(LABELS["state"], query.state, [*JobState.values, STALE])
    return query


def _require(where: Any, value: str, allowed: Sequence[str]) -> None:
    if value and value not in allowed:
        raise refuse("bad_filter", where=where, value=value[:20], allowed=", ".join(allowed))


def select_runs(user: Reader, query: ListQuery) -> QuerySet[Run]:
    is_stale = True if query.state == STALE else None
    state = "" if query.state == STALE else query.state
    runs = list_runs(user, facility=query.facility, mode=query.mode, state=state, is_stale=is_stale, text=query.text)
    return runs


def build_rows(runs: Iterable[Run]) -> list[RunRow]:
    """Rows of a page of the list, or of the panel."""
    return [RunRow(run, name_run(run), CHIPS[JobState(run.state)], read_summary(run.summary)) for run in runs]


def list_choices(query: ListQuery) -> list[tuple[str, Any, list[tuple[str, Any, bool]], Any]]:
    """For each menu: name, label, choices and the word of the chosen one."""
    states = [*((code, label) for code, label in JobState.choices), (STALE, _("inputs changed"))]
    return [
        _menu("state", states, query.state),
        _menu("mode", list(RunMode.choices), query.mode),
    ]


def _menu(code: str, choices: Sequence[tuple[str, Any]], chosen: str) -> tuple[str, Any, list[tuple[str, Any, bool]], Any]:
    rows = [(value, label, value == chosen) for value, label in choices]
    return code, LABELS[code], rows, dict(choices).get(chosen, "")


def list_conditions(query: ListQuery) -> list[tuple[str, str]]:
    """(name in the address, words) of each condition in force."""
    words = {code: str(chosen) for code, _label, _rows, chosen in list_choices(query) if chosen}
    words |= {name: value for name, value in (("facility", query.facility), ("q", query.text)) if value}
    return [(name, f"{LABELS[name]}: {value}") for name, value in words.items()]
