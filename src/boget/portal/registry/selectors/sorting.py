"""Orders of the list and paging by key: a page begins after the last row of the page before, whatever was added meanwhile.

Unknown values come last in both directions.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from boget.portal.core.errors import refuse

LONGEST_TOKEN = 2000
MOST_ROWS = 10**9
NOTHING = Q(pk__in=())


def _read_number(value: Any) -> float:
    # the size first: a whole number may be too large for a real one
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15 or not math.isfinite(value):
        raise ValueError(value)
    return value


def _read_text(value: Any) -> str:
    """Text that a database takes: no NUL, no halves of a character (their encoding is a ValueError)."""
    if not isinstance(value, str) or b"\x00" in value.encode():
        raise ValueError(value)
    return value


def _read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_read_text(value))
    if moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:  # the first and the last day are in no other zone
        raise ValueError(value)
    return moment


ID_COLUMN = "public_id"


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order."""

    name: str
    is_down: bool = False
    is_nullable: bool = False
    read: Callable[[Any], Any] = _read_text
    is_indexed: bool = False

    def order(self, *, forwards: bool) -> OrderBy:
        # Coalesce keeps SQLite from walking an index of this column alone, which reads the wide row of all it passes
        column: Any = Coalesce(F(self.name), Value("")) if self.is_indexed else F(self.name)
        if self.is_down == forwards:
            return column.desc(**({"nulls_last": True} if forwards else {"nulls_first": True}) if self.is_nullable else {})
        return column.asc(**({"nulls_last": True} if forwards else {"nulls_first": True}) if self.is_nullable else {})

    def is_same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def is_beyond(self, value: Any, *, forwards: bool) -> Q:
        """Rows strictly after the value in this order, or before it going backwards."""
        unknown = Q(**{f"{self.name}__isnull": True})
        if value is None:
            return NOTHING if forwards else ~unknown
        side = "lt" if self.is_down == forwards else "gt"
        beyond = Q(**{f"{self.name}__{side}": value})
        return beyond | unknown if self.is_nullable and forwards else beyond


ID = Key(ID_COLUMN)
SORTS: dict[str, Any] = {
    "name": _("Name"),
    "id": _("Number"),
    "volume": _("Volume"),
    "height": _("Height"),
    "thi": _("THI"),
    "completeness": _("Completeness"),
    "updated": _("Updated"),
}
MATCH = "match"
COLUMNS = {
    "volume": Key("volume_m3", is_nullable=True, read=_read_number),
    "height": Key("height_m", is_nullable=True, read=_read_number),
    "thi": Key("thi_value", is_nullable=True, read=_read_number),
    "completeness": Key("known_count", read=_read_number),
    "updated": Key("updated_at", read=_read_moment),
}


def list_sorts(*, has_text: bool) -> list[str]:
    """Names of the orders as the address takes them; the best match only with a text to match."""
    return [sign + code for code in SORTS for sign in ("", "-")] + ([MATCH] if has_text else [])


def choose_keys(sort: str, *, language: str) -> list[Key]:
    """The columns of an order; the number of the facility settles ties."""
    code, is_down = sort.lstrip("-"), sort.startswith("-")
    if code == MATCH:
        return [Key("rank", read=_read_number), ID]
    if code == "id":
        return [Key(ID_COLUMN, is_down, is_indexed=True)]
    if code == "name":
        return [Key(f"sort_{language}", is_down), ID]
    column = COLUMNS[code]
    return [Key(column.name, is_down, column.is_nullable, column.read), ID]


def order_by(keys: Sequence[Key], *, forwards: bool = True) -> list[OrderBy]:
    return [key.order(forwards=forwards) for key in keys]


def select_beyond(keys: Sequence[Key], values: Sequence[Any], *, forwards: bool) -> Q:
    """Rows after (or before) the row that has these values."""
    wanted, same = NOTHING, Q()
    for key, value in zip(keys, values, strict=True):
        wanted |= same & key.is_beyond(value, forwards=forwards)
        same &= key.is_same(value)
    return wanted


def write_token(sort: str, keys: Sequence[Key], row: Any, *, position: int) -> str:
    """Where a page ended: the order, the number of the row in the list and its values, for the address."""
    values = [getattr(row, key.name) for key in keys]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps([sort, position, *plain], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str, sort: str, keys: Sequence[Key], *, where: str) -> tuple[int, list[Any]]:
    """Number of the row and its values, or InvalidInput for a token that is not of this order."""
    try:
        if len(token) > LONGEST_TOKEN:
            raise ValueError("too long")
        found = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(found, list) or len(found) != len(keys) + 2 or found[0] != sort:
            raise ValueError("of another order")
        values = [_read_part(key, value) for key, value in zip(keys, found[2:], strict=True)]
        return min(max(int(_read_number(found[1])), 1), MOST_ROWS), values
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise refuse("bad_filter", where=where, value=token[:40], allowed=_("a link of the list itself")) from None


def _read_part(key: Key, value: Any) -> Any:
    return None if value is None and key.is_nullable else key.read(value)
