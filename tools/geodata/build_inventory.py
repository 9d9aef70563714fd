"""Build the embedded inventory of facilities and the list of its sources.

    python tools/geodata/build_inventory.py [../shared/data/kz_tsf.csv]

Reads the compiled table (119 rows), `inventory.toml` (codes, Kazakh names, former names, corrections made by hand) and
`layers.toml` (licence and attribution of the map layers), and writes

    src/boget/data/kz/facilities.csv     one row per facility, our own permanent id
    src/boget/data/SOURCES.toml          every source with the words it was cited with, and every layer

Nothing of the compiled table is lost: each fragment of its `source` column stands in SOURCES.toml under `cited`.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DEFAULT_TABLE = ROOT.parent / "shared" / "data" / "kz_tsf.csv"
FACILITIES = ROOT / "src" / "boget" / "data" / "kz" / "facilities.csv"
SOURCES = ROOT / "src" / "boget" / "data" / "SOURCES.toml"

COLUMNS = (
    "id", "country", "record_kind", "includes_ids", "name_en", "name_ru", "name_kk", "name_kk_status", "former_names",
    "operator", "commodity", "facility_type", "lon", "lat", "coord_precision", "coord_radius_m", "coord_source_id",
    "coord_note", "status", "layout", "height_m", "volume_m3", "design_capacity_m3", "mass_t",
    "area_ha", "start_year", "about_fields", "ranges", "region", "basin", "basin_note", "watercourse",
    "toxic_components", "is_radioactive", "source_ids", "fact_source_ids", "value_source_ids", "confidence", "note",
)  # fmt: skip
LABEL = re.compile(
    r"^(?P<label>coords of the station|area 15 km2 and coords|coords|TSF itself|TSF|site|construction type|construction"
    r"|year and type|year): (?P<rest>.+)$"
)
REMARK = re.compile(r"(amount and dates|number of ponds|waste rock|AGGREGATE ROW)")
ABOUT_SINGLE_VALUES = ("construction", "year", "area")  # labels that begin so name the source of one value only
NUMBERS = ("height_m", "volume_m3", "design_capacity_m3", "mass_t", "area_ha", "start_year")
RADIONUCLIDE = re.compile(r"\b(U|Th|Ra)\b")


@dataclass
class Source:
    """One cited source and the words it was cited with, row by row."""

    id: str
    citation: str
    kind: str
    host: str
    licence: str
    cited: list[tuple[str, ...]] = field(default_factory=list)


def split_fragments(text: str) -> list[str]:
    """Cut a `source` cell at the semicolons that stand outside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == ";" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def find_citation(fragment: str, names: dict[str, str]) -> str:
    """The name of the source inside a fragment: without the label before it and the remark after it."""
    match = LABEL.match(fragment)
    text = match["rest"] if match else fragment
    head = re.split(r" \(|: |, within about|, unverified", text)[0].strip()
    if head.startswith("own knowledge") or REMARK.match(head):
        head = "own knowledge"
    return names.get(head, head)


def is_about_position(fragment: str) -> bool:
    """True for the fragment that says where the coordinates come from."""
    match = LABEL.match(fragment)
    return bool(match) and "coords" in match["label"]  # type: ignore[index]


def find_role(fragment: str) -> str:
    """`point` for words that serve the coordinates alone, `remark` for words that are no source, else empty."""
    if REMARK.match(fragment):
        return "remark"
    return "point" if fragment.startswith("coords") else ""


def is_about_facts(fragment: str) -> bool:
    """True for the fragment that stands for whatever is said of the facility, not for its point or for one value."""
    match = LABEL.match(fragment)
    is_of_one_value = bool(match) and match["label"].startswith(ABOUT_SINGLE_VALUES)  # type: ignore[index]
    return not (find_role(fragment) or is_of_one_value)


