"""Template tags, components and the built scripts: what a reader sees, and what the content policy would refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from boget.portal.core import design, formatting, unit_names
from boget.portal.core.templatetags import boget as tags
from boget.science.errors import InvalidInput
from boget.science.provenance import Figure
from boget.science.units import UNITS

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "src" / "boget" / "portal" / "static" / "dist"
HOSTILE = '"><script>alert(1)</script>'
SURVEY = Figure(32e6, "m3", 30e6, 34e6, "declared_range", source="survey", date="2025-05")


class Markup(HTMLParser):
    """Names of all tags and attributes, types of all scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag.rstrip("123456"), *(name.rstrip("12") for name, _ in attrs)}
        if tag == "script":
            self.scripts.append(dict(attrs).get("type"))


def render(text: str, **context: Any) -> str:
    request = RequestFactory().get("/list/", context.pop("query", {}))
    return Template("{% load boget %}" + text).render(Context({"request": request, **context}))


def read_text(html: str) -> str:
    """What is left of the markup: words with plain spaces."""
    words = re.sub(r"<[^>]*>", " ", html.replace("&nbsp;", " "))
    return " ".join(words.split())


@pytest.fixture(params=["ru", "kk", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


# --- numbers and dates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1234567.0, "ru", "1\u202f234\u202f567"),
        (1234.5, "kk", "1\u202f234,5"),
        (1234.5, "en", "1\u202f234.5"),
        (-4.0, "ru", "\u22124"),
        (0.1 + 0.2, "en", "0.3"),
        (-0.0, "en", "0"),
    ],
)
def test_a_number_is_written_as_the_reader_writes_it(value: float, code: str, expected: str) -> None:
    assert formatting.format_number(value, language=code) == expected


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        formatting.format_number(float("nan"))


@pytest.mark.parametrize(
    ("figure", "code", "expected"),
    [
        (SURVEY, "ru", "32 млн м³ (30–34)"),
        (SURVEY, "en", "32 million m³ (30–34)"),
        (Figure(31.0, "m", 30.5, 31.5, "error", "measured"), "kk", "31 м ±0,5"),
        (Figure(1.42, "1", 1.3, 1.5, "declared_range"), "ru", "1,42 (1,3–1,5)"),
        (Figure(13.1234, "1", 10.0, 13.4, "unknown_inputs", "computed"), "ru", "13,1 (10,0–13,4)"),
        (Figure(2400.0, "m", kind="estimated", about=True), "en", "≈ 2.4 km"),
        (Figure(66.7, "percent"), "ru", "66,7 %"),
        (Figure(66.7, "percent"), "kk", "66,7%"),
        (Figure(-1.0, "m", -4.0, 2.0, "declared_range"), "ru", "−1 м (от −4 до 2)"),
        (Figure(5.0, "km", 4.0, None, "declared_range"), "en", "5 km (from 4)"),
    ],
)
def test_a_figure_shows_no_more_digits_than_it_has(figure: Figure, code: str, expected: str) -> None:
    with translation.override(code):
        text = formatting.FigureText(figure)
        assert f"{text.value}{text.gap}{text.unit} {text.interval}".replace("\u00a0", " ").strip() == expected


@pytest.mark.parametrize(
    ("seconds", "code", "expected"),
    [
        (40, "ru", "40 с"),
        (6600, "kk", "1 сағ 50 мин"),
        (136800, "en", "38 h"),
        (535680, "ru", "6,2 сут"),
        (3600, "en", "1 h"),
    ],
)
def test_a_duration_is_coarser_the_longer_it_is(seconds: float, code: str, expected: str) -> None:
    assert formatting.format_duration(seconds, code).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("iso", "ru", "kk", "en"),
    [
        ("2026-11-22", "22 ноября 2026 г.", "2026 жылғы 22 қараша", "22 November 2026"),
        ("2025-05", "май 2025 г.", "2025 жылғы мамыр", "May 2025"),
        ("2022-Q4", "IV квартал 2022 г.", "2022 жылғы IV тоқсан", "Q4 2022"),
        ("2019", "2019 г.", "2019 ж.", "2019"),
        ("2026-02-31", "2026-02-31", "2026-02-31", "2026-02-31"),
    ],
)
def test_a_date_says_no_more_than_is_known(iso: str, ru: str, kk: str, en: str) -> None:
    for code, expected in (("ru", ru), ("kk", kk), ("en", en)):
        assert formatting.format_partial_date(iso, language=code).replace("\u00a0", " ") == expected


