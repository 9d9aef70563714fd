"""Forms of the working group: bodies, persons, rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.accounts.selectors import today
from boget.portal.meetings.models import GroupPerson, GroupRole, WorkingGroup
from boget.portal.meetings.services.group import NewPerson


class WideInput(forms.TextInput):
    """A line for a name or a reason."""

    def __init__(self) -> None:
        super().__init__(attrs={"size": 50})


class BodyForm(forms.Form):
    """A body enters the group."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    is_observer = forms.BooleanField(label=_("Observer, without a vote"), required=False)
    valid_from = forms.DateField(label=_("First day"), initial=today)
    source = forms.CharField(label=_("By what act or letter"), max_length=300, required=False, widget=WideInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(successor=None)  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """A person enters the group, with or without an account."""

    user = forms.ModelChoiceField(
        label=_("Account"), queryset=User.objects.none(), required=False,
        help_text=_("Name and e-mail are taken from it. Leave empty for somebody without an account."),
    )  # fmt: skip
    name = forms.CharField(label=_("Full name"), max_length=150, required=False, widget=WideInput())
    post = forms.CharField(label=_("Post"), max_length=300, required=False, widget=WideInput())
    email = forms.EmailField(label=_("Email"), required=False, help_text=_("Shown to members only."))
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(
        label=pgettext_lazy("in the working group", "Role"), choices=GroupRole.choices, initial=GroupRole.MEMBER
    )
    substitute_for = forms.ModelChoiceField(
        label=_("Stands in for"), queryset=GroupPerson.objects.none(), required=False, help_text=_("Only for a substitute.")
    )
    valid_from = forms.DateField(label=_("First day"), initial=today)

    def __init__(self, *args: Any, group: WorkingGroup, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = self.fields
        choices["user"].queryset = accounts
        choices["organisation"].queryset = Organisation.objects.filter(successor=None)
        choices["substitute_for"].queryset = group.persons.filter(valid_to=None).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("user") and not cleaned.get("name"):
            self.add_error("name", _("Choose an account or write the name."))
        if cleaned.get("role") == GroupRole.SUBSTITUTE and not cleaned.get("substitute_for"):
            self.add_error("substitute_for", _("Choose the member whom the substitute stands in for."))
        return cleaned

    def build(self) -> NewPerson:
        data = self.cleaned_data
        names = ("organisation", "role", "valid_from", "name", "post", "email", "user", "substitute_for")
        return NewPerson(**{name: data[name] for name in names})


class EndForm(forms.Form):
    """The last day of a body or a person."""

    last_day = forms.DateField(label=_("Last day"), initial=today, help_text=_("The day itself is included."))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=WideInput())


class RulesForm(forms.Form):
    """Quorum and votes."""

    quorum = forms.FloatField(label=_("Share of members that makes a quorum"), min_value=1, max_value=100, localize=True)
    chair_decides_ties = forms.BooleanField(label=_("The chair decides when votes are equal"), required=False)
    is_from_statute = forms.BooleanField(label=_("This is what the statute of the group says"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=WideInput(), help_text=_("Number and point of the statute.")
    )
