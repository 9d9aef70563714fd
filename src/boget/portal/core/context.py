"""What every page needs: installation, navigation, languages, the reader's rights and looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

import boget
from boget.portal.core.models import Installation
from boget.portal.core.navigation import build_navigation

ENDONYMS = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    code: str
    short: str
    name: str
    url: str
    is_current: bool


def list_languages(request: HttpRequest) -> list[LanguageLink]:
    """A link for each language to this same address with its query."""
    current = get_language()
    links = []
    for code in ENDONYMS:
        query = request.GET.copy()
        query["lang"] = code
        links.append(LanguageLink(code, ENDONYMS[code], NAMES[code], f"?{query.urlencode()}", code == current))
    return links


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "installation": Installation.objects.filter(pk=1).first(),
        "boget_version": boget.__version__,  # pages of a record have a version of their own
        "navigation": build_navigation(request),
        "languages": list_languages(request),
        "theme": getattr(user, "theme", None) or request.COOKIES.get("boget_theme", "system"),
        "density": getattr(user, "density", "auto"),
        "needs_https": settings.IS_HTTPS,
    }
