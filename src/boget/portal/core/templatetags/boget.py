"""Template tags of the interface: figures, interval bars, chips, marks, classes, dates and links that keep the query."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from boget.portal.core import formatting, unit_names
from boget.portal.core.templatetags import interval_bars, map_words
from boget.science.errors import InvalidInput

register = template.Library()

INTERVAL_SENTENCES = {
    "error": gettext_lazy("from %(low)s to %(high)s, error of the measurement"),
    "p90": gettext_lazy("from %(low)s to %(high)s, 5–95 %% of runs"),
    "unknown_inputs": gettext_lazy("from %(low)s to %(high)s, range over unknown inputs"),
    "declared_range": gettext_lazy("from %(low)s to %(high)s, range as declared"),
}
KINDS = {
    "measured": gettext_lazy("measured"),
    "declared": gettext_lazy("declared"),
    "estimated": gettext_lazy("estimated"),
    "computed": gettext_lazy("computed"),
}
LONGEST_SOURCE = 36
"""Characters of a source beside its value; the popover has the whole text."""
GLYPHS = {"ok": "✓", "info": "→", "warn": "?", "bad": "!", "neutral": ""}
MARKS = {
    "placeholder": gettext_lazy("Placeholder text, not official"),
    "provisional": gettext_lazy("provisional"),
    "demo": gettext_lazy("demonstration data"),
    "exercise": gettext_lazy("EXERCISE"),
    "screening": gettext_lazy("screening, not a forecast"),
    "stale": gettext_lazy("? inputs changed"),
}
STATUS_SYMBOLS = {
    "active": "active",
    "reprocessing": "active",
    "under_construction": "planned",
    "planned": "planned",
    "inactive": "inactive",
    "temporarily_closed": "inactive",
    "closed": "closed",
    "rehabilitated": "closed",
    "abandoned": "abandoned",
    "neglected": "abandoned",
    "orphaned": "abandoned",
}
STATUS_WORDS = {
    "active": pgettext_lazy("facility status", "active"),
    "inactive": pgettext_lazy("facility status", "inactive"),
    "closed": pgettext_lazy("facility status", "closed"),
    "abandoned": pgettext_lazy("facility status", "abandoned or orphaned"),
    "planned": pgettext_lazy("facility status", "planned"),
    "unknown": pgettext_lazy("facility status", "unknown"),
}
FALLBACKS = {"ru": ("ru", "kk", "en"), "kk": ("kk", "ru", "en"), "en": ("en", "ru", "kk")}


# --- figures -------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def figure(context: template.Context, fig: Any, **options: Any) -> SafeString:
    """Value, unit, interval and source of a Figure (or None, which is unknown).

    Options: ``href`` address of the claims of the value, opened in a popover; ``label`` name of the value; ``unit`` key of
    the unit to write it in; ``source`` text of the source link instead of the figure's own; ``ask`` address to ask the
    operator when unknown; ``bare`` only value and interval (the table's head has the unit); ``decimals`` places of value
    and interval alike; ``mark`` False hides the mark.

    Raises InvalidInput for a computed figure without an interval.
    """
    if options.get("bare") and not options.get("href"):
        return draw_bare_figure(fig, unit=options.get("unit", ""), decimals=options.get("decimals"))
    component = context.template.engine.get_template("components/figure.html")  # type: ignore[union-attr]
    return component.render(context.new(_describe_figure(context, fig, {"mark": True, **options})))


def draw_bare_figure(fig: Any, *, unit: str = "", decimals: int | None = None) -> SafeString:
    """Value and interval for a column whose head has the unit. InvalidInput as for ``figure``."""
    if fig is None or fig.value is None:
        return format_html(
            '<span class="figure figure-unknown"><span class="figure-value">?</span>'
            ' <span class="figure-none">{}</span></span>',
            gettext("no data"),
        )
    _require_interval(fig)
    text = formatting.FigureText(fig, wanted=unit, decimals=decimals)
    sentence, interval = say_interval(text), ""
    if sentence:
        interval = format_html(
            ' <span class="figure-interval" role="img" aria-label="{0}" title="{0}">{1}</span>', sentence, text.interval
        )
    value = format_html('<data class="figure-value" value="{}">{}</data>', repr(float(fig.value)), text.value)
    return format_html('<span class="figure">{}{}</span>', value, interval)


def _require_interval(fig: Any, where: str = "") -> None:
    if fig.kind == "computed" and fig.interval == "none":
        raise InvalidInput("interval_missing", where=where, value=fig.value, allowed="an interval")


def _describe_figure(context: template.Context, fig: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    if fig is None or fig.value is None:
        return {"unknown": True, **_describe_source(context, fig, options)}
    _require_interval(fig, str(options.get("label", "")))
    text = formatting.FigureText(fig, wanted=options.get("unit", ""), decimals=options.get("decimals"))
    return {
        "unknown": False,
        "value": text.value,
        "raw": repr(float(fig.value)),
        "unit": "" if options.get("bare") else text.unit,
        "gap": text.gap,
        "unit_name": unit_names.UNIT_NAMES[text.shown.key] if text.unit else "",
        "interval": text.interval,
        "interval_sentence": say_interval(text),
        "mark": _choose_mark(fig) if options["mark"] and not options.get("bare") else "",
        **_describe_source(context, fig, options),
    }


def say_interval(text: formatting.FigureText) -> str:
    """The interval as a sentence, for a screen reader and for the title."""
    if not text.has_interval:
        return ""
    low, high = text.ends
    if not (low and high):
        return formatting.join_ends(low, high)
    return str(INTERVAL_SENTENCES[text.figure.interval]) % {"low": low, "high": high}


def _choose_mark(fig: Any) -> str:
    # a declared value is as good as its source says; only our own formulas and tables are "provisional"
    if fig.status == "placeholder" or (fig.kind == "computed" and fig.status == "provisional"):
        return str(fig.status)
    return ""


def _describe_source(context: template.Context, fig: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    source = options.get("source") or _name_source(fig)
    return {
        "href": options.get("href", ""),
        "label": options.get("label", ""),
        "ask": options.get("ask", ""),
        "bare": bool(options.get("bare")),
        "source": source,
        "source_in_full": getattr(fig, "source", "") or source,
        "kind": KINDS.get(getattr(fig, "kind", ""), ""),
        "has_no_interval": fig is not None and fig.value is not None and fig.interval == "none" and not options.get("bare"),
        "cannot": getattr(fig, "cannot", ""),
        "formula": " ".join(filter(None, [getattr(fig, "formula", ""), getattr(fig, "version", "")])),
        "popover_id": _next_id(context, str(options.get("href", ""))),
    }


def _name_source(fig: Any) -> str:
    if fig is None:
        return ""
    day = formatting.format_partial_date(fig.date, short=True) if fig.date else ""
    return " ".join(filter(None, [Truncator(fig.source).chars(LONGEST_SOURCE), day])) or str(KINDS.get(fig.kind, ""))


def _next_id(context: template.Context, href: str) -> str:
    counter = context.render_context.get("boget_popovers", 0) + 1
    context.render_context["boget_popovers"] = counter
    return f"p{zlib.crc32(href.encode()):08x}-{counter}"


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """A number in the reader's way of writing; anything else, None too, as a question mark."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "?"
    return formatting.format_number(value, decimals=decimals)


@register.filter
def quantity(value: Any, unit: str) -> str:
    """A number with its unit: ``{{ length|quantity:"km" }}``; None is a question mark."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "?"
    return formatting.format_quantity(value, unit)


@register.filter
def duration(seconds: Any) -> str:
    return formatting.format_duration(seconds) if isinstance(seconds, int | float) else "?"


@register.simple_tag
def partial_date(iso: Any, short: bool = False) -> str:
    """A date known to the day, month, quarter or year, in words; ``short=True`` for tables."""
    return formatting.format_partial_date(str(iso or ""), short=short)


@register.simple_tag
def not_applicable() -> SafeString:
    return format_html('<span title="{0}" aria-label="{0}" role="img">—</span>', gettext("not applicable"))


@register.simple_tag
def interval_bar(low: float | None, high: float | None, value: float | None, **options: Any) -> SafeString:
    """Inline drawing of an interval on the scale ``lo``–``hi`` (same for all rows of a column).

    Options: ``lo``, ``hi`` ends of the scale; ``label`` sentence read aloud; ``threshold`` dashed tick; ``kind`` "open_low"
    or "open_high" where the interval has no bound.
    """
    return interval_bars.draw_interval(low, high, value, **options)


@register.simple_tag
def term_bar(terms: Any, scale: float, label: str = "") -> SafeString:
    """Stacked bar of an index: ``terms`` = list of (value, is_assumed), ``scale`` = value at the right end."""
    return interval_bars.draw_terms(terms, scale, label=label)


# --- chips, marks, classes -----------------------------------------------------------------------------------------


@register.simple_tag
def chip(kind: str, text: Any, href: str = "") -> SafeString:
    """A status chip: kind ok, info, warn, bad or neutral; the glyph is there because colour alone does not carry."""
    glyph = format_html('<span class="chip-glyph" aria-hidden="true">{}</span>', GLYPHS[kind]) if GLYPHS[kind] else ""
    body = format_html("{}<span>{}</span>", glyph, text)
    if href:
        return format_html('<a class="chip chip-{}" href="{}">{}</a>', kind, href, body)
    return format_html('<span class="chip chip-{}">{}</span>', kind, body)


@register.simple_tag
def mark(status: str, text: Any = "") -> SafeString:
    """The mark of a text or table status; verified has none."""
    if status not in MARKS:
        return mark_safe("")
    return format_html('<span class="mark mark-{}">{}</span>', status, text or MARKS[status])


@register.simple_tag
def class_chip(step: int | None, ramp: str = "hazard", title: Any = "") -> SafeString:
    """A class of a ramp with its number; None is the dashed unknown chip."""
    if step is None:
        name = title or gettext("too little data")
        return format_html('<span class="class-chip class-unknown" role="img" aria-label="{0}" title="{0}">?</span>', name)
    shown = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="class-chip {}-{}"{}>{}</span>', ramp, int(step), shown, int(step))


@register.simple_tag
def status_icon(status: str | None, text: Any = "") -> SafeString:
    """Symbol and word of a facility's status; ``text`` is the field's own word for it."""
    symbol = STATUS_SYMBOLS.get(status or "unknown", "unknown")
    return format_html('<span class="status">{}<span>{}</span></span>', symbol_icon(symbol), text or STATUS_WORDS[symbol])


@register.simple_tag
def symbol_icon(name: str, label: Any = "") -> SafeString:
    """One symbol of the sprite; without a label it is decoration beside a word."""
    href = f"{static('dist/symbols.svg')}#{name}"
    if label:
        return format_html('<svg class="status-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="status-icon" aria-hidden="true"><use href="{}"></use></svg>', href)


# --- text in three languages ---------------------------------------------------------------------------------------


@register.simple_tag
def localized(record: Any, name: str) -> SafeString:
    """A text of a record in the reader's language; in another one with its tag if that is all there is."""
    language = formatting.current_language()
    for code in FALLBACKS[language]:
        text = _read(record, f"{name}_{code}")
        if text:
            return _tag_language(text, code) if code != language else format_html("{}", text)
    return mark_safe("")


def _read(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else getattr(record, name, "")


def _tag_language(text: Any, code: str) -> SafeString:
    return format_html('<span lang="{0}">{1}</span> <span class="other-language">({0})</span>', code, text)


@register.filter
def sources(number: int) -> str:
    return formatting.count_sources(number)


# --- links that keep the query -------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query_string(context: template.Context, **changes: Any) -> str:
    """The current query with parameters set, or removed with None; ``drop="name=value"`` removes one of several."""
    query = context["request"].GET.copy()
    name, _, value = str(changes.pop("drop", "") or "").partition("=")
    if name:
        query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    for key, wanted in changes.items():
        query.pop(key, None)
        if wanted is not None:
            query.setlist(key, list(map(str, wanted)) if isinstance(wanted, list | tuple) else [str(wanted)])
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, key: str, label: Any, **options: Any) -> SafeString:
    """A column head that sorts. Options: ``number`` right-aligned, ``default`` the list's order, ``first`` "-" = high first."""
    current = context["request"].GET.get("sort") or options.get("default", "")
    is_down, is_up = current == f"-{key}", current == key
    state, arrow = ("descending", "↓") if is_down else ("ascending", "↑") if is_up else ("none", "")
    follows = key if is_down else f"-{key}" if is_up else f"{options.get('first', '')}{key}"
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a href="{}">{}<span class="arrow" aria-hidden="true"> {}</span></a></th>',
        "number" if options.get("number") else "",
        state,
        query_string(context, sort=follows, page=None, after=None),
        label,
        arrow,
    )


@register.simple_tag
def swatches(ramp: str, count: int) -> SafeString:
    """The steps of a ramp, lowest first, for a legend."""
    chips = ((class_chip(step, ramp),) for step in range(1, count + 1))
    return format_html_join(" ", "{}", chips)


# --- words and numbers for the scripts -----------------------------------------------------------------------------


@register.simple_tag
def map_labels(name: str) -> SafeString:
    """The words of the map and of the drawing tools, as the JSON that ``data-labels`` names."""
    return map_words.write_script(name, {**map_words.MAP_WORDS, **map_words.DRAW_WORDS, "status": STATUS_WORDS})


@register.simple_tag
def json_data(value: Any, name: str) -> SafeString:
    """A value as a JSON block of the page, for a chart or a small map."""
    return map_words.write_script(name, value)
