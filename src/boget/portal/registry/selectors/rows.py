"""Rows of the list as the page shows them: figures with their intervals, class, place names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from boget.portal.registry import choices as c
from boget.portal.registry.fields import find_field
from boget.portal.registry.models import STOOD_IN, Impoundment
from boget.portal.registry.places import name_place
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.quintiles import say_classes
from boget.portal.registry.values import Claim, Value, build_figure, find_coarsest_step, round_total
from boget.science.provenance import Figure

STATUS_WORDS = dict(c.Status.choices)
TYPE_WORDS = dict(c.FacilityType.choices)
VOLUME = find_field("impoundment", "volume_m3")
HEIGHT = find_field("dam", "height_m")
FORMULA = "THI"


@dataclass(frozen=True, slots=True)
class Row:
    """One facility of the list. step: class 1 to 5, None for too little data or too few rated facilities."""

    facility: Any
    volume: Figure | None
    thi: Figure | None
    step: int | None
    status: Any
    basin: str
    region: str
    url: str

    @property
    def is_stood_in(self) -> bool:
        """The index is scored from the design capacity, because the stored volume is unknown."""
        return STOOD_IN in (self.facility.thi_cautions or "").split()

    @property
    def height(self) -> Figure | None:
        height = self.facility.height_m
        return Figure(height, HEIGHT.unit) if height is not None else None

    @property
    def type(self) -> Any:
        return TYPE_WORDS.get(self.facility.facility_type, "")

    @property
    def is_planned(self) -> bool:
        """Nothing is stored yet: an unknown volume is no gap."""
        return bool(self.facility.status == c.Status.PLANNED)


def build_rows(facilities: Sequence[Any], reader: Reader, *, link: Callable[[str], str]) -> list[Row]:
    """link: address of the card of a facility."""
    volumes = read_volumes([facility.pk for facility in facilities])
    return [_build_row(f, volumes.get(f.pk), reader, url=link(f.public_id)) for f in facilities]


def _build_row(facility: Any, volume: Figure | None, reader: Reader, *, url: str) -> Row:
    return Row(
        facility,
        volume,
        build_thi(facility.thi_value, facility.thi_low, facility.thi_high) if facility.thi_value is not None else None,
        reader.quintiles.classify(facility.thi_value),
        STATUS_WORDS.get(facility.status, facility.status),
        name_place("basin", facility.basin, language=reader.language, is_short=True) if facility.basin else "",
        name_place("region", facility.region, language=reader.language) if facility.region else "",
        url,
    )


def build_thi(value: float, low: float | None, high: float | None) -> Figure:
    """The index as a figure: unknown inputs at their worst, the interval over all they could be."""
    return Figure(value, "1", low, high, "unknown_inputs", "computed", formula=FORMULA)


def list_notes(rows: Sequence[Row], reader: Reader) -> list[str]:
    """What the marks of the rows mean, as sentences under the table."""
    notes = [say_classes(reader.quintiles.rated)]
    if any(row.is_stood_in for row in rows):
        notes.append(_("By capacity: the volume is unknown, the design capacity stands in; less may be stored."))
    if any(row.facility.is_radioactive for row in rows):
        notes.append(_("Radioactive: the index does not express radiological hazard."))
    return notes


def read_volumes(facility_ids: Iterable[int]) -> dict[int, Figure]:
    """Stored volume of each facility whose every impoundment has one, with its interval."""
    claims: dict[int, list[Claim | None]] = {}
    stored = Impoundment.objects.filter(facility_id__in=facility_ids).order_by("public_id")
    for facility_id, value in stored.values_list("facility_id", KeyTransform("volume_m3", "values")):
        claims.setdefault(facility_id, []).append(Value.read(value).shown)
    figures = {facility_id: _add_up(found) for facility_id, found in claims.items()}
    return {facility_id: figure for facility_id, figure in figures.items() if figure is not None}


def _add_up(claims: Sequence[Claim | None]) -> Figure | None:
    """The volume of one impoundment as its source gives it; the sum of several, with an interval only if each has one."""
    known = [claim for claim in claims if claim is not None]
    if len(known) < len(claims):
        return None
    if len(known) == 1:
        return build_figure(VOLUME, known[0])
    total, step = sum(float(claim.value) for claim in known), find_coarsest_step(known)
    ends = [(claim.low, claim.high) for claim in known if claim.low is not None and claim.high is not None]
    is_whole = len(ends) == len(known)
    low, high = (sum(end) for end in zip(*ends, strict=True)) if is_whole else (None, None)
    kinds = {claim.kind for claim in known}
    kind: Any = kinds.pop() if len(kinds) == 1 and "computed" not in kinds else "estimated"
    value, interval = (total, "declared_range") if is_whole else (round_total(total, step), "none")
    return Figure(value, VOLUME.unit, low, high, interval, kind, about=step is not None)  # type: ignore[arg-type]
