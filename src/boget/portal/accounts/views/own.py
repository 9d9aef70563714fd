"""My account: language, looks, time zone, second factor. Each group saves alone."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from boget.portal.accounts import services
from boget.portal.accounts.forms import PreferenceForm
from boget.portal.accounts.selectors import access_of, is_writer, memberships_on, today


@login_required
def show_own(request: HttpRequest) -> HttpResponse:
    """The page, and the door by which one of its groups is saved."""
    if request.method == "POST":
        return _save_group(request)
    return _render(request, _build_forms(request))


def _build_forms(request: HttpRequest) -> dict[str, PreferenceForm]:
    return {group: PreferenceForm(instance=request.user, group=group) for group in services.PREFERENCES}


def _save_group(request: HttpRequest) -> HttpResponse:
    group = request.POST.get("group", "")
    if group not in services.PREFERENCES:
        raise Http404
    form = PreferenceForm(request.POST, instance=request.user, group=group)
    if not form.is_valid():
        return _render(request, {**_build_forms(request), group: form}, status=422)
    services.change_preferences(request.user, {group: form.cleaned_data[group]})
    with translation.override(request.user.language):
        messages.success(request, _("Saved."))
    return redirect("accounts:me")


def _render(request: HttpRequest, forms: dict[str, PreferenceForm], *, status: int = 200) -> HttpResponse:
    context = {
        "forms": forms,
        "faulty": next((form for form in forms.values() if form.is_bound), None),
        "memberships": memberships_on(request.user, today()),
        "can_administer": access_of(request.user).can_administer,
        "has_second_factor": is_mfa_enabled(request.user),
        "needs_second_factor": settings.BOGET_REQUIRE_TWO_FACTOR and is_writer(request.user),
    }
    return render(request, "accounts/me.html", context, status=status)
