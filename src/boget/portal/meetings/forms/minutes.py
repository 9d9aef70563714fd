"""Forms of the minutes: decisions, comments, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.meetings.forms.meetings import VersionForm
from boget.portal.meetings.models import Decision, DecisionOutcome, GroupBody, Meeting, MeetingDocument, VoteForm

TEXTS = {"ru": _("Decision in Russian"), "kk": _("Decision in Kazakh"), "en": _("Decision in English")}


class BodyChoices(forms.ModelMultipleChoiceField):
    """Bodies by their short names on the day of the meeting."""

    day: Any = None

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_on(self.day, get_language() or "ru", is_short=True))


class DecisionForm(forms.Form):
    """What was decided, by whom it is done and by when, what becomes of it and how it was agreed."""

    text_ru = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))
    text_kk = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))
    text_en = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))
    responsible = BodyChoices(
        label=pgettext_lazy("decision", "Responsible"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed where the decision becomes an action."),
    )
    other = forms.ModelChoiceField(label=_("Another responsible body"), queryset=Organisation.objects.none(), required=False)
    due = forms.CharField(
        label=_("By when"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"class": "w-date"}),
        help_text=_("Needed for an action. Such as 22.07.2026, July 2026, Q1 2027; the last day is included."),
    )
    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=DecisionOutcome.choices, widget=forms.RadioSelect, initial=DecisionOutcome.ACTION
    )
    plan_item_ref = forms.CharField(
        label=_("Item of the work plan"),
        required=False,
        max_length=12,
        widget=forms.TextInput({"class": "w-number"}),
        help_text=_("Year and number, such as 2026/3."),
    )
    vote_form = forms.ChoiceField(
        label=_("How it was agreed"), choices=VoteForm.choices, widget=forms.RadioSelect, initial=VoteForm.CONSENSUS
    )
    votes_for = forms.IntegerField(
        label=_("For"), min_value=0, max_value=999, required=False, widget=forms.NumberInput({"class": "w-year"})
    )
    votes_against = forms.IntegerField(
        label=_("Against"), min_value=0, max_value=999, required=False, widget=forms.NumberInput({"class": "w-year"})
    )
    votes_abstained = forms.IntegerField(
        label=_("Abstained"), min_value=0, max_value=999, required=False, widget=forms.NumberInput({"class": "w-year"})
    )
    dissent = forms.CharField(
        label=_("Dissenting opinion"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, decision: Decision | None = None, **kwargs: Any) -> None:
        if decision is not None:
            kwargs.setdefault("initial", _describe(decision))
        super().__init__(*args, **kwargs)
        chosen = list(decision.parties.values_list("organisation_id", flat=True)) if decision else []
        bodies = self.fields["responsible"]
        bodies.queryset = _list_bodies(meeting, chosen)  # type: ignore[attr-defined]
        bodies.day = meeting.day  # type: ignore[attr-defined]
        self.fields["other"].queryset = Organisation.objects.on(meeting.day).order_by("name_ru")  # type: ignore[attr-defined]
        self.main = f"text_{meeting.minutes_language}"
        is_elsewhere = any(self.data.get(f"text_{code}", "").strip() for code in TEXTS if f"text_{code}" != self.main)
        self.fields[self.main].required = not is_elsewhere
        for code, label in TEXTS.items():
            self.fields[f"text_{code}"].label = label if f"text_{code}" != self.main else _("Decision")

    @property
    def text(self) -> forms.BoundField:
        """The field in the language of the minutes."""
        return self[self.main]

    @property
    def other_texts(self) -> list[forms.BoundField]:
        return [self[f"text_{code}"] for code in TEXTS if f"text_{code}" != self.main]

    def read_values(self) -> dict[str, Any]:
        names = (
            "text_ru",
            "text_kk",
            "text_en",
            "due",
            "outcome",
            "plan_item_ref",
            "vote_form",
            "votes_for",
            "votes_against",
            "votes_abstained",
            "dissent",
        )
        return {name: self.cleaned_data[name] for name in names}

    def read_bodies(self) -> list[Organisation]:
        other = self.cleaned_data["other"]
        return [*self.cleaned_data["responsible"], *([other] if other else [])]


def _describe(decision: Decision) -> dict[str, Any]:
    names = [name for name in DecisionForm.base_fields if hasattr(decision, name)]
    return {name: getattr(decision, name) for name in names} | {
        "responsible": [party.organisation_id for party in decision.parties.all()],
    }


def _list_bodies(meeting: Meeting, chosen: Sequence[int]) -> Any:
    """Bodies of the group on the day of the meeting, without observers; and those chosen already."""
    places = (
        GroupBody.objects.on(meeting.day)
        .filter(group=meeting.group, is_observer=False)
        .select_related("organisation__successor")
    )
    then = {place.organisation.on_date(meeting.day).pk for place in places}
    return Organisation.objects.filter(pk__in=then | set(chosen)).order_by("kind", "name_ru")


class CommentForm(forms.Form):
    """A remark on the draft, to one item or to the whole."""

    item = forms.ModelChoiceField(
        label=_("Item of the agenda"), queryset=None, required=False, empty_label=_("the whole minutes")
    )
    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        field.queryset = meeting.items.all()  # type: ignore[attr-defined]
        field.label_from_instance = lambda item: f"{item.position}. {item.title_ru or item.title_kk or item.title_en}"[:120]  # type: ignore[attr-defined]


class CommentsForm(VersionForm):
    """Until when comments are taken."""

    until = forms.DateField(
        label=_("Comments until"), widget=forms.DateInput({"class": "w-date"}), help_text=_("The day itself is included.")
    )


class FinalForm(VersionForm):
    """The end of the comments; before their day only with a reason."""

    reason = forms.CharField(
        label=_("Why comments end before their day"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class SignForm(VersionForm):
    """Who signed the paper and when, with its scan."""

    chair = forms.CharField(label=_("Chair"), max_length=150, widget=forms.TextInput({"class": "w-name"}))
    secretary = forms.CharField(label=_("Secretary"), max_length=150, widget=forms.TextInput({"class": "w-name"}))
    day = forms.DateField(label=_("Day of signature"), initial=today, widget=forms.DateInput({"class": "w-date"}))
    scan = forms.ModelChoiceField(
        label=_("Scan of the signed paper"), queryset=MeetingDocument.objects.none(), required=False,
        empty_label=_("none yet"), help_text=_("Add the file to the documents of the meeting first."),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].queryset = meeting.documents.filter(removed_at=None)  # type: ignore[attr-defined]
        self.fields["scan"].label_from_instance = lambda document: document.title  # type: ignore[attr-defined]
