"""The plan as a spreadsheet: what goes out comes back the same; a faulty file changes nothing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from boget.portal.core import sheets
from boget.portal.core.models import Revision
from boget.portal.core.sheets import read_sheet
from boget.portal.meetings.models import ItemParty, PlanItem, WorkPlan
from boget.portal.meetings.selectors.plan import read_plan
from boget.portal.meetings.selectors.plan_sheet import write_plan
from boget.portal.meetings.services.plan import create_plan
from boget.portal.meetings.services.plan_import import FaultyRows, import_plan
from boget.science.errors import InvalidInput

HEAD = ["№", "Наименование мероприятий", "Срок", "Ответственные", "Поддержка"]
PLAN = "/meetings/work-plans/2022/"


def write_book(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def describe(plan: WorkPlan) -> list[tuple[Any, ...]]:
    """All that a spreadsheet carries of a plan."""
    rows = []
    for item in PlanItem.objects.filter(plan=plan):
        parties = [(p.role, p.organisation.code) for p in ItemParty.objects.filter(item=item).order_by("role", "position")]
        rows.append((item.number, item.text_ru, item.text_kk, item.text_en, item.due, parties))
    return rows


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_export_and_import_give_the_same_plan(plan: WorkPlan, cast: dict[str, Any], language: str) -> None:
    table = read_plan(cast["secretary"], 2022, language=language)
    assert table is not None
    content = write_plan(table, language)
    before = describe(plan)
    WorkPlan.objects.filter(pk=plan.pk).update(state="draft")
    ItemParty.objects.all().delete()
    plan.items.all().delete()
    plan.refresh_from_db()
    done = import_plan(plan, read_sheet(content), by=cast["secretary"], version=plan.version)
    assert (done.added, done.changed) == (7, 0)
    assert describe(plan) == before


def test_importing_what_is_there_changes_nothing(plan: WorkPlan, cast: dict[str, Any]) -> None:
    table = read_plan(cast["secretary"], 2022, language="ru")
    assert table is not None
    entries = Revision.objects.count()
    done = import_plan(plan, read_sheet(write_plan(table, "ru")), by=cast["secretary"], version=plan.version)
    assert (done.added, done.changed, Revision.objects.count()) == (0, 0, entries)


def test_the_ministry_s_own_table_is_read(plan: WorkPlan, cast: dict[str, Any]) -> None:
    """A title above the head, months without a year, bodies by full names that hold commas."""
    rows = [
        ["План работы Рабочей группы"],
        [],
        ["№ п/п", "Наименование мероприятий", "Сроки исполнения", "Ответственные органы"],
        ["1.", "Первое", "июнь", "МЧС, Министерство экологии, геологии и природных ресурсов"],
        [2, "Второе", "4 квартал 2024 года", "КПБ; мчс"],
    ]
    draft = create_plan(2024, by=cast["secretary"])
    import_plan(draft, read_sheet(write_book(rows)), by=cast["secretary"], version=draft.version)
    assert [(row[0], row[1], row[4], [code for _role, code in row[5]]) for row in describe(draft)] == [
        (1, "Первое", "2024-06", ["mes", "megnr"]),
        (2, "Второе", "2024-Q4", ["cis", "mes"]),
    ]


def test_rows_without_a_number_get_the_next_ones(plan: WorkPlan, cast: dict[str, Any]) -> None:
    rows = [HEAD, ["", "Ещё один", "2022", "МЧС", ""], ["", "Ещё один", "2022", "МЧС", ""]]
    done = import_plan(plan, read_sheet(write_book(rows)), by=cast["secretary"], version=plan.version)
    assert done.added == 2 and list(plan.items.values_list("number", flat=True))[-2:] == [8, 9]


def test_one_faulty_row_and_nothing_is_loaded(plan: WorkPlan, cast: dict[str, Any]) -> None:
    rows = [
        HEAD,
        [8, "Хороший пункт", "2022", "МЧС", ""],
        [9, "Без срока", "", "МЧС", ""],
        [10, "", "июль 2022", "МЧС", ""],
        ["десять", "Не номер", "летом", "Министерство дорог", "МЧС"],
        [8, "Номер второй раз", "2022", "МЧС", ""],
    ]
    entries = Revision.objects.count()
    with pytest.raises(FaultyRows) as faulty:
        import_plan(plan, read_sheet(write_book(rows)), by=cast["secretary"], version=plan.version)
    places = {(fault.row, fault.column) for fault in faulty.value.faults}
    assert places == {(3, "Срок"), (4, "Наименование мероприятий"), (5, "№"), (5, "Срок"), (5, "Ответственные"), (6, "№")}
    assert plan.items.count() == 7 and Revision.objects.count() == entries


def test_a_fault_found_while_writing_takes_everything_back(plan: WorkPlan, cast: dict[str, Any]) -> None:
    rows = [HEAD, [8, "Новый", "2022", "МЧС", ""], [1, "Другой срок", "декабрь 2022", "МЧС", ""]]
    with pytest.raises(FaultyRows) as faulty:
        import_plan(plan, read_sheet(write_book(rows)), by=cast["secretary"], version=plan.version)
    assert [fault.row for fault in faulty.value.faults] == [3]
    assert plan.items.count() == 7 and plan.items.get(number=1).due == "2022-06"


def test_a_table_without_a_head_is_refused(plan: WorkPlan, cast: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        import_plan(plan, read_sheet(write_book([["№", "Наименование мероприятий", "Ответственные"], [1, "x", "МЧС"]])),
                    by=cast["secretary"], version=plan.version)  # fmt: skip
    assert refused.value.code == "sheet_header"


def test_text_that_looks_like_a_formula_stays_text(plan: WorkPlan, cast: dict[str, Any]) -> None:
    plan.items.filter(number=1).update(text_ru='=HYPERLINK("http://x")')
    table = read_plan(cast["secretary"], 2022, language="ru")
    assert table is not None
    cell = load_workbook(io.BytesIO(write_plan(table, "ru"))).active["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_the_page_tells_the_faults_in_the_reader_s_language(plan: WorkPlan, cast: dict[str, Any]) -> None:
    client = cast["secretary"].client
    good = write_book([HEAD, [8, "Восьмой", "2022", "МЧС", ""]])
    bad = write_book([HEAD, [8, "Восьмой", "когда-нибудь", "МЧС", ""]])
    answer = client.post(f"{PLAN}import/?lang=ru", {"version": plan.version, "file": SimpleUploadedFile("plan.xlsx", bad)})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Строка 2" in page and "Срок" in page and plan.items.count() == 7
    answer = client.post(f"{PLAN}import/", {"version": plan.version, "file": SimpleUploadedFile("plan.xlsx", good)})
    assert answer.status_code == 302 and plan.items.count() == 8


def test_a_stale_version_loads_nothing(plan: WorkPlan, cast: dict[str, Any]) -> None:
    file = SimpleUploadedFile("plan.xlsx", write_book([HEAD, [8, "Восьмой", "2022", "МЧС", ""]]))
    assert cast["secretary"].client.post(f"{PLAN}import/", {"version": 77, "file": file}).status_code == 409
    assert plan.items.count() == 7


# --- the reader of foreign files -------------------------------------------------------------------------------------


def test_what_is_no_spreadsheet_is_refused() -> None:
    for content in (b"", b"PK\x03\x04 broken", b"<html></html>", write_book([["a"]])[:400]):
        with pytest.raises(InvalidInput) as refused:
            read_sheet(content, name="x.xlsx")
        assert refused.value.code == "sheet_unreadable"


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (30 * 2**20))
    with pytest.raises(InvalidInput) as refused:
        read_sheet(stream.getvalue(), name="bomb.xlsx")
    assert refused.value.code == "sheet_too_large"


def test_a_file_of_entities_is_refused() -> None:
    good = write_book([["a"]])
    stream = io.BytesIO()
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as archive:
        for part in source.namelist():
            archive.writestr(part, bomb if part.endswith("sheet1.xml") else source.read(part))
    with pytest.raises(InvalidInput):
        read_sheet(stream.getvalue(), name="x.xlsx")


def test_too_many_rows_and_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_sheet(write_book([[number] for number in range(2001)]))
    assert refused.value.code == "sheet_too_large"
    monkeypatch.setattr(sheets, "LARGEST", 10)
    with pytest.raises(InvalidInput) as refused:
        read_sheet(b"x" * 11)
    assert refused.value.code == "file_too_large"
