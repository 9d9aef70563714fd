"""Files and pictures of a run, for whoever may read it, in the language and on the clock of the reader."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from boget.portal.scenarios.models import Run
from boget.portal.scenarios.papers.fan_svg import draw_fan
from boget.portal.scenarios.papers.run_words import Paper, name_file, open_paper
from boget.portal.scenarios.papers.sheet_content import draw_map, say_fan
from boget.portal.scenarios.selectors import advice, outcome_reading
from boget.portal.scenarios.views.opening import find_address, open_run, read_substances
from boget.portal.scenarios.views.result import describe_chart, list_readings_at

SVG = "image/svg+xml"
OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "pdf": "application/pdf",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "svg": SVG,
}
SHOWN = ("svg",)
"""Forms that a page shows as they are; the others are saved."""


@login_required
@never_cache
@require_safe
def send_paper(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """A file of the run: pdf, pptx, xlsx, geojson, csv (``?target=`` the wave at one target), svg (the map).

    404 for another form, and for a run that has not ended or is not open to the reader.
    """
    paper = _open(request, public_id)
    if form not in MIME:
        raise Http404
    answer = HttpResponse(_write(request, paper, form), content_type=MIME[form])
    target = request.GET.get("target", "") if form == "csv" else ""
    found = outcome_reading.find_target(paper.outcome, target)
    name = name_file(paper.run, form, language=_language(form), part=found.target.code if found else "")
    answer["Content-Disposition"] = f'{"inline" if form in SHOWN else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _open(request: HttpRequest, public_id: str) -> Paper:
    run: Run = open_run(request, public_id)
    if not run.is_done:
        raise Http404
    return open_paper(run, substances=read_substances(), now=timezone.now())


def _language(form: str) -> str:
    """Files for machines are the same in each language but for the names in them."""
    return (get_language() or "ru")[:2] if form in ("pdf", "pptx", "xlsx") else ""


def _write(request: HttpRequest, paper: Paper, form: str) -> bytes | str:
    """The writers are imported where they are used: the typesetter and the office formats cost every start some time."""
    from boget.portal.scenarios.papers import record_files, sheet_pdf, slide_pptx, table_xlsx

    if form == "pdf":
        address = request.build_absolute_uri(find_address(paper.run))
        return sheet_pdf.write_sheet(paper, address=address, readings=_list_readings(paper))
    if form == "pptx":
        return slide_pptx.write_slides(paper)
    if form == "xlsx":
        return table_xlsx.write_workbook(paper)
    if form == "geojson":
        return record_files.write_geojson(paper)
    if form == "csv":
        return record_files.write_csv(paper, target=request.GET.get("target", ""))
    return draw_map(paper)


def _list_readings(paper: Paper) -> dict[str, list[tuple[float, float]]]:
    return {one.target.code: list_readings_at(paper.facts, one) for one in paper.outcome.targets}


@login_required
@never_cache
@require_safe
def send_fan(request: HttpRequest, public_id: str) -> HttpResponse:
    """The chart of ``?target=`` as a picture, for a page without a script and for print; 404 where a run has no target."""
    paper = _open(request, public_id)
    wanted = outcome_reading.find_target(paper.outcome, request.GET.get("target", ""))
    chosen = wanted or advice.choose_first(paper.outcome.targets)
    if chosen is None:
        raise Http404
    row: Any = next(row for row in paper.rows if row.code == chosen.target.code)
    chart = describe_chart(request, paper.run, chosen=chosen)["chart"]
    return HttpResponse(draw_fan(chart, label=say_fan(row)), content_type=SVG)
