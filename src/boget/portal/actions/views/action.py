"""One action: what is to be done, by whom, until when, its story, and what the reader may do next."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from boget.portal.actions.forms import OriginForm, StepForm
from boget.portal.actions.models import Action
from boget.portal.actions.selectors.rights import list_rights
from boget.portal.actions.selectors.rows import build_rows
from boget.portal.actions.selectors.story import list_changes, list_dependants, read_story
from boget.portal.actions.services.steps import list_possible
from boget.portal.actions.views.opening import build_trail, open_action, open_reader
from boget.portal.actions.views.steps import STEP_WORDS
from boget.portal.core.levels import Level

MAIN_STEPS = ("verify", "progress", "start", "agree", "approve")
"""The one step that a reader most likely came for: the first of these that is possible."""
BOXED = "progress"
"""The step whose form stands on the page itself."""


@login_required
@require_safe
def show_action(request: HttpRequest, public_id: str) -> HttpResponse:
    action = open_action(Action.objects.visible_to(request.user), public_id)
    return render(request, "actions/action.html", describe_action(request, action))


def describe_action(request: HttpRequest, action: Action) -> dict[str, Any]:
    reader, rights = open_reader(request), list_rights(request.user, action)
    steps = [kind for kind in list_possible(action) if kind in rights]
    main = next((kind for kind in MAIN_STEPS if kind in steps), "")
    has_box = BOXED in steps and main == BOXED
    others = [kind for kind in steps if kind != BOXED or not has_box]
    return {
        "action": action,
        "row": build_rows([action], reader)[0],
        "level_label": Level(action.level).label,
        "story": read_story(action, reader),
        "changes": list_changes(action, reader),
        "dependants": list_dependants(action, request.user),
        "steps": [(kind, STEP_WORDS[kind], kind == main) for kind in others],
        "box": StepForm(BOXED) if has_box else None,
        "can_edit": "edit" in rights,
        "origin_form": OriginForm() if "edit" in rights else None,
        "trail": build_trail((action.public_id, "")),
    }
