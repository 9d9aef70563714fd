"""The report as PDF: the same slides, tagged for readers who cannot see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from boget.portal.reports.progress.context import ProgressContext
from boget.portal.reports.progress.deck import MAP_SHARE, MARGIN_X, Deck, Element, Lines, Slide, build_deck
from boget.portal.reports.progress.map_drawing import draw_map
from boget.portal.reports.progress.parts import Bars, Table
from boget.portal.reports.progress.typesetting import make_pdf


def write_pdf(context: ProgressContext, choices: Mapping[str, Any] | None = None) -> bytes:
    deck = build_deck(context, choices)
    content = {
        "title": deck.title,
        "author": context.reporter.body or "Boget",
        "language": deck.language,
        "footer": deck.footer,
        "width": deck.page.width,
        "height": deck.page.height,
        "map": draw_map(context.register.points),
        "slides": [_describe_slide(slide, deck) for slide in deck.slides],
    }
    made_on = dt.datetime.strptime(context.made_on, "%d.%m.%Y").replace(tzinfo=dt.UTC)
    return make_pdf("progress.typ", content, made_at=made_on)


def _describe_slide(slide: Slide, deck: Deck) -> dict[str, Any]:
    """beside: what stands at the right of the map."""
    beside = [element for element in slide.elements if element.box.x > MARGIN_X]
    left = [element for element in slide.elements if element.box.x <= MARGIN_X]
    return {
        "title": slide.title,
        "size": slide.title_pt,
        "opening": slide.is_opening,
        "elements": [_describe(element, deck) for element in left],
        "beside": [_describe(element, deck) for element in beside],
        "beside-width": deck.page.inner * MAP_SHARE,
    }


def _describe(element: Element, deck: Deck) -> dict[str, Any]:
    block, is_wide = element.block, element.box.width >= deck.page.inner - 1
    if isinstance(block, Lines):
        lines = [{"text": line.text, "kind": line.kind, "size": line.size_pt} for line in block.lines]
        return {"block": "lines", "wide": is_wide, "lines": lines}
    if isinstance(block, Table):
        columns = [{"head": c.head, "share": c.share, "number": c.is_number} for c in block.columns]
        return {"block": "table", "wide": is_wide, "columns": columns, "rows": [list(row) for row in block.rows]}
    if isinstance(block, Bars):
        bars = [{"label": b.label, "value": b.value, "low": b.low, "high": b.high, "text": b.text} for b in block.bars]
        return {"block": "bars", "wide": is_wide, "name": block.name, "label": block.label, "bars": bars}
    return {"block": "map", "wide": False, "alt": block.alt, "width": element.box.width}
