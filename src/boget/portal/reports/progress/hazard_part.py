"""The ranking by hazard: the ten facilities with the highest index, with what is unknown as an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from boget.portal.assessments.services.tables import load_tables, weigh
from boget.portal.core.formatting import FigureText, format_number
from boget.portal.registry.choices import RecordKind, Status
from boget.portal.registry.models import Score
from boget.portal.registry.places import name_place
from boget.portal.registry.selectors.points import choose_name
from boget.portal.registry.selectors.rows import build_thi
from boget.portal.reports.progress.context import HazardPart, HazardRow
from boget.portal.reports.progress.period import Frame, count, say_day
from boget.science.hazard import rank_places

SHOWN = 10
INDEX = "thi"
MARK = "ᴾ"
"""Printed at every number whose table is not checked against its source, with a line that says so."""
COLUMNS = (
    "value", "low", "high", "known", "of", "cautions", "facility__public_id", "facility__name_ru", "facility__name_kk",
    "facility__name_en", "facility__region", "facility__is_radioactive",
)  # fmt: skip


def build_hazard(frame: Frame) -> HazardPart:
    """Ranking of single facilities that are not only planned, by the index with unknown inputs at their worst."""
    facilities = frame.audience.facilities().filter(record_kind=RecordKind.SINGLE).exclude(status=Status.PLANNED)
    scores = Score.objects.filter(index=INDEX, level=frame.audience.score_level, facility__in=facilities)
    rated = list(scores.filter(value__isnull=False).order_by("-value", "facility__public_id").values(*COLUMNS))
    source = _say_source(frame)
    link = reverse("assessments:rankings") + (f"?country={frame.audience.country}" if frame.audience.country else "?")
    rows = tuple(_build_rows(rated, frame))
    return HazardPart(
        heading=_("Hazard index THI: the first %(count)s") % {"count": len(rows)} + (MARK if is_provisional() else ""),
        rows=rows,
        rated=count(len(rated), source, link=link),
        unrated=count(facilities.count() - len(rated), source, link=f"{link}&part=insufficient"),
        notes=_list_notes(frame, rated),
        source=source,
    )


def is_provisional() -> bool:
    """Whether the score table in force is not checked against its source."""
    return weigh(load_tables().version_of(INDEX)) != "verified"


def _build_rows(rated: list[dict[str, Any]], frame: Frame) -> list[HazardRow]:
    if not rated:
        return []
    value, low, high = (np.array([row[name] for row in rated], dtype=np.float64) for name in ("value", "low", "high"))
    places = rank_places(low, high, value)
    return [_build_row(row, _say_place(places[number]), frame) for number, row in enumerate(rated[:SHOWN])]


def _say_place(place: Any) -> str:
    """The least and the greatest place that the facility can take."""
    first, last = int(place["best"]), int(place["worst"])
    return f"{first}–{last}" if first != last else str(first)


def _build_row(row: dict[str, Any], place: str, frame: Frame) -> HazardRow:
    text = FigureText(build_thi(row["value"], row["low"], row["high"]), language=frame.language, decimals=1)
    names = {f"name_{code}": row[f"facility__name_{code}"] for code in ("ru", "kk", "en")}
    holder = type("Named", (), {**names, "public_id": row["facility__public_id"]})
    region = row["facility__region"]
    return HazardRow(
        place=place,
        public_id=row["facility__public_id"],
        name=choose_name(holder, frame.language),
        region=name_place("region", region, language=frame.language) if region else "",
        value=row["value"],
        low=row["low"],
        high=row["high"],
        text=f"{text.value} {text.interval}".strip(),
        inputs=_("%(known)s of %(all)s") % {"known": row["known"], "all": row["of"]},
    )


def _say_source(frame: Frame) -> str:
    return _("THI by table %(version)s, inputs from the register as of %(day)s") % {
        "version": load_tables().version_of(INDEX),
        "day": say_day(frame.day, frame.language),
    }


def _list_notes(frame: Frame, rated: list[dict[str, Any]]) -> tuple[str, ...]:
    notes = [_("In brackets: the range over unknown inputs; the place is given with the range that follows from it.")]
    if is_provisional():
        notes.append(
            _("%(mark)s provisional: table %(version)s is not checked against its source")
            % {"mark": MARK, "version": load_tables().version_of(INDEX)}
        )
    if any(row["facility__is_radioactive"] for row in rated[:SHOWN]):
        notes.append(_("The index does not express radiological hazard."))
    if any("volume_from_design_capacity" in row["cautions"] for row in rated[:SHOWN]):
        notes.append(_("Where the volume is unknown the design capacity stands in; less may be stored."))
    if frame.as_of < frame.day:
        today = say_day(frame.day, frame.language)
        notes.append(_("The ranking is that of %(day)s: earlier ones are not kept.") % {"day": today})
    return tuple(notes)


def say_rated(part: HazardPart) -> str:
    """How many facilities have an index, and how many lack the inputs for one."""
    return _("With an index: %(rated)s; too little data: %(unrated)s") % {
        "rated": format_number(part.rated.value or 0),
        "unrated": format_number(part.unrated.value or 0),
    }
