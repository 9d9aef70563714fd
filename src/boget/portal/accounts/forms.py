"""Forms of signing in, of one's own account, of organisations and of people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth import password_validation
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Membership, Organisation, Role, User
from boget.portal.accounts.selectors import today

MAX_PASSWORD = 256  # characters; the hash of a longer one would cost the server more than it protects
MAX_CODE = 40


class CalmFields(forms.Form):
    """Fields of a form of allauth with our labels: no placeholders, lengths bounded."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            self._bound_length(field)

    @property
    def hints(self) -> dict[str, Any]:
        """Help texts by field name."""
        return {}

    @staticmethod
    def _bound_length(field: forms.Field) -> None:
        limit = MAX_PASSWORD if isinstance(field.widget, forms.PasswordInput) else MAX_CODE
        if isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField):
            field.max_length = limit
            field.validators.append(MaxLengthValidator(limit))
            field.widget.attrs["maxlength"] = str(limit)


class NewPasswordHint(CalmFields):
    """Rules of a new password as one sentence each under the field."""

    @property
    def hints(self) -> dict[str, Any]:
        return {"password1": " ".join(password_validation.password_validators_help_texts())}


class SignInForm(CalmFields, allauth_forms.LoginForm):
    """E-mail and password."""

    labels = {"login": _("Email"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = forms.EmailField(label=_("Email"), max_length=254, widget=forms.EmailInput())
        login.widget.attrs.update({"autocomplete": "username"})
        self.fields["login"] = login
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower()

    def user_credentials(self) -> dict[str, Any]:
        """With `login` for django-axes, which counts wrong passwords by it."""
        return {**super().user_credentials(), "login": self.cleaned_data["login"]}


class ResetForm(CalmFields, allauth_forms.ResetPasswordForm):
    """E-mail to which the link goes."""

    labels = {"email": _("Email")}


class ResetKeyForm(NewPasswordHint, allauth_forms.ResetPasswordKeyForm):
    """A new password by a link."""

    labels = {"password1": _("New password"), "password2": _("New password again")}


class ChangePasswordForm(NewPasswordHint, allauth_forms.ChangePasswordForm):
    """A new password by the old one."""

    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }


class ConfirmPasswordForm(CalmFields, allauth_forms.ReauthenticateForm):
    """The password again before a change of the second factor."""

    labels = {"password": _("Password")}


class CodeForm(CalmFields, mfa_forms.AuthenticateForm):
    """The code of the application, or a recovery code."""

    labels = {"code": _("Code")}

    @property
    def hints(self) -> dict[str, Any]:
        return {"code": _("Six digits from the application on your phone, or one of the recovery codes.")}


class ConfirmCodeForm(CalmFields, mfa_forms.ReauthenticateForm):
    """The code again before a change of the second factor."""

    labels = {"code": _("Code")}


class ActivateForm(CalmFields, totp_forms.ActivateTOTPForm):
    """The first code of a new application."""

    labels = {"code": _("Code that the application shows")}


class PreferenceForm(forms.ModelForm):
    """One group of the page "My account"; each group saves alone."""

    class Meta:
        model = User
        fields = ["language", "theme", "density", "time_zone"]
        widgets = dict.fromkeys(("language", "theme", "density"), forms.RadioSelect)

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{group}_%s")
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {group}:
            del self.fields[name]

    def _post_clean(self) -> None:
        """The account itself is changed by the service, not by the form."""


class OrganisationForm(forms.ModelForm):
    """A new organisation."""

    class Meta:
        model = Organisation
        fields = [
            "code", "kind", "name_ru", "name_kk", "name_en", "short_ru", "short_kk", "short_en",
            "valid_from", "valid_to", "has_provisional_dates", "note",
        ]  # fmt: skip
        help_texts = {"code": _("Lower-case Latin letters, digits and hyphens, such as mes. It stands in the address.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_dates(self, cleaned.get("valid_from"), cleaned.get("valid_to"))
        return cleaned


class RenameForm(forms.ModelForm):
    """The new name of an organisation from a day on."""

    first_day = forms.DateField(label=_("First day of the new name"))

    class Meta:
        model = Organisation
        fields = ["code", "name_ru", "name_kk", "name_en", "short_ru", "short_kk", "short_en"]
        labels = {"code": _("New code")}

    field_order = ["first_day", "code"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_first_day(self) -> Any:
        first_day, earliest = self.cleaned_data["first_day"], self.organisation.valid_from
        if first_day <= (earliest or dt.date.min):
            raise forms.ValidationError(
                _("The first day of the new name is not after the first day of the old one. Correct the date.")
            )
        return first_day


class InviteForm(forms.ModelForm):
    """A new person with the first role."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    valid_from = forms.DateField(label=_("First day"))

    class Meta:
        model = User
        fields = ["email", "name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(successor=None)
        self.fields["valid_from"].initial = today

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("A person with this e-mail is already registered. Open the list of people."))
        return email


class MembershipForm(forms.ModelForm):
    """A role of a person, with its days."""

    class Meta:
        model = Membership
        fields = ["organisation", "role", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(successor=None)
        self.fields["valid_from"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_dates(self, cleaned.get("valid_from"), cleaned.get("valid_to"))
        return cleaned


class EndForm(forms.Form):
    """The last day of a role."""

    last_day = forms.DateField(label=_("Last day"), initial=today)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_last_day(self) -> Any:
        last_day = self.cleaned_data["last_day"]
        if last_day < self.membership.valid_from:
            raise forms.ValidationError(_("The last day is before the first day. Correct one of the two dates."))
        return last_day


def _check_dates(form: forms.BaseForm, first: Any, last: Any) -> None:
    if first is not None and last is not None and last < first:
        form.add_error("valid_to", _("The last day is before the first day. Correct one of the two dates."))
