"""Files: by content and not by name, out of reach of the web server, sent as attachments that cannot act."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from boget.portal.core.models import Revision
from boget.portal.meetings.file_kinds import find_kind
from boget.portal.meetings.models import MeetingDocument
from boget.portal.meetings.services import documents
from boget.science.errors import InvalidInput

PDF = b"%PDF-1.7\n%..."


def make_docx() -> bytes:
    stream = io.BytesIO()
    docx.Document().save(stream)
    return stream.getvalue()


def make_xlsx() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def make_pptx() -> bytes:
    stream = io.BytesIO()
    pptx.Presentation().save(stream)
    return stream.getvalue()


def make_zip(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


GOOD = {
    "pdf": PDF,
    "docx": make_docx(),
    "xlsx": make_xlsx(),
    "pptx": make_pptx(),
    "odt": make_zip(mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=b"<x/>"),
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpg": b"\xff\xd8\xff\xe0....",
    "txt": "Қойма № 2\r\n".encode(),
}
BAD = {
    "html as pdf": b"<html><script>alert(1)</script>\x00",
    "executable": b"MZ\x90\x00\x03\x00\x00\x00",
    "plain zip": make_zip(a=b"b"),
    "macros": make_zip(word__document_dot_xml=b"x", word__vbaProject_dot_bin=b"x"),
    "broken zip": b"PK\x03\x04" + b"\x00" * 40,
    "cp1251": "Привет".encode("cp1251"),
    "gif": b"GIF89a\x01\x00\x01\x00\x80",
}


@pytest.mark.parametrize("kind", GOOD)
def test_kinds_are_known_by_content(kind: str) -> None:
    found = find_kind(io.BytesIO(GOOD[kind]), len(GOOD[kind]))
    assert found is not None and found.ending == kind


@pytest.mark.parametrize("kind", BAD)
def test_other_content_is_refused_whatever_its_name(kind: str, make_meeting: Any, cast: dict[str, Any]) -> None:
    upload = SimpleUploadedFile("report.pdf", BAD[kind], content_type="application/pdf")
    with pytest.raises(InvalidInput) as caught:
        documents.store_document(make_meeting(), upload, {}, by=cast["secretary"])
    assert caught.value.code == "document_kind"
    assert not MeetingDocument.objects.exists()


def store(meeting: Any, cast: dict[str, Any], *, content: bytes = PDF, name: str = "Отчёт 1.exe", **values: Any) -> Any:
    return documents.store_document(meeting, SimpleUploadedFile(name, content), values, by=cast["secretary"])


def test_a_file_is_kept_under_a_made_up_name_outside_of_static(make_meeting: Any, cast: dict[str, Any]) -> None:
    document = store(make_meeting(), cast)
    path = Path(default_storage.path(document.path)).resolve()
    assert path.is_relative_to(Path(settings.VAR) / "files")
    served = [Path(settings.STATIC_ROOT), *(Path(folder) for _prefix, folder in settings.STATICFILES_DIRS)]
    assert not any(path.is_relative_to(folder) for folder in served)
    assert "Отчёт" not in path.name and path.suffix == ""
    assert document.file_name == "Отчёт 1.pdf"  # the ending of its content


def test_too_large_empty_and_above_ones_level_are_refused(
    make_meeting: Any, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make_meeting()
    assert documents.LARGEST < settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # else the request is refused before the file is seen
    monkeypatch.setattr(documents, "LARGEST", len(PDF) - 1)
    for content, code in ((PDF, "file_too_large"), (b"", "file_empty")):
        with pytest.raises(InvalidInput) as caught:
            store(meeting, cast, content=content)
        assert caught.value.code == code
    monkeypatch.undo()
    with pytest.raises(InvalidInput) as caught:
        store(meeting, cast, level=3)
    assert caught.value.code == "level_above"


def test_the_same_file_twice_is_one(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting()
    assert store(meeting, cast).pk == store(meeting, cast).pk
    assert len(default_storage.listdir("meetings")[1]) >= 1


def test_it_is_sent_as_an_attachment_that_cannot_act(make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    document = store(make_meeting(), cast, name='a"b\r\nX: y.pdf')
    answer = clients["secretary"].get(f"/meetings/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment") and "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Type"] == "application/pdf"


def test_levels_decide_who_gets_a_file(make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any]) -> None:
    from boget.portal.meetings.services.attendance import add_participant
    from boget.portal.meetings.services.invitations import send_invitations

    meeting = make_meeting()
    add_participant(meeting, {"name": "Guest", "email": cast["operator"].email}, by=cast["secretary"])
    send_invitations(meeting, by=cast["secretary"], version=meeting.version)
    files = {level: store(meeting, cast, content=PDF + bytes([65 + level]), level=level) for level in (0, 1, 2)}
    met = {
        role: [clients[role].get(f"/meetings/documents/{files[level].pk}/").status_code for level in (0, 1, 2)]
        for role in clients
    }
    assert met == {
        "secretary": [200, 200, 200], "editor": [200, 200, 200], "inspector": [200, 200, 200],
        "expert": [200, 200, 404], "observer": [200, 200, 404],
        "operator": [200, 404, 404],  # an invited guest gets what is public
        "other_operator": [404, 404, 404], "anonymous": [302, 302, 302],
    }  # fmt: skip


def test_removal_needs_a_reason_and_keeps_the_record(
    make_meeting: Any, cast: dict[str, Any], clients: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    document = store(make_meeting(), cast)
    address = f"/meetings/documents/{document.pk}/"
    assert clients["editor"].post(f"{address}remove/", {"reason": "x", "version": 0}).status_code == 404
    assert clients["secretary"].post(f"{address}remove/", {"reason": "", "version": 0}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert clients["secretary"].post(f"{address}remove/", {"reason": "personal data", "version": 0}).status_code == 302
    assert clients["secretary"].get(address).status_code == 404
    document.refresh_from_db()
    assert document.removed_at is not None and document.sha256
    assert not default_storage.exists(document.path)
    assert Revision.objects.filter(record_type="document", kind="retire", reason="personal data").exists()
