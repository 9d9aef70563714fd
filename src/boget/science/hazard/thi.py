"""Tailings Hazard Index (THI) in the structure of the UNECE/UBA method; scores from a versioned, provisional table.

``THI = Cap + Tox + Manag + Site + Dam``, ``Site = Seism + Flood``, ``Cap = log10(volume in m3)``; ``THI_basic`` is
``Cap + Tox``. An unknown input is scored on the unsafe side and shown as an interval; it never drops out and never counts
as zero. A design capacity only stands in for the volume: it is scored, and the volume still counts as unknown. Volume
dominates: ten times the volume is one point, as much as any single condition.

The index ranks facilities for a first look. It does not say that a dam is stable.

References
----------
[vijgen2016], [unece_methodology] in ``docs/references.bib``; the scores are from memory, see ``docs/theory/thi.md``.
"""

from __future__ import annotations

import math

from boget.science.errors import InvalidInput
from boget.science.hazard.inputs import HazardInputs
from boget.science.hazard.result import (
    IndexResult,
    TermResult,
    collect_result,
    join_terms,
    score_choice,
    score_number,
)
from boget.science.hazard.table import ScoreTable

INPUTS = ("volume_m3", "water_hazard_class", "management", "pga_g", "flood_prone", "fos")
"""The six inputs, in the order of the terms."""
TERMS = ("cap", "tox", "manag", "site", "dam")


def rate(inputs: HazardInputs, table: ScoreTable) -> IndexResult:
    """Rate one facility with the extended index.

    Parameters
    ----------
    inputs : HazardInputs
    table : ScoreTable
        ``load_table("0.1")`` or a ministry's own.

    Returns
    -------
    IndexResult
        Five terms, six inputs. Without a volume above zero: no value, ``reason == "insufficient_data"``.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> found = rate(HazardInputs(volume_m3=32e6, management="managed", pga_g=0.2, flood_prone=False, fos=1.6), load_table())
    >>> round(found.value, 3), round(found.low, 3), found.known, found.of, found.missing
    (11.505, 8.505, 5, 6, ('water_hazard_class',))
    """
    return collect_result("thi", rate_terms(inputs, table), tables=(table,), cautions=list_cautions(inputs))


def rate_basic(inputs: HazardInputs, table: ScoreTable) -> IndexResult:
    """Rate one facility with the basic index, ``Cap + Tox``: two inputs."""
    terms = rate_terms(inputs, table)[:2]
    return collect_result("thi_basic", terms, tables=(table,), cautions=list_cautions(inputs))


def rate_terms(inputs: HazardInputs, table: ScoreTable) -> tuple[TermResult, ...]:
    """Return the five terms in the order of `TERMS`."""
    class_choice = None if inputs.water_hazard_class is None else str(inputs.water_hazard_class)
    flood_choice = None if inputs.flood_prone is None else ("yes" if inputs.flood_prone else "no")
    seism = score_number(table, "seism", inputs.pga_g, inputs=("pga_g",))
    flood = score_choice(table, "flood", flood_choice, inputs=("flood_prone",))
    return (
        rate_capacity(inputs, table),
        score_choice(table, "tox", class_choice, inputs=("water_hazard_class",)),
        score_choice(table, "manag", inputs.management, inputs=("management",)),
        join_terms("site", (seism, flood)),
        score_number(table, "dam", inputs.fos, inputs=("fos",)),
    )


def rate_capacity(inputs: HazardInputs, table: ScoreTable) -> TermResult:
    """Return the capacity term; without value if there is no volume above zero, not known if something stands in."""
    volume, rule = inputs.volume, "cap.base"
    if volume is None:
        return TermResult("cap", None, None, None, False, ("volume_m3",), rule)
    base, unit = read_capacity_scale(table)
    value, low, high = (
        math.log10(number / unit) / math.log10(base) for number in (volume.value, volume.bounds[0], volume.bounds[1])
    )
    is_known = not inputs.is_volume_stood_in
    return TermResult("cap", value, low, high, is_known, ("volume_m3",), rule, is_stood_in=not is_known)


def read_capacity_scale(table: ScoreTable) -> tuple[float, float]:
    """Return the base of the logarithm and the volume, m3, that counts as one."""
    base, unit = table.number("cap.base"), table.number("cap.volume_unit")
    if base <= 1 or unit <= 0:
        raise InvalidInput("table_invalid", where="cap", value=f"{base}, {unit}", allowed="base above 1, unit above 0")
    return base, unit


def list_cautions(inputs: HazardInputs) -> tuple[str, ...]:
    """Return the codes of what the reader must know beside the number."""
    found = {
        "volume_from_design_capacity": inputs.is_volume_stood_in,
        "volume_from_mass": "mass_and_density" in inputs.volume_bases,
        "density_assumed": inputs.is_density_assumed and not inputs.is_material_other,
        "density_of_other_material": inputs.is_material_other,
        "radioactivity_not_expressed": bool(inputs.is_radioactive),
    }
    return tuple(code for code, is_true in found.items() if is_true)
