"""The error tree of the science floor.

Every error carries a stable ``code`` (the portal translates it), the place, the value met, what is allowed and any
further context. ``str()`` gives the whole English sentence, so that a log line or a notebook is enough to act on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

LONGEST_VALUE_SHOWN = 80
"""Characters of a wrong value that are printed; the rest is cut."""


class Wording(NamedTuple):
    """What is wrong (a predicate that follows the value) and what to do about it."""

    what: str
    hint: str


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "ambiguous_number": Wording(
            "can be read as a decimal or as thousands",
            "Write 1,25 or 1 250 instead, or put the word thousand or million in Russian or Kazakh after the number.",
        ),
        "bad_date": Wording("is not a date", "Write the year, year-month, year-quarter or full date."),
        "empty": Wording("is empty", "Enter a number, or leave the field unknown."),
        "file_missing": Wording("is not there", "Name an existing file."),
        "file_unreadable": Wording("cannot be read", "Copy the file again, or take it out of the folder."),
        "flow_cycle": Wording("lies on a circle of flow directions", "Correct the raster of flow directions."),
        "flow_grid_missing": Wording("holds no flow directions", "Put a GeoTIFF of flow directions (D8) there."),
        "insufficient_data": Wording("is not enough to compute a result", "Supply the missing input."),
        "interval_missing": Wording("has no interval", "State the interval of a computed value and its kind."),
        "interval_order": Wording("is not between its own bounds", "Check that low <= value <= high."),
        "line_missing": Wording("has no line", "Give every reach its line."),
        "no_watercourse": Wording("has no known river near it", "Move the point to a river, or load a denser network."),
        "not_a_number": Wording("is not a number", "Write it like 1 250,5."),
        "not_finite": Wording("is not a finite number", "Use a number, or leave the value unknown."),
        "not_increasing": Wording("must grow from one to the next", "Put the values in order and leave out repeated ones."),
        "not_positive": Wording("is not above zero", "Check the sign and the unit."),
        "one_sided": Wording("gives only one bound", "Write a range such as 30–34, or the best known value."),
        "outcome_form": Wording("is not an outcome of this version", "Compute the run again."),
        "outside_raster": Wording("is where the flow directions end", "Load the tile beside, or put the point on a river."),
        "range": Wording("is outside the allowed range", "Check the unit and correct the value."),
        "raster_frame": Wording("is not in degrees of EPSG:4326", "Convert the raster."),
        "raster_unreadable": Wording("is not a raster that can be read", "Give a GeoTIFF."),
        "regime_missing": Wording("has no regime by any rule", "Add a rule that fits this river."),
        "regime_months": Wording("does not have every month once", "Give the months 1 to 12, each once."),
        "release_mass": Wording("is not the area under the rates", "Correct the mass or the rates of the release."),
        "release_too_long": Wording("is longer than the discharge of a season holds", "Split the release."),
        "repeated": Wording("stands more than once", "Give each code or place once."),
        "reversed_range": Wording("runs from the larger to the smaller number", "Write the smaller number first."),
        "shape_mismatch": Wording("has the wrong shape", "Give arrays of the same length with the named fields."),
        "substance_not_carried": Wording("has no mass that a river carries", "Choose a substance in mg/L."),
        "table_invalid": Wording("breaks the rules of a score table", "Correct the table entry."),
        "table_missing": Wording("is not a table of this package", "Choose one of the listed tables."),
        "target_upstream": Wording("lies above the release", "Choose a place below the release."),
        "too_large": Wording("is too large for any physical value", "Check the unit and the number of zeros."),
        "too_long": Wording("is too long for one number", "Keep only the number and its unit."),
        "too_many_cells": Wording("is more than the second engine takes", "Take a longer step."),
        "two_numbers": Wording("looks like more than one number", "Leave one number, or write a range such as 30–34."),
        "unit_dimension": Wording("is a unit of another kind", "Choose a unit of the same kind."),
        "unknown_choice": Wording("is not one of the known choices", "Choose one of the listed values."),
        "unknown_unit": Wording("is not a known unit", "Choose one of the listed units."),
    }
)


class BogetError(Exception):
    """Root of all errors of the science floor.

    Parameters
    ----------
    code : str
        Stable machine-readable code such as ``"range"``. Codes of `WORDINGS` have a ready sentence; another code is
        allowed and should come with a ``hint``.
    where : str
        Field, row or function where the value was met.
    value : object
        The value met; None if there was none.
    allowed : str
        What is allowed, as words.
    **context : object
        Anything else the portal may print; ``hint`` replaces the standard advice.

    Examples
    --------
    >>> print(InvalidInput("range", where="pga_g", value=-0.1, allowed="0 or more"))
    pga_g: -0.1 is outside the allowed range. Allowed: 0 or more. Check the unit and correct the value. [range]
    """

    def __init__(self, code: str, *, where: str = "", value: object = None, allowed: str = "", **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.value = value
        self.allowed = allowed
        self.context: dict[str, object] = dict(context)

    @property
    def hint(self) -> str:
        """What to do, in English."""
        given = self.context.get("hint")
        return str(given) if given else self._wording.hint

    @property
    def _wording(self) -> Wording:
        return WORDINGS.get(self.code) or Wording(f"is refused ({self.code.replace('_', ' ')})", "Correct the input.")

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        allowed = f" Allowed: {self.allowed.rstrip('.')}." if self.allowed else ""
        return f"{place}{_show(self.value)} {self._wording.what}.{allowed} {self.hint} [{self.code}]"


class InvalidInput(BogetError):
    """A value that cannot be what it claims to be: wrong type, sign, unit, choice or order."""


class OutsideValidity(BogetError):
    """A sound value outside the range for which a formula was derived."""


class Unstable(BogetError):
    """A computation that left its stable range and was stopped."""


class MissingData(BogetError):
    """A computation that needs a value nobody has given."""


def _show(value: object) -> str:
    if value is None:
        return "the value"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"