def make_id(citation: str) -> str:
    """A stable id of letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", citation.lower()).strip("-")


def find_by_prefix(table: dict[str, str], text: str, default: str) -> str:
    return next((value for prefix, value in table.items() if text.startswith(prefix)), default)


def find_host(citation: str, hosts: dict[str, str]) -> str:
    match = re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}\b", citation)
    return hosts.get(citation, match[0] if match else "")


class SourceBook:
    """All sources in the order of their first use."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.rules = rules
        own = rules["judgement"]
        self.sources: dict[str, Source] = {own["id"]: Source(own["id"], own["citation"], own["kind"], "", "")}

    def cite(self, fragment: str, facility: str) -> str:
        """Note a fragment of a facility and give the id of its source."""
        citation = find_citation(fragment, self.rules["names"])
        key = make_id(citation)
        if key not in self.sources:
            kind = find_by_prefix(self.rules["kind"], citation, "press")
            host = find_host(citation, self.rules["host"])
            self.sources[key] = Source(key, citation, kind, host, self.rules["licence"].get(citation, ""))
        self.sources[key].cited.append((facility, fragment, *filter(None, [find_role(fragment)])))
        return key


def number_rows(rows: list[dict[str, str]], countries: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Give each row its permanent id: country and running number in the order of the table."""
    counts = dict.fromkeys(countries, 0)
    numbered = []
    for row in rows:
        counts[row["country"]] += 1
        numbered.append((f"{row['country']}-{counts[row['country']]:04d}", row))
    return numbered


def find_type(key: str, types: dict[str, list[str]]) -> str:
    return next((name for name, ids in types.items() if key in ids), "tailings")


def find_coord_note(fragments: list[str]) -> str:
    """The remark behind the licence of the point's source, such as "10 km off"."""
    text = next((part for part in fragments if is_about_position(part)), "")
    remarks = [part for part in re.findall(r"\(([^()]*)\)", text) if not part.startswith("CC BY")]
    unverified = ["unverified"] if text.endswith("unverified") else []
    return "; ".join(remarks + unverified)


def split_volume(row: dict[str, str], own: dict[str, Any]) -> dict[str, str]:
    """Put the one volume of the table where it belongs: present fill or design capacity; add what was read.

    A volume of the past (`past` in inventory.toml) is taken out again and told in the note.
    """
    place = "design_capacity_m3" if own.get("design_from_volume") else "volume_m3"
    read = {name: str(own.get(name, "")) for name in ("volume_m3", "design_capacity_m3", "mass_t")}
    return read | {place: row["volume_m3"]} if row["volume_m3"] else read


def name_value_sources(key: str, values: dict[str, str], ids: list[str], rules: dict[str, Any]) -> str:
    """`field=source` for each value that is there."""
    pairs = []
    for name in NUMBERS:
        if values[name]:
            pairs.append(f"{name}={rules['value_source'].get(f'{key}.{name}', ids[0])}")
    if values["layout"] != "unknown":
        pairs.append(f"layout={rules['own_knowledge']}")
    if "status" in rules["facility"].get(key, {}):
        pairs.append(f"status={rules['judgement']['id']}")
    return ";".join(pairs)


def copy_facts(row: dict[str, str]) -> dict[str, str]:
    """What is taken as it stands, under our column names."""
    same = ("country", "name_en", "name_ru", "operator", "commodity", "lon", "lat", "coord_precision", "height_m",
            "area_ha", "toxic_components", "confidence")  # fmt: skip
    renamed = {"layout": "construction", "start_year": "year_started", "basin_note": "river_basin"}
    return {name: row[name] for name in same} | {new: row[old] for new, old in renamed.items()} | {
        "watercourse": row["nearest_watercourse"]}  # fmt: skip


def code_facts(key: str, row: dict[str, str], rules: dict[str, Any]) -> dict[str, str]:
    """Codes of region, basin, kind and status, with what was corrected by hand."""
    own = rules["facility"].get(key, {})
    nuclide = f"{row['commodity']} {row['toxic_components']}"
    return {
        "record_kind": own.get("record_kind", "single"),
        "includes_ids": ";".join(own.get("includes_ids", [])),
        "name_kk": own.get("name_kk", ""),
        "name_kk_status": "own" if "name_kk" in own else "",
        "former_names": ";".join(own.get("former_names", [])),
        "facility_type": find_type(key, rules["facility_type"]),
        "coord_radius_m": str(rules["radius_m"].get(row["coord_precision"], "")),
        "status": own.get("status", row["status"]),
        "about_fields": ";".join(own.get("about", [])),
        "ranges": ";".join(f"{name}={low}:{high}" for name, (low, high) in own.get("range", {}).items()),
        "region": rules["region_code"][row["region"]],
        "basin": own.get("basin", find_by_prefix(rules["basin_prefix"], row["river_basin"], "unknown")),
        # A sparse list of components cannot prove that there are none, so nothing is ever "no" here.
        "is_radioactive": "yes" if RADIONUCLIDE.search(nuclide) else "unknown",
        "note": own.get("note", ""),
    }


def build_row(key: str, row: dict[str, str], book: SourceBook) -> dict[str, str]:
    """One line of facilities.csv."""
    fragments = split_fragments(row["source"])
    cited = [(part, book.cite(part, key)) for part in fragments]
    position = [source for part, source in cited if is_about_position(part)]
    ids = list(dict.fromkeys(source for part, source in cited if not is_about_position(part))) or position
    if row["lon"] and not position:
        position = ids[:1]
    own = book.rules["facility"].get(key, {})
    out = copy_facts(row) | split_volume(row, own) | code_facts(key, row, book.rules)
    out |= dict.fromkeys(own.get("past", []), "")
    out |= {"id": key, "coord_source_id": "".join(position[:1]) if row["lon"] else ""}
    out |= {"coord_note": find_coord_note(fragments)}
    out["value_source_ids"] = name_value_sources(key, out, ids, book.rules)
    facts = list(dict.fromkeys(source for part, source in cited if is_about_facts(part))) or ids
    out["fact_source_ids"] = ";".join(facts)
    of_values = re.findall(r"=([^;]+)", out["value_source_ids"])
    out["source_ids"] = ";".join(dict.fromkeys(ids + of_values + position))
    return out


def quote(text: str) -> str:
    """A TOML basic string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def render_source(source: Source, accessed: str) -> str:
    lines = [f"[source.{source.id}]", f"citation = {quote(source.citation)}", f"kind = {quote(source.kind)}"]
    lines += [f"host = {quote(source.host)}"] if source.host else []
    lines += [f"licence = {quote(source.licence)}"] if source.licence else []
    lines += [f"accessed = {quote(accessed)}", "cited = ["]
    lines += [f"    [{', '.join(map(quote, words))}]," for words in source.cited]
    return "\n".join([*lines, "]"])


def write_sources(book: SourceBook, path: Path) -> None:
    """SOURCES.toml: the notice, the layers written by hand, then the sources of the inventory."""
    head = (
        "# Written by tools/geodata/build_inventory.py from layers.toml and the compiled table; change those.\n"
        "# `citation` is the source as the compilers named it, `cited` the facility and the words used for it; a third\n"
        "# word says what they are for: point = the coordinates alone, remark = no source of any value.\n"
        "# kind: press | company | authority | encyclopaedia | dataset | study | own_knowledge | judgement | hearing\n\n"
        f'[compilation]\nnotice = "unofficial_compilation"\ncompiled = "{book.rules["compiled"]}"\n'
    )
    layers = (HERE / "layers.toml").read_text(encoding="utf-8")
    parts = [render_source(source, book.rules["compiled"]) for source in book.sources.values()]
    path.write_text("\n".join([head, layers, "\n\n".join(parts), ""]), encoding="utf-8")


def main(table: Path = DEFAULT_TABLE) -> None:
    rules = tomllib.loads((HERE / "inventory.toml").read_text(encoding="utf-8"))
    with table.open(encoding="utf-8", newline="") as stream:
        numbered = number_rows(list(csv.DictReader(stream)), rules["countries"])
    unknown = set(rules["facility"]) - {key for key, _ in numbered}
    if unknown:
        raise SystemExit(f"inventory.toml names facilities that the table has not: {sorted(unknown)}")
    book = SourceBook(rules)
    rows = [build_row(key, row, book) for key, row in numbered]
    with FACILITIES.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_sources(book, SOURCES)
    sys.stdout.write(f"{len(rows)} facilities, {len(book.sources)} sources\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
