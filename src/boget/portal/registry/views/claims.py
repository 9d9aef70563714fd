"""One value and everything said about it: the page of a field, the popover of a figure, the choice between sources."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from boget.portal.accounts.selectors import access_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import choose_status, translate
from boget.portal.registry.forms.reading import read_version
from boget.portal.registry.models import Facility, Record
from boget.portal.registry.selectors.card import Row, field_url
from boget.portal.registry.selectors.claims import list_claims, say_choice
from boget.portal.registry.selectors.log import LogFilter, is_told_names, read_page
from boget.portal.registry.selectors.opening import open_facility, open_field, open_record
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.wording import say_claim, say_dispute
from boget.portal.registry.services import choose_claim
from boget.portal.registry.views.card import build_trail, choose_right
from boget.science.errors import BogetError

RECENT = 20


@require_safe
@vary_on_headers("HX-Request")
def show_field(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """All claims of one value; the same address answers htmx with the popover."""
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    record = open_record(facility, request.GET.get("structure", ""))
    row = read_row(record, code, level=facility.level)
    if request.headers.get("HX-Request"):
        return render(request, "components/provenance.html", describe_popover(request, row, level=facility.level))
    return render(request, "registry/field.html", describe_field(request, facility, row))


def read_row(record: Record, code: str, *, level: int) -> Row:
    field = open_field(record, code, level=level)
    return Row(record, field, read_value(record, field, level=level))


def describe_popover(request: HttpRequest, row: Row, *, level: int) -> dict[str, Any]:
    is_told = is_told_names(request.user)
    links = [(_("Everything about this value"), row.href), (_("History"), history_url(row))]
    return {
        "label": row.field.label,
        "claims": list_claims(row, level=level, has_names=is_told),
        "why": say_choice(row, has_names=is_told),
        "links": links,
    }


def history_url(row: Row) -> str:
    facility = row.record if isinstance(row.record, Facility) else row.record.facility  # type: ignore[attr-defined]
    url = reverse("registry:history", args=[facility.public_id])
    return f"{url}?field={row.record.record_type}.{row.field.code}"


def describe_field(request: HttpRequest, facility: Facility, row: Row) -> dict[str, Any]:
    level = facility.level
    may, is_told = choose_right(facility, access_of(request.user)), is_told_names(request.user)
    field = (row.record.record_type, row.field.code)
    wanted = LogFilter(field=field, record_id=row.record.public_id, has_names=is_told)
    return {
        "facility": facility,
        "record": row.record,
        "row": row,
        "unknown_text": say_claim(row.field, None),
        "dispute": say_dispute(row.field, row.value) if row.is_disputed else "",
        "claims": list_claims(row, level=level, has_names=is_told),
        "why": say_choice(row, has_names=is_told),
        "can_choose": may == "edit" and bool(row.value.others),
        "may": may,
        "edit_url": edit_url(facility, row),
        "log": read_page(facility, wanted, level=level, size=RECENT),
        "history_url": history_url(row),
        "trail": build_trail(facility, (row.field.label, "")),
        "version": row.record.version,
        "chosen": "",
        "reason": "",
    }


def edit_url(facility: Facility, row: Row) -> str:
    if row.field.is_geometry:
        return reverse("registry:geometry", args=[facility.public_id]) + f"?what={row.field.code}"
    url = reverse("registry:edit", args=[facility.public_id, row.field.group])
    return url if row.record is facility else f"{url}?structure={row.record.public_id}"


@require_POST
def choose(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Show another of the claims, with a reason."""
    facility = open_facility(Facility.objects.editable_by(request.user), public_id)
    record = open_record(facility, request.POST.get("structure", ""))
    row = read_row(record, code, level=facility.level)
    try:
        revision = _choose(request, row)
    except BogetError as error:
        return refuse_choice(request, facility, error, code=code)
    messages.success(request, _("Saved. Entry %(number)s of the log.") % {"number": revision.seq})
    return redirect(field_url(record, row.field))


def _choose(request: HttpRequest, row: Row) -> Any:
    position = request.POST.get("position", "")
    return choose_claim(
        row.record,
        row.field.code,
        int(position) if position.isascii() and position.isdigit() and len(position) < 5 else -1,
        reason=request.POST.get("reason", ""),
        actor=actor_of(request.user),
        version=read_version(request.POST),
    )


def refuse_choice(request: HttpRequest, facility: Facility, error: BogetError, *, code: str) -> HttpResponse:
    """The page again with what is wrong; the claims are those of now, the typed reason is kept."""
    record = open_record(
        open_facility(Facility.objects.editable_by(request.user), facility.public_id), request.POST.get("structure", "")
    )
    current = record if isinstance(record, Facility) else record.facility  # type: ignore[attr-defined]
    context = describe_field(request, current, read_row(record, code, level=facility.level))
    context |= {"reason": request.POST.get("reason", ""), "errors": [("choose-reason", translate(error))]}
    context["chosen"] = request.POST.get("position", "")
    return render(request, "registry/field.html", context, status=choose_status(error))
