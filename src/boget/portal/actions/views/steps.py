"""One step of an action: its form, and the step itself. A stale page is answered with 409 and keeps what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from boget.portal.actions.forms import StepForm
from boget.portal.actions.models import Action
from boget.portal.actions.selectors.rights import select_for_step
from boget.portal.actions.selectors.rows import build_rows
from boget.portal.actions.services.steps import STEPS, TAKERS, list_possible
from boget.portal.actions.views.opening import build_trail, find_address, open_action, open_reader
from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.registry.forms.reading import read_version
from boget.science.errors import BogetError

UNPROCESSABLE = 422
DANGEROUS = ("cancel",)
STEP_WORDS: dict[str, Any] = {
    "agree": gettext_lazy("Agree to the action"),
    "approve": gettext_lazy("Approve the action"),
    "start": gettext_lazy("Start the action"),
    "progress": gettext_lazy("Report progress"),
    "claim": gettext_lazy("Report as done"),
    "verify": gettext_lazy("Verify the action"),
    "return": gettext_lazy("Return the action"),
    "postpone": pgettext_lazy("command", "Postpone"),
    "block": gettext_lazy("Report that it is blocked"),
    "resume": gettext_lazy("Resume the action"),
    "cancel": gettext_lazy("Cancel the action"),
}
NOTES: dict[str, Any] = {
    "agree": gettext_lazy("Your body takes on the action with its date."),
    "approve": gettext_lazy("The Working Group has approved the action."),
    "claim": gettext_lazy("It counts as done when another body has verified it."),
    "verify": gettext_lazy("You confirm that the action is done. It closes."),
    "return": gettext_lazy("The responsible body is told what is missing and goes on."),
    "postpone": gettext_lazy("The first date stays to be seen beside the new one."),
    "block": gettext_lazy("The date does not move: an action that is blocked can be overdue."),
    "cancel": gettext_lazy("The action closes without being done and stays in the plan with its reason."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    if kind not in STEPS:
        raise Http404
    visible = Action.objects.visible_to(request.user)
    action = open_action(visible.filter(pk__in=select_for_step(request.user, kind).values("pk")), public_id)
    if request.method != "POST":
        return show_form(request, action, StepForm(kind))
    form = StepForm(kind, request.POST)
    if not form.is_valid():
        return show_form(request, action, form, status=UNPROCESSABLE)
    try:
        TAKERS[kind](action, by=request.user, version=read_version(request.POST), **form.read_words())
    except BogetError as error:
        if not isinstance(error, Conflict):
            form.add_error(None, translate(error))
        action.refresh_from_db()
        refusal = translate(error) if isinstance(error, Conflict) else ""
        return show_form(request, action, form, status=choose_status(error), refusal=refusal)
    messages.success(request, _("Saved. The people of its bodies are told."))
    return redirect(find_address(action))


def show_form(request: HttpRequest, action: Action, form: StepForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    """The form of a step; where the state does not allow it, a sentence instead."""
    context = {
        "action": action,
        "row": build_rows([action], open_reader(request))[0],
        "form": form,
        "kind": form.kind,
        "step_label": STEP_WORDS[form.kind],
        "note": NOTES.get(form.kind, ""),
        "is_possible": form.kind in list_possible(action),
        "is_danger": form.kind in DANGEROUS,
        "refusal": refusal,
        "trail": build_trail((action.public_id, find_address(action)), (STEP_WORDS[form.kind], "")),
    }
    return render(request, "actions/step.html", context, status=status)
