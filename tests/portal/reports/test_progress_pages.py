"""Making, keeping and releasing a report: who may, nothing lost, nothing changed after the release."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.utils import translation

from boget.portal.core.models import Revision
from boget.portal.reports.models import ProgressReport, ReportTemplate

NEW, ADDRESS = "/reports/progress/new/", "/reports/progress/2022-1/"
FORM = {"year": "2022", "since": "2022-01-01", "until": "2022-12-31", "languages": ["ru", "kk"], "level": "1"}
ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def draft(desk: Any, clients: dict[str, Any]) -> ProgressReport:
    answer = clients["secretary"].post(NEW, FORM)
    assert answer.headers["Location"] == ADDRESS
    return ProgressReport.objects.get(code="2022-1")


@pytest.fixture
def release(draft: ProgressReport, clients: dict[str, Any]) -> Any:
    def make(level: int = 1) -> ProgressReport:
        ProgressReport.objects.filter(pk=draft.pk).update(level=level)
        answer = clients["secretary"].post(f"{ADDRESS}release/", {"version": draft.version, "confirmed": "1"})
        assert answer.status_code == 302
        return ProgressReport.objects.get(pk=draft.pk)

    return make


# --- making --------------------------------------------------------------------------------------------------------


def test_the_form_is_filled_in(desk: Any, clients: dict[str, Any]) -> None:
    form = clients["secretary"].get(NEW).context["form"]
    assert (form["year"].value(), form["since"].value().isoformat()) == (2022, "2022-01-01")
    assert form["languages"].value() == ["en"]


def test_four_requests_make_a_deck(desk: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    assert NEW in read(client, "/dashboard/")
    assert client.get(NEW).status_code == 200
    builder = client.post(NEW, FORM, follow=True)
    assert f"{ADDRESS}?f=pptx&amp;in=ru" in builder.content.decode()
    answer = client.get(f"{ADDRESS}?f=pptx&in=ru")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="boget-progress-2022-1-ru-draft.pptx"'
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


@pytest.mark.parametrize("form", ["pptx", "docx", "pdf", "xlsx"])
def test_every_file_of_every_language_is_sent(draft: Any, clients: dict[str, Any], form: str) -> None:
    for language in ("ru", "kk"):
        answer = clients["secretary"].get(f"{ADDRESS}?f={form}&in={language}")
        assert answer.status_code == 200 and len(answer.content) > 3000
    assert clients["secretary"].get(f"{ADDRESS}?f=exe").status_code == 404


def test_the_same_form_twice_makes_one_draft(draft: Any, clients: dict[str, Any]) -> None:
    assert clients["secretary"].post(NEW, FORM).headers["Location"] == ADDRESS
    assert ProgressReport.objects.count() == 1
    other = clients["secretary"].post(NEW, {**FORM, "until": "2022-11-30"})
    assert other.headers["Location"] == "/reports/progress/2022-2/"


@pytest.mark.parametrize(
    "wrong", [{"since": "2023-01-01"}, {"until": "2099-01-01"}, {"languages": []}, {"year": "1999"}, {"until": "soon"}, {"level": "7"}]
)
def test_a_wrong_form_is_answered_with_what_is_wrong(desk: Any, clients: dict[str, Any], wrong: dict[str, Any]) -> None:
    answer = clients["secretary"].post(NEW, {**FORM, **wrong})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode() and not ProgressReport.objects.exists()


def test_the_builder_says_what_to_look_at(draft: Any, clients: dict[str, Any]) -> None:
    page = read(clients["secretary"], ADDRESS)
    assert "Item 2 is overdue by 153 days and nobody reported on it in the period." in page
    assert "Reports on items made after 31.12.2022 are not in this report: 1." in page
    assert page.count("<h1") == 1 and page.count('class="button button-primary"') == 1
    assert "?country=KZ&amp;status=active" in page


# --- choosing ------------------------------------------------------------------------------------------------------


def save(client: Any, report: ProgressReport, **changes: Any) -> Any:
    codes = [part.code for part, *_rest in client.get(ADDRESS).context["rows"]]
    values = {"version": report.version, "in": "ru", "order": codes, "shown": codes, **changes}
    return client.post(f"{ADDRESS}save/", values)


def test_ticks_order_and_texts_are_kept_with_their_revision(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    assert save(client, draft, **{"shown": ["title", "plan"], "move": "up:plan", "text:results": "Своими словами"}).status_code == 302
    draft.refresh_from_db()
    assert "register" in draft.choices["hidden"] and "plan" not in draft.choices["hidden"]
    assert draft.choices["order"].index("plan") < draft.choices["order"].index("results")
    assert draft.choices["texts"] == {"ru": {"results": "Своими словами"}}
    assert Revision.objects.filter(record_type="progress_report", record_id="2022-1", kind="change").count() == 1
    page = read(client, f"{ADDRESS}?in=ru")
    assert "Edited by hand, the source says:" in page and "Своими словами" in page


def test_a_text_left_as_it_is_goes_on_following_the_data(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    with translation.override("en"):
        parts = [part for part, *_rest in client.get(f"{ADDRESS}?in=ru").context["rows"]]
    same = {f"text:{part.code}": part.text.replace("\n", "\r\n") for part in parts if part.before}
    assert save(client, draft, **same).status_code == 302
    draft.refresh_from_db()
    assert draft.choices["texts"] == {}


def test_a_stale_page_is_refused_and_keeps_nothing(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    assert save(client, draft, **{"text:results": "Первый"}).status_code == 302
    answer = save(client, draft, **{"text:results": "Второй"})
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.choices["texts"]["ru"]["results"] == "Первый"


def test_unknown_parts_and_too_long_texts_are_refused(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    assert save(client, draft, **{"text:results": "я" * 7000}).status_code == 422
    save(client, draft, order=["nonsense", "title"], shown=["title"])
    draft.refresh_from_db()
    assert draft.choices["order"] == ["title"]


# --- releasing -----------------------------------------------------------------------------------------------------


def test_a_released_report_never_changes(release: Any, clients: dict[str, Any], make_facility: Any, make_action: Any) -> None:
    client = clients["secretary"]
    report = release()
    before = client.get(f"{ADDRESS}?f=pdf&in=ru").content
    make_facility(name_ru="Новое хвостохранилище")
    make_action("Новая мера")
    assert client.get(f"{ADDRESS}?f=pdf&in=ru").content == before
    assert client.post(f"{ADDRESS}save/", {"version": report.version, "in": "ru", "order": ["title"]}).status_code == 422
    assert client.post(f"{ADDRESS}delete/", {"version": report.version}).status_code == 422
    again = ProgressReport.objects.get(pk=report.pk)
    assert (again.sha256, again.version, again.choices) == (report.sha256, report.version, report.choices)
    assert set(report.context) == {"ru", "kk"}


def test_a_release_makes_a_snapshot_and_names_it(release: Any, clients: dict[str, Any]) -> None:
    from boget.portal.registry.models import Snapshot

    report = release()
    snapshot = Snapshot.objects.get(number=report.snapshot_number)
    assert report.context["ru"]["snapshot"] == str(snapshot.number)
    assert f"snapshot No {snapshot.number}" in read(clients["secretary"], ADDRESS)
    entry = Revision.objects.get(record_type="progress_report", kind="publish")
    assert entry.changes["sha256"] == ["", report.sha256]


def test_a_release_needs_the_tick_and_the_newest_version(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    assert client.post(f"{ADDRESS}release/", {"version": draft.version}).status_code == 422
    assert client.post(f"{ADDRESS}release/", {"version": 99, "confirmed": "1"}).status_code == 409
    assert ProgressReport.objects.get().state == "draft"


def test_a_report_changed_behind_the_door_is_not_served(release: Any, clients: dict[str, Any]) -> None:
    report = release()
    report.context["ru"]["title"] = "Forged"
    ProgressReport.objects.filter(pk=report.pk).update(context=report.context)
    with pytest.raises(ValueError, match="2022-1"):
        clients["secretary"].get(f"{ADDRESS}?f=pdf&in=ru")


def test_the_next_report_begins_after_the_last(release: Any, clients: dict[str, Any]) -> None:
    release()
    form = clients["secretary"].get(NEW).context["form"]
    assert form["since"].value().isoformat() == "2023-01-01"
    assert clients["secretary"].post(NEW, {**FORM, "since": "2023-01-01", "until": "2023-06-30"}).headers["Location"].endswith("/2022-2/")


# --- rights --------------------------------------------------------------------------------------------------------


def test_only_the_secretary_finds_drafts_and_tools(draft: Any, clients: dict[str, Any]) -> None:
    for name in ROLES:
        wanted = 200 if name == "secretary" else 404
        assert clients[name].get(ADDRESS).status_code == wanted, name
        assert clients[name].get(f"{ADDRESS}?f=pptx&in=ru").status_code == wanted, name
        for address in (NEW, f"{ADDRESS}release/", "/reports/templates/"):
            assert clients[name].get(address).status_code == (302 if name == "anonymous" else wanted), (name, address)
        if name != "secretary":
            for address in (NEW, f"{ADDRESS}save/", f"{ADDRESS}release/", f"{ADDRESS}delete/", "/reports/templates/"):
                status = clients[name].post(address, {"version": 1, "confirmed": "1"}).status_code
                assert status == (302 if name == "anonymous" else 404), (name, address)
    assert ProgressReport.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("level", "readers"),
    [
        (0, set(ROLES)),
        (1, {"secretary", "editor", "inspector", "expert", "observer"}),
        (2, {"secretary", "editor", "inspector"}),
    ],
)
def test_a_released_report_is_for_the_readers_of_its_level(release: Any, clients: dict[str, Any], level: int, readers: set[str]) -> None:
    release(level)
    for name in ROLES:
        status = 200 if name in readers else 404
        assert clients[name].get(ADDRESS).status_code == status, name
        assert clients[name].get(f"{ADDRESS}?f=pptx&in=ru").status_code == status, name
        assert ("2022-1" in read(clients[name], "/reports/")) == (name in readers), name


@pytest.mark.parametrize("level", [0, 1])
def test_nothing_hidden_is_in_a_released_report(release: Any, clients: dict[str, Any], level: int) -> None:
    report = release(level)
    text = json.dumps(report.context, ensure_ascii=False) + read(clients["observer"], ADDRESS)
    assert [word for word in ("ACTION-CANARY", "DRAFT-CANARY", "AUTHORITY-CANARY", "GROUP-CANARY") if word in text] == []
    assert ("Мера группы" in text) == (level == 1)


# --- large reports and templates -----------------------------------------------------------------------------------


def test_a_large_report_is_made_by_a_job(draft: Any, clients: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.portal.jobs.models import Job
    from boget.portal.jobs.worker import Worker
    from boget.portal.reports.progress import selectors

    monkeypatch.setattr(selectors, "DIRECT_ITEMS", 1)
    client = clients["secretary"]
    assert client.get(f"{ADDRESS}?f=docx&in=ru").status_code == 302
    answer = client.post(f"{ADDRESS}make/", {"form": "docx", "in": "ru"})
    job = Job.objects.get(kind="reports.progress")
    assert answer.headers["Location"] == f"/jobs/{job.public_id}/"
    Worker(kinds=frozenset({"reports.progress"})).work_off()
    job.refresh_from_db()
    assert job.state == "done", job.error_message
    file = client.get(job.result["url"])
    assert file.status_code == 200 and zipfile.is_zipfile(io.BytesIO(file.content))
    assert clients["editor"].get(job.result["url"]).status_code == 404


def make_template(kind: str) -> bytes:
    stream = io.BytesIO()
    if kind == "pptx":
        from pptx import Presentation

        Presentation().save(stream)
    else:
        from docx import Document

        Document().save(stream)
    return stream.getvalue()


def send_template(client: Any, content: bytes, name: str) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return client.post("/reports/templates/", {"file": file})


@pytest.mark.parametrize("kind", ["pptx", "docx"])
def test_a_template_is_put_in_used_and_put_aside(draft: Any, clients: dict[str, Any], kind: str) -> None:
    client = clients["secretary"]
    assert send_template(client, make_template(kind), f"own.{kind}").status_code == 302
    template = ReportTemplate.objects.get()
    assert template.is_used and template.kind == kind
    assert client.get(f"{ADDRESS}?f={kind}&in=ru").status_code == 200
    assert client.post("/reports/templates/", {"kind": kind, "use": ""}).status_code == 302
    template.refresh_from_db()
    assert not template.is_used


def test_files_that_are_no_templates_are_refused(draft: Any, clients: dict[str, Any]) -> None:
    client = clients["secretary"]
    bomb, macro = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("ppt/presentation.xml", b"\0" * (201 * 1024**2))
    with zipfile.ZipFile(macro, "w") as packed:
        packed.writestr("ppt/vbaProject.bin", b"x")
    for content, name in ((b"nonsense", "a.pptx"), (bomb.getvalue(), "b.pptx"), (macro.getvalue(), "c.pptx"), (make_template("docx"), "d.pptx"), (b"x", "e.exe")):
        assert send_template(client, content, name).status_code == 422, name
    assert not ReportTemplate.objects.exists()


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_writes_a_file(desk: Any, tmp_path: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from boget import cli

    monkeypatch.setattr("boget.commands.reporting.require_database", lambda: None)
    target = tmp_path / "report.pptx"
    arguments = ["report", "progress", "--year", "2022", "--lang", "ru", "--format", "pptx", "--output", str(target)]
    assert cli.main(arguments) == 0
    assert zipfile.is_zipfile(target) and str(target) in capsys.readouterr().out
    assert cli.main([*arguments[:-1], str(tmp_path / "absent" / "x.pptx")]) == 3
    assert cli.main([*arguments, "--until", "2021-01-01"]) == 3
    assert cli.main([*arguments, "--until", "2099-01-01"]) == 3
    assert not ProgressReport.objects.exists()
