"""What a file is by its content, not by its name: the kinds that a meeting may keep."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

from boget.portal.core.text import is_storable

ALLOWED = "pdf, docx, xlsx, pptx, odt, png, jpg, txt"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "word/document.xml": ("docx", f"{OFFICE}wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", f"{OFFICE}spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", f"{OFFICE}presentationml.presentation"),
}
SIGNATURES = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
)
ODT = "application/vnd.oasis.opendocument.text"
MOST_PARTS = 20_000
LONGEST_TEXT = 5 * 1024 * 1024  # bytes; a longer plain text is no document for people


@dataclass(frozen=True, slots=True)
class FileKind:
    """Ending of the name and media type."""

    ending: str
    media_type: str


def find_kind(stream: IO[bytes], size: int) -> FileKind | None:
    """The kind of a file of `size` bytes, None for any other content; the stream stands at its beginning afterwards."""
    try:
        stream.seek(0)
        start = stream.read(16)
        stream.seek(0)
        for signature, ending, media_type in SIGNATURES:
            if start.startswith(signature):
                return FileKind(ending, media_type)
        if start.startswith(b"PK\x03\x04"):
            return _find_packed(stream)
        return _find_text(stream, size)
    finally:
        stream.seek(0)


def _find_packed(stream: IO[bytes]) -> FileKind | None:
    """Office documents by their parts. Nothing is unpacked; one with macros is refused."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {entry.filename for entry in archive.infolist()[:MOST_PARTS]}
            if any(name.endswith("vbaProject.bin") for name in names) or len(archive.infolist()) > MOST_PARTS:
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODT):
                return FileKind("odt", ODT) if archive.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((FileKind(*MAIN_PARTS[part]) for part in MAIN_PARTS if part in names), None)


def _find_text(stream: IO[bytes], size: int) -> FileKind | None:
    if size > LONGEST_TEXT:
        return None
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return FileKind("txt", "text/plain; charset=utf-8") if is_storable(text) else None
