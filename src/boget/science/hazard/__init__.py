"""Ranking by hazard: one module per published thing, every number in a table beside the code.

The classifications stand apart (`consequence`, `eu_category`, `cis_class`): none is derived from another.
"""

from boget.science.hazard.inputs import (
    ExposureInputs,
    HazardInputs,
    gather_exposure,
    gather_inputs,
    suggest_management,
)
from boget.science.hazard.many import pack_exposure, pack_inputs, rate_many, rate_risk_many
from boget.science.hazard.places import rank_places
from boget.science.hazard.quintiles import assign_classes, find_edges
from boget.science.hazard.result import IndexResult, TermResult
from boget.science.hazard.table import ScoreTable, list_versions, load_table, parse_table
from boget.science.hazard.thi import rate, rate_basic
from boget.science.hazard.tri import rate_exposure, rate_risk
from boget.science.hazard.volume import VolumeChoice, choose_total, choose_volume

__all__ = [
    "ExposureInputs",
    "HazardInputs",
    "IndexResult",
    "ScoreTable",
    "TermResult",
    "VolumeChoice",
    "assign_classes",
    "choose_total",
    "choose_volume",
    "find_edges",
    "gather_exposure",
    "gather_inputs",
    "list_versions",
    "load_table",
    "pack_exposure",
    "pack_inputs",
    "parse_table",
    "rank_places",
    "rate",
    "rate_basic",
    "rate_exposure",
    "rate_many",
    "rate_risk",
    "rate_risk_many",
    "suggest_management",
]
