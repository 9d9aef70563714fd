"""Signing in and out, passwords and the second factor: allauth's views with our forms, texts and statuses.

A form with faults answers 422, so that a script and a person see the same thing.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse

from boget.portal.accounts import forms, services

UNPROCESSABLE = 422
GONE = 410


class FaultsAre422:
    """A refused form keeps what was typed and answers 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == HttpResponse.status_code:
            response.status_code = UNPROCESSABLE
        return response


class SignIn(FaultsAre422, account.LoginView):
    form_class = forms.SignInForm


class SignOut(account.LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"storage"'  # drafts of forms that the browser keeps for this tab
        return response


class ChangePassword(FaultsAre422, account.PasswordChangeView):
    form_class = forms.ChangePasswordForm


class ResetPassword(FaultsAre422, account.PasswordResetView):
    form_class = forms.ResetForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sends_mail": sends_mail()}


class ResetPasswordFromKey(FaultsAre422, account.PasswordResetFromKeyView):
    form_class = forms.ResetKeyForm

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            kwargs["status"] = GONE
        return super().render_to_response(context, **kwargs)


class Reauthenticate(FaultsAre422, account.ReauthenticateView):
    form_class = forms.ConfirmPasswordForm


class EnterCode(mfa.AuthenticateView):
    form_class = forms.CodeForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = UNPROCESSABLE
        return response


class ReauthenticateByCode(FaultsAre422, mfa.ReauthenticateView):
    form_class = forms.ConfirmCodeForm


class ActivateTotp(FaultsAre422, totp.ActivateTOTPView):
    form_class = forms.ActivateForm

    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        services.record_second_factor(self.request.user, "totp", is_on=True)
        return response


class DeactivateTotp(FaultsAre422, totp.DeactivateTOTPView):
    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        services.record_second_factor(self.request.user, "totp", is_on=False)
        return response


class GenerateRecoveryCodes(FaultsAre422, recovery.GenerateRecoveryCodesView):
    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        services.record_second_factor(self.request.user, "recovery_codes", is_on=True)
        return response


def sends_mail() -> bool:
    """Whether this installation can send mail at all: a link by mail is promised only then."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
show_inactive = account.account_inactive
change_password = ChangePassword.as_view()
reset_password = ResetPassword.as_view()
show_reset_sent = account.password_reset_done
reset_password_from_key = ResetPasswordFromKey.as_view()
show_reset_done = account.password_reset_from_key_done
reauthenticate = Reauthenticate.as_view()
show_second_factor = mfa.index
enter_code = EnterCode.as_view()
reauthenticate_by_code = ReauthenticateByCode.as_view()
activate_totp = ActivateTotp.as_view()
deactivate_totp = DeactivateTotp.as_view()
view_recovery_codes = recovery.view_recovery_codes
generate_recovery_codes = GenerateRecoveryCodes.as_view()
download_recovery_codes = recovery.download_recovery_codes
