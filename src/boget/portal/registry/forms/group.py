"""The form of one group of one record: current values, new ones, one source and reason for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from boget.portal.core.errors import refuse, translate
from boget.portal.registry.checks import check_together, needs_acceptance
from boget.portal.registry.fields import Field
from boget.portal.registry.forms.reading import Typed, read_claim, read_version
from boget.portal.registry.forms.sources import SourceBlock
from boget.portal.registry.models import Record
from boget.portal.registry.selectors.card import Row
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.wording import say_claim, say_unit
from boget.portal.registry.values import Claim
from boget.science.errors import BogetError

FEW_CHOICES = 7


@dataclass
class Input:
    """One field of the form: what is there, what was typed, what was understood, what is wrong with it."""

    row: Row
    typed: Typed
    claim: Claim | None = None
    error: str = ""
    needs_tick: bool = False

    @property
    def field(self) -> Field:
        return self.row.field

    @property
    def name(self) -> str:
        return f"f-{self.field.code}"

    @property
    def unit(self) -> str:
        return say_unit(self.field)

    @property
    def is_changed(self) -> bool:
        return not self.typed.is_empty

    @property
    def echo(self) -> str:
        """What was understood, in words."""
        return say_claim(self.field, self.claim) if self.is_changed and not self.error else ""

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        pairs = self.field.choices.choices if self.field.choices else []
        return [(value, label, value == self.typed.value) for value, label in pairs]

    @property
    def has_few_choices(self) -> bool:
        return len(self.choices) <= FEW_CHOICES

    @property
    def has_interval(self) -> bool:
        return self.field.kind in {"number", "integer"}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything typed, to be carried to another page."""
        texts = [(self.name, self.typed.value), (f"{self.name}-low", self.typed.low), (f"{self.name}-high", self.typed.high)]
        ticks = {"about": self.typed.is_about, "unknown": self.typed.is_unknown, "accept": self.typed.is_accepted}
        return [pair for pair in texts if pair[1]] + [(f"{self.name}-{name}", "1") for name, is_set in ticks.items() if is_set]

    def read(self) -> None:
        """Read what was typed into ``claim``, or say what is wrong in ``error``."""
        try:
            self.claim = read_claim(self.field, self.typed)
        except BogetError as error:
            self.error = translate(error)
            return
        is_large = self.claim is not None and needs_acceptance(self.field, self.claim.value)
        self.needs_tick = is_large and not self.typed.is_accepted


class GroupForm:
    """Fields of one record with one source. ``proposes``: the writer's values wait beside the shown ones."""

    def __init__(self, record: Record, fields: Iterable[Field], *, level: int, proposes: bool = False) -> None:
        self.record = record
        self.proposes = proposes
        self.version = record.version
        self.source = SourceBlock()
        self.messages: list[tuple[str, str]] = []
        rows = (Row(record, field, read_value(record, field, level=level)) for field in fields if not field.is_geometry)
        self.inputs = [Input(row, Typed()) for row in rows]

    @property
    def facility(self) -> Any:
        return self.record if self.record.record_type == "facility" else self.record.facility  # type: ignore[attr-defined]

    def fill(self, data: Mapping[str, str]) -> GroupForm:
        """Take what was sent. Fields whose conflict was settled for the other writer count as not typed."""
        self.version = read_version(data)
        self.source = SourceBlock.read(data)
        for item in self.inputs:
            if data.get(f"take-{item.field.code}") != "theirs":
                item.typed = Typed.read(data, item.field.code)
        return self

    @property
    def changed(self) -> list[Input]:
        return [item for item in self.inputs if item.is_changed]

    @property
    def claims(self) -> dict[str, Claim | None]:
        """Claims of the changed fields with date and kind of the source."""
        return {
            item.field.code: replace(item.claim, date=self.source.iso_date, kind=self.source.kind) if item.claim else None
            for item in self.changed
        }

    def check(self) -> bool:
        """Whether everything typed can be saved; errors are beside the inputs and in ``summary``."""
        is_sound = self.source.check()
        for item in self.changed:
            item.read()
            if self.proposes and item.typed.is_unknown and not item.error:
                item.error = translate(refuse("required", where=item.field.label))
        if not self.changed:
            self.messages.append(("", translate(refuse("nothing_changed"))))
        else:
            self._check_together()
        return is_sound and not self.messages and not any(item.error or item.needs_tick for item in self.changed)

    def _check_together(self) -> None:
        values = {code: self.record.value_of(code) for code in self.record.values}
        values |= {item.field.code: item.claim.value if item.claim else None for item in self.changed if not item.error}
        try:
            check_together(values)
        except BogetError as error:
            named = next((item for item in self.inputs if item.field.code == "consequence_class"), None)
            if named is not None and not named.error:
                named.error = translate(error)
            self.messages.append((named.name if named else "", translate(error)))

    def add_error(self, error: BogetError) -> None:
        """An error of the service that no field of the form met before."""
        self.messages.append(("", translate(error)))

    @property
    def summary(self) -> list[tuple[str, str]]:
        """All errors with the id of their input, for the box at the top."""
        known = {message for _name, message in self.messages}
        fields = [(item.name, item.error) for item in self.inputs if item.error and item.error not in known]
        return self.source.summary + self.messages + fields

    @property
    def warnings(self) -> list[Input]:
        return [item for item in self.changed if item.needs_tick and not item.error]
