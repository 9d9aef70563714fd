"""What is taken for an unknown release, from ``tables/presets.toml``: volume, concentration and duration with their spread."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop, pgettext_lazy

if TYPE_CHECKING:
    from boget.science.river.substance import Substance

TABLE = Path(__file__).parents[1] / "tables" / "presets.toml"
KIND_WORDS = {
    "dam_breach": pgettext_lazy("failure", "dam breach"),
    "decant_well": pgettext_lazy("failure", "decant well or collector"),
    "pipeline": pgettext_lazy("failure", "slurry pipeline"),
    "seepage": pgettext_lazy("failure", "seepage"),
}
SOURCES = (
    gettext_noop(
        "share of the stored volume: Rico et al. 2008, VF = 0.354 VT^1.01 in million m3, coefficient not checked "
        "against the paper; scatter of a re-fit on 88 failures; volume where the stored one is unknown and "
        "duration are own choices"
    ),
    gettext_noop(
        "own choice after the release near Ridder in 2016, when a disused decant well was closed within 48 h; its "
        "volume was not published"
    ),
    gettext_noop(
        "volume reported for the burst slurry pipeline near Ridder on 27 July 2023; spread and duration are own "
        "choices"
    ),
    gettext_noop("own choice"),
    gettext_noop(
        "own choice so that 19 to 1200 mg/L are covered: a pond held to the common limit of 50 mg/L, and Baia Mare "
        "2000 with 126 mg/L of free cyanide in the effluent and 50 to 120 t in 100 000 m3 "
        "(data/spills/baia_mare_2000.csv)"
    ),
    gettext_noop(
        "own choice so that 7 to 240 mg/L are covered: tailings water of gold leaching before detoxification, and "
        "Baia Mare 2000 with 126 mg/L in the effluent (data/spills/baia_mare_2000.csv)"
    ),
    gettext_noop("own choice: common limit for the discharge into a tailings pond"),
    gettext_noop("own choice: near the solubility of gypsum"),
    gettext_noop("own choice: slurry with a quarter of solids by mass"),
)
"""Every source of the table, so that it is translated."""
WORST = ("verified", "provisional", "placeholder")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of failure. volume_share: part of the stored volume, 0 where the volume does not depend on it."""

    code: str
    volume_m3: float
    volume_gsd: float
    duration_h: float
    source: str
    status: str
    volume_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Guess:
    """A mass that was not given: median in kg, spread as a factor, and from what it was taken."""

    mass_kg: float
    mass_gsd: float
    volume_m3: float
    concentration_mg_l: float
    sources: tuple[str, ...]
    status: str


@cache
def _read_table() -> Mapping[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def read_kinds() -> dict[str, Kind]:
    """Kinds of failure by code, in the order of the table."""
    return {row["code"]: Kind(**row) for row in _read_table()["kind"]}


def guess_mass(kind: Kind, substance: Substance | None, *, stored_m3: float | None = None) -> Guess | None:
    """Mass from the volume of the kind and the usual concentration; None where the substance has neither that nor a limit."""
    told = _find_concentration(substance)
    if told is None:
        return None
    value, gsd, source, status = told
    volume = kind.volume_share * stored_m3 if kind.volume_share and stored_m3 else kind.volume_m3
    spread = math.exp(math.hypot(math.log(kind.volume_gsd), math.log(gsd)))
    worst = max(kind.status, status, key=WORST.index)
    return Guess(volume * value * 1e-3, spread, volume, value, (kind.source, source), worst)


def _find_concentration(substance: Substance | None) -> tuple[float, float, str, str] | None:
    """Value in mg/L, spread, source and status."""
    if substance is None:
        return None
    table = _read_table()
    for row in table["concentration"]:
        if row["substance"] == substance.code:
            return row["value"], row["gsd"], row["source"], row["status"]
    limits = [limit.value for limit in substance.limits if limit.kg_m3 and limit.value]
    other = table["other"]
    return (other["limit_factor"] * min(limits), other["gsd"], other["source"], other["status"]) if limits else None
