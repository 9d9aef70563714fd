"""How Boget bends allauth: nobody signs up, texts are ours, mail is in the receiver's language, redirects stay home."""

from __future__ import annotations

from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from boget.portal.accounts import services
from boget.portal.accounts.lockout import build_lockout, count_minutes
from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import is_writer

FAILED_LOGIN_MINUTES = 5  # the window of allauth's own limit of wrong passwords

ERRORS = {
    "account_inactive": _("The account is closed. Write to the secretary."),
    "email_password_mismatch": _("The e-mail or the password is wrong. Check both and try again."),
    "enter_current_password": _("Current password: wrong. Enter it again."),
    "incorrect_code": _("Code: wrong or already used. Enter the code that the application shows now."),
    "incorrect_password": _("Password: wrong. Enter it again."),
    "invalid_login": _("The e-mail or the password is wrong. Check both and try again."),
    "invalid_password_reset": _("The link is no longer valid. Ask for a new one."),
    "rate_limited": _("Too many attempts. Try again in a few minutes."),
    "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
}
MFA_ERRORS = {
    "cannot_delete_authenticator": _("Your role requires the second factor. It cannot be switched off."),
    "cannot_generate_recovery_codes": _("Recovery codes are made after the second factor is switched on."),
    "incorrect_code": ERRORS["incorrect_code"],
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of the host that was asked: other allowed hosts are not home."""
        request = request_context.request
        return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            minutes = max(FAILED_LOGIN_MINUTES, count_minutes(request, credentials))
            raise ImmediateHttpResponse(build_lockout(request, minutes=minutes)) from error

    def reauthenticate(self, user: User, password: str) -> bool:
        """The password again; wrong ones count for the lock of the sign-in page too."""
        credentials = {"email": user.email, "login": user.email, "password": password}
        found = self.authenticate(request_context.request, **credentials)
        return found is not None and found.pk == user.pk

    def set_password(self, user: User, password: str) -> None:
        services.set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """The message in the language of the receiver's account."""
        language = getattr(context.get("user"), "language", None) or translation.get_language()
        with translation.override(language):
            return super().render_mail(template_prefix, email, context, headers)

    def format_email_subject(self, subject: str) -> str:
        return str(subject)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: a code of an application on the phone, or a recovery code."""

    error_messages = {**DefaultMFAAdapter.error_messages, **MFA_ERRORS}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not where the installation requires the second factor of the person's role."""
        return not (settings.BOGET_REQUIRE_TWO_FACTOR and is_writer(authenticator.user))

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an <svg> element on white, so that it can be scanned from a dark page too."""
        image = qrcode.make(url, image_factory=SvgPathFillImage, box_size=14)
        return image.to_string(encoding="unicode")
