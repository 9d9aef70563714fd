"""Steps that several journeys share: filling the form of a group, reading a row of the card, looking at a map."""

from __future__ import annotations

import base64
from typing import Any

from playwright.sync_api import Locator, Page

from tests.journeys.visitor import follow

# counts in a picture: different colours, and pixels of the amber ring of what is selected
COUNT_PIXELS = """async (source) => {
  const picture = await createImageBitmap(await (await fetch(source)).blob())
  const board = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
  board.drawImage(picture, 0, 0)
  const { data } = board.getImageData(0, 0, picture.width, picture.height)
  const colours = new Set()
  let amber = 0
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3)
    colours.add(red * 65536 + green * 256 + blue)
    if (red > 245 && Math.abs(green - 179) < 8 && blue < 12) amber += 1
  }
  return { colours: colours.size, amber }
}"""


def open_group(page: Page, record: str, group: str) -> None:
    """From the card of a facility to the form of a group: of the facility itself or, named by its number, of a structure."""
    facility = "-".join(record.split("-")[:2])
    query = "" if record == facility else f"?structure={record}"
    follow(page, page.locator(f"main a[href='/registry/facilities/{facility}/edit/{group}/{query}']").first.click)


def fill_source(page: Page, *, source: str, reason: str) -> None:
    page.locator("[name=source]").fill(source)
    page.locator("main [name=reason]").fill(reason)


def save(page: Page) -> None:
    follow(page, page.locator("main form[method=post] .button-primary").click)


def find_row(page: Page, field: str, structure: str = "") -> Locator:
    """The row of a field on the card: of the facility or, with its number, of one of its structures."""
    within = page.locator(f"section[id='{structure}']" if structure else "section.group:not(section[id] *)")
    marks = f"[hx-get*='/fields/{field}/'], [href*='/fields/{field}/'], [href$='#f-{field}']"
    return within.locator("dl.keys > div").filter(has=page.locator(marks))


def read_row(page: Page, field: str, structure: str = "") -> str:
    """The value of a field as the card writes it, without where it comes from."""
    row = find_row(page, field, structure).locator("dd").first
    return str(
        row.evaluate("(node) => (node.querySelector('.figure-value, .figure-value-text, .chip') ?? node).innerText.trim()")
    )


def look_at_map(page: Page) -> dict[str, Any]:
    """What the drawn map holds: ``colours`` in all, ``amber`` pixels of the ring around what is selected."""
    page.locator("[data-map][data-drawn]").wait_for()
    picture = base64.b64encode(page.locator("[data-map] canvas").first.screenshot()).decode()
    reader = page.context.browser.new_page()  # type: ignore[union-attr]  # a blank page has no policy
    try:
        return dict(reader.evaluate(COUNT_PIXELS, f"data:image/png;base64,{picture}"))
    finally:
        reader.close()
