"""The address of the screening page; what it does not know counts as not said."""

from __future__ import annotations

from django.http import QueryDict

from boget.portal.registry.places import COUNTRIES, read_places
from boget.portal.scenarios.selectors.screening import BASES, ORDERS, ScreeningQuery


def read_query(address: QueryDict) -> ScreeningQuery:
    return ScreeningQuery(
        basis=_choose(address.get("flow"), BASES, default=BASES[0]),
        order=_choose(address.get("by"), ORDERS, default=ORDERS[0]),
        neighbour=_choose(address.get("border"), tuple(COUNTRIES), default=""),
        basin=_choose(address.get("basin"), tuple(read_places("basin")), default=""),
    )


def _choose(wanted: str | None, known: tuple[str, ...], *, default: str) -> str:
    return wanted if wanted in known else default
