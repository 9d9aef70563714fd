"""What must not be wrong on any page, whatever it shows."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.visitor import NARROW, WIDE, find_axe_faults, find_overflow

# names of formats, scales, codes and companies are written alike in all languages
FIND_LATIN = """() => {
  const kept = /^(?:[\\d\\s.,:;()–−+×?·%↓↑-]|CSV|JSON|XLSX|PPTX|DOCX|PDF|Word|GeoJSON|GeoPackage|KML|THI|TRI|English|№|[AB](?= · R-)|SHA-256|[\\da-f]{64}|UTC|Altay Polymetals|[A-Z]{1,2}-\\d+\\S*)*$/
  const words = 'h1, h2, main button:not(.figure-source), main .button, nav a, label, legend, summary, th[scope=col], main p'
  const isForeign = (node) => node.closest('[lang]') !== document.documentElement
  const nodes = [...document.querySelectorAll(words)].filter((node) => node.getClientRects().length && !isForeign(node))
  const isCode = (node) => node.querySelector('code')?.innerText.trim() === node.innerText.trim()
  return nodes.filter((node) => !isCode(node)).map((node) => node.innerText.trim()).filter((text) => !/[\\u0400-\\u04ff]/.test(text) && !kept.test(text))
}"""

# words of the interface alone: what people have written stays in the language they wrote it in
FIND_CYRILLIC = """() => {
  const words = 'main button:not(.figure-source, [data-speaker]), main .button, nav a, main summary, th[scope=col], main .chip, main dt'
  const isForeign = (node) => node.closest('[lang]') !== document.documentElement
  const nodes = [...document.querySelectorAll(words)].filter((node) => node.getClientRects().length && !isForeign(node))
  const read = (node) => {
    const copy = node.cloneNode(true)
    for (const hidden of copy.querySelectorAll('.visually-hidden, [lang]')) hidden.remove()
    return copy.textContent.trim()
  }
  return nodes.map(read).filter((text) => /[\\u0400-\\u04ff]/.test(text))
}"""


def find_foreign_words(page: Page, language: str) -> list[str]:
    """What is not in the language of the page: its declared language, its heading, words of the interface."""
    faults = [*_find_wrong_heads(page, language)]
    found = page.evaluate(FIND_CYRILLIC if language == "en" else FIND_LATIN)
    return faults + [f"not translated: {text}" for text in found]


def find_page_faults(page: Page, language: str) -> list[str]:
    """Language, headings, words left in another one; on a wide and a narrow screen what axe finds and what is cut off."""
    faults = find_foreign_words(page, language)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        faults += [f"{size['width']} px: {fault}" for fault in [*find_axe_faults(page), *find_overflow(page)]]
    return faults


def _find_wrong_heads(page: Page, language: str) -> list[str]:
    head = page.evaluate(
        "({lang: document.documentElement.lang, h1: [...document.querySelectorAll('h1')].map((h) => h.innerText)})"
    )
    faults = [] if head["lang"] == language else [f"language of the page: {head['lang']}"]
    return faults + ([] if len(head["h1"]) == 1 and head["h1"][0].strip() else [f"headings of the first level: {head['h1']}"])
