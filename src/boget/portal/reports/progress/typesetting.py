"""The typesetter behind PDF files and pictures. Content goes in as JSON: no text of ours or of users is ever read as markup."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst

PICTURE_PPI = 144.0
_UA: Literal["ua-1"] = "ua-1"


@cache
def _read_template(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def make_pdf(template: str, content: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """A tagged PDF (PDF/UA-1) of a template of this package. made_at: written into the file."""
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    made = typst.compile(_read_template(template), sys_inputs=inputs, pdf_standards=[_UA], timestamp=made_at)
    assert isinstance(made, bytes)
    return made


def make_picture(svg: str, *, width_pt: float) -> bytes:
    """A PNG of a drawing, at twice the resolution of a screen."""
    inputs = {"svg": svg, "width": f"{width_pt}"}
    made = typst.compile(_read_template("picture.typ"), format="png", ppi=PICTURE_PPI, sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made
