"""What the pages of a meeting share: who may open it, the trail, the answer to a refused form."""

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

from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.selectors.ical import name_meeting
from boget.portal.meetings.selectors.meetings import find_meeting
from boget.portal.meetings.selectors.rights import group_access_of
from boget.science.errors import BogetError

UNPROCESSABLE = 422
View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """Opens the meeting for those who may see it: ``view(request, meeting, …)``. Strangers sign in, others get 404."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        meeting = find_meeting(request.user, number)
        if meeting is None:
            raise Http404
        return view(request, meeting, *args, **kwargs)

    return login_required(never_cache(guarded))


def for_secretary(view: View) -> View:
    """The same for the secretary alone; members who may only read get 404 as everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        meeting = find_meeting(request.user, number) if group_access_of(request.user).can_manage else None
        if meeting is None:
            raise Http404
        return view(request, meeting, *args, **kwargs)

    return login_required(never_cache(guarded))


def build_trail(meeting: Meeting | None, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb: meetings, this meeting, what lies below; the last one is this page."""
    trail: list[tuple[Any, str]] = [(_("Meetings"), reverse("meetings:meetings"))]
    if meeting is not None:
        trail.append((_("Meeting %(number)s") % {"number": meeting.number}, reverse("meetings:meeting", args=[meeting.number])))
    trail += more
    trail[-1] = (trail[-1][0], "")
    return trail


def read_version(request: HttpRequest) -> int:
    """The version that the page was made of; a missing one is older than any."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def show_form(
    request: HttpRequest, meeting: Meeting | None, form: Form, *, heading: Any, action: Any, **more: Any
) -> HttpResponse:
    """A page with one form. ``more``: ``note`` above it, ``back`` address, ``error`` a refusal, ``is_danger``, ``template``."""
    error: BogetError | None = more.pop("error", None)
    theirs = offer_again(form) if isinstance(error, Conflict) else []
    context = {
        "meeting": meeting,
        "form": form,
        "heading": heading,
        "action_label": action,
        "trail": build_trail(meeting, (heading, "")),
        "back": reverse("meetings:meeting", args=[meeting.number]) if meeting else reverse("meetings:meetings"),
        "errors": [("", translate(error))] if error else [],
        "theirs": theirs,
        **more,
    }
    status = choose_status(error) if error else UNPROCESSABLE if form.errors else 200
    return render(request, more.get("template", "meetings/meeting_form.html"), context, status=status)


def offer_again(form: Form) -> list[tuple[Any, Any]]:
    """After a conflict: what is saved now in the fields that were typed differently; saving again is against that version."""
    form.data = form.data.copy()
    form.data["version"] = str(form.initial.get("version", ""))
    changed = [form[name] for name in form.changed_data if name in form.fields and not form[name].is_hidden]
    return [(field.label, _say_saved(form.initial.get(field.name))) for field in changed]


def _say_saved(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if value not in (None, "") else _("empty")


def answer_form(
    request: HttpRequest, form: Form, *, write: Callable[[], HttpResponse], show: Callable[..., HttpResponse]
) -> HttpResponse:
    """The usual way: show, or check and write; what is refused comes back with what was typed."""
    if request.method != "POST" or not form.is_valid():
        return show()
    try:
        return write()
    except BogetError as error:
        return show(error=error)


def describe_page(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "name": name_meeting(meeting), "part": "meetings"}
