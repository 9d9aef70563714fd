"""Longitudinal dispersion: fifteen published formulas side by side, each in its module, all with one signature.

>>> FORMULAS["disley"].title
'Disley, Gharabaghi, Mahboubi and McBean 2015'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients
from boget.science.river.dispersion import (
    deng,
    disley,
    elder,
    etemad_shahidi,
    fischer,
    iwasa_aya,
    kashefipour_falconer_a,
    kashefipour_falconer_b,
    koussis,
    liu,
    mcquivey_keefer,
    sahay_dutta,
    seo_cheong,
    wang_huai,
    zeng_huai,
)
from boget.science.river.dispersion.table import Floats
from boget.science.river.width import check_positive

DEFAULT = "disley"


class Law(Protocol):
    """What every module of this package gives."""

    def __call__(self, *, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula: its code and title, how it is written, the key of its paper, and the function."""

    code: str
    title: str
    formula: str
    reference: str
    dispersion: Law


LAWS: Mapping[str, Law] = {
    "elder": elder.dispersion,
    "fischer": fischer.dispersion,
    "mcquivey_keefer": mcquivey_keefer.dispersion,
    "liu": liu.dispersion,
    "iwasa_aya": iwasa_aya.dispersion,
    "seo_cheong": seo_cheong.dispersion,
    "koussis": koussis.dispersion,
    "deng": deng.dispersion,
    "kashefipour_falconer_a": kashefipour_falconer_a.dispersion,
    "kashefipour_falconer_b": kashefipour_falconer_b.dispersion,
    "sahay_dutta": sahay_dutta.dispersion,
    "etemad_shahidi": etemad_shahidi.dispersion,
    "zeng_huai": zeng_huai.dispersion,
    "disley": disley.dispersion,
    "wang_huai": wang_huai.dispersion,
}


def list_formulas() -> dict[str, Formula]:
    """All formulas by code, the oldest first."""
    texts = load_coefficients("dispersion").texts
    return {
        code: Formula(code, texts[f"{code}.title"], texts[f"{code}.formula"], texts[f"{code}.reference"], law)
        for code, law in LAWS.items()
    }


FORMULAS: Mapping[str, Formula] = MappingProxyType(list_formulas())


def find_dispersion(
    code: str, *, width_m: ArrayLike, depth_m: ArrayLike, velocity_ms: ArrayLike, shear_velocity_ms: ArrayLike
) -> Floats:
    """K, m2/s, by a formula; the arrays are broadcast together.

    Raises
    ------
    InvalidInput
        "unknown_choice" for the code; "not_finite", "not_positive" for a value.

    Examples
    --------
    >>> round(float(find_dispersion("disley", width_m=50, depth_m=1.5, velocity_ms=0.6, shear_velocity_ms=0.07)), 1)
    76.2
    """
    if code not in FORMULAS:
        raise InvalidInput("unknown_choice", where="dispersion formula", value=code, allowed=", ".join(FORMULAS))
    named = {"width": width_m, "depth": depth_m, "velocity": velocity_ms, "shear velocity": shear_velocity_ms}
    width, depth, speed, shear = np.broadcast_arrays(*(check_positive(name, value) for name, value in named.items()))
    law = FORMULAS[code].dispersion
    return law(width_m=width, depth_m=depth, velocity_ms=speed, shear_velocity_ms=shear)
