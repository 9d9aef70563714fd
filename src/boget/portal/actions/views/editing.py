"""New actions and changed words. Before a second record of the same measure is made, the first one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boget.portal.actions.forms import ActionForm, OriginForm, describe_initial
from boget.portal.actions.models import Action
from boget.portal.actions.selectors.overview import find_similar
from boget.portal.actions.selectors.rights import may_propose
from boget.portal.actions.selectors.rows import build_rows
from boget.portal.actions.services import story
from boget.portal.actions.views.opening import build_trail, find_address, open_action, open_reader
from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.core.levels import Level
from boget.portal.registry.forms.reading import read_version
from boget.science.errors import BogetError

UNPROCESSABLE = 422
PREFILLED = ("title", "facility", "due", "working_area", "origin_kind", "origin_ref", "origin_label")
LONGEST_PREFILLED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A new action; other pages may fill in the form by their address."""
    if not may_propose(request.user):
        raise Http404
    if request.method != "POST":
        filled = {name: request.GET[name][:LONGEST_PREFILLED] for name in PREFILLED if name in request.GET}
        initial = {"language": (get_language() or "ru")[:2], "level": int(Level.GROUP), **filled}
        return show_form(request, ActionForm(initial=initial, user=request.user))
    form = ActionForm(request.POST, user=request.user)
    if not form.is_valid():
        return show_form(request, form, status=UNPROCESSABLE)
    alike = [] if request.POST.get("is_new") else find_similar(request.user, form.cleaned_data["title"], origins=form.origins)
    if alike:
        return show_form(request, form, status=UNPROCESSABLE, alike=alike)
    try:
        action = story.propose_action(
            form.read_values(), parties=form.parties, origins=form.origins, by=request.user,
            level=Level(form.cleaned_data["level"]),
        )  # fmt: skip
    except BogetError as error:
        form.add_error(None, translate(error))
        return show_form(request, form, status=choose_status(error))
    messages.success(request, _("Saved as %(number)s.") % {"number": action.public_id})
    return redirect(find_address(action))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Corrected words, bodies or money, with the reason."""
    action = open_action(Action.objects.visible_to(request.user) & Action.objects.editable_by(request.user), public_id)
    initial = describe_initial(action, request.user)
    form = ActionForm(request.POST or None, initial=initial, user=request.user, action=action)
    if request.method != "POST":
        return show_form(request, form, version=action.version)
    version = read_version(request.POST)
    if not form.is_valid():
        return show_form(request, form, status=UNPROCESSABLE, version=version)
    try:
        change(request, action, form, version=version)
    except Conflict as conflict:
        return show_conflict(request, action, form, conflict=conflict)
    except BogetError as error:
        form.add_error(None, translate(error))
        return show_form(request, form, status=choose_status(error), version=version)
    messages.success(request, _("Saved. The people of its bodies are told."))
    return redirect(find_address(action))


def change(request: HttpRequest, action: Action, form: ActionForm, *, version: int) -> Action:
    values = form.read_values()
    for name in ("facility", "depends_on"):  # what the person may not see is not in the form, and stays
        is_hidden = getattr(action, name) is not None and not form.initial_of(name)
        if is_hidden and values.get(name) is None:
            values.pop(name, None)
    return story.change_action(
        action, values, parties=form.parties, level=Level(form.cleaned_data["level"]), reason=form.cleaned_data["reason"],
        by=request.user, version=version,
    )  # fmt: skip


def show_conflict(request: HttpRequest, action: Action, form: ActionForm, *, conflict: Conflict) -> HttpResponse:
    """The typed form beside what stands there now. Saving again is against the version that is shown."""
    current = Action.objects.select_related("facility", "depends_on").get(pk=action.pk)
    now = describe_initial(current, request.user)
    typed = {name: str(form.data.get(name, "")).strip() for name in now}
    lines = [
        (form[name].label, str(now[name]), typed[name])
        for name in now
        if name in form.fields and " ".join(str(now[name]).split()) != " ".join(typed[name].split())
    ]
    more = {"refusal": translate(conflict), "lines": lines, "version": current.version}
    return show_form(request, form, status=choose_status(conflict), **more)


def show_form(request: HttpRequest, form: ActionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    action = form.action
    steps = ((action.public_id, find_address(action)), (_("Edit"), "")) if action else ((_("New action"), ""),)
    alike = more.pop("alike", [])
    context: Mapping[str, Any] = {
        "form": form,
        "action": action,
        "alike": build_rows(alike, open_reader(request)) if alike else [],
        "origin": form.origins[0] if form.origins else None,
        "trail": build_trail(*steps),
        "back_url": find_address(action) if action else reverse("actions:actions"),
        **more,
    }
    return render(request, "actions/edit.html", context, status=status)


@login_required
@require_POST
def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the action answer one more origin, instead of making a second action."""
    action = open_action(Action.objects.visible_to(request.user) & Action.objects.editable_by(request.user), public_id)
    form = OriginForm(request.POST)
    if form.is_valid():
        story.link_origin(action, story.Origin(**form.cleaned_data), by=request.user)
        messages.success(request, _("Saved. The action answers one more origin."))
    else:
        messages.error(request, _("Choose where it comes from and give its number."))
    return HttpResponseRedirect(find_address(action))
