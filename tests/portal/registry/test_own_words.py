"""Boget's own sources, reasons and name are shown in the reader's language and stay as they were stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from boget.portal.core.models import Revision
from boget.portal.registry import own_words
from boget.portal.registry.own_words import BODY_RULE, REASON, say_actor, say_own_words
from boget.portal.registry.services.inventory import load_inventory


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_fixed_text_is_translated(language: str) -> None:
    with translation.override(language):
        for text in own_words.FIXED:
            assert say_own_words(text) != text
        assert say_actor("system", "Boget") not in ("system", "Boget")


def test_the_named_body_is_kept() -> None:
    with translation.override("kk"):
        said = say_own_words(BODY_RULE.format(operator="A {b} (c)"))
    assert "A {b} (c)" in said and "rule:" not in said


@pytest.mark.parametrize("text", ["annual survey", "rule: mine", ""])
def test_what_somebody_wrote_is_left_alone(text: str) -> None:
    with translation.override("ru"):
        assert say_own_words(text) == text
        assert say_actor("a@example.kz", "A. B.") == "A. B."
        assert say_actor("a@example.kz") == "a@example.kz"


@pytest.mark.parametrize("page", ["history/", "fields/status/", "fields/management/", "?tab=history"])
def test_no_page_shows_the_stored_words(cast: dict[str, Any], page: str) -> None:
    load_inventory()
    client: Client = Client()
    client.force_login(cast["secretary"])
    text = client.get(f"/registry/facilities/KZ-0001/{page}{'&' if '?' in page else '?'}lang=kk").content.decode()
    assert "бірінші" in text or "жүйе" in text
    assert all(words not in text for words in (REASON, "rule: an active", "system,", "· Boget<"))
    assert Revision.objects.filter(reason=REASON).exists(), "the stored words stay"
