"""Text of minutes: the few HTML tags they may hold, and the same text as blocks that Word and PDF are made of.

Whatever comes in (typed in the browser, pasted from Word) is cut down by nh3 to known tags, read into blocks and written
again from them, so that what is stored has one spelling and every stored tag has its place in the papers.

A block is a dict that JSON can hold: a paragraph ``{"kind": "paragraph", "runs": [run]}``, a list ``{"kind": "list",
"ordered": bool, "items": [[block]]}`` or a table ``{"kind": "table", "rows": [[cell]]}``; a run is ``{"text", "bold",
"italic"}``, a cell ``{"head", "colspan", "rowspan", "blocks"}``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3

Block = dict[str, Any]

LONGEST = 400_000
"""Characters of one part of the minutes as it comes in; what Word adds of its own is counted."""
DEEPEST = 5
"""Lists and tables inside one another; what lies deeper stays as paragraphs."""
WIDEST = 40
"""Columns or rows that one cell may span."""

BOLD, ITALIC = {"b", "strong"}, {"i", "em"}
PARTING = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dt", "dd", "caption", "hr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol"}
TABLE = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
KEPT = BOLD | ITALIC | PARTING | LISTS | TABLE | {"li", "br"}
UNCLOSED = {"p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "col", "input", "meta", "link", "wbr"}
"""Tags that end by themselves where the next one begins, or hold nothing: many of them lie beside, not inside one another."""
FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
"""Tags that a parser opens again in each further paragraph."""
DEEPEST_FORMATTING, DEEPEST_TAGS = 20, 400
WIDEST_TABLE = 60
"""Columns of a table; what stands in further ones goes into the last cell."""
DROPPED = {"script", "style", "title", "xml", "object", "template"}
_comment = re.compile(r"<!--.*?(?:--!?>|\Z)", re.DOTALL)
_tag = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*>?")
_gaps = re.compile(r"[ \t\r\n\f]+")
_unstorable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def clean_html(html: str) -> str:
    """The text with the tags that minutes may hold, in the one spelling that is stored; empty for nothing but gaps.

    >>> clean_html('<p class="MsoNormal" style="x">Один <b>два</b><o:p></o:p></p><script>x</script>')
    '<p>Один <strong>два</strong></p>'
    """
    return write_html(read_blocks(html))


def read_blocks(html: str) -> list[Block]:
    """Blocks of an HTML text, clean or not."""
    plain = _unstorable.sub("", html[:LONGEST])
    kept = nh3.clean(
        _flatten(plain),
        tags=KEPT,
        clean_content_tags=DROPPED,
        attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(kept)
    reader.close()
    return reader.finish()


def _flatten(html: str) -> str:
    """The text without comments and without tags opened inside too many others: a parser takes the square of the depth."""
    opened: list[str] = []
    left_out: Counter[str] = Counter()
    inside = 0  # of them formatting

    def keep(match: re.Match[str]) -> str:
        nonlocal inside
        name = match[2].lower()
        if name in UNCLOSED:
            return match[0]
        is_formatting = name in FORMATTING
        if not match[1]:
            if len(opened) >= DEEPEST_TAGS or (is_formatting and inside >= DEEPEST_FORMATTING):
                left_out[name] += 1
                return ""
            opened.append(name)
            inside += is_formatting
        elif left_out[name]:
            left_out[name] -= 1
            return ""
        elif name in opened:
            opened.reverse()
            opened.remove(name)
            opened.reverse()
            inside -= is_formatting
        return match[0]

    return _tag.sub(keep, _comment.sub("", html))


def write_html(blocks: list[Block]) -> str:
    return "".join(_write_block(block) for block in blocks)


def write_plain_html(text: str) -> str:
    """Plain text as paragraphs, one for each line.

    >>> write_plain_html("a < b\\n\\nc")
    '<p>a &lt; b</p><p>c</p>'
    """
    lines = [_unstorable.sub("", line).strip() for line in text[:LONGEST].splitlines()]
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def read_text(html: str) -> str:
    """The words alone, one line for each paragraph: for lists, search and letters.

    >>> read_text("<p>Один <strong>два</strong></p><ul><li>три</li></ul>")
    'Один два\\nтри'
    """
    return "\n".join(line for block in read_blocks(html) for line in _list_lines(block))


def _list_lines(block: Block) -> list[str]:
    if block["kind"] == "paragraph":
        return ["".join(run["text"] for run in block["runs"])]
    if block["kind"] == "list":
        return [line for item in block["items"] for inner in item for line in _list_lines(inner)]
    rows = [[" ".join(line for b in cell["blocks"] for line in _list_lines(b)) for cell in row] for row in block["rows"]]
    return [" | ".join(row) for row in rows]


# --- writing -----------------------------------------------------------------------------------------------------------


def _write_block(block: Block) -> str:
    if block["kind"] == "paragraph":
        return f"<p>{''.join(_write_run(run) for run in block['runs'])}</p>"
    if block["kind"] == "list":
        tag = "ol" if block["ordered"] else "ul"
        return f"<{tag}>{''.join(f'<li>{_write_inside(item)}</li>' for item in block['items'])}</{tag}>"
    rows = "".join(f"<tr>{''.join(_write_cell(cell) for cell in row)}</tr>" for row in block["rows"])
    return f"<table><tbody>{rows}</tbody></table>"


def _write_cell(cell: dict[str, Any]) -> str:
    tag = "th" if cell["head"] else "td"
    spans = "".join(f' {name}="{cell[name]}"' for name in ("colspan", "rowspan") if cell[name] > 1)
    return f"<{tag}{spans}>{_write_inside(cell['blocks'])}</{tag}>"


def _write_inside(blocks: list[Block]) -> str:
    """Content of a cell or of an item: a single paragraph without its tag."""
    if len(blocks) == 1 and blocks[0]["kind"] == "paragraph":
        return "".join(_write_run(run) for run in blocks[0]["runs"])
    return write_html(blocks)


def _write_run(run: dict[str, Any]) -> str:
    text = escape(run["text"], quote=False).replace("\n", "<br>")
    text = f"<em>{text}</em>" if run["italic"] else text
    return f"<strong>{text}</strong>" if run["bold"] else text


# --- reading -----------------------------------------------------------------------------------------------------------


@dataclass
class _Place:
    """Where blocks go: the text itself, an item of a list, a cell of a table; or a list, a table, a row (no blocks)."""

    kind: str
    blocks: list[Block] = field(default_factory=list)
    block: Any = None


class _Reader(HTMLParser):
    """Reads the tidy HTML of nh3 into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.places = [_Place("text")]
        self.runs: list[dict[str, Any]] = []
        self.bold = self.italic = self.heading = 0

    def finish(self) -> list[Block]:
        self._end_paragraph()
        return self.places[0].blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BOLD:
            self.bold += 1
        elif tag in ITALIC:
            self.italic += 1
        elif tag == "br":
            self._add_run("\n")
        elif tag in PARTING:
            self._end_paragraph()
            self.heading += tag in HEADINGS
        elif tag in LISTS or tag in TABLE or tag == "li":
            self._end_paragraph()
            self._open(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in BOLD:
            self.bold = max(self.bold - 1, 0)
        elif tag in ITALIC:
            self.italic = max(self.italic - 1, 0)
        elif tag in PARTING:
            self._end_paragraph()
            self.heading = max(self.heading - (tag in HEADINGS), 0)
        elif tag in LISTS or tag in {"table", "tr", "td", "th", "li"}:
            self._end_paragraph()
            self._close("cell" if tag in {"td", "th"} else "list" if tag in LISTS else tag)

    def handle_data(self, data: str) -> None:
        text = _gaps.sub(" ", data)
        if text != " " or self.runs:
            self._add_run(text)

    def _open(self, tag: str, attributes: dict[str, str | None]) -> None:
        top = self.places[-1]
        if tag in LISTS or tag == "table":
            self._open_nested("list" if tag in LISTS else "table", ordered=tag == "ol")
        elif tag == "tr" and top.kind == "table":
            top.block["rows"].append(row := [])
            self.places.append(_Place("tr", block=row))
        elif tag in {"td", "th"} and top.kind == "tr":
            spans = {name: _read_span(attributes.get(name)) for name in ("colspan", "rowspan")}
            top.block.append(cell := {"head": tag == "th", **spans, "blocks": []})
            self.places.append(_Place("cell", blocks=cell["blocks"]))
        elif tag == "li" and top.kind == "list":
            top.block["items"].append(item := [])
            self.places.append(_Place("li", blocks=item))

    def _open_nested(self, kind: str, *, ordered: bool) -> None:
        holder = self._find_holder()
        if sum(place.kind in {"list", "table"} for place in self.places) >= DEEPEST:
            return
        block: Block = {"kind": kind, "ordered": ordered, "items": []} if kind == "list" else {"kind": kind, "rows": []}
        holder.blocks.append(block)
        self.places.append(_Place(kind, block=block))

    def _close(self, kind: str) -> None:
        """Leave the nearest open place of the kind, unless a cell or an item that holds it was left before."""
        for depth in range(len(self.places) - 1, 0, -1):
            if self.places[depth].kind == kind:
                closed = self.places[depth]
                del self.places[depth:]
                self._drop_if_empty(closed)
                return
            if kind in {"li", "cell", "tr"} and self.places[depth].kind in {"list", "table"}:
                return

    def _drop_if_empty(self, place: _Place) -> None:
        if place.kind == "list":
            place.block["items"] = [item for item in place.block["items"] if item]
        elif place.kind == "table":
            place.block["rows"] = _narrow([row for row in place.block["rows"] if row])
        else:
            return
        if not (place.block.get("items") or place.block.get("rows")):
            self._find_holder().blocks.remove(place.block)

    def _find_holder(self) -> _Place:
        return next(place for place in reversed(self.places) if place.kind in {"text", "li", "cell"})

    def _add_run(self, text: str) -> None:
        run = {"text": text, "bold": bool(self.bold or self.heading), "italic": bool(self.italic)}
        if self.runs and all(self.runs[-1][name] == run[name] for name in ("bold", "italic")):
            self.runs[-1]["text"] += text
        else:
            self.runs.append(run)

    def _end_paragraph(self) -> None:
        runs, self.runs = _trim(self.runs), []
        if runs:
            self._find_holder().blocks.append({"kind": "paragraph", "runs": runs})


def _narrow(rows: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The rows of a table of bounded width whose cells claim no place of another cell and none outside of the table."""
    held: list[int] = []  # for how many rows, this one included, each column is taken
    for y, row in enumerate(rows):
        x, kept = 0, []
        for cell in row:
            while x < len(held) and held[x]:
                x += 1
            if x >= WIDEST_TABLE and kept:
                kept[-1]["blocks"] += cell["blocks"]
                continue
            held += [0] * (x + cell["colspan"] - len(held))
            span = next((n for n in range(1, cell["colspan"]) if held[x + n] or x + n >= WIDEST_TABLE), cell["colspan"])
            cell["colspan"], cell["rowspan"] = span, min(cell["rowspan"], len(rows) - y)
            held[x : x + span] = [cell["rowspan"]] * span
            kept.append(cell)
        row[:] = kept
        held = [max(count - 1, 0) for count in held[: WIDEST_TABLE + 1]]
    return rows


def _trim(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs without the gaps around breaks and at both ends; nothing where there is no word."""
    if not "".join(run["text"] for run in runs).strip():
        return []
    cut = [{**run, "text": re.sub(r" *\n *", "\n", re.sub(r"  +", " ", run["text"]))} for run in runs]
    while cut and not cut[0]["text"].strip():
        cut.pop(0)
    while cut and not cut[-1]["text"].strip():
        cut.pop()
    cut[0]["text"], cut[-1]["text"] = (
        cut[0]["text"].lstrip(),
        cut[-1]["text"].rstrip() if len(cut) > 1 else cut[-1]["text"].strip(),
    )
    return cut


def _read_span(text: str | None) -> int:
    return min(max(int(text), 1), WIDEST) if text and text.isdecimal() and len(text) < 4 else 1
