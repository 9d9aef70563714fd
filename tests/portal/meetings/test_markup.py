"""What Word puts on the clipboard comes down to the few tags of the minutes; tables stay."""

from __future__ import annotations

import pytest

from boget.portal.meetings.markup import clean_html, read_blocks, read_text, write_html, write_plain_html

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><style>p.MsoNormal{margin:0}</style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=RU>
<p class=MsoNormal style='text-align:justify'><span lang=KK style='font-size:14.0pt'>Қойма <b>№ 2</b>: 82 объекта<o:p></o:p></span></p>
<h2>Заголовок</h2>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=100 colspan=2 style='border:solid'>
<p class=MsoNormal align=center><b>Область</b></p></td><td rowspan=2><p>Всего</p></td></tr>
<tr><td><p>Абай</p></td><td><p>31</p><p>уточнить</p></td></tr></table>
<ol><li>первое<ul><li>внутри</li></ul></li><li><p>второе</p></li></ol>
<p class=MsoNormal><a href="javascript:alert(1)">ссылка</a><img src="file:///c:/x.png"> &amp; &lt;тег&gt;</p><p>&nbsp;</p></body></html>"""


def test_word_comes_down_to_structure() -> None:
    assert clean_html(WORD) == (
        "<p>Қойма <strong>№ 2</strong>: 82 объекта</p><p><strong>Заголовок</strong></p>"
        '<table><tbody><tr><td colspan="2"><strong>Область</strong></td><td rowspan="2">Всего</td></tr>'
        "<tr><td>Абай</td><td><p>31</p><p>уточнить</p></td></tr></tbody></table>"
        "<ol><li><p>первое</p><ul><li>внутри</li></ul></li><li>второе</li></ol>"
        "<p>ссылка &amp; &lt;тег&gt;</p>"
    )


@pytest.mark.parametrize(
    "html",
    [
        WORD, "", "plain", "<b>a</b><i>b</i>", "<li>x</li>", "<td>y</td>", "<table><td>a<table><td>b</table></table>",
        "<ul>" * 60 + "deep" + "</ul>" * 60, "<p><p><p>a<br><br></p>", "<table></table>", "a<table><tr></tr></table>b", "<ul><li></li></ul>",
        "\x00\u202ea", "<div><div>a</div>b<table><tr><td>c</div></div>",
    ],
)  # fmt: skip
def test_cleaning_is_done_once_and_for_all(html: str) -> None:
    once = clean_html(html)
    assert clean_html(once) == once
    assert write_html(read_blocks(once)) == once


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<p onmouseover=x>a</p>", "<svg onload=x>", "<a href='javascript:x'>a</a>", "<style>p{}</style>",
        "<iframe src=x></iframe>", "<p style='background:url(x)'>a</p>", "<math><mi//xlink:href='data:x,<script>'>", "<template><b>x</b></template>",
        "<td colspan='99999999999' rowspan='-1'>a</td>", "<form action=x><input></form>",
    ],
)  # fmt: skip
def test_nothing_that_acts_gets_through(html: str) -> None:
    cleaned = clean_html(f"<table><tr>{html}</tr></table>{html}")
    for word in ("script", "on", "style", "href", "src", "svg", "iframe", "form", "99999", "input"):
        assert f"<{word}" not in cleaned and f"{word}=" not in cleaned.replace("colspan=", "").replace("rowspan=", "")


def test_plain_text_keeps_its_lines_and_signs() -> None:
    assert write_plain_html("a < b\r\n\r\n  № 5") == "<p>a &lt; b</p><p>№ 5</p>"
    assert read_text(WORD).splitlines()[2:4] == ["Область | Всего", "Абай | 31 уточнить"]
