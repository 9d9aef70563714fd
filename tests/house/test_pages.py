"""Templates keep to the strict Content-Security-Policy, and the policy stays strict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src" / "boget" / "portal").rglob("templates/**/*.html"))
STYLES = sorted((ROOT / "src" / "boget" / "portal" / "static" / "src").rglob("*.css"))

REFUSED = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx script": re.compile(r"hx-on|hx-vars|js:|hx-trigger=[\"'][^\"']*\[", re.IGNORECASE),
    "script from elsewhere": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE),
    "javascript address": re.compile(r"(?:href|action)=[\"']\s*javascript:", re.IGNORECASE),
}
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)
DATA_BLOCK = re.compile(r"type=[\"']application/(?:ld\+)?json[\"']")


def find_faults(text: str) -> list[str]:
    """What the policy would block."""
    plain = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    faults = [name for name, pattern in REFUSED.items() if pattern.search(plain)]
    inline = [m for m in SCRIPT.finditer(plain) if m["body"].strip() and not DATA_BLOCK.search(m["attributes"])]
    return faults + (["inline script"] if inline else [])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_keeps_to_the_policy(path: Path) -> None:
    assert find_faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        '<a onclick="x()">',
        "<script>x()</script>",
        '<script src="https://example.org/x.js"></script>',
        '<a href="javascript:x()">',
        '<div hx-on:click="x()">',
    ],
)
def test_the_check_itself_finds_faults(text: str) -> None:
    assert find_faults(text)


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_styles_load_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import\s+[\"']https?:", path.read_text(encoding="utf-8"))


def test_policy_is_strict() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {source for values in directives.values() for source in values}
    assert not {source for source in sources if "unsafe" in source or "http" in source or "*" in source}
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == ["'none'"]


@pytest.mark.django_db
def test_policy_is_sent(client) -> None:  # type: ignore[no-untyped-def]
    answer = client.get("/health/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
