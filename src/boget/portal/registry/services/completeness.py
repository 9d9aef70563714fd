"""Which inputs of the hazard index a facility does not know, by the rules of the index itself.

The filter of the list, the count "k of 6" and the ranking must say the same, so what counts as known here is what
boget.science.hazard.gather_inputs takes as known:

- volume: every impoundment has a stored volume or, where no design capacity would stand in for it, a mass;
- water hazard class and factor of safety: known in every structure, or one is known to be the worst there is;
- management: the field of that name, and where it says nothing the status of an active or abandoned facility;
- an acceleration or a factor of 0 is an empty cell of somebody's table.
"""

from __future__ import annotations

from collections.abc import Sequence

from boget.portal.registry.choices import Status, WaterHazard
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.values import is_known
from boget.science.hazard import load_table

TELLING_STATUSES = frozenset({Status.ACTIVE, Status.REPROCESSING, Status.ABANDONED})
"""They say by themselves whether somebody is in charge."""


def list_unknown(facility: Facility, impoundments: Sequence[Impoundment], dams: Sequence[Dam]) -> str:
    """Codes of registry.fields.inputs that are unknown, as |code|code|; empty when all are known.

    The typed columns of the records must be filled.
    """
    known = {
        "volume_m3": bool(impoundments) and all(map(_has_volume, impoundments)),
        "water_hazard_class": _is_class_known(impoundments),
        "management": _is_management_known(facility),
        "pga_g": bool(facility.value_of("pga_g")),
        "flood_prone": is_known(facility.values.get("flood_prone")),
        "fos_static": _is_factor_known(dams),
    }
    missing = [code for code, is_there in known.items() if not is_there]
    return f"|{'|'.join(missing)}|" if missing else ""


def _has_volume(basin: Impoundment) -> bool:
    if _is_positive(basin.volume_m3):
        return True
    return not _is_positive(basin.design_capacity_m3) and _is_positive(basin.mass_t)


def _is_positive(amount: float | None) -> bool:
    return amount is not None and amount > 0


def _is_class_known(impoundments: Sequence[Impoundment]) -> bool:
    classes = [basin.water_hazard_class for basin in impoundments]
    known = [code for code in classes if code != WaterHazard.UNKNOWN]
    return bool(known) and (len(known) == len(classes) or WaterHazard.WHC3 in known)


def _is_management_known(facility: Facility) -> bool:
    if facility.shown("management"):
        return is_known(facility.values["management"])
    return facility.status in TELLING_STATUSES


def _is_factor_known(dams: Sequence[Dam]) -> bool:
    known = [dam.fos_static for dam in dams if dam.fos_static]
    return bool(known) and (len(known) == len(dams) or _is_worst(min(known)))


def _is_worst(factor: float) -> bool:
    table = load_table()
    scores = table.scores("dam")
    return factor > 0 and scores[table.pick("dam", factor)] == max(scores.values())
