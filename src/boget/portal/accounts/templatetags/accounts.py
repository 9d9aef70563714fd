"""Names of organisations in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from boget.portal.accounts.models import LANGUAGES, Organisation

register = template.Library()


@register.simple_tag
def organisation_name(organisation: Organisation) -> SafeString:
    """Full name in the reader's language; where it is missing, another language with its tag: «… (ru)»."""
    language = get_language() or "ru"
    found = next((code for code in (language, "ru", "en", "kk") if getattr(organisation, f"name_{code}")), language)
    if found == language or found not in LANGUAGES:
        return format_html("{}", organisation.name_in(language))
    return format_html('<span lang="{0}">{1}</span> ({0})', found, organisation.name_in(found))
