"""Entity tags of answers that change only with the log, the scores, the reader's rights, the language or the address."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import get_language

import boget
from boget.portal.registry.selectors.quintiles import name_audience, read_stamp


def build_tag(request: HttpRequest, head: tuple[int, str]) -> str:
    """The tag of what this reader gets at this address now."""
    accept = request.headers.get("Accept", "")
    reader = (name_audience(request.user), get_language(), accept)
    parts = (head[1], read_stamp(), *reader, boget.__version__, request.get_full_path())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def answer_unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 when the reader has this version already."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in known or "*" in known:
        return set_tag(HttpResponseNotModified(), tag)
    return None


def set_tag(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept, Accept-Language, Cookie"
    return response
