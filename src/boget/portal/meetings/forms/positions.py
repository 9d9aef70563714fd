"""Forms of proposals: text, deadline, position, remark, closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import LANGUAGE_NAMES
from boget.portal.meetings.models import ProposalState, Stance
from boget.portal.meetings.services.positions import LONGEST_REMARK, LONGEST_TEXT, LONGEST_TITLE

WIDE = {"class": "w-full"}
PARAGRAPHS = _("An empty line begins a new paragraph. Paragraphs are numbered.")


def _text(label: Any, *, limit: int, rows: int, hint: Any = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, widget=widget, help_text=hint, required=required)


class ProposalForm(forms.Form):
    """A proposal: title, language, text."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(WIDE))
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGE_NAMES)
    text = _text(_("Text"), limit=LONGEST_TEXT, rows=16, hint=PARAGRAPHS)


class TextForm(forms.Form):
    """The next version of a text."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(WIDE))
    text = _text(_("Text"), limit=LONGEST_TEXT, rows=16, hint=PARAGRAPHS)
    note = forms.CharField(label=_("What changed"), max_length=500, required=False, widget=forms.TextInput(WIDE))
    version = forms.IntegerField(widget=forms.HiddenInput)


class DeadlineForm(forms.Form):
    """Until when positions are asked for."""

    closes_on = forms.DateField(label=_("Positions until"), widget=forms.DateInput(attrs={"inputmode": "numeric"}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class PositionForm(forms.Form):
    """What an organisation says of the newest text."""

    stance = forms.ChoiceField(label=_("Our position"), choices=Stance.choices, widget=forms.RadioSelect)
    remark = _text(
        pgettext_lazy("position", "Remark"), limit=LONGEST_REMARK, rows=4, required=False,
        hint=_("Needed with “agrees with remarks” and “objects”: what has to change, and why."),
    )  # fmt: skip
    text_number = forms.IntegerField(widget=forms.HiddenInput)


class RemarkForm(forms.Form):
    """A word in the discussion."""

    text = _text(_("Comment"), limit=LONGEST_REMARK, rows=3)
    paragraph = forms.IntegerField(label=_("Paragraph"), required=False, min_value=1)
    parent = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CloseForm(forms.Form):
    """Closing: agreed by a decision, not agreed, withdrawn."""

    state = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (ProposalState.AGREED, ProposalState.NOT_AGREED, ProposalState.WITHDRAWN)],
    )  # fmt: skip
    decision_ref = forms.CharField(label=_("Decision, such as 5.3"), max_length=12, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.TextInput(WIDE))
    version = forms.IntegerField(widget=forms.HiddenInput)
