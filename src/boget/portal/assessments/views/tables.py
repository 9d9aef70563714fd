"""The score tables: every coefficient with its unit, source and status."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.assessments.selectors import wording
from boget.portal.assessments.selectors.source_notes import say_note, say_page
from boget.portal.assessments.services.choices import say_choice
from boget.portal.assessments.services.tables import find_table, list_tables, name_table


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    rows = [_head(table) for table in list_tables()]
    trail = [(_("Assessments"), reverse("assessments:rankings")), (_("Score tables"), "")]
    return render(request, "assessments/tables.html", {"rows": rows, "trail": trail})


@require_safe
def show_table(request: HttpRequest, version: str) -> HttpResponse:
    table = find_table(version)
    if table is None:
        raise Http404
    trail = [
        (_("Assessments"), reverse("assessments:rankings")),
        (_("Score tables"), reverse("assessments:tables")),
        (version, ""),
    ]
    rows = [_describe(table, entry) for entry in table.entries.values()]
    return render(request, "assessments/table.html", {**_head(table), "rows": rows, "trail": trail})


def _head(table: Any) -> dict[str, Any]:
    return {
        "name": name_table(table),
        "title": wording.say(wording.TABLE_TITLES, table.code),
        "table": table,
        "status": wording.say(wording.STATUSES, table.status),
        "count": len(table.entries),
        "formula": say_note(table.formula),
        "cannot": say_note(table.cannot),
    }


def _describe(table: Any, entry: Any) -> dict[str, Any]:
    return {
        "entry": entry,
        "source": say_note(entry.source),
        "page": say_page(entry.page),
        "group": wording.say(wording.GROUP_TITLES, entry.group),
        "kind": wording.say(wording.KINDS, entry.kind),
        "choice": _say_choice(table, entry),
        "status": wording.say(wording.STATUSES, entry.status),
    }


def _say_choice(table: Any, entry: Any) -> str:
    """What a score is for, or the class that a limit leads to; the code is shown beside it."""
    if not entry.choice:
        return ""
    if entry.kind == "score":
        return say_choice(table, entry.group, entry.choice)
    return str(wording.CLASS_WORDS.get(table.code, {}).get(entry.choice, ""))
