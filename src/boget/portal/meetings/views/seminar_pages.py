"""What the pages of a seminar share: who may open it, the trail, the answer to a refused form, the page itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from boget.portal.core.errors import choose_status, translate
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.selectors import seminars as selectors
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.views.meeting_pages import View, answer_form
from boget.portal.meetings.views.meeting_pages import show_form as show_plain_form
from boget.science.errors import BogetError


def for_readers(view: View) -> View:
    """Opens the seminar for everybody with a role: ``view(request, seminar, …)``. Strangers sign in, others get 404."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        seminar = selectors.find_seminar(request.user, number)
        if seminar is None:
            raise Http404
        return view(request, seminar, *args, **kwargs)

    return login_required(never_cache(guarded))


def for_organiser(view: View) -> View:
    """The same for the secretary alone: names of participants and every change are theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if not group_access_of(request.user).can_manage:
            raise Http404
        seminar = selectors.find_seminar(request.user, number)
        if seminar is None:
            raise Http404
        return view(request, seminar, *args, **kwargs)

    return login_required(never_cache(guarded))


def build_trail(seminar: Meeting | None, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb: seminars, this seminar, what lies below; the last one is this page."""
    trail: list[tuple[Any, str]] = [(_("Seminars"), reverse("meetings:seminars"))]
    if seminar is not None:
        trail.append((_("Seminar %(number)s") % {"number": seminar.number}, find_address(seminar)))
    trail += more
    return [*trail[:-1], (trail[-1][0], "")]


def find_address(seminar: Meeting, *, part: str = "") -> str:
    """The page of a seminar, at one of its parts."""
    return reverse("meetings:seminar", args=[seminar.number]) + (f"#{part}" if part else "")


def answer(
    request: HttpRequest,
    seminar: Meeting | None,
    form: Form,
    *,
    write: Callable[[], HttpResponse],
    heading: Any,
    action: Any,
    **more: Any,
) -> HttpResponse:
    """A page with one form: shown, or checked and written. What is refused comes back with what was typed."""
    back = find_address(seminar) if seminar else reverse("meetings:seminars")
    more = {"trail": build_trail(seminar, (heading, "")), "back": back, "part": "seminars", **more}

    def show(**refusal: Any) -> HttpResponse:
        return show_plain_form(request, None, form, heading=heading, action=action, **more, **refusal)

    return answer_form(request, form, write=write, show=show)


def render_seminar(
    request: HttpRequest, seminar: Meeting, *, error: BogetError | None = None, chosen: dict[int, int] | None = None
) -> HttpResponse:
    """All of a seminar on one page. chosen: answers of the quiz that were typed and refused."""
    page = selectors.read_seminar(request.user, seminar.number)
    assert page is not None  # whoever opened it may read it
    context = {
        "page": page,
        "seminar": page.seminar,
        "chip": selectors.choose_chip(page.seminar),
        "state": selectors.name_state(page.seminar.state),
        "trail": build_trail(page.seminar),
        "asked": selectors.list_asked(page, chosen),
        "tries": selectors.count_tries(page),
        "cancel_reason": selectors.find_cancel_reason(page.seminar),
        "error": translate(error) if error else "",
        "part": "seminars",
    }
    return render(request, "meetings/seminar.html", context, status=choose_status(error) if error else 200)
