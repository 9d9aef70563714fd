"""Attempts to get more into a report, or out of it, than its readers may see, and to change what was released."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from boget.portal.jobs.models import Job
from boget.portal.jobs.worker import Worker
from boget.portal.reports.models import ProgressReport, ReportTemplate
from boget.portal.reports.progress import selectors, services
from boget.science.errors import InvalidInput
from tests.portal.reports.test_progress_pages import ADDRESS, FORM, NEW, make_template, send_template

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def draft(desk: Any, clients: dict[str, Any]) -> ProgressReport:
    assert clients["secretary"].post(NEW, FORM).headers["Location"] == ADDRESS
    return ProgressReport.objects.get(code="2022-1")


def release(report: ProgressReport, clients: dict[str, Any], *, level: int) -> ProgressReport:
    ProgressReport.objects.filter(pk=report.pk).update(level=level)
    report.refresh_from_db()
    answer = clients["secretary"].post(f"{ADDRESS}release/", {"version": report.version, "confirmed": "1"})
    assert answer.status_code == 302
    report.refresh_from_db()
    return report


def add_relation(content: bytes, part: str, kind: str, target: str) -> bytes:
    """A file of an office program one of whose parts names something outside of it."""
    relation = f'<Relationship Id="rId900" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode = "External"/></Relationships>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"</Relationships>", relation.encode()) if name == part else data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("kind", "part", "relation"),
    [
        ("docx", "word/_rels/document.xml.rels", "attachedTemplate"),
        ("docx", "word/_rels/document.xml.rels", "image"),
        ("pptx", "ppt/slideMasters/_rels/slideMaster1.xml.rels", "image"),
        ("pptx", "ppt/_rels/presentation.xml.rels", "oleObject"),
    ],
)
def test_a_template_that_fetches_something_from_elsewhere_is_refused(
    draft: Any, clients: dict[str, Any], kind: str, part: str, relation: str
) -> None:
    """Every reader's Word or PowerPoint would ask that server, for a picture or for a template with macros."""
    content = add_relation(make_template(kind), part, relation, "http://192.0.2.1/x.dotm")
    assert send_template(clients["secretary"], content, f"own.{kind}").status_code == 422
    assert not ReportTemplate.objects.exists()


def test_a_template_may_hold_a_link_to_a_page(draft: Any, clients: dict[str, Any]) -> None:
    content = add_relation(make_template("docx"), "word/_rels/document.xml.rels", "hyperlink", "https://www.gov.kz/")
    assert send_template(clients["secretary"], content, "own.docx").status_code == 302


def test_a_template_that_does_not_exist_is_not_chosen(draft: Any, clients: dict[str, Any]) -> None:
    for number in ("²", "999", "9" * 40):
        answer = clients["secretary"].post("/reports/templates/", {"kind": "docx", "use": number})
        assert answer.status_code == 404, number


def test_a_released_report_is_neither_saved_nor_deleted(draft: Any, clients: dict[str, Any]) -> None:
    report = release(draft, clients, level=1)
    changed = ProgressReport.objects.get(pk=report.pk)
    changed.choices = {"texts": {"ru": {"results": "Всё выполнено"}}}
    for write in (changed.save, changed.delete):
        with pytest.raises(TypeError):
            write()
    assert ProgressReport.objects.get(pk=report.pk).choices == report.choices


@pytest.mark.parametrize("letter", ["\x01", "\x1b", "\ufffe", "\u202e"])
def test_a_text_that_no_file_can_hold_is_refused(draft: Any, cast: dict[str, Any], letter: str) -> None:
    """Released with it, the report could never be written as Word."""
    with pytest.raises(InvalidInput) as refused:
        services.save_choices(
            draft, hidden=(), order=(), texts={"results": f"Done{letter}"}, language="ru", version=draft.version,
            by=cast["secretary"],
        )  # fmt: skip
    assert refused.value.code == "control_character"


def test_a_file_of_the_draft_is_not_given_out_as_the_released_report(
    draft: Any, clients: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "DIRECT_ITEMS", 1)
    client = clients["secretary"]
    client.post(f"{ADDRESS}make/", {"form": "xlsx", "in": "ru"})
    Worker(kinds=frozenset({"reports.progress"})).work_off()
    address = Job.objects.get(kind="reports.progress").result["url"]
    assert "-draft.xlsx" in client.get(address).headers["Content-Disposition"]
    release(draft, clients, level=1)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("form", services.FORMS)
def test_a_report_for_the_public_names_no_person(draft: Any, cast: dict[str, Any], clients: dict[str, Any], form: str) -> None:
    report = release(draft, clients, level=0)
    assert cast["secretary"].name not in str(report.context)
    answer = clients["anonymous"].get(f"{ADDRESS}?f={form}&in=ru")
    assert answer.status_code == 200
    if form != "pdf":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert not [name for name in packed.namelist() if cast["secretary"].name.encode() in packed.read(name)]


def test_a_report_for_the_group_names_who_presents_it(draft: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    assert cast["secretary"].name in str(release(draft, clients, level=1).context)
