"""The minutes as PDF: typst reads the laid-out paper as JSON, so that no text of a person becomes part of its language."""

from __future__ import annotations

import json
from importlib import resources

import typst

from boget.portal.meetings.services.minutes_paper import Paper

MEDIA_TYPE = "application/pdf"
TEMPLATE = "portal/meetings/templates/meetings/paper/minutes.typ"


def write_pdf(paper: Paper) -> bytes:
    """The paper as a PDF file with its title, language, outline and tags."""
    source = resources.files("boget").joinpath(TEMPLATE).read_bytes()
    text = json.dumps(paper.as_mapping(), ensure_ascii=False)
    content: bytes = typst.compile(source, sys_inputs={"paper": text}, format="pdf", pdf_standards=["ua-1"])
    return content