def test_every_unit_has_a_name_to_point_at() -> None:
    assert set(unit_names.UNIT_NAMES) == set(UNITS)


# --- figures -------------------------------------------------------------------------------------------------------


def test_a_figure_has_value_unit_interval_and_source() -> None:
    html = render("{% figure f href='/claims/' label='Volume' %}", f=SURVEY)
    assert read_text(html).startswith("32 million m³ (30–34) survey 05.2025")
    assert '<data class="figure-value" value="32000000.0">' in html
    assert 'aria-label="from 30 to 34, range as declared"' in html
    target = re.search(r'popovertarget="([^"]+)"', html)
    assert target and f'id="{target[1]}" popover' in html
    assert 'hx-get="/claims/" hx-trigger="toggle once"' in html
    assert '<a href="/claims/">' in html


def test_popovers_of_one_page_have_different_ids() -> None:
    html = render("{% figure f href='/a/' %}{% figure f href='/a/' %}{% figure f href='/b/' %}", f=SURVEY)
    names = re.findall(r'popovertarget="([^"]+)"', html)
    assert len(names) == len(set(names)) == 3


def test_unknown_is_a_word_with_a_next_step() -> None:
    html = render("{% figure f ask='/ask/' %}", f=None)
    assert read_text(html) == "? unknown Ask the operator"
    assert '<a href="/ask/">' in html
    assert read_text(render("{% figure f bare=True %}", f=Figure(None, "m"))) == "? no data"


def test_a_computed_figure_without_an_interval_is_refused() -> None:
    class Careless:
        value, unit, kind, interval = 3.0, "m", "computed", "none"

    with pytest.raises(InvalidInput) as refused:
        render("{% figure f label='Depth' %}", f=Careless())
    assert refused.value.code == "interval_missing"


def test_only_our_own_numbers_are_marked_provisional() -> None:
    computed = Figure(3.0, "1", 2.0, 4.0, "p90", "computed")
    assert "mark-provisional" in render("{% figure f %}", f=computed)
    assert "mark-provisional" not in render("{% figure f mark=False %}", f=computed)
    assert "mark-provisional" not in render("{% figure f %}", f=SURVEY)
    assert "mark-placeholder" in render("{% figure f %}", f=Figure(3.0, "1", status="placeholder"))


def test_a_declared_value_without_an_interval_says_so(language: str) -> None:
    words = {"ru": "интервал не указан", "kk": "аралық көрсетілмеген", "en": "interval not given"}
    assert words[language] in render("{% figure f %}", f=Figure(42.0, "m"))


