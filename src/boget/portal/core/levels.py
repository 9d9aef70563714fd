"""Disclosure levels: who may see a group of fields."""

from enum import IntEnum

from django.utils.translation import gettext_lazy as _


class Level(IntEnum):
    """Ordered: a reader of a level sees that level and everything below."""

    PUBLIC = 0
    GROUP = 1
    AUTHORITY = 2

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {Level.PUBLIC: _("public"), Level.GROUP: _("working group"), Level.AUTHORITY: _("authority")}
