"""Tailings Risk Index: ``TRI = THI + Population + Water``.

That the index takes in the exposure of people and of the environment is confirmed; that it adds it is from memory
(medium confidence); the class tables were not recovered. The exposure scores are placeholders of ours (status
``placeholder``, caution ``placeholder_scores``), not scores of a publication that were only not checked.

References
----------
[kovacs2020] in ``docs/references.bib``.
"""

from __future__ import annotations

from boget.science.hazard.inputs import ExposureInputs, HazardInputs
from boget.science.hazard.result import IndexResult, TermResult, collect_result, score_choice, score_span
from boget.science.hazard.table import ScoreTable
from boget.science.hazard.thi import list_cautions, rate_terms

EXPOSURE_INPUTS = ("population", "receiving_water")
EXPOSURE_TERMS = ("population", "water")


def rate_exposure(exposure: ExposureInputs, table: ScoreTable) -> IndexResult:
    """Rate the exposure alone: two terms, two inputs. Always sufficient: an unknown input has a worst score."""
    return collect_result("exposure", rate_exposure_terms(exposure, table), tables=(table,))


def rate_risk(
    inputs: HazardInputs, exposure: ExposureInputs, *, table: ScoreTable, exposure_table: ScoreTable
) -> IndexResult:
    """Rate hazard and exposure together.

    Returns
    -------
    IndexResult
        Seven terms, eight inputs; without a volume above zero no value.

    Examples
    --------
    >>> from boget.science.hazard.table import load_table
    >>> tables = {"table": load_table(), "exposure_table": load_table(code="tri")}
    >>> hazard = HazardInputs(1e6, water_hazard_class=2, management="managed", pga_g=0.1, flood_prone=False, fos=1.6)
    >>> rate_risk(hazard, ExposureInputs(population=10, receiving_water="perennial"), **tables).value
    11.0
    """
    terms = rate_terms(inputs, table) + rate_exposure_terms(exposure, exposure_table)
    return collect_result("tri", terms, tables=(table, exposure_table), cautions=list_cautions(inputs))


def rate_exposure_terms(exposure: ExposureInputs, table: ScoreTable) -> tuple[TermResult, ...]:
    """Return the two exposure terms."""
    return (
        score_span(table, "population", exposure.population_span, inputs=("population",)),
        score_choice(table, "water", exposure.receiving_water, inputs=("receiving_water",)),
    )