@pytest.mark.parametrize(
    "text",
    [
        "{% figure f href=h label=h source=h %}",
        "{% figure None ask=h href=h label=h %}",
        "{% chip 'bad' h h %}{% chip 'neutral' h %}",
        "{% mark 'provisional' h %}{% class_chip 3 title=h %}{% class_chip None title=h %}",
        "{% status_icon h h %}{% symbol_icon h label=h %}",
        "{% interval_bar 1 2 1.5 lo=0 hi=3 label=h %}{% term_bar terms 3 label=h %}",
        "{% partial_date h %}{% localized record 'name' %}{% query_string sort=h %}{% sort_head h h %}",
        "{% json_data record h %}{% map_labels h %}",
        '{% include "components/empty.html" with title=h text=h action_url=h action_label=h filters=pairs clear_url=h %}',
        '{% include "components/breadcrumb.html" with trail=pairs %}',
        '{% include "components/pager.html" with next_url=h first=1 last=2 total=3 %}',
        '{% include "components/filter_menu.html" with name=h label=h chosen=h choices=choices %}',
        '{% include "components/map.html" with source=h id=h label=h bbox=h selected=h fallback=h %}',
        '{% include "components/draw.html" with geometry=h name=h id=h %}',
        '{% include "components/provenance.html" with label=h claims=claims why=h %}',
        '{% include "components/confirm.html" with question=h facts=pairs tick=h action_label=h back_url=h %}',
    ],
)
def test_a_hostile_string_stays_text(text: str) -> None:
    figure = Figure(3.0, "m", source=HOSTILE, cannot=HOSTILE, formula=HOSTILE)
    claim = {"figure": figure, "source": HOSTILE, "kind": HOSTILE, "by": HOSTILE}
    html = render(
        text, f=figure, h=HOSTILE, record={"name_kk": HOSTILE}, pairs=[(HOSTILE, HOSTILE)], terms=[(1.0, False)],
        choices=[(HOSTILE, HOSTILE, True, HOSTILE)], claims=[claim],
    )  # fmt: skip
    found = Markup()
    found.feed(html)
    assert HOSTILE not in html
    assert all(re.fullmatch(r"[a-z][a-z-]*", name) for name in found.names), found.names
    assert all(kind in {"module", "application/json"} for kind in found.scripts)


# --- chips, bars, links --------------------------------------------------------------------------------------------


def test_colour_never_stands_alone() -> None:
    for kind, glyph in (("ok", "✓"), ("info", "→"), ("warn", "?"), ("bad", "!")):
        assert read_text(render("{% chip k 'word' %}", k=kind)) == f"{glyph} word"
    assert read_text(render("{% class_chip 5 %}")) == "5"
    assert 'aria-label="too little data"' in render("{% class_chip None %}")
    assert read_text(render("{% status_icon 'abandoned' %}")) == "abandoned or orphaned"
    assert "#closed" in render("{% status_icon 'rehabilitated' 'closed and planted' %}")
    assert "#unknown" in render("{% status_icon None %}")


def test_verified_is_silent() -> None:
    assert render("{% mark 'verified' %}") == ""
    assert "provisional" in render("{% mark 'provisional' %}")


def test_an_interval_bar_has_no_style_and_a_sentence() -> None:
    html = render("{% interval_bar 8 12 11 lo=5 hi=14 threshold=10 label='8 to 12' %}")
    assert 'role="img" aria-label="8 to 12"' in html
    assert "style" not in html
    left, width = (float(re.search(rf'{name}="([\d.]+)" ?', html[html.index("<rect") :])[1]) for name in ("x", "width"))  # type: ignore[index]
    assert left == pytest.approx(4 + (8 - 5) / 9 * 142, abs=0.1)
    assert width == pytest.approx(4 / 9 * 142, abs=0.1)
    unknown = render("{% interval_bar None None None lo=5 hi=14 %}")
    assert "<circle" not in unknown and "too little data" in unknown


def test_bars_stay_inside_their_frame() -> None:
    html = render("{% interval_bar -100 100 500 lo=5 hi=14 %}{% term_bar terms 0 %}", terms=[(3.0, True)])
    numbers = [float(number) for number in re.findall(r'(?:cx|x|width)="([\d.]+)"', html)]
    assert max(numbers) <= 180


def test_a_link_keeps_the_rest_of_the_query() -> None:
    query = {"status": ["active", "closed"], "q": "a&b", "page": "3"}
    kept = "?status=active&amp;status=closed&amp;q=a%26b&amp;sort=-thi"
    assert render("{% query_string sort='-thi' page=None %}", query=query) == kept
    assert render("{% query_string drop='status=closed' page=None q=None %}", query=query) == "?status=active"


def test_a_sorted_column_says_so_and_turns() -> None:
    html = render("{% sort_head 'thi' 'THI' number=True default='-thi' first='-' %}")
    assert 'aria-sort="descending"' in html and "sort=thi" in html
    html = render("{% sort_head 'name' 'Name' first='-' %}", query={"sort": "thi"})
    assert 'aria-sort="none"' in html and "sort=-name" in html


