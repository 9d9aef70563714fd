"""Pictures for README and docs: a demonstration is made in a folder that goes away, served and photographed.

tools/screenshots.py    write docs/images/*.png (needs chromium and the built styles and scripts)
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.site import find_lack, run_site  # noqa: E402
from tests.journeys.visitor import ARGUMENTS, Visitor  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1440, "height": 900}
PICTURES = {
    "register": "/registry/facilities/",
    "facility": "/registry/facilities/TJ-0001/",
    "ranking": "/assessments/rankings/",
}


def take_picture(page: Page, address: str, target: Path) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if page.locator("[data-map]").count():
        page.locator("[data-map][data-drawn]").first.wait_for()
    page.screenshot(path=target)


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    lack = find_lack(chromium)
    if lack:
        print(f"no pictures: {lack}", file=sys.stderr)
        return 3
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="boget-pictures-") as folder,
        run_site(Path(folder)) as site,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        visitor = Visitor(browser, site, {}, {})
        page = visitor.open("editor", language="en", size=SIZE)
        for name, address in PICTURES.items():
            take_picture(page, address, IMAGES / f"{name}.png")
        visitor.close()
        browser.close()
    print("\n".join(f"docs/images/{name}.png" for name in PICTURES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
