"""Score tables: every number of the hazard science with its unit, source, page, confidence and status.

A table is a TOML file beside this module, named ``<code>-<version>.toml``. The portal may also hand in a text of its own
(`parse_table`), so that a ministry can edit scores without touching code; the rules are the same.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.provenance import Status
from boget.science.units import UNITS

Confidence = Literal["high", "medium", "low"]
EntryKind = Literal["score", "threshold", "number"]
UNKNOWN = "unknown"
"""Choice whose score stands in for a missing input; it equals the worst score of its group."""
_TEXTS = ("id", "group", "kind", "unit", "source", "reference", "page", "confidence", "status")
_HEAD = ("code", "version", "status", "title", "formula", "cannot")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a table.

    Attributes
    ----------
    id : str
        ``"tox.3"``; quoted in results as the rule applied.
    group : str
        Entries of one input.
    kind : {"score", "threshold", "number"}
        What a choice adds; where a choice begins; a constant.
    choice : str
        The choice scored or begun; empty for a constant.
    value : float
        In ``unit``.
    low, high : float or None
        Span of an assumed constant.
    is_inclusive : bool
        A threshold belongs to its choice.
    unit, source, reference, page, confidence, status : str
        Provenance; ``reference`` is a key of ``docs/references.bib``.
    """

    id: str
    group: str
    kind: EntryKind
    value: float
    unit: str
    source: str
    reference: str
    page: str
    confidence: Confidence
    status: Status
    choice: str = ""
    low: float | None = None
    high: float | None = None
    is_inclusive: bool = False


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A versioned table of scores, thresholds and constants.

    Attributes
    ----------
    code, version, title, formula, cannot : str
    status : {"verified", "provisional", "placeholder"}
    entries : mapping of str to Entry
        By id, in the order of the file.
    content_hash : str
        SHA-256 of the content, free of comments and layout: two tables with one hash give the same results.
    """

    code: str
    version: str
    status: Status
    title: str
    formula: str
    cannot: str
    entries: Mapping[str, Entry]
    content_hash: str

    def entry(self, entry_id: str) -> Entry:
        """Return one entry; ``unknown_choice`` if the table has none of that id."""
        if entry_id not in self.entries:
            group = entry_id.partition(".")[0]
            allowed = ", ".join(key for key in self.entries if key.startswith(f"{group}.")) or "a group of this table"
            raise InvalidInput("unknown_choice", where=f"table {self.code} {self.version}", value=entry_id, allowed=allowed)
        return self.entries[entry_id]

    def number(self, entry_id: str) -> float:
        """Return the value of one entry, in its unit."""
        return self.entry(entry_id).value

    def scores(self, group: str) -> dict[str, float]:
        """Return the score of each choice of a group, the unknown one left out."""
        return {entry.choice: entry.value for entry in self._of(group, "score") if entry.choice != UNKNOWN}

    def thresholds(self, group: str) -> tuple[Entry, ...]:
        """Return the thresholds of a group, lowest first; an exclusive one follows an inclusive one of equal value."""
        return tuple(sorted(self._of(group, "threshold"), key=lambda entry: (entry.value, not entry.is_inclusive)))

    def pick(self, group: str, number: float) -> str:
        """Return the choice into which a number falls.

        Raises
        ------
        InvalidInput
            ``not_finite``, or ``range`` for a number below the first threshold.
        """
        if not math.isfinite(number):
            raise InvalidInput("not_finite", where=group, value=number, allowed="a finite number, or None for unknown")
        steps = self.thresholds(group)
        reached = [step.choice for step in steps if number > step.value or (step.is_inclusive and number == step.value)]
        if not reached:
            raise InvalidInput("range", where=group, value=number, allowed=f"{steps[0].value:g} or more ({steps[0].unit})")
        return reached[-1]

    def _of(self, group: str, kind: EntryKind) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.group == group and entry.kind == kind]


def list_versions(code: str = "thi") -> tuple[str, ...]:
    """Return the versions of a table that the package carries, oldest first."""
    prefix, suffix = f"{code}-", ".toml"
    names = (item.name for item in resources.files(__package__).joinpath("tables").iterdir())
    found = [name[len(prefix) : -len(suffix)] for name in names if name.startswith(prefix) and name.endswith(suffix)]
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


@cache
def load_table(version: str | None = None, *, code: str = "thi") -> ScoreTable:
    """Load a table of the package.

    Parameters
    ----------
    version : str, optional
        The newest if not given.
    code : str
        ``"thi"``, ``"tri"``, ``"gistm"``, ``"eu_category"``, ``"cis_class"`` or ``"water_hazard"``.

    Raises
    ------
    InvalidInput
        ``table_missing`` with the versions at hand.

    Examples
    --------
    >>> load_table().version, load_table().status
    ('0.1', 'provisional')
    """
    versions = list_versions(code)
    chosen = version if version is not None else (versions or ("",))[-1]
    if chosen not in versions:
        shown = f"{code}-{chosen}"
        raise InvalidInput("table_missing", where="score table", value=shown, allowed=", ".join(versions) or "none")
    file = resources.files(__package__).joinpath("tables", f"{code}-{chosen}.toml")
    return parse_table(file.read_text(encoding="utf-8"))


def parse_table(text: str) -> ScoreTable:
    """Read a table from TOML and hold it to the rules.

    Raises
    ------
    InvalidInput
        ``table_invalid``: not TOML, a missing or unknown field, a value that is not finite, a unit outside
        `boget.science.units.UNITS`, a repeated id, or a group whose unknown score is not its worst one.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _reject("file", str(error)) from error
    head = content.get("table", {})
    if any(not isinstance(head.get(name), str) or not head[name] for name in _HEAD):
        raise _reject("[table]", f"all of {', '.join(_HEAD)} as text")
    if head["status"] not in get_args(Status):
        raise _reject("[table].status", ", ".join(get_args(Status)))
    entries = [_read_entry(row) for row in content.get("entry", [])]
    by_id = {entry.id: entry for entry in entries}
    if not entries or len(by_id) != len(entries):
        raise _reject("[[entry]]", "at least one entry, and every id once")
    _check_unknown_scores(entries)
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return ScoreTable(**{name: head[name] for name in _HEAD}, entries=MappingProxyType(by_id), content_hash=digest)


