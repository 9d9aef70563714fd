"""The indices for whole registers at once: the same numbers as `rate` and `rate_risk`, one array pass per term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from boget.science.errors import InvalidInput
from boget.science.facility import ReceivingWater
from boget.science.hazard.inputs import ExposureInputs, HazardInputs, Management
from boget.science.hazard.table import UNKNOWN, ScoreTable
from boget.science.hazard.thi import read_capacity_scale

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.void]

MANAGEMENT_CODES: tuple[str, ...] = get_args(Management)
RECEIVING_WATER_CODES: tuple[str, ...] = get_args(ReceivingWater)
FLOOD_CODES = ("no", "yes")
WATER_HAZARD_CODES = ("0", "1", "2", "3")

INPUT_DTYPE = np.dtype([
    ("volume_m3", "f8"), ("volume_low_m3", "f8"), ("volume_high_m3", "f8"), ("is_volume_stood_in", "?"),
    ("water_hazard_class", "i1"), ("management", "i1"), ("pga_g", "f8"), ("flood_prone", "i1"), ("fos", "f8"),
])  # fmt: skip
"""One facility per row. NaN and -1 = unknown; ``management`` and ``flood_prone`` are places in the code tuples above.

``is_volume_stood_in``: the volume is scored and counts as unknown; it then needs its lower bound."""

EXPOSURE_DTYPE = np.dtype([
    ("population", "f8"), ("population_low", "f8"), ("population_high", "f8"), ("receiving_water", "i1"),
])  # fmt: skip


def result_dtype(terms: int, inputs: int) -> np.dtype[np.void]:
    """Return the row type of a result: value, low, high (NaN = insufficient data), known and the terms in order."""
    return np.dtype([
        ("value", "f8"), ("low", "f8"), ("high", "f8"), ("is_sufficient", "?"), ("known", "i1"),
        ("is_known", "?", (inputs,)), ("terms", "f8", (terms,)), ("terms_low", "f8", (terms,)),
        ("terms_high", "f8", (terms,)),
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    """One term for all rows; each array has the shape (n,)."""

    value: Floats
    low: Floats
    high: Floats
    is_known: npt.NDArray[np.bool_]

    def plus(self, other: _Column) -> _Column:
        return _Column(
            self.value + other.value, self.low + other.low, self.high + other.high, self.is_known & other.is_known
        )


def rate_many(inputs: Rows, table: ScoreTable) -> Rows:
    """Rate n facilities with the extended index.

    Parameters
    ----------
    inputs : structured array, shape (n,), `INPUT_DTYPE`
        A volume of NaN, zero or less is no volume. Missing bounds of a volume are the volume itself.
    table : ScoreTable

    Returns
    -------
    structured array, shape (n,)
        `result_dtype` of 5 terms and 6 inputs.

    Raises
    ------
    InvalidInput
        ``shape_mismatch``, ``not_finite``, ``range``, ``not_positive`` or ``interval_order``; ``where`` names the
        field and the first row.
    """
    columns = _hazard_columns(inputs, table)
    cap, tox, manag, seism, flood, dam = columns
    return _collect([cap, tox, manag, seism.plus(flood), dam], columns)


def rate_risk_many(inputs: Rows, exposure: Rows, *, table: ScoreTable, exposure_table: ScoreTable) -> Rows:
    """Rate n facilities with the risk index: 7 terms, 8 inputs; ``exposure`` is of `EXPOSURE_DTYPE`, same length."""
    if inputs.shape != exposure.shape:
        raise InvalidInput("shape_mismatch", where="exposure", value=exposure.shape, allowed=str(inputs.shape))
    columns = _hazard_columns(inputs, table)
    cap, tox, manag, seism, flood, dam = columns
    more = [_population_column(exposure, exposure_table), _water_column(exposure, exposure_table)]
    return _collect([cap, tox, manag, seism.plus(flood), dam, *more], columns + more)


def pack_inputs(rows: Iterable[HazardInputs]) -> Rows:
    """Return the inputs as a structured array of `INPUT_DTYPE`."""
    packed = [
        (
            _nan(row.volume_m3), _nan(row.volume_low_m3), _nan(row.volume_high_m3), row.is_volume_stood_in,
            -1 if row.water_hazard_class is None else row.water_hazard_class,
            _place(MANAGEMENT_CODES, row.management), _nan(row.pga_g),
            -1 if row.flood_prone is None else int(row.flood_prone), _nan(row.fos),
        )
        for row in rows
    ]  # fmt: skip
    return np.array(packed, dtype=INPUT_DTYPE)


def pack_exposure(rows: Iterable[ExposureInputs]) -> Rows:
    """Return the exposure inputs as a structured array of `EXPOSURE_DTYPE`."""
    packed = [
        (
            _nan(row.population), _nan(row.population_low), _nan(row.population_high),
            _place(RECEIVING_WATER_CODES, row.receiving_water),
        )
        for row in rows
    ]  # fmt: skip
    return np.array(packed, dtype=EXPOSURE_DTYPE)


def _nan(number: float | None) -> float:
    return np.nan if number is None else number


def _place(codes: tuple[str, ...], code: str | None) -> int:
    return -1 if code is None else codes.index(code)


def _hazard_columns(inputs: Rows, table: ScoreTable) -> list[_Column]:
    _require_fields(inputs, INPUT_DTYPE, "inputs")
    _require(inputs["pga_g"] < 0, "range", "pga_g", rows=inputs)
    _require(inputs["fos"] <= 0, "not_positive", "fos", rows=inputs)
    return [
        _capacity_column(inputs, table),
        _choice_column(table, "tox", WATER_HAZARD_CODES, codes=inputs["water_hazard_class"]),
        _choice_column(table, "manag", MANAGEMENT_CODES, codes=inputs["management"]),
        _number_column(table, "seism", inputs["pga_g"]),
        _choice_column(table, "flood", FLOOD_CODES, codes=inputs["flood_prone"]),
        _number_column(table, "dam", inputs["fos"]),
    ]


def _require_fields(rows: Rows, dtype: np.dtype[np.void], where: str) -> None:
    if rows.ndim != 1 or rows.dtype != dtype:
        allowed = f"shape (n,), fields {', '.join(dtype.names or ())}"
        raise InvalidInput("shape_mismatch", where=where, value=f"{rows.shape} {rows.dtype.names}", allowed=allowed)
    for name in dtype.names or ():
        if rows[name].dtype.kind == "f":
            _require(np.isinf(rows[name]), "not_finite", name, rows=rows)


def _require(is_wrong: npt.NDArray[np.bool_], code: str, name: str, *, rows: Rows) -> None:
    if is_wrong.any():
        row = int(np.argmax(is_wrong))
        raise InvalidInput(code, where=f"{name}, row {row}", value=rows[name][row].item(), row=row)


def _bounds(rows: Rows, name: str, suffix: str = "") -> tuple[Floats, Floats, Floats]:
    """Return value, low and high with missing bounds filled by the value; the order is checked."""
    value = rows[f"{name}{suffix}"]
    low, high = rows[f"{name}_low{suffix}"], rows[f"{name}_high{suffix}"]
    low, high = np.where(np.isnan(low), value, low), np.where(np.isnan(high), value, high)
    return value, low, high


def _capacity_column(inputs: Rows, table: ScoreTable) -> _Column:
    value, low, high = _bounds(inputs, "volume", "_m3")
    is_given, is_stood_in = value > 0, inputs["is_volume_stood_in"]
    _require(is_given & ~((low <= value) & (value <= high)), "interval_order", "volume_m3", rows=inputs)
    _require(is_given & (low <= 0), "not_positive", "volume_low_m3", rows=inputs)
    _require(is_given & is_stood_in & np.isnan(inputs["volume_low_m3"]), "interval_missing", "volume_low_m3", rows=inputs)
    base, unit = read_capacity_scale(table)
    scores = [
        np.log10(np.where(is_given, numbers, np.nan) / unit) / np.log10(base) for numbers in (value, low, high)
    ]
    return _Column(scores[0], scores[1], scores[2], is_given & ~is_stood_in)


def _population_column(exposure: Rows, table: ScoreTable) -> _Column:
    _require_fields(exposure, EXPOSURE_DTYPE, "exposure")
    value, low, high = _bounds(exposure, "population")
    is_known = ~np.isnan(value)
    _require(is_known & ~((low <= value) & (value <= high)), "interval_order", "population", rows=exposure)
    _require(is_known & (low < 0), "range", "population_low", rows=exposure)
    columns = [_number_column(table, "population", np.where(is_known, numbers, np.nan)) for numbers in (value, low, high)]
    return _Column(columns[0].value, columns[1].low, columns[2].high, is_known)


def _water_column(exposure: Rows, table: ScoreTable) -> _Column:
    return _choice_column(table, "water", RECEIVING_WATER_CODES, codes=exposure["receiving_water"])


def _number_column(table: ScoreTable, group: str, numbers: Floats) -> _Column:
    """Score numbers by the thresholds of a group; NaN = unknown."""
    steps = table.thresholds(group)
    codes = np.full(numbers.shape, -1, dtype=np.int64)
    for step in steps:
        codes += (numbers >= step.value) if step.is_inclusive else (numbers > step.value)
    return _choice_column(table, group, tuple(step.choice for step in steps), codes=codes)


def _choice_column(table: ScoreTable, group: str, choices: Sequence[str], *, codes: Codes) -> _Column:
    """Score choices by their place in ``choices``; -1 = unknown, which finds the last row of the look-up."""
    if codes.size and not (codes.min() >= -1 and codes.max() < len(choices)):
        wrong = int(np.argmax((codes < -1) | (codes >= len(choices))))
        allowed = f"-1 to {len(choices) - 1}"
        raise InvalidInput("unknown_choice", where=f"{group}, row {wrong}", value=int(codes[wrong]), allowed=allowed)
    scores = [table.number(f"{group}.{choice}") for choice in choices]
    worst = table.number(f"{group}.{UNKNOWN}")
    least = min(table.scores(group).values())
    value, low = np.array([*scores, worst]), np.array([*scores, least])
    return _Column(value[codes], low[codes], value[codes], codes >= 0)


def _collect(terms: list[_Column], inputs: list[_Column]) -> Rows:
    result = np.empty(terms[0].value.shape, dtype=result_dtype(len(terms), len(inputs)))
    for name, field in (("terms", "value"), ("terms_low", "low"), ("terms_high", "high")):
        columns = [getattr(term, field) for term in terms]
        result[name] = np.stack(columns, axis=1)
        result[field] = sum(reversed(columns))  # the logarithm last, as in result.add_terms
    result["is_known"] = np.stack([column.is_known for column in inputs], axis=1)
    result["known"] = result["is_known"].sum(axis=1)
    result["is_sufficient"] = ~np.isnan(result["value"])
    return result