def test_another_language_is_named(language: str) -> None:
    record = {"name_ru": "Северный", "name_kk": "", "name_en": ""}
    html = render("{% localized r 'name' %}", r=record)
    assert ('lang="ru"' in html) is (language != "ru")
    assert ("(ru)" in html) is (language != "ru")
    assert render("{% localized r 'name' %}", r={}) == ""


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_of_components_shows_every_state(client: Any, language: str) -> None:
    html = client.get("/design/", {"lang": language}).content.decode()
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=|\son\w+=|<style|hx-on|javascript:", html)
    for state, _, _ in design.figure_samples():
        with translation.override(language):
            assert str(state) in html
    assert len(client.get("/design/?f=geojson").json()["features"]) == len(design.POINTS) + 2
    assert "<html" not in client.get("/design/?f=claims").content.decode()


@pytest.mark.django_db
def test_the_frame_leads_to_content_languages_and_help(client: Any) -> None:
    html = client.get("/design/?lang=kk&size=50").content.decode()
    assert '<a class="skip" href="#content">' in html
    assert 'role="status" aria-live="polite"' in html and 'aria-live="assertive"' in html
    assert '"allowEval":false' in html and '"includeIndicatorStyles":false' in html
    for code in ("ru", "kk", "en"):
        assert re.search(rf'hreflang="{code}" href="\?[^"]*size=50', html)


def test_a_text_cannot_close_the_script_that_carries_it() -> None:
    html = str(tags.json_data({"name": "</script><b>&"}, "x"))
    assert html.count("</script>") == 1 and "<b>" not in html


# --- the built files -----------------------------------------------------------------------------------------------

# what a library ships and our pages never reach: htmx asks allowEval first; MapLibre evaluates only right-to-left plugins
KNOWN_EVAL = {"chunk.js": 2, "map-worker.js": 1}  # chunk: what several of our scripts share
# identifiers of formats and links in messages, none of them fetched
NAMED_HOSTS = {
    "www.w3.org", "github.com", "maplibre.org", "maplibre.invalid", "wiki.openstreetmap.org",
    "raw.githubusercontent.com",  # the default picture of a drawing mode that we do not use
}  # fmt: skip


@pytest.fixture(scope="module")
def built() -> list[Path]:
    files = [path for path in sorted(DIST.rglob("*")) if path.suffix in {".js", ".css", ".svg"}]
    if not files:
        pytest.skip("static/dist is not built: npm ci --ignore-scripts && npm run build")
    return files


def test_built_scripts_evaluate_no_text(built: list[Path]) -> None:
    found = {}
    for path in built:
        number = len(re.findall(r"\bnew Function\b|(?<![\w$])eval\(|globalThis\.eval", path.read_text(encoding="utf-8")))
        if number:
            found[re.sub(r"chunk-\w+", "chunk", path.name)] = number
    assert found == KNOWN_EVAL


def test_built_files_name_no_source_map_and_fetch_no_other_host(built: list[Path]) -> None:
    for path in built:
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path.name
        hosts = set(re.findall(r"https?://([\w.-]+\.\w+)", text))
        assert hosts <= NAMED_HOSTS, (path.name, hosts - NAMED_HOSTS)


def test_built_styles_load_only_their_own_fonts(built: list[Path]) -> None:
    styles = (DIST / "boget.css").read_text(encoding="utf-8")
    addresses = {address.strip("\"'") for address in re.findall(r"url\(([^)]*)\)", styles)}
    assert addresses and all(address.startswith(("./fonts/", "data:image/svg+xml")) for address in addresses)
    assert all((DIST / address).exists() for address in addresses if address.startswith("./"))


def test_every_bundled_library_names_its_licence(built: list[Path]) -> None:
    text = (DIST / "licences.txt").read_text(encoding="utf-8")
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name in wanted.keys() - {"esbuild"}:
        assert f"\n{name} {wanted[name]} (" in text
