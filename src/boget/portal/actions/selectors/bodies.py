"""Names of all bodies on a day, read once for a page: a body goes by the name it has that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import today
from boget.portal.core.formatting import current_language
from boget.portal.core.text import build_collation_key

LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Every organisation by primary key, and the day whose names are wanted."""

    day: dt.date
    rows: dict[int, Organisation] = field(default_factory=dict)

    def on_day(self, pk: int) -> Organisation:
        """The row of the body's chain that holds on the day: itself, else the nearest successor or predecessor that does."""
        row = self.rows[pk]
        if row.valid_from is not None and self.day < row.valid_from:
            earlier = [other for other in self.rows.values() if other.successor_id == row.pk]
            first = sorted(earlier, key=lambda other: (other.valid_from or dt.date.min, other.code))
            held = [other for other in first if other.is_valid_on(self.day)]
            return (held or first or [row])[0]
        seen = {row.pk}
        while row.valid_to is not None and self.day > row.valid_to and row.successor_id and row.successor_id not in seen:
            row = self.rows[row.successor_id]
            seen.add(row.pk)
        return row

    def name(self, pk: int, language: str = "") -> str:
        """The short name."""
        return self.on_day(pk).short_in(language or current_language())

    def names(self, pk: int) -> dict[str, str]:
        return {language: self.name(pk, language) for language in LANGUAGES}

    def code(self, pk: int) -> str:
        return self.on_day(pk).code

    def list_lineages(self, codes: frozenset[str]) -> frozenset[int]:
        """Primary keys of everything that goes today by one of these codes."""
        return frozenset(pk for pk in self.rows if self.code(pk) in codes or self.rows[pk].code in codes)

    def sort_names(self, pks: set[int]) -> list[tuple[str, str]]:
        """(code, short name) of these bodies, each once, in the alphabet of the reader's language."""
        language = current_language()
        found = {self.code(pk): self.name(pk) for pk in pks if pk in self.rows}
        return sorted(found.items(), key=lambda pair: (build_collation_key(pair[1], language), pair[0]))


def read_bodies(day: dt.date | None = None) -> Bodies:
    return Bodies(day or today(), {row.pk: row for row in Organisation.objects.all()})
