"""Changing the values of one group of one record; the authority writes, an operator proposes for its own facilities."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from boget.portal.accounts.selectors import access_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.core.models import Revision
from boget.portal.registry.fields import GROUPS
from boget.portal.registry.forms.group import GroupForm
from boget.portal.registry.models import Facility, Record
from boget.portal.registry.selectors.conflicts import compare_versions
from boget.portal.registry.selectors.opening import open_facility, open_group
from boget.portal.registry.services import change_values, propose_values
from boget.portal.registry.views.card import build_trail
from boget.science.errors import BogetError

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def edit_group(request: HttpRequest, public_id: str, group: str) -> HttpResponse:
    """The form of one group; on POST the changed fields are saved with one revision, or nothing is."""
    facility = open_facility(Facility.objects.proposable_by(request.user), public_id)
    record, fields = open_group(facility, group, request.GET.get("structure", ""))
    form = GroupForm(record, fields, level=facility.level, proposes=not access_of(request.user).can_edit)
    if request.method != "POST":
        return show_form(request, facility, form, group=group)
    if not form.fill(request.POST).changed and "theirs" in settled(request):
        messages.info(request, _("The other version stays. Nothing was saved."))
        return redirect("registry:facility", public_id=public_id)
    return save_group(request, facility, form, group=group)


def settled(request: HttpRequest) -> set[str]:
    """Answers of the conflict page: mine, theirs."""
    return {str(value) for name, value in request.POST.items() if name.startswith("take-")}


def save_group(request: HttpRequest, facility: Facility, form: GroupForm, *, group: str) -> HttpResponse:
    if not form.check():
        return show_form(request, facility, form, group=group, status=UNPROCESSABLE)
    try:
        revisions = write(request, form)
    except Conflict as conflict:
        return show_conflict(request, form, conflict, group=group)
    except BogetError as error:
        form.add_error(error)
        return show_form(request, facility, form, group=group, status=choose_status(error))
    tell_saved(request, revisions, count=len(form.changed), is_proposal=form.proposes)
    return redirect("registry:facility", public_id=facility.public_id)


def write(request: HttpRequest, form: GroupForm) -> list[Revision]:
    """One revision of the changed values, or one for each proposal."""
    actor = actor_of(request.user)
    if form.proposes:
        claims = {code: claim for code, claim in form.claims.items() if claim is not None}
        return propose_values(form.record, claims, source=form.source.source, actor=actor)
    return [change_values(form.record, form.claims, source=form.source.source, actor=actor, version=form.version)]


def tell_saved(request: HttpRequest, revisions: list[Revision], *, count: int, is_proposal: bool) -> None:
    if is_proposal:
        messages.success(request, _("Sent. Proposed values: %(count)s. The authority decides about them.") % {"count": count})
        return
    text = _("Saved. Changed values: %(count)s. Entry %(number)s of the log.") % {"count": count, "number": revisions[0].seq}
    undo = reverse("registry:undo", args=[revisions[0].seq])
    messages.success(request, format_html('{} <a href="{}">{}</a>', text, undo, _("Undo")))


def show_form(request: HttpRequest, facility: Facility, form: GroupForm, *, group: str, status: int = 200) -> HttpResponse:
    return render(request, "registry/edit.html", describe_form(facility, form, group), status=status)


def describe_form(facility: Facility, form: GroupForm, group: str) -> dict[str, Any]:
    label = GROUPS[group]
    return {
        "facility": facility,
        "form": form,
        "record": form.record,
        "group": group,
        "group_label": label,
        "form_action": form_url(facility, form.record, group),
        "errors": form.summary,
        "trail": build_trail(facility, (label, "")),
        "save_label": save_label(form),
    }


def form_url(facility: Facility, record: Record, group: str) -> str:
    url = reverse("registry:edit", args=[facility.public_id, group])
    return url if record is facility else f"{url}?structure={record.public_id}"


def save_label(form: GroupForm) -> str:
    """Verb and object of the one primary action, with the number when it is known."""
    count = len(form.changed)
    if form.proposes:
        if not count:
            return _("Send the proposals")
        return ngettext("Send %(count)s proposal", "Send %(count)s proposals", count) % {"count": count}
    if not count:
        return _("Save the changes")
    return ngettext("Save %(count)s change", "Save %(count)s changes", count) % {"count": count}


def show_conflict(request: HttpRequest, form: GroupForm, conflict: Conflict, *, group: str) -> HttpResponse:
    """Side by side: when you opened, theirs now, yours. Saving again is against the version that is shown."""
    facility = form.facility
    current = type(form.record)._default_manager.get(pk=form.record.pk)
    context = describe_form(facility, form, group) | {
        "message": translate(conflict),
        "lines": compare_versions(current, form.changed, version=form.version, level=facility.level),
        "version": current.version,
    }
    return render(request, "registry/conflict.html", context, status=choose_status(conflict))
