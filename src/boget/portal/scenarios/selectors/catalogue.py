"""Names and limits of the substances of the installation, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.selectors.naming import choose_name

if TYPE_CHECKING:
    from boget.science.river.substance import Limit, Substance

USES = {
    "drinking": pgettext_lazy("use of water", "drinking water"),
    "fishery": pgettext_lazy("use of water", "fishery"),
    "surface": pgettext_lazy("use of water", "surface water"),
}
FIRST_COUNTRIES = ("KZ", "RU", "WHO")
"""Order of the documents of a substance; then the rest by code."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit as the form and the result show it. value in mg/L, kg_m3 the same in SI."""

    code: str
    value: str
    kg_m3: float
    use: str
    country: str
    document: str
    status: str
    is_in_force: bool


def name_substance(substances: Mapping[str, Substance], code: str) -> str:
    """ "Zinc (Zn)"; the code itself where the catalogue does not have it."""
    found = substances.get(code)
    if found is None:
        return code
    name = choose_name(found.names)
    return f"{name} ({found.symbol})" if found.symbol and found.symbol != name else name


def list_choices(substances: Mapping[str, Substance]) -> list[tuple[str, str]]:
    """Substances of which a mass can be released, in the order of the catalogue."""
    return [(code, name_substance(substances, code)) for code, one in substances.items() if one.is_carried]


def list_limits(substance: Substance | None) -> list[LimitRow]:
    """Limits that are a mass concentration: those in force first, home before abroad, drinking before other uses."""
    if substance is None:
        return []
    usable = [limit for limit in substance.limits if limit.kg_m3]
    return [_describe(limit) for limit in sorted(usable, key=_order)]


def _order(limit: Limit) -> tuple[bool, int, int, float]:
    countries, uses = list(FIRST_COUNTRIES), list(USES)
    country = countries.index(limit.country) if limit.country in countries else len(countries)
    use = uses.index(limit.use) if limit.use in uses else len(uses)
    return not limit.is_in_force, use, country, limit.value or 0.0


def _describe(limit: Limit) -> LimitRow:
    return LimitRow(
        limit.code,
        value=format_number(limit.value or 0.0),
        kg_m3=limit.kg_m3 or 0.0,
        use=str(USES.get(limit.use, limit.use)),
        country=limit.country,
        document=choose_name(limit.titles),
        status=limit.status,
        is_in_force=limit.is_in_force,
    )
