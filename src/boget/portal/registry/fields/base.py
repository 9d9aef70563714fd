"""What a field of the register is. The dictionary drives card, forms, exports, API, disclosure and its own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from boget.portal.core.levels import Level

KINDS = ("text", "long_text", "number", "integer", "year", "date", "choice", "point", "polygon", "line")

GROUPS: dict[str, Promise] = {
    "identity": _("Identity"),
    "place": _("Place"),
    "owner": _("Owner and operator"),
    "status": _("Status and type"),
    "dam": _("Dam"),
    "volume": _("Volume"),
    "material": _("Tailings"),
    "water": _("Cover and water"),
    "setting": _("Natural hazards"),
    "exposure": _("Exposure"),
    "classification": _("Classification"),
    "oversight": _("Oversight"),
    "condition": _("Condition"),
    "emergency": _("Emergency"),
    "closure": _("Closure"),
    "history": _("History"),
}

ORIGINS: dict[str, Promise] = {
    "G": _("Global Tailings Portal, disclosure of 2019"),
    "N": _("US National Inventory of Dams"),
    "U": _("UNECE and German Environment Agency"),
    "M": _("register of legacy uranium sites"),
    "S": _("Global Industry Standard on Tailings Management"),
    "K": _("practice in Kazakhstan"),
    "B": _("Boget"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    of: the record that holds it (facility, impoundment, dam). unit: key of science.units.UNITS, SI. minimum, maximum:
    refused outside; warn_above: asked again above. tolerance: relative spread between sources that is still agreement.
    column: mirrored into a typed column of the record for filters and sorting.
    """

    code: str
    group: str
    label: str | Promise
    of: str = "facility"
    kind: str = "text"
    unit: str = ""
    level: Level = Level.PUBLIC
    choices: type[TextChoices] | None = None
    minimum: float | None = None
    maximum: float | None = None
    warn_above: float | None = None
    tolerance: float = 0.05
    origin: str = "B"
    used_by: tuple[str, ...] = ()
    column: bool = False
    help: str | Promise = ""

    @property
    def is_numeric(self) -> bool:
        return self.kind in {"number", "integer", "year"}

    @property
    def is_geometry(self) -> bool:
        return self.kind in {"point", "polygon", "line"}

    def label_of(self, value: Any) -> Any:
        """The word for a stored choice, any other value as it is."""
        if self.choices is None or value is None:
            return value
        return self.choices(value).label if value in self.choices.values else value
