"""The dictionary as a page of the documentation: ``make docs`` writes docs/reference/dictionary.md with it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from django.utils.translation import override

from boget.portal.registry.fields import GROUPS, Field, list_fields
from boget.portal.registry.selectors.dictionary import describe_field

HEAD = """# Field dictionary

Written from `src/boget/portal/registry/fields/`; change the fields there. Units are SI unless the code of a field names
another one. Level: who may see the field. Used by: the indices and maps that read it.
"""
TABLE = (
    "| Code | Meaning | Kind | Unit | Allowed | Level | Origin | Used by |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def write_reference(path: Path) -> None:
    """Write the page in English; the same dictionary gives the same bytes."""
    path.write_text(build_reference(), encoding="utf-8")


def build_reference() -> str:
    with override("en"):
        parts = [HEAD]
        fields = sorted(list_fields(), key=lambda field: list(GROUPS).index(field.group))
        for group, members in groupby(fields, key=lambda field: field.group):
            rows = "\n".join(_write_row(field) for field in members)
            parts.append(f"## {GROUPS[group]}\n\n{TABLE}\n{rows}\n")
        return "\n".join(parts)


def _write_row(field: Field) -> str:
    words = describe_field(field)
    allowed = words["choices"] or (f"{words['minimum']}–{words['maximum']}" if words["minimum"] else "")
    label = ". ".join(filter(None, [words["label"], words["help"]]))
    cells = (
        f"`{words['record']}.{words['code']}`",
        label,
        words["kind"],
        words["unit"],
        allowed,
        words["level"],
        words["origin"],
        words["used_by"],
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
