"""Organisations as a paper of a certain day names them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from boget.portal.accounts.models import Organisation


@dataclass
class NameBook:
    """Names of bodies on one day in one language; each body is looked up once."""

    day: dt.date
    language: str
    is_short: bool = True
    _names: dict[int, str] = field(default_factory=dict)

    def name(self, organisation: Organisation) -> str:
        if organisation.pk not in self._names:
            self._names[organisation.pk] = organisation.name_on(self.day, self.language, is_short=self.is_short)
        return self._names[organisation.pk]
