"""What the address of the ranking asks for, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from boget.portal.assessments.models import IndexCode, State
from boget.portal.assessments.services.ranking import Order
from boget.portal.core.errors import refuse
from boget.portal.registry.choices import RecordKind
from boget.portal.registry.selectors.filters import FILTERS, read_filters

PAGE_SIZE = 50
LONGEST_TEXT = 200


class Scope(models.TextChoices):
    SINGLE = "single", _("single facilities")
    ALL = "all", _("with records of several ponds")


class Part(models.TextChoices):
    """What the page lists: the ranking, or one of the groups that are not ranked."""

    RANKED = "ranked", _("ranked")
    INSUFFICIENT = State.INSUFFICIENT.value, _("too little data")
    PLANNED = State.PLANNED.value, _("planned")
    AGGREGATE = RecordKind.AGGREGATE.value, _("several ponds in one record")


class Form(models.TextChoices):
    PAGE = "html", "HTML"
    CSV = "csv", "CSV"


CHOICES: dict[str, tuple[Any, Any]] = {
    "index": (_("Index"), IndexCode),
    "set": (_("Set"), Scope),
    "as": (_("Order"), Order),
    "part": (_("Part"), Part),
    "f": (_("Form"), Form),
}
OWN = (*CHOICES, "page", "q", "lang")


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """What the address asks for."""

    index: str = IndexCode.THI
    scope: str = Scope.SINGLE
    order: str = Order.WORST
    part: str = Part.RANKED
    form: str = Form.PAGE
    page: int = 1
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.text)


def read_query(address: QueryDict) -> RankingQuery:
    """The query, or InvalidInput that names what is allowed."""
    for name in address:
        if name not in FILTERS and name not in OWN:
            raise refuse("unknown_filter", value=name[:80], allowed=", ".join((*OWN, *FILTERS)))
    chosen = {name: _choose(address, name) for name in CHOICES}
    text = address.get("q", "").strip()
    if len(text) > LONGEST_TEXT:
        raise refuse("bad_filter", where=_("Text"), value=len(text), allowed=f"≤ {LONGEST_TEXT}")
    return RankingQuery(
        chosen["index"], chosen["set"], chosen["as"], chosen["part"], chosen["f"], _read_page(address), text,
        read_filters(dict(address.lists())),
    )  # fmt: skip


def _choose(address: QueryDict, name: str) -> str:
    label, choices = CHOICES[name]
    value = address.get(name, "").strip() or choices.values[0]
    if value not in choices.values:
        raise refuse("bad_filter", where=label, value=value[:80], allowed=", ".join(choices.values))
    return str(value)


def _read_page(address: QueryDict) -> int:
    text = address.get("page", "").strip() or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) <= 999_999 and len(text) <= 6):
        raise refuse("bad_filter", where=_("Page"), value=text[:40], allowed="1–999999")
    return int(text)
