"""The sheet of a forecast as PDF/UA: one page for the duty desk, then the whole table with limits, inputs and versions."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import qrcode
import typst
from qrcode.image.svg import SvgPathFillImage

from boget.portal.scenarios.papers.run_words import Paper
from boget.portal.scenarios.papers.sheet_content import Texts, describe_sheet

TEMPLATE = "sheet.typ"


def write_sheet(paper: Paper, *, address: str, readings: dict[str, list[tuple[float, float]]]) -> bytes:
    """address: of the run, for whoever holds the paper. readings: by code of the target, s and kg/m3."""
    content = describe_sheet(paper, readings=readings, seal=draw_seal(address))
    made = set_sheet(content, made_at=paper.now.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


def set_sheet(content: Texts, *, form: Any = "pdf", made_at: Any = None) -> bytes | list[bytes]:
    """Typeset content; no text of ours or of people is read as markup."""
    source = resources.files(__package__).joinpath(TEMPLATE).read_bytes()
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    standards: Any = ["ua-1"] if form == "pdf" else []
    made: bytes | list[bytes] = typst.compile(
        source, sys_inputs=inputs, format=form, pdf_standards=standards, timestamp=made_at
    )
    return made


def draw_seal(address: str) -> str:
    """A QR code of an address as SVG."""
    drawn: str = qrcode.make(address, image_factory=SvgPathFillImage, box_size=10, border=1).to_string(encoding="unicode")
    return drawn
