"""Pages that come only as an answer: a refused form, a conflict, an undoing, a locked account, the second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page

from tests.journeys.faults import find_page_faults
from tests.journeys.steps import fill_source, save
from tests.journeys.visitor import LANGUAGES, Visitor, email_of, follow

FORM = "/registry/facilities/KZ-0005/edit/status/"
LOCKED_AFTER = 5


def submit(page: Page, *, expected: int) -> None:
    """Send the form of the page and see the status of the answer."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        save(page)
    assert answer.value.status == expected


def assert_sound(page: Page, language: str) -> None:
    faults = find_page_faults(page, language)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_form(visitor: Visitor, language: str) -> None:
    page = visitor.open("editor", language=language)
    page.goto(FORM)
    page.locator("[name=f-start_year]").fill("на глаз")
    submit(page, expected=422)
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    assert page.locator("[name=f-start_year]").input_value() == "на глаз"
    assert_sound(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_conflict_and_undoing(visitor: Visitor, language: str) -> None:
    """The same person in two windows; then the page that asks before an entry is undone, and its refusal without a reason."""
    page = visitor.open("editor", language=language)
    other = page.context.new_page()
    years = {"ru": ("1971", "1972"), "kk": ("1973", "1974"), "en": ("1975", "1976")}[language]
    for window, year in zip((page, other), years, strict=True):
        window.goto(FORM)
        fill_source(window, source="Паспорт объекта", reason=f"сверка {language}")
        window.locator("[name=f-start_year]").fill(year)
    save(other)
    submit(page, expected=409)
    assert_sound(page, language)
    other.locator(".banner-ok a[href$='/undo/']").click()
    other.wait_for_url("**/undo/")
    assert_sound(other, language)
    other.locator("main [name=reason]").fill(" ")
    submit(other, expected=422)
    assert_sound(other, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_facility_beside_a_like_one(visitor: Visitor, language: str) -> None:
    page = visitor.open("editor", language=language)
    page.goto("/registry/facilities/new/")
    page.locator("[name=name_ru]").fill("Таловское хвостохранилище")
    page.locator("[name=latitude]").fill("50,35")
    page.locator("[name=longitude]").fill("83,52")
    save(page)
    assert page.locator("main a[href='/registry/facilities/KZ-0001/']").count() == 1
    assert_sound(page, language)
    page.set_viewport_size({"width": 1280, "height": 800})
    submit(page, expected=422)
    assert_sound(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_absent_page(visitor: Visitor, language: str) -> None:
    for role in ("", "editor"):
        page = visitor.open(role, language=language)
        answer = page.goto("/registry/facilities/KZ-0001/edit/nothing/")
        assert answer is not None and answer.status == 404
        assert_sound(page, language)


def test_locked_account(visitor: Visitor) -> None:
    """Tried too often. The limit of tries from one address is higher than the tries of this test."""
    page = visitor.open()
    for _ in range(LOCKED_AFTER):
        status = try_to_sign_in(page, "en")
    assert status == 429
    for language in LANGUAGES:
        assert try_to_sign_in(page, language) == 429
        assert_sound(page, language)


def try_to_sign_in(page: Page, language: str) -> int:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/accounts/sign-in/?lang={language}")
    page.locator("[name=login]").fill("nobody@demo.boget")
    page.locator("[name=password]").fill("wrong")
    with page.expect_response(lambda answer: answer.request.method == "POST") as tried:
        follow(page, lambda: page.locator("[name=password]").press("Enter"))
    return tried.value.status


def compute_code(secret: str) -> str:
    """The one-time code of this half minute (RFC 6238, SHA-1, six digits)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def test_second_factor(visitor: Visitor) -> None:
    """Switched on, used to sign in, seen in all languages, switched off."""
    page = visitor.open("observer")
    look_in_all_languages(page, "/accounts/2fa/")
    page.goto("/accounts/2fa/on/")
    page.locator("[name=password]").fill(visitor.site.password)
    save(page)
    secret = look_in_all_languages(page, "/accounts/2fa/on/").locator("code.secret").inner_text()
    page.locator("[name=code]").fill(compute_code(secret))
    save(page)
    for path in ("2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/new/", "2fa/confirm/", "2fa/off/"):
        look_in_all_languages(page, f"/accounts/{path}")
    page.goto("/accounts/2fa/recovery-codes/")
    code = page.locator(".codes code").first.inner_text()
    sign_in_with(visitor.open(language="en"), visitor.site.password, code)
    page.goto("/accounts/2fa/off/")
    save(page)
    visitor.languages["observer"] = "en"


def look_in_all_languages(page: Page, path: str) -> Page:
    """The page in each language, English last."""
    for language in LANGUAGES:
        page.set_viewport_size({"width": 1280, "height": 800})
        answer = page.goto(f"{path}?lang={language}")
        assert answer is not None and answer.status == 200
        assert_sound(page, language)
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def sign_in_with(page: Page, password: str, code: str) -> None:
    page.goto("/accounts/sign-in/")
    page.locator("[name=login]").fill(email_of("observer"))
    page.locator("[name=password]").fill(password)
    follow(page, lambda: page.locator("[name=password]").press("Enter"))
    assert page.url.endswith("/accounts/2fa/code/")
    assert_sound(page, "en")
    page.locator("[name=code]").fill(code)
    save(page)
    assert page.locator("header form[action*='sign-out']").count() == 1
