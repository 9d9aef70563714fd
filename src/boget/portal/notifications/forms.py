"""How a person wants to be told: one choice for each topic and one for the digest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.selectors import Reader
from boget.portal.notifications import selectors, services
from boget.portal.notifications.models import DigestRhythm, Rhythm
from boget.portal.notifications.services import DIGEST


class RhythmForm(forms.Form):
    """Fields by the code of their topic; the digest's is named as its topic is."""

    def __init__(self, *args: Any, user: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self._add(DIGEST, _("Digest"), DigestRhythm.choices, selectors.read_digest_rhythm(user))
        self.fields[DIGEST].help_text = _("At 08:00 in your time zone. Without news there is no letter.")
        for topic, rhythm in selectors.list_preferences(user):
            choices = [pair for pair in Rhythm.choices if topic.can_unsubscribe or pair[0] != Rhythm.OFF]
            self._add(topic.code, topic.label, choices, rhythm)

    def _add(self, name: str, label: Any, choices: list[Any], initial: str) -> None:
        field = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, initial=str(initial))
        self.fields[name] = field

    def save(self) -> None:
        """Keep what differs from what was shown: a default that the person left alone stays a default."""
        for name in self.changed_data:
            if name == DIGEST:
                services.choose_digest(self._user, self.cleaned_data[name])
            else:
                services.choose_rhythm(self._user, name, self.cleaned_data[name])
