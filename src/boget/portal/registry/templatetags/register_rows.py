"""The rows of the list of facilities.

They are written here and not in a template, because fifty rows of some ten pieces each were most of the time of the page.
Marks, chips and figures are drawn by the tags that every template uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from boget.portal.core.templatetags.boget import chip, class_chip, draw_bare_figure, interval_bar, localized, status_icon
from boget.portal.registry.choices import Disclosure, RecordKind
from boget.portal.registry.selectors.quintiles import Quintiles
from boget.portal.registry.selectors.rows import Row

register = template.Library()
NOTHING = mark_safe("")


@register.simple_tag
def register_rows(rows: Sequence[Row], columns: Sequence[str], *, quintiles: Quintiles, too_few: str) -> SafeString:
    """All rows of a page. columns: codes of selectors.listing.OPTIONAL_COLUMNS; too_few: why a rated row has no class."""
    pen = Pen(quintiles, too_few)
    cells = [CELLS[column] for column in columns]
    return mark_safe("\n".join(pen.draw_row(row, cells) for row in rows))  # noqa: S308 - every piece is escaped where it is made


class Pen:
    """Draws rows. What is the same in many rows of a page is made once: words, icons of statuses, chips of classes."""

    def __init__(self, quintiles: Quintiles, too_few: str) -> None:
        self.quintiles, self.too_few = quintiles, too_few
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def keep(self, draw: Callable[..., SafeString], *given: Any) -> SafeString:
        """What the function draws from these arguments, drawn once."""
        key = (draw, *given)
        if key not in self.kept:
            self.kept[key] = draw(*given)
        return self.kept[key]

    def draw_row(self, row: Row, cells: Sequence[Callable[[Pen, Row], str]]) -> str:
        facility = row.facility
        head = format_html(
            '<tr data-facility="{0}"><td class="id" data-label="{1}"><a href="{2}">{0}</a></td>'
            '<th scope="row" class="row-name">{3} <span class="sub">{4}{5}</span></th>',
            facility.public_id, self.words["id"], row.url, localized(facility, "name"),
            self.keep(status_icon, facility.status, row.status), self.draw_remarks(row),
        )  # fmt: skip
        return f"{head}{''.join([cell(self, row) for cell in cells])}</tr>"

    def draw_remarks(self, row: Row) -> SafeString:
        """What stands behind the status: basin, kind of record, disclosure, radioactivity."""
        facility, parts = row.facility, []
        if row.basin:
            parts.append(row.basin)
        if facility.record_kind == RecordKind.AGGREGATE:
            parts.append(self.words["several"])
        if facility.disclosure != Disclosure.PUBLISHED:
            parts.append(facility.get_disclosure_display())
        text = "".join(f" · {conditional_escape(part)}" for part in parts)
        mark = f" {self.keep(chip, 'warn', self.words['radioactive'])}" if facility.is_radioactive else ""
        return mark_safe(text + mark)  # noqa: S308 - escaped above

    @cached_property
    def words(self) -> dict[str, str]:
        """In the language of the page."""
        return {
            "id": _("Id"),
            "several": _("several ponds in one record"),
            "radioactive": _("radioactive"),
            "volume": _("million m³"),
            "planned": _("planned"),
            "class": _("class"),
            "stands_in": _("volume: design capacity stands in"),
            "by_capacity": _("by capacity"),
            "inputs": _("inputs %(known)s of %(of)s"),
            "height": _("Height, m"),
            "known": _("Known fields"),
            "updated": _("Updated"),
            "type": _("Type"),
            "operator": _("Operator"),
            "region": _("Region"),
        }


# --- cells ---------------------------------------------------------------------------------------------------------


def _label(pen: Pen, css: str, name: str, content: Any) -> SafeString:
    """A cell with the head of its column, which a phone shows beside the value."""
    return format_html('<td{} data-label="{}">{}</td>', css, pen.words[name], content)


NUMBER, ID = mark_safe(' class="number"'), mark_safe(' class="id"')


def _draw_volume(pen: Pen, row: Row) -> SafeString:
    shown = draw_bare_figure(row.volume, unit="million_m3")
    if row.is_planned and not row.volume:
        shown = format_html('{}<span class="sub">{}</span>', shown, pen.words["planned"])
    return _label(pen, NUMBER, "volume", shown)


def _draw_class(pen: Pen, row: Row) -> SafeString:
    title = pen.too_few if row.thi and not pen.quintiles.edges else ""
    return pen.keep(_draw_class_cell, pen, row.step, title)


def _draw_class_cell(pen: Pen, step: int | None, title: str) -> SafeString:
    return _label(pen, NOTHING, "class", class_chip(step, title=title))


def _draw_thi(pen: Pen, row: Row) -> SafeString:
    mark = pen.keep(_draw_stand_in, pen) if row.is_stood_in else ""
    return format_html('<td class="number" data-label="THI">{}{}</td>', draw_bare_figure(row.thi, decimals=1), mark)


def _draw_stand_in(pen: Pen) -> SafeString:
    return format_html('<span class="sub"><abbr title="{}">{}</abbr></span>', pen.words["stands_in"], pen.words["by_capacity"])


def _draw_inputs(pen: Pen, row: Row) -> SafeString:
    facility, scale = row.facility, pen.quintiles
    ends = (facility.thi_low, facility.thi_high, facility.thi_value)
    bar = interval_bar(*ends, lo=scale.low, hi=scale.high) if row.thi else ""
    counted = pen.keep(_draw_counted, pen, facility.thi_known, facility.thi_of) if facility.thi_of else ""
    return format_html('<td class="wide-only">{}{}</td>', bar, counted)


def _draw_counted(pen: Pen, known: int, of: int) -> SafeString:
    return format_html('<span class="sub">{}</span>', pen.words["inputs"] % {"known": known, "of": of})


def _draw_updated(pen: Pen, row: Row) -> SafeString:
    day = date_format(localtime(row.facility.updated_at), "SHORT_DATE_FORMAT")
    return _label(pen, ID, "updated", day)


CELLS: dict[str, Callable[[Pen, Row], str]] = {
    "volume": _draw_volume,
    "class": _draw_class,
    "thi": _draw_thi,
    "inputs": _draw_inputs,
    "height": lambda pen, row: _label(pen, NUMBER, "height", draw_bare_figure(row.height, unit="m")),
    "type": lambda pen, row: _label(pen, NOTHING, "type", row.type),
    "operator": lambda pen, row: _label(pen, NOTHING, "operator", row.facility.operator or "?"),
    "region": lambda pen, row: _label(pen, NOTHING, "region", row.region or "?"),
    "known": lambda pen, row: _label(pen, NUMBER, "known", row.facility.known_count),
    "updated": _draw_updated,
}
