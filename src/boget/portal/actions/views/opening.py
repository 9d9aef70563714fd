"""What every page of the plan begins with: the reader, the action of an address, and 404 for what is not open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boget.portal.accounts.selectors import today
from boget.portal.actions.models import Action
from boget.portal.actions.querysets import ActionQuerySet
from boget.portal.actions.selectors.bodies import read_bodies
from boget.portal.actions.selectors.filters import Reader


def open_reader(request: HttpRequest) -> Reader:
    day = today()
    return Reader(request.user, day, read_bodies(day), (get_language() or "ru")[:2])


def open_action(actions: ActionQuerySet, public_id: str) -> Action:
    """The action of a number among these; refused and absent are the same."""
    action: Action | None = actions.filter(public_id=public_id).select_related("facility", "depends_on").first()
    if action is None:
        raise Http404
    return action


def build_trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb: the plan, then further steps; the last one has no address."""
    return [(_("Action plan"), reverse("actions:actions")), *more]


def find_address(action: Action) -> str:
    return reverse("actions:action", args=[action.public_id])