def _read_entry(row: dict[str, Any]) -> Entry:
    where = f"entry {row.get('id', '?')}"
    unknown = set(row) - set(Entry.__dataclass_fields__)
    if unknown or any(not isinstance(row.get(name), str) or not row[name] for name in _TEXTS):
        raise _reject(where, f"{', '.join(_TEXTS)} as text, then value, choice, low, high, is_inclusive")
    listed = (("kind", EntryKind), ("confidence", Confidence), ("status", Status))
    if row["unit"] not in UNITS or any(row[name] not in get_args(choices) for name, choices in listed):
        raise _reject(where, "a known unit, kind, confidence and status")
    if row["kind"] != "number" and not row.get("choice"):
        raise _reject(where, "a choice for every score and threshold")
    numbers = {name: row[name] for name in ("value", "low", "high") if name in row}
    if "value" not in numbers or not all(_is_number(number) for number in numbers.values()):
        raise _reject(where, "a finite value")
    fields: dict[str, Any] = {**row, **{name: float(number) for name, number in numbers.items()}}
    return Entry(**fields)


def _is_number(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)


def _check_unknown_scores(entries: list[Entry]) -> None:
    for group in {entry.group for entry in entries if entry.kind == "score"}:
        scores = {entry.choice: entry.value for entry in entries if entry.group == group and entry.kind == "score"}
        stand_in = scores.pop(UNKNOWN, None)
        if not scores or stand_in != max(scores.values()):
            raise _reject(f"group {group}", "an unknown score equal to the worst score of the group")


def _reject(where: str, allowed: str) -> InvalidInput:
    return InvalidInput("table_invalid", where=f"score table, {where}", allowed=allowed)
