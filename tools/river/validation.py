"""Write docs/validation.md: what the river forecast was held against, and how well it did.

    tools/river/validation.py            write the page; parts that need ../shared stay as they are where it is absent
    tools/river/validation.py --check    say whether the parts that need only this checkout are current, exit status 1 if not
    tools/river/validation.py --speed F  take the times from a file that `boget bench river --json` wrote

The text is the same whenever the code and the data are. Only the part "speed" comes from a measurement.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "river"), str(ROOT / "bench")]

import validation_parts as parts  # noqa: E402
import validation_spills as spills  # noqa: E402

PAGE = ROOT / "docs" / "validation.md"
SHARED = ROOT.parent / "shared"
WIDTH = 120

FAST: Mapping[str, Callable[[], str]] = {
    "head": parts.write_head,
    "baia_mare": spills.write_baia_mare,
    "ridder": spills.write_ridder,
    "not_tested": parts.write_not_tested,
}
"""Parts that need nothing but this checkout and a moment."""

LONG: Mapping[str, Callable[[Path], str]] = {
    "numerics": parts.write_numerics,
    "dispersion": parts.write_dispersion,
    "velocity": parts.write_velocity,
    "traces": parts.write_traces,
}
"""Parts that need the reference data beside the checkout."""

ORDER = ("head", "numerics", "speed", "dispersion", "velocity", "traces", "baia_mare", "ridder", "not_tested")


def split_page(text: str) -> dict[str, str]:
    """The parts of a written page by name."""
    found = re.findall(r"<!-- part: (\w+) -->\n(.*?)(?=<!-- part: |\Z)", text, re.DOTALL)
    return {name: body.strip() for name, body in found}


def join_page(found: Mapping[str, str]) -> str:
    pieces = [f"<!-- part: {name} -->\n{wrap_text(found[name])}" for name in ORDER if found.get(name)]
    return "\n\n".join(pieces) + "\n"


def wrap_text(text: str) -> str:
    """Prose in lines of one width; headings and tables stay as they are."""
    return "\n\n".join(_wrap_block(block) for block in re.split(r"\n\n+", text.strip()))


def _wrap_block(block: str) -> str:
    if block.startswith(("#", "|")):
        return block
    items = re.split(r"\n(?=- )", block)
    return "\n".join(
        textwrap.fill(" ".join(item.split()), WIDTH, subsequent_indent="  " * item.startswith("- "), break_on_hyphens=False)
        for item in items
    )


def list_stale(found: Mapping[str, str]) -> list[str]:
    """Names of the fast parts that say something else than they would if written now."""
    return [name for name, write in FAST.items() if found.get(name) != wrap_text(write())]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--speed", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    found = split_page(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    if options.check:
        stale = list_stale(found)
        print("\n".join(f"docs/validation.md, part {name}: out of date" for name in stale) or "docs/validation.md: up to date")
        return 1 if stale else 0
    found |= {name: write() for name, write in FAST.items()}
    if SHARED.is_dir():
        found |= {name: write(SHARED) for name, write in LONG.items()}
    if options.speed:
        found["speed"] = parts.write_speed(options.speed)
    PAGE.write_text(join_page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
