"""An operator sees the whole of its own facility and proposes values; another operator and the public see neither."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.steps import fill_source, open_group, read_row, save
from tests.journeys.visitor import Visitor

FACILITY, POND = "KZ-0003", "KZ-0003-S01"
CARD = f"/registry/facilities/{FACILITY}/"
FOR_THE_GROUP, FOR_THE_AUTHORITY = "991140000357", "Дежурный 8-705-КАНАРЕЙКА"
PROPOSED = "Паспорт оператора 2026"
ADDRESSES = (
    CARD,
    f"{CARD}?tab=history",
    f"{CARD}?tab=map",
    f"{CARD}?f=geojson",
    f"{CARD}history/",
    f"{CARD}fields/volume_m3/?structure={POND}",
    "/registry/facilities/?f=csv&q=KZ-0003",
    "/registry/facilities/?f=json&q=KZ-0003",
    f"/api/v1/facilities/{FACILITY}",
    f"/api/v1/facilities/{FACILITY}/history",
    "/search/?q=Тишинское",
)


def test_operator_proposes_and_others_do_not_see(visitor: Visitor) -> None:
    write_hidden_values(visitor.open("editor", language="ru"))
    own = visitor.open("operator", language="ru")
    propose(own)
    assert FOR_THE_AUTHORITY in read_all(own) and PROPOSED in read_all(own)
    for stranger in (visitor.open("other_operator", language="ru"), visitor.open(language="ru")):
        seen = read_all(stranger)
        assert "Тишинский" in seen
        for hidden in (FOR_THE_GROUP, FOR_THE_AUTHORITY, PROPOSED):
            assert hidden not in seen, hidden
        assert_closed(stranger)
    group = read_all(visitor.open("expert", language="ru"))
    assert FOR_THE_GROUP in group and FOR_THE_AUTHORITY not in group


def write_hidden_values(page: Page) -> None:
    page.goto(CARD)
    open_group(page, FACILITY, "owner")
    fill_source(page, source="Письмо оператора", reason="сверка с оператором")
    page.locator("[name=f-bin]").fill(FOR_THE_GROUP)
    page.locator("[name=f-contact]").fill(FOR_THE_AUTHORITY)
    save(page)
    assert read_row(page, "contact") == FOR_THE_AUTHORITY


def propose(page: Page) -> None:
    """The operator's value waits beside the shown one."""
    page.goto(CARD)
    before = read_row(page, "volume_m3", POND)
    open_group(page, POND, "volume")
    fill_source(page, source=PROPOSED, reason="ежегодный отчёт")
    page.locator("[name=f-volume_m3]").fill("7,7 млн м3")
    save(page)
    assert page.url.endswith(CARD)
    assert read_row(page, "volume_m3", POND) == before
    page.goto(f"{CARD}fields/volume_m3/?structure={POND}")
    expect(page.locator("main tbody").first).to_contain_text("7,7")


def read_all(page: Page) -> str:
    """Everything that this reader gets of the facility: pages, files, interface for programs."""
    texts = []
    for address in ADDRESSES:
        answer = page.context.request.get(address)
        assert answer.status == 200, address
        texts.append(answer.text())
    return "\n".join(texts)


def assert_closed(page: Page) -> None:
    """What the reader may not do or see answers as if it were not there."""
    for end in ("edit/owner/", "geometry/", "disclosure/", "fields/contact/", "fields/bin/"):
        assert page.context.request.get(f"{CARD}{end}").status == 404, end
    assert page.context.request.get("/registry/facilities/new/").status == 404
