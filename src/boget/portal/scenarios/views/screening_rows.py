"""Rows of the screening in words and small drawings: travel time, probability, rank with its terms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from boget.portal.core.formatting import format_number
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.places import COUNTRIES
from boget.portal.scenarios.models import Grade, ScreeningRow
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.screening import Group, Line, name_basin, section_of

TWO_DAYS = 2 * saying.DAY
BAR, BAR_HEIGHT = 72, 12
GLYPHS = {Grade.YES: "■", Grade.POSSIBLE: "◧", Grade.NO: "□", Grade.UNKNOWN: "?"}
GRADE_WORDS = {
    Grade.YES: pgettext_lazy("reaches the border in two days", "yes"),
    Grade.POSSIBLE: pgettext_lazy("reaches the border in two days", "possible"),
    Grade.NO: pgettext_lazy("reaches the border in two days", "no"),
    Grade.UNKNOWN: pgettext_lazy("reaches the border in two days", "unknown"),
}
KINDS = {
    "exit": gettext_lazy("crosses the border"),
    "entry": gettext_lazy("enters"),
    "reentry": gettext_lazy("comes back"),
    "along": gettext_lazy("runs along the border"),
    "touch": gettext_lazy("touches the border"),
}
CAUTIONS = {  # what is said of a point is the question mark beside its times
    "long_approach": gettext_lazy("more than 10 km before the first known river"),
    "no_river": gettext_lazy("the water ends before a known river"),
    "other_river": gettext_lazy("the inventory names another river"),
    "border_in_reservoir": gettext_lazy("the border lies inside a reservoir"),
    "dry_possible": gettext_lazy("the bed is dry in some years"),
    "low_confidence_flow": gettext_lazy("the discharge is little known"),
}
REFUSALS = {
    "place_unknown": gettext_lazy("the register has no coordinates"),
    "no_watercourse": gettext_lazy("no known watercourse near the point"),
}
TERMS = {
    "peak": gettext_lazy("part of released tailings in the water at the border"),
    "hazard": gettext_lazy("factor of the water hazard class"),
    "people": gettext_lazy("people within 100 km past the border"),
    "warning": gettext_lazy("factor of the warning time"),
}
SECTIONS = {
    "neighbour": "",
    "sea": gettext_lazy("Caspian littoral"),
    "closed": gettext_lazy("Closed basin"),
    "unknown": gettext_lazy("Way of the water unknown"),
    "foreign": "",
}


def build_group(group: Group, basis: str) -> dict[str, Any]:
    """What the template needs of a group: title, risk index in words, rows, curve of the times."""
    risk = group.risk
    times = [time for line in group.lines if group.section in ("neighbour", "foreign") and (time := line.read(basis)[1])]
    return {
        "code": group.code,
        "section": group.section,
        "title": title_group(group),
        "count": len(group.lines),
        "risk": None if risk.value is None else format_number(risk.value, decimals=1),
        "risk_counted": risk.counted,
        "risk_missing": risk.missing,
        "rows": [build_row(line, basis) for line in group.lines],
        "curve": draw_curve(times) if len(times) > 1 else "",
        "has_times": group.section in ("neighbour", "foreign"),
    }


def title_group(group: Group) -> str:
    basin = name_basin(group.basin)
    if group.section == "neighbour":
        lead = str(COUNTRIES.get(group.country, group.country))
    elif group.section == "foreign":
        lead = _("Above us: %(country)s") % {"country": COUNTRIES.get(group.country, group.country)}
    else:
        lead = str(SECTIONS[group.section])
    return " · ".join(filter(None, [lead, basin]))


def build_row(line: Line, basis: str) -> dict[str, Any]:
    row, grade = line.row, line.grade(basis)
    share = line.share(basis)
    return {
        "line": line,
        "facility": line.facility,
        "status": DICTIONARY["facility", "status"].label_of(line.facility.status),
        "kind": KINDS.get(row.kind, ""),
        "way": say_crossing(row),
        "river": choose_name(row.details.get("rivers", {})),
        "end": choose_name(row.details.get("end_names", {})),
        "km": None if row.distance_m is None else row.distance_m / 1000,
        "reservoirs": [choose_name(names) for names in row.details.get("reservoirs", [])],
        "time": line.say_time(basis),
        "arrival": saying.class_of_arrival(line.read(basis)[1]) if row.border else None,
        "share": share,
        "bar": "" if share is None else draw_share(share),
        "grade": grade,
        "glyph": GLYPHS[Grade(grade)],
        "grade_word": GRADE_WORDS[Grade(grade)],
        "others": [say_other(other, basis) for other in line.others],
        "rank": describe_rank(line),
        "risk": line.row.water_risk_index,
        "cautions": list_cautions(row),
        "refusal": REFUSALS.get(row.details.get("refusal", ""), ""),
        "is_imprecise": line.is_imprecise,
        "section": section_of(line),
    }


def say_crossing(row: ScreeningRow) -> str:
    """ "KZ → RU"; of a meeting along a border only the country it runs in."""
    before = row.details.get("before", "")
    return f"{before} → {row.country}" if before != row.country else row.country


def say_other(row: ScreeningRow, basis: str) -> str:
    """ "comes back, RU → KZ, 265 km, 3,1 d"."""
    middle = row.t50_s if basis == "mean" else row.high50_s
    parts = [str(KINDS.get(row.kind, "")), say_crossing(row)]
    if row.distance_m is not None:
        parts.append(_("%(km)s km") % {"km": format_number(row.distance_m / 1000, decimals=0)})
    if middle is not None:
        parts.append(saying.say_seconds(middle))
    return ", ".join(filter(None, parts))


def list_cautions(row: ScreeningRow) -> list[str]:
    return [str(CAUTIONS[code]) for code in row.cautions.split() if code in CAUTIONS]


def describe_rank(line: Line) -> dict[str, Any] | None:
    """Place with its bounds, and every term of the product; None for a line without a volume."""
    if line.value is None or line.place is None:
        return None
    place = line.place
    return {
        "place": place.place,
        "range": f"{place.first}–{place.last}" if place.first != place.last else "",
        "terms": [describe_term(term) for term in line.value.terms],
        "value": write_digits(line.value.value),
        "bounds": f"{write_digits(line.value.low)}–{write_digits(line.value.high)}",
    }


def describe_term(term: Any) -> dict[str, Any]:
    bounds = "" if term.low == term.high else f"({write_digits(term.low)}–{write_digits(term.high)})"
    return {"word": TERMS[term.code], "value": write_digits(term.value), "bounds": bounds, "is_known": term.is_known}


def write_digits(value: float, digits: int = 2) -> str:
    """Two significant digits in plain writing: 0.00123 is 0.0012, 123456 is 120 000."""
    if value == 0:
        return "0"
    return format_number(value, decimals=digits - 1 - math.floor(math.log10(abs(value))))


# --- drawings: geometry in attributes, colours in classes ----------------------------------------------------------


def draw_share(share: float) -> SafeString:
    """A bar of a probability; the number stands beside it."""
    length = round(share * (BAR - 2), 1)
    return format_html(
        '<svg class="share-bar" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">'
        '<rect class="share-ground" x="0.5" y="0.5" width="{2}" height="{3}"/><rect class="share-part" x="1" y="1" width="{4}"'
        ' height="{5}"/></svg>',
        BAR, BAR_HEIGHT, BAR - 1, BAR_HEIGHT - 1, length, BAR_HEIGHT - 2,
    )  # fmt: skip


CURVE_WIDTH, CURVE_HEIGHT, LEFT, BOTTOM, TOP = 360, 120, 30, 24, 8
TICKS_S = ((saying.HOUR, "1"), (6 * saying.HOUR, "6"), (saying.DAY, "24"), (TWO_DAYS, "48"), (7 * saying.DAY, "168"),
           (30 * saying.DAY, "720"))  # fmt: skip
FIRST_S, LAST_S = saying.HOUR, 100 * saying.DAY


def draw_curve(times_s: Sequence[float]) -> SafeString:
    """How many facilities of a group are at the border by a time: steps over hours, logarithmic, with the two days marked."""
    ordered = sorted(times_s)
    points, level = [f"M{LEFT} {_height(0)}"], 0.0
    for count, time in enumerate(ordered, start=1):
        x = _place(time)
        points.append(f"L{x} {_height(level)}")
        level = count / len(ordered)
        points.append(f"L{x} {_height(level)}")
    points.append(f"L{CURVE_WIDTH - 6} {_height(level)}")
    ticks = format_html_join(
        "", '<path class="axis" d="M{0} {1}v4"/><text x="{0}" y="{2}" text-anchor="middle">{3}</text>',
        ((_place(s), _height(0), _height(0) + 16, word) for s, word in TICKS_S),
    )  # fmt: skip
    sides = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT - 4, _height(s) + 4, w) for s, w in ((0, 0), (1, len(ordered)))),
    )
    label = _("Facilities at the border by the time: %(by)s of %(all)s within 48 h") % {
        "by": sum(time < TWO_DAYS for time in ordered),
        "all": len(ordered),
    }
    return format_html(
        '<svg class="time-curve" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">{3}{4}'
        '<path class="axis" d="M{5} {6}H{7}"/><path class="limit" d="M{8} {9}V{6}"/><path class="curve" d="{10}"/></svg>',
        CURVE_WIDTH, CURVE_HEIGHT, label, ticks, sides, LEFT, _height(0), CURVE_WIDTH - 6, _place(TWO_DAYS), TOP,
        "".join(points),
    )  # fmt: skip


def _place(seconds: float) -> float:
    share = math.log(min(max(seconds, FIRST_S), LAST_S) / FIRST_S) / math.log(LAST_S / FIRST_S)
    return round(LEFT + share * (CURVE_WIDTH - 6 - LEFT), 1)


def _height(share: float) -> float:
    return round(CURVE_HEIGHT - BOTTOM - share * (CURVE_HEIGHT - BOTTOM - TOP), 1)


def list_marks(rows: Sequence[Mapping[str, Any]], points: Mapping[int, tuple[float, float]]) -> list[dict[str, Any]]:
    """Facilities for the map: place in pixels, class of arrival, name."""
    marks = []
    for row in rows:
        point = points.get(row["facility"].pk)
        if point is not None:
            marks.append({"x": point[0], "y": point[1], "class": row["arrival"], "row": row})
    return sorted(marks, key=lambda mark: -(mark["class"] or 9))
