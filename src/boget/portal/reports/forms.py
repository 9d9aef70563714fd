"""Forms of the pages over all apps: a new report, what is shown of it, a template."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import LANGUAGE_NAMES
from boget.portal.core.levels import LABELS, Level
from boget.portal.meetings.models import WorkPlan
from boget.portal.reports.progress.selectors import Proposed


class NewReportForm(forms.Form):
    """Period, plan, languages and readers of a new report; everything is filled in beforehand."""

    year = forms.TypedChoiceField(label=_("Work plan"), coerce=int)
    since = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"class": "w-date", "autocomplete": "off"}))
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"class": "w-date", "autocomplete": "off"}))
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=LANGUAGE_NAMES, widget=forms.CheckboxSelectMultiple)
    level = forms.TypedChoiceField(
        label=_("Open to"),
        coerce=int,
        choices=[(int(level), label) for level, label in LABELS.items()],
        help_text=_("Nothing above this level gets into the report."),
    )

    def __init__(self, *args: Any, proposed: Proposed, language: str, **kwargs: Any) -> None:
        initial = {
            "year": proposed.year,
            "since": proposed.since,
            "until": proposed.until,
            "languages": [language],
            "level": int(Level.GROUP),
        }
        super().__init__(*args, initial=initial, **kwargs)
        years = WorkPlan.objects.exclude(state="draft").values_list("year", flat=True)
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, dt.date) and isinstance(until, dt.date) and until < since:
            self.add_error("until", _("The last day is before the first. Correct one of the two."))
        return cleaned


class TemplateForm(forms.Form):
    """A template of the body's own."""

    file = forms.FileField(
        label=_("File, PPTX or DOCX"), help_text=_("Its master, type and colours are used; its slides and text are not.")
    )
