"""The field dictionary: what each field means, who may see it, how often it is known."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boget.portal.core.errors import refuse
from boget.portal.core.services import read_head
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.fields import list_fields
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.dictionary import COLUMNS, count_known, describe_field, list_rows
from boget.portal.registry.selectors.quintiles import name_audience

FORMATS = ("csv", "json")
LONGEST_TEXT = 200
NUMBERS = frozenset({"minimum", "maximum", "tolerance"})


@require_safe
def show_dictionary(request: HttpRequest) -> HttpResponse:
    """The page; ``?q=`` searches in three spellings; ``?f=csv|json`` is the whole dictionary as a file."""
    wanted = request.GET.get("f", "")
    if wanted and wanted not in FORMATS:
        raise refuse("bad_filter", where=_("Format"), value=wanted[:20], allowed=", ".join(FORMATS))
    if wanted:
        return _send_file(wanted)
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    rows = list_rows(text=text, fillings=read_fillings(request.user))
    return render(request, "registry/dictionary.html", {"rows": rows, "text": text, "total": len(list_fields())})


def read_fillings(user: Any) -> Any:
    """How often each field is known in what this reader sees, kept until the log changes."""
    key = f"registry.fillings:{name_audience(user)}:{read_head()[1]}"
    kept = cache.get(key)
    if kept is None:
        kept = count_known(Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED))
        cache.set(key, kept, timeout=24 * 3600)
    return kept


def _send_file(wanted: str) -> HttpResponse:
    rows = [describe_field(spec) for spec in list_fields()]
    text = (
        write_csv(rows)
        if wanted == "csv"
        else json.dumps({"language": get_language(), "fields": rows}, ensure_ascii=False, indent=1)
    )
    kind = "text/csv; charset=utf-8" if wanted == "csv" else "application/json"
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="boget-dictionary-{get_language()}.{wanted}"'
    return answer


def write_csv(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] if name in NUMBERS else guard_cell(row[name]) for name in COLUMNS] for row in rows)
    return stream.getvalue()
