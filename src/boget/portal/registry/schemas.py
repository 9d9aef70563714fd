"""What the API answers with. Values are in SI units; the dictionary says which."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field, create_model

from boget.portal.registry.selectors.filters import FILTERS
from boget.portal.registry.selectors.sorting import MATCH, list_sorts

LevelCode = Literal["public", "group", "authority"]
PROBLEM_TYPE = "application/problem+json"
MOST_ROWS = 1000


class Problem(Schema):
    """RFC 9457. ``code`` is stable, ``detail`` is a sentence in the language of the request."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = ""


class Index(Schema):
    """The hazard index at the reader's level, two decimals.

    value: unknown inputs at their worst; class: fifth of the rated facilities of the inventory; cautions: codes of what
    must be said beside the number.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    step: int | None = Field(
        None, alias="class", description="1 lowest fifth to 5 highest; null: too little data, or fewer than five rated"
    )
    known: int | None = None
    of: int | None = None
    cautions: list[str] = []


class FacilitySummary(Schema):
    id: str
    country: str
    level: LevelCode = Field(description="How much of this facility the reader sees")
    name_ru: str
    name_kk: str
    name_en: str
    record_kind: str
    status: str
    facility_type: str
    operator: str
    region: str
    basin: str
    longitude: float | None
    latitude: float | None
    radius_m: float | None
    volume_m3: float | None
    height_m: float | None
    thi: Index
    is_radioactive: bool = Field(description="The index does not express radiological hazard")
    known_fields: int
    updated_at: str


class FacilityPage(Schema):
    """One page. count: rows of the whole list; next: address of the following page."""

    count: int
    notice: str
    next: str | None = None
    items: list[FacilitySummary]


class FeaturePage(Schema):
    """The same page as GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    numberMatched: int  # the spelling of OGC API - Features
    numberReturned: int
    notice: str
    next: str | None = None
    features: list[dict[str, Any]]


class ClaimOut(Schema):
    """One source's word. Parts that it does not give are absent."""

    value: Any
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    about: bool | None = None
    kind: str | None = None
    source: str | None = None
    date: str | None = None
    confidence: str | None = None


class ValueOut(Schema):
    """A field: the shown claim, the others beside it, and why this one is shown."""

    unit: str = ""
    shown: ClaimOut | None = None
    others: list[ClaimOut] = []
    why: str = ""
    is_disputed: bool = False


class StructureOut(Schema):
    id: str
    type: Literal["impoundment", "dam"]
    values: dict[str, ValueOut]


class FacilityOut(Schema):
    """A facility with everything the reader may see. Fields without a value are absent: they are unknown."""

    id: str
    country: str
    level: LevelCode
    disclosure: str
    notice: str
    longitude: float | None
    latitude: float | None
    radius_m: float | None
    values: dict[str, ValueOut]
    structures: list[StructureOut]
    updated_at: str


class ChangeOut(Schema):
    """A field before and after; null: unknown."""

    field: str
    old: ClaimOut | None = None
    new: ClaimOut | None = None


class RevisionOut(Schema):
    """An entry of the log. Persons and reasons are told to the levels that may know them."""

    number: int
    at: str
    kind: str
    record_type: str
    record_id: str
    who: str = ""
    reason: str = ""
    changes: list[ChangeOut]


class HistoryPage(Schema):
    items: list[RevisionOut]
    next: str | None = None


class ScoreOut(Schema):
    """An index, two decimals. status: placeholder where scores are our own and of no publication."""

    index: str
    value: float | None
    low: float | None
    high: float | None
    known: int
    of: int
    inputs: Literal["public", "all"]
    status: Literal["verified", "provisional", "placeholder"]
    cautions: list[str] = Field(description="volume_from_design_capacity: the design capacity stands in for the volume")


class ScoreList(Schema):
    notice: str
    items: list[ScoreOut]


# --- parameters ----------------------------------------------------------------------------------------------------

SORT_NAMES = [*list_sorts(has_text=False), MATCH]


def _describe_filter(code: str) -> Any:
    spec = FILTERS[code]
    described: dict[str, Any] = {"description": str(spec.label)}
    if spec.choices and code != "operator":  # organisations change while the server runs
        described["json_schema_extra"] = {"items": {"type": "string", "enum": [value for value, _word in spec.choices()]}}
    return Field([], alias=code, **described)


def build_parameters() -> type[Schema]:
    """The parameters of the list: all its filters and the place in it. What they hold is checked by the list itself."""
    filters: dict[str, Any] = {f"f_{code}": (list[str], _describe_filter(code)) for code in FILTERS}
    place: dict[str, Any] = {
        "q": (str, Field("", description="Name, number, operator or river in any spelling", max_length=200)),
        "sort": (str, Field("-thi", json_schema_extra={"enum": SORT_NAMES}, description="match needs q")),
        "limit": (int, Field(100, ge=1, le=MOST_ROWS)),
        "after": (str, Field("", description="The token in the address of the next page")),
        "f": (str, Field("", description="geojson for points", json_schema_extra={"enum": ["", "json", "geojson"]})),
        "lang": (
            str,
            Field("", description="Language of names and notices", json_schema_extra={"enum": ["", "ru", "kk", "en"]}),
        ),
    }
    return create_model("FacilityListParameters", __base__=Schema, **filters, **place)
