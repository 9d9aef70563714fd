"""A person at a browser: pages that are watched for faults, and what is read from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.journeys.site import AXE, Site

LANGUAGES = ("ru", "kk", "en")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",  # maps are drawn by the processor
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
EMAILS = {"other_operator": "other-operator@demo.boget"}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REFUSED_PAGE = "Failed to load resource: the server responded with a status of 4"
# the policy's own event is written to the console, so that a violation that a browser only warns about is a fault too
LISTENER = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile)
})"""


def email_of(role: str) -> str:
    return EMAILS.get(role, f"{role}@demo.boget")


@dataclass
class Visitor:
    """Opens pages for the roles of the demonstration in a language. ``faults``: what went wrong in any of them.

    States of signed-in roles and the language last chosen by each are kept for the whole session.
    """

    browser: Browser
    site: Site
    states: dict[str, Any]
    languages: dict[str, str]
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, role: str = "", *, language: str = "en", size: dict[str, int] = WIDE, **options: Any) -> Page:
        """A page in a context of its own, signed in as the role (nobody without one), that reads the language."""
        state = self._sign_in_once(role) if role else None
        context = self._make_context(language, viewport=size, storage_state=state, **options)
        if not role:
            cookie = {"name": "boget_language", "value": language, "url": self.site.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        else:
            self.use_language(context, role, language)
        return context.new_page()

    def use_language(self, context: BrowserContext, role: str, language: str) -> None:
        """An account keeps the language it chose last; the sessions of a role share it."""
        if self.languages.get(role) != language:
            context.request.get(f"/health/?lang={language}")
            self.languages[role] = language

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _make_context(self, language: str, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.site.url, locale=language, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(LISTENER)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._note_request)
        self.contexts.append(context)
        return context

    def _note_console(self, message: ConsoleMessage) -> None:
        # the page itself may be an error page: its status is for the test to say
        is_page = message.text.startswith(REFUSED_PAGE) and message.page and message.location["url"] == message.page.url
        if message.type == "error" and not is_page:
            self.faults.append(f"console: {message.text} {message.location['url']}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url + "/", "data:", f"blob:{self.site.url}/")):
            self.faults.append(f"request to elsewhere: {request.url[:200]}")

    def _sign_in_once(self, role: str) -> Any:
        if role not in self.states:
            context = self._make_context("en")
            page = context.new_page()
            sign_in(page, role, self.site.password)
            self.states[role] = context.storage_state()
            context.close()
            self.contexts.remove(context)
        return self.states[role]


def sign_in(page: Page, role: str, password: str) -> None:
    page.goto("/accounts/sign-in/")
    page.locator("[name=login]").fill(email_of(role))
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    assert page.locator("header form[action*='sign-out']").count() == 1, page.locator("main").inner_text()


def follow(page: Page, act: Callable[[], Any]) -> None:
    """Do what leads to another page and wait for it."""
    with page.expect_navigation():
        act()


def read_numbers(text: str) -> list[int]:
    """The whole numbers of a text, thousands apart or not: "Export 1 234"."""
    return [int(digits) for digits in re.findall(r"\d+", re.sub(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3})", "", text))]


def find_axe_faults(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, or against the named rules only."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    found = page.evaluate("(wanted) => axe.run(document, {runOnly: wanted, resultTypes: ['violations']})", wanted)
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {(node['failureSummary'] or '')[:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def find_overflow(page: Page) -> list[str]:
    """Elements that make the page scroll sideways; empty when it does not."""
    return list(
        page.evaluate("""() => {
          const width = document.documentElement.clientWidth
          if (document.documentElement.scrollWidth <= width) return []
          const isClipped = (node) => {
            for (let up = node.parentElement; up; up = up.parentElement) {
              if (getComputedStyle(up).overflowX !== 'visible' && up.getBoundingClientRect().right <= width) return true
            }
            return false
          }
          const wide = [...document.querySelectorAll('body *')].filter((node) =>
            node.getBoundingClientRect().right > width + 0.5 && !isClipped(node))
          return ['scrollWidth ' + document.documentElement.scrollWidth,
            ...wide.slice(0, 5).map((node) => node.outerHTML.slice(0, 160))]
        }""")
    )
