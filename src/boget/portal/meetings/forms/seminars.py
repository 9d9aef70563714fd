"""Forms of a seminar: when and where, an item of the programme, a guest, the quiz, a file."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import LANGUAGE_NAMES
from boget.portal.core.levels import Level
from boget.portal.meetings.forms.meetings import AgendaItemForm, DocumentForm, MeetingForm, VersionForm
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.services.seminars import LONGEST_NAME, LONGEST_ORGANISATION

LONGEST_QUIZ = 60_000
ONE_TITLE = _("In one of the three languages at least.")
TITLES = ("title_ru", "title_kk", "title_en")


class SeminarForm(MeetingForm):
    """What is planned of a seminar; a title in one language at least."""

    minutes_language = None
    attachments_pages = None
    number = forms.IntegerField(
        label=_("Number of the seminar"), min_value=1, max_value=9999, widget=forms.NumberInput({"class": "w-number"})
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGE_NAMES, widget=forms.CheckboxSelectMultiple
    )
    field_order: ClassVar = ["number", *TITLES, "day", "begins", "ends", "time_zone", "mode", "place", "link"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_ru"].help_text = ONE_TITLE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(str(cleaned.get(name) or "").strip() for name in TITLES):
            self.add_error("title_ru", _("No title. Write it in one of the three languages."))
        return cleaned


class SeminarChangeForm(SeminarForm, VersionForm):
    """The same for a seminar that exists; those registered are told what changed."""

    note = forms.CharField(
        label=_("What changed and why"), max_length=500, required=False, widget=forms.TextInput({"class": "w-full"}),
        help_text=_("Those who are registered read it when the time or the place changes."),
    )  # fmt: skip


class ProgrammeItemForm(AgendaItemForm):
    """One item of the programme."""

    kind = None  # a new item is a talk

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_ru"].help_text = ONE_TITLE

    def read_values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class GuestForm(forms.Form):
    """A participant without an account."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=LONGEST_NAME, widget=forms.TextInput({"class": "w-name"}),
        help_text=_("As it is to stand on the certificate."),
    )  # fmt: skip
    organisation_text = forms.CharField(
        label=_("Organisation"), max_length=LONGEST_ORGANISATION, required=False, widget=forms.TextInput({"class": "w-name"})
    )
    email = forms.EmailField(label=_("Email"), required=False, widget=forms.EmailInput({"class": "w-name"}))


class QuizForm(VersionForm):
    """The whole quiz as one text."""

    text = forms.CharField(
        label=_("Questions"), max_length=LONGEST_QUIZ, required=False, strip=True,
        widget=forms.Textarea({"rows": 18, "class": "w-full"}),
        help_text=_(
            "A line with the question; below it one line for each answer: “+” before the right one, “-” before the others. "
            "Exactly one answer is right."
        ),
    )  # fmt: skip


class SeminarDocumentForm(DocumentForm):
    """A file of the seminar or of one item of its programme."""

    def __init__(self, *args: Any, meeting: Meeting, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, level=level, **kwargs)
        self.fields["item"].label = _("Item of the programme")
        self.fields["item"].empty_label = _("the whole seminar")  # type: ignore[attr-defined]
        self.fields["level"].help_text = _("“Public” is read by everybody who may register, the other levels by members only.")
