"""People: the secretary's pages. Whoever is not the secretary finds nothing here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from boget.portal.accounts import services
from boget.portal.accounts.forms import EndForm, InviteForm, MembershipForm
from boget.portal.accounts.models import Membership, User
from boget.portal.accounts.selectors import access_of, people_visible_to, today
from boget.portal.accounts.views.signing import sends_mail
from boget.science.errors import InvalidInput

View = Callable[..., HttpResponse]


def for_secretary(view: View) -> View:
    """Answer 404 to everybody else: refused and absent look the same."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access_of(request.user).can_administer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_secretary
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had an account, with the roles of today."""
    held = Membership.objects.on(today()).select_related("organisation")
    people = people_visible_to(request.user).prefetch_related(Prefetch("memberships", held, to_attr="held"))
    return render(request, "accounts/people.html", {"people": people})


@for_secretary
def show_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person with all roles, past ones too."""
    return _render_person(request, _find(request, pk))


@for_secretary
@never_cache
def invite_person(request: HttpRequest) -> HttpResponse:
    """Create an account with its first role, and show the link by which the person sets a password."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user, link = services.invite_person(**form.cleaned_data, by=services.actor_of(request.user))
        return _show_link(request, user, link)
    return render(request, "accounts/person_new.html", {"form": form}, status=422 if form.errors else 200)


@for_secretary
@require_POST
@never_cache
def issue_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for a person who lost the first one."""
    user = _find(request, pk)
    return _show_link(request, user, services.issue_invitation(user, by=services.actor_of(request.user)))


@for_secretary
@require_POST
def add_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a role."""
    user = _find(request, pk)
    form = MembershipForm(request.POST)
    if not form.is_valid():
        return _render_person(request, user, form=form)
    values = {name: form.cleaned_data[name] for name in ("role", "valid_from", "valid_to")}
    by = services.actor_of(request.user)
    try:
        services.add_membership(user, form.cleaned_data["organisation"], by=by, **values)
    except InvalidInput:
        form.add_error("role", _("The person already has this role there at that time."))
        return _render_person(request, user, form=form)
    messages.success(request, _("Saved."))
    return redirect("accounts:person", pk=user.pk)


@for_secretary
def end_membership(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Set the last day of a role."""
    membership = get_object_or_404(Membership, pk=membership_pk, user=_find(request, pk))
    form = EndForm(request.POST if request.method == "POST" else None, membership=membership)
    if request.method == "POST" and form.is_valid():
        by = services.actor_of(request.user)
        services.end_membership(membership, last_day=form.cleaned_data["last_day"], by=by)
        messages.success(request, _("Saved."))
        return redirect("accounts:person", pk=pk)
    context = {"form": form, "membership": membership, "person": membership.user}
    return render(request, "accounts/membership_end.html", context, status=422 if form.errors else 200)


@for_secretary
@require_POST
def set_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account or open it again."""
    user = _find(request, pk)
    is_active = request.POST.get("is_active") == "1"
    if user.pk == request.user.pk and not is_active:
        raise Http404  # the secretary does not lock the door from inside
    services.set_activity(user, is_active=is_active, by=services.actor_of(request.user))
    return redirect("accounts:person", pk=pk)


def _find(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people_visible_to(request.user), pk=pk)


def _render_person(request: HttpRequest, person: User, *, form: BaseForm | None = None) -> HttpResponse:
    memberships = person.memberships.select_related("organisation")
    context = {
        "person": person,
        "memberships": memberships,
        "form": form or MembershipForm(),
        "is_self": person.pk == request.user.pk,
        "day": today(),
    }
    return render(request, "accounts/person.html", context, status=422 if form else 200)


def _show_link(request: HttpRequest, person: User, path: str) -> HttpResponse:
    context = {"person": person, "link": request.build_absolute_uri(path), "sends_mail": sends_mail()}
    return render(request, "accounts/person_link.html", context)
