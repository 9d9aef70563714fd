"""Which watercourse takes the water of a facility: one of the reaches near it, with source and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse, translate
from boget.portal.scenarios.services.candidates import Candidate
from boget.portal.scenarios.services.receiving import LONGEST
from boget.science.errors import BogetError

OTHER = "other"


class ReceivingForm(forms.Form):
    """`reach_id` and `entry_km` (None: the place nearest to the facility) are there once the form is valid."""

    reach = forms.ChoiceField(label=_("Watercourse"), widget=forms.RadioSelect)
    other = forms.CharField(
        label=_("Number of the reach"), required=False, max_length=16,
        widget=forms.TextInput(attrs={"class": "w-number", "inputmode": "numeric"}),
        help_text=_("For “another reach”: its number in the network, as the upstream search or a run shows it."),
    )  # fmt: skip
    km = forms.CharField(
        label=_("Kilometre of entry"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"class": "w-number", "inputmode": "decimal"}),
        help_text=_("From the beginning of the reach. Empty: the place nearest to the facility."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=LONGEST["source"], widget=forms.TextInput(attrs={"class": "w-full"}),
        help_text=_("A project, a permit, a map, a visit with its date."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST["reason"], widget=forms.Textarea(attrs={"rows": 2, "class": "w-full"}),
        help_text=_("Why the water takes this way: a ditch, a collector, the slope."),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Sequence[Candidate], labels: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(one.reach_id): one for one in candidates}
        self.fields["reach"].choices = [*labels, (OTHER, _("another reach"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        self.reach_id, self.entry_km = None, None
        chosen = self.cleaned_data.get("reach")
        if chosen == OTHER:
            self._read("other", self._read_reach)
        elif chosen:
            self.reach_id = int(chosen)
        self._read("km", self._read_km)
        return self.cleaned_data

    def _read(self, name: str, read: Any) -> None:
        try:
            read(str(self.cleaned_data.get(name) or "").strip())
        except BogetError as error:
            self.add_error(name, translate(error))

    def _read_reach(self, text: str) -> None:
        label = self.fields["other"].label
        if not text:
            raise refuse("required", where=label)
        if not (text.isascii() and text.isdigit()):
            raise refuse("not_a_whole_number", where=label, value=text)
        self.reach_id = int(text)

    def _read_km(self, text: str) -> None:
        if not text:
            return
        try:
            self.entry_km = float(text.replace(",", "."))
        except ValueError:
            raise refuse("not_a_number", where=self.fields["km"].label, value=text) from None
