"""What an index returns: terms with their bounds, the sum, and how much of it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from boget.science.facility import Span
from boget.science.hazard.table import UNKNOWN, ScoreTable
from boget.science.provenance import Figure, Status


@dataclass(frozen=True, slots=True)
class TermResult:
    """One term of an index.

    Attributes
    ----------
    code : str
        ``cap``, ``tox``, ``manag``, ``site``, ``dam``; parts of ``site`` are ``seism`` and ``flood``.
    value : float or None
        Score taken, an unknown input at its worst; None if it cannot be computed at all.
    low, high : float or None
        Least and greatest score over what is not known.
    is_known : bool
        All inputs of the term are known; False too where another quantity stands in for one.
    inputs : tuple of str
        Names of the inputs of the term.
    rule : str
        Ids of the table entries applied, joined by ``+``.
    parts : tuple of TermResult
        Parts of a term that is itself a sum.
    is_stood_in : bool
        Scored from a quantity that stands in for the unknown input: a design capacity for the volume.
    """

    code: str
    value: float | None
    low: float | None
    high: float | None
    is_known: bool
    inputs: tuple[str, ...]
    rule: str
    parts: tuple[TermResult, ...] = ()
    is_stood_in: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the inputs of this term that are not known."""
        if self.parts:
            return tuple(name for part in self.parts for name in part.missing)
        return () if self.is_known else self.inputs


@dataclass(frozen=True, slots=True)
class IndexResult:
    """An index with its interval.

    Attributes
    ----------
    code : str
        ``thi``, ``thi_basic``, ``exposure`` or ``tri``.
    value : float or None
        Precautionary: unknown inputs at their worst, the volume at its best value or at what stands in for it.
        None = insufficient data.
    low, high : float or None
        Least and greatest index over every completion of the unknown inputs and over the span of the volume.
    known, of : int
        ``known`` of ``of`` inputs are known; one that something stands in for is not.
    missing : tuple of str
        Inputs that are not known.
    terms : tuple of TermResult
    is_sufficient : bool
        False if there is no index; ``reason`` then is ``"insufficient_data"``.
    reason : str
    table_version, table_hash : str
        Of the score table, or of all tables joined by ``+``.
    status : str
        Weakest standing of the tables.
    title, formula, cannot : str
        For the label, the provenance and the warning beside the number.
    cautions : tuple of str
        Stable codes that travel with the number into every report.
    """

    code: str
    value: float | None
    low: float | None
    high: float | None
    known: int
    of: int
    missing: tuple[str, ...]
    terms: tuple[TermResult, ...]
    is_sufficient: bool
    reason: str
    table_version: str
    table_hash: str
    status: Status
    title: str
    formula: str
    cannot: str
    cautions: tuple[str, ...] = ()

    def term(self, code: str) -> TermResult:
        """Return one term by its code."""
        return next(term for term in self.terms if term.code == code)

    def figure(self) -> Figure:
        """Return the index as a figure; its interval spans the unknown inputs or, if all are known, the volume given."""
        return Figure(
            self.value,
            "1",
            low=self.low,
            high=self.high,
            interval="unknown_inputs" if self.missing else "declared_range",
            kind="computed",
            source=self.title,
            status=self.status,
            formula=self.formula,
            version=self.table_version,
            cannot=self.cannot,
        )


def score_choice(table: ScoreTable, group: str, choice: str | None, *, inputs: tuple[str, ...]) -> TermResult:
    """Score one choice of a group; None = unknown: the worst score, with the least one as lower bound."""
    scores = table.scores(group)
    if choice is None:
        worst = table.entry(f"{group}.{UNKNOWN}")
        return TermResult(group, worst.value, min(scores.values()), worst.value, False, inputs, worst.id)
    entry = table.entry(f"{group}.{choice}")
    return TermResult(group, entry.value, entry.value, entry.value, True, inputs, entry.id)


def score_number(table: ScoreTable, group: str, number: float | None, *, inputs: tuple[str, ...]) -> TermResult:
    """Score a number by the thresholds of a group; None = unknown."""
    choice = None if number is None else table.pick(group, number)
    return score_choice(table, group, choice, inputs=inputs)


def score_span(table: ScoreTable, group: str, span: Span | None, *, inputs: tuple[str, ...]) -> TermResult:
    """Score a number with bounds by the thresholds of a group; None = unknown."""
    if span is None:
        return score_choice(table, group, None, inputs=inputs)
    low, value, high = (
        table.number(f"{group}.{table.pick(group, number)}") for number in (span.bounds[0], span.value, span.bounds[1])
    )
    return TermResult(group, value, low, high, True, inputs, f"{group}.{table.pick(group, span.value)}")


def join_terms(code: str, parts: tuple[TermResult, ...]) -> TermResult:
    """Make one term out of parts that are summed."""
    value, low, high = add_terms(parts)
    return TermResult(
        code,
        value,
        low,
        high,
        all(part.is_known for part in parts),
        tuple(name for part in parts for name in part.inputs),
        "+".join(part.rule for part in parts),
        parts,
    )


def add_terms(terms: Iterable[TermResult]) -> tuple[float | None, float | None, float | None]:
    """Return the sums of value, low and high; None as soon as one term has none.

    The last term of the list is added first: scores are whole numbers and add exactly, the logarithm comes last. Two
    facilities with equal inputs in another order of scores would otherwise differ in the last digit and change places.
    """
    rows = [(term.value, term.low, term.high) for term in terms]
    sums = [_add([row[column] for row in reversed(rows)]) for column in range(3)]
    return sums[0], sums[1], sums[2]


def _add(numbers: list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def collect_result(
    code: str, terms: tuple[TermResult, ...], *, tables: tuple[ScoreTable, ...], cautions: tuple[str, ...] = ()
) -> IndexResult:
    """Add the terms up into a result; an incomputable term leaves it without value, never with a smaller one."""
    value, low, high = add_terms(terms)
    inputs = tuple(name for term in terms for name in term.inputs)
    missing = tuple(name for term in terms for name in term.missing)
    is_sufficient = value is not None
    weakest = max((table.status for table in tables), key=("verified", "provisional", "placeholder").index)
    return IndexResult(
        code=code,
        value=value,
        low=low if is_sufficient else None,
        high=high if is_sufficient else None,
        known=len(inputs) - len(missing),
        of=len(inputs),
        missing=missing,
        terms=terms,
        is_sufficient=is_sufficient,
        reason="" if is_sufficient else "insufficient_data",
        table_version="+".join(f"{table.code}-{table.version}" for table in tables),
        table_hash="+".join(table.content_hash for table in tables),
        status=weakest,
        title=tables[-1].title,
        formula="; ".join(table.formula for table in reversed(tables)),
        cannot=tables[-1].cannot,
        cautions=_warn_of_scores(tables) + cautions,
    )


def _warn_of_scores(tables: tuple[ScoreTable, ...]) -> tuple[str, ...]:
    """Say of each standing below verified that some scores have it: ours are not a publication waiting to be checked."""
    standings = {table.status for table in tables}
    return tuple(f"{status}_scores" for status in ("provisional", "placeholder") if status in standings)
