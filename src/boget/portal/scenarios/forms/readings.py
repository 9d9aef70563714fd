"""Readings at stations, one row each: what was measured, where, when, and how well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse, translate
from boget.portal.scenarios.forms.reading_text import read_quantity
from boget.portal.scenarios.selectors.scenario_words import READING_KINDS
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.targets import Target

SPARE_ROWS = 3
MOST_ROWS = 40
ERRORS = (("0.1", _("± 10 %, laboratory")), ("0.2", _("± 20 %, field instrument")), ("0.5", _("× or ÷ 1.6, estimate")))
"""Spread of the natural logarithm of a reading by how it was made."""


class ReadingForm(forms.Form):
    """One reading. `reading` is its plain form for the scenario once the row is valid, None for an empty row."""

    target = forms.ChoiceField(label=_("Place"), required=False)
    kind = forms.ChoiceField(label=_("What"), choices=list(READING_KINDS.items()), required=False)
    moment = forms.DateTimeField(
        label=_("Date and time"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    value = forms.CharField(
        label=_("mg/L"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-number", "inputmode": "decimal"}),
    )
    error = forms.ChoiceField(label=_("Error"), choices=ERRORS, required=False)

    def __init__(self, *args: Any, targets: Sequence[tuple[Target, str]], started_at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {target.code: target for target, _name in targets}
        self.started_at = started_at
        names = [(target.code, name) for target, name in targets]
        self.fields["target"].choices = [("", gettext("no reading")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        self.reading: dict[str, Any] | None = None
        place = self.places.get(self.cleaned_data.get("target") or "")
        is_typed = bool(self.cleaned_data.get("value") or self.cleaned_data.get("moment"))
        if place is None:
            if is_typed and "target" not in self.errors:
                self.add_error("target", translate(refuse("required", where=self.fields["target"].label)))
            return self.cleaned_data
        kind = self.cleaned_data.get("kind") or "concentration"
        moment, value = self._read_time(), self._read_value(kind)
        if not self.errors:
            self.reading = {
                "distance_m": place.distance_m,
                "time_s": moment,
                "kind": kind,
                "value": value,
                "sigma": float(self.cleaned_data.get("error") or ERRORS[0][0]),
            }
        return self.cleaned_data

    def _read_time(self) -> float | None:
        moment = self.cleaned_data.get("moment")
        if "moment" in self.errors:
            return None
        if moment is None:
            self.add_error("moment", translate(refuse("required", where=self.fields["moment"].label)))
            return None
        aware = moment if timezone.is_aware(moment) else moment.replace(tzinfo=ZoneInfo(timezone.get_current_timezone_name()))
        seconds: float = (aware - self.started_at).total_seconds()
        if seconds <= 0:
            told = timezone.localtime(self.started_at).strftime("%d.%m.%Y %H:%M")
            value = f"{moment:%d.%m.%Y %H:%M}"
            fault = refuse("not_later", where=self.fields["moment"].label, value=value, allowed=told)
            self.add_error("moment", translate(fault))
        return seconds

    def _read_value(self, kind: str) -> float | None:
        """kg/m3; an arrival may go without."""
        text = str(self.cleaned_data.get("value") or "").strip()
        if not text and kind == "arrival":
            return None
        try:
            if not text:
                raise refuse("required", where=self.fields["value"].label)
            return read_quantity(text, "concentration", "mg_l").value
        except BogetError as error:
            error.where = error.where or str(self.fields["value"].label)
            self.add_error("value", translate(error))
            return None


class ReadingRows(BaseFormSet):
    """All rows; at least one of them is a reading."""

    def clean(self) -> None:
        if not any(self.errors) and not self.readings:
            raise forms.ValidationError(gettext("No reading is given. Choose a place and write what was measured there."))

    @property
    def readings(self) -> list[dict[str, Any]]:
        """Plain readings in the order of time."""
        found = [form.reading for form in self.forms if getattr(form, "reading", None)]
        return sorted(found, key=lambda one: one["time_s"])


ReadingFormSet = formset_factory(
    ReadingForm, formset=ReadingRows, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
)
