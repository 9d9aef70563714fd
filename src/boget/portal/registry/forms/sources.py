"""The part of every form of the register that says where values come from and why the record is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse, translate
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.partial_dates import parse_partial_date
from boget.portal.registry.checks import check_text
from boget.portal.registry.choices import EvidenceKind
from boget.portal.registry.services import Source
from boget.science.errors import BogetError

KINDS = (EvidenceKind.MEASURED, EvidenceKind.DECLARED, EvidenceKind.ESTIMATED)
LONGEST = 2000


@dataclass
class SourceBlock:
    """Source, its date, the kind of evidence and the reason, as typed; ``check`` fills errors and the read date."""

    text: str = ""
    date: str = ""
    kind: str = EvidenceKind.DECLARED.value
    reason: str = ""
    iso_date: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, str]) -> SourceBlock:
        kind = str(data.get("kind", EvidenceKind.DECLARED.value))
        return cls(str(data.get("source", "")), str(data.get("source_date", "")), kind, str(data.get("reason", "")))

    def check(self) -> bool:
        """Whether everything is there and readable."""
        for name, read in (
            ("source", self._source),
            ("reason", self._reason),
            ("source_date", self._date),
            ("kind", self._kind),
        ):
            try:
                read()
            except BogetError as error:
                self.errors[name] = translate(error)
        return not self.errors

    def _source(self) -> None:
        if not check_text(_("Source"), self.text, limit=LONGEST):
            raise refuse("source_missing")

    def _reason(self) -> None:
        if not check_text(_("Reason"), self.reason, limit=LONGEST):
            raise refuse("reason_missing")

    def _date(self) -> None:
        self.iso_date = parse_partial_date(self.date, where=_("Date of the source")) if self.date.strip() else ""

    def _kind(self) -> None:
        if self.kind not in {kind.value for kind in KINDS}:
            allowed = ", ".join(str(kind.label) for kind in KINDS)
            raise refuse("not_in_list", where=_("Kind of the source"), value=self.kind[:40], allowed=allowed)

    @property
    def source(self) -> Source:
        return Source(check_text("", self.text, limit=LONGEST), check_text("", self.reason, limit=LONGEST))

    @property
    def kinds(self) -> list[tuple[str, Any, bool]]:
        return [(kind.value, kind.label, kind.value == self.kind) for kind in KINDS]

    @property
    def date_echo(self) -> str:
        return format_partial_date(self.iso_date) if self.iso_date else ""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Errors with the id of their input."""
        return [(f"s-{name}", message) for name, message in self.errors.items()]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything typed, to be carried to another page."""
        return [("source", self.text), ("source_date", self.date), ("kind", self.kind), ("reason", self.reason)]
