"""Forms of a meeting: when and where, its agenda, its people, its files."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import LANGUAGE_NAMES, TIME_ZONES, Organisation
from boget.portal.core.levels import Level
from boget.portal.meetings.models import AgendaItem, AgendaKind, Answer, AttendanceRole, Meeting, MeetingMode

WIDE, NAME, DATE, NUMBER = ({"class": f"w-{size}"} for size in ("full", "name", "date", "number"))


class VersionForm(forms.Form):
    """A form that carries the version that was read."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class MeetingForm(forms.Form):
    """Number, time with zone, place, host and languages of a meeting."""

    number = forms.IntegerField(label=_("Number of the meeting"), min_value=1, max_value=9999, widget=forms.NumberInput(NUMBER))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(DATE))
    begins = forms.TimeField(
        label=_("Begins"),
        required=False,
        widget=forms.TimeInput(NUMBER),
        help_text=_("Such as 10:00. Empty where only the day is known."),
    )
    ends = forms.TimeField(
        label=_("Ends"), required=False, widget=forms.TimeInput(NUMBER), help_text=_("Empty where the end is open.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    mode = forms.ChoiceField(label=_("Mode"), choices=MeetingMode.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("Place"), max_length=300, required=False, widget=forms.TextInput(NAME))
    link = forms.URLField(
        label=_("Link to the video call"), max_length=500, required=False, assume_scheme="https", widget=forms.URLInput(NAME)
    )
    host = forms.CharField(label=_("Host"), max_length=300, required=False, widget=forms.TextInput(NAME))
    funder = forms.CharField(label=_("Funder"), max_length=300, required=False, widget=forms.TextInput(NAME))
    languages = forms.MultipleChoiceField(
        label=_("Languages of the meeting"), choices=LANGUAGE_NAMES, widget=forms.CheckboxSelectMultiple
    )
    minutes_language = forms.ChoiceField(label=_("Language of the minutes"), choices=LANGUAGE_NAMES, widget=forms.RadioSelect)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=300, required=False, widget=forms.TextInput(WIDE))
    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=300, required=False, widget=forms.TextInput(WIDE))
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False, widget=forms.TextInput(WIDE))
    attachments_pages = forms.IntegerField(
        label=_("Sheets of attachments"), min_value=1, max_value=9999, required=False, widget=forms.NumberInput(NUMBER)
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ends") and not cleaned.get("begins"):
            self.add_error("begins", _("The end is given, but not the beginning. Fill it in."))
        elif cleaned.get("ends") and cleaned["ends"] <= cleaned["begins"]:
            self.add_error("ends", _("The end is not after the beginning. Correct one of the two times."))
        return cleaned

    def read_values(self) -> dict[str, Any]:
        """What the service takes: moments in the zone of the meeting."""
        cleaned = dict(self.cleaned_data)
        zone = ZoneInfo(cleaned["time_zone"])
        day, begins, ends = (cleaned.pop(name) for name in ("day", "begins", "ends"))
        cleaned["has_time"] = begins is not None
        cleaned["starts_at"] = dt.datetime.combine(day, begins or dt.time(), tzinfo=zone).astimezone(dt.UTC)
        cleaned["ends_at"] = dt.datetime.combine(day, ends, tzinfo=zone).astimezone(dt.UTC) if ends else None
        cleaned["languages"] = ",".join(code for code, _name in LANGUAGE_NAMES if code in cleaned["languages"])
        return {name: value for name, value in cleaned.items() if name not in ("version", "note")}


class MeetingChangeForm(MeetingForm, VersionForm):
    """The same for a meeting that exists; those invited are told what changed."""

    note = forms.CharField(
        label=_("What changed and why"), max_length=500, required=False, widget=forms.TextInput(WIDE),
        help_text=_("Those who were invited read it when the time or the place changes."),
    )  # fmt: skip


def describe_meeting(meeting: Meeting) -> dict[str, Any]:
    """Initial values of the form of a meeting that exists."""
    names = (
        "number",
        "time_zone",
        "mode",
        "place",
        "link",
        "host",
        "funder",
        "minutes_language",
        "title_ru",
        "title_kk",
        "title_en",
        "attachments_pages",
        "version",
    )
    start, end = meeting.local_start, meeting.local_end
    return {name: getattr(meeting, name) for name in names} | {
        "day": start.date(),
        "begins": start.time() if meeting.has_time else None,
        "ends": end.time() if end else None,
        "languages": meeting.languages.split(","),
    }


class ReasonForm(VersionForm):
    """A reason for an act that is told to others or cannot be taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class AgendaItemForm(VersionForm):
    """One item of the agenda; a title in one language at least."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaKind.choices)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    title_en = forms.CharField(label=_("Title in English"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    speaker = forms.CharField(label=_("Speaker"), max_length=300, required=False, widget=forms.TextInput(NAME))
    minutes_planned = forms.IntegerField(
        label=_("Planned time"), min_value=1, max_value=600, required=False, widget=forms.NumberInput(NUMBER)
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(str(cleaned.get(f"title_{code}") or "").strip() for code in ("ru", "kk", "en")):
            self.add_error("title_ru", _("No title. Write it in one of the three languages."))
        return cleaned


class ParticipantForm(forms.Form):
    """Somebody who is invited beside the members."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=150, widget=forms.TextInput(NAME))
    post = forms.CharField(label=_("Post"), max_length=300, required=False, widget=forms.TextInput(NAME))
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none(), required=False)
    organisation_text = forms.CharField(
        label=_("Organisation, if it is not in the list"), max_length=300, required=False, widget=forms.TextInput(NAME)
    )
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        widget=forms.EmailInput(NAME),
        help_text=_("Of an account, so that the invitation comes by the system. Others get the paper."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=AttendanceRole.choices, initial=AttendanceRole.INVITED)

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.on(day).order_by("name_ru")  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Whether one comes, and who comes instead."""

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=[c for c in Answer.choices if c[0] != Answer.NONE], widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the substitute"), max_length=150, required=False, widget=forms.TextInput(NAME))
    post = forms.CharField(label=_("Post of the substitute"), max_length=300, required=False, widget=forms.TextInput(NAME))
    email = forms.EmailField(label=_("Email of the substitute"), required=False, widget=forms.EmailInput(NAME))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == Answer.SUBSTITUTE and not str(cleaned.get("name") or "").strip():
            self.add_error("name", _("Nobody is named. Write who comes instead."))
        return cleaned


class DocumentForm(forms.Form):
    """A file for the meeting or for one of its items."""

    file = forms.FileField(label=_("File"), help_text=_("At most 10 MB. Kinds: pdf, docx, xlsx, pptx, odt, png, jpg, txt."))
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        required=False,
        widget=forms.TextInput(NAME),
        help_text=_("Without one the name of the file is taken."),
    )
    item = forms.ModelChoiceField(
        label=_("Item of the agenda"), queryset=AgendaItem.objects.none(), required=False, empty_label=_("the whole meeting")
    )
    level = forms.TypedChoiceField(label=_("Open to"), coerce=int, initial=int(Level.GROUP), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("not stated")), *LANGUAGE_NAMES], required=False)

    def __init__(self, *args: Any, meeting: Meeting, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.items.all()  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = lambda item: (
            f"{item.position}. {item.title_ru or item.title_kk or item.title_en}"
        )  # type: ignore[attr-defined]
        self.fields["level"].choices = [(int(one), one.label) for one in Level if one <= level]  # type: ignore[attr-defined]
