"""Reads a template from standard input in a process of its own, with bounds on memory, time and files. Exit status 0: sound.

    python -m boget.portal.reports.progress.template_check pptx < FILE
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile

from lxml import etree

MEMORY_BYTES = 1024**3
SECONDS = 15
UNPACKED_BYTES = 200 * 1024**2
MOST_PARTS = 5000
DECLARATION = re.compile(rb"<\?xml[^>]*\?>|\xef\xbb\xbf")
PROGRAMS = ("vbaproject.bin", ".exe", ".dll")


def limit_process() -> None:
    """From here on the process can take no more memory and time, and can write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def check(content: bytes, kind: str) -> str:
    """What is wrong with the file; empty for a sound one. Raises whatever the libraries raise on a broken one."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
            return "too large when unpacked"
        names = [part.filename.lower() for part in parts]
        relations = b"".join(packed.read(part) for part in parts if part.filename.lower().endswith(".rels"))
    if _fetches_something(relations):
        return "refers to something outside of the file"
    if any(name.endswith(PROGRAMS) or "/embeddings/" in name or "/activex/" in name for name in names):
        return "holds a program"
    return _open(content, kind)


def _fetches_something(relations: bytes) -> bool:
    """Whether a part names a picture, a template or an object elsewhere, which every reader's program would ask for."""
    found = etree.fromstring(b"<all>" + DECLARATION.sub(b"", relations) + b"</all>", etree.XMLParser(resolve_entities=False))
    outside = [row.get("Type", "") for row in found.iter() if str(row.get("TargetMode", "")).lower() == "external"]
    return not all(kind.endswith("/hyperlink") for kind in outside)


def _open(content: bytes, kind: str) -> str:
    if kind == "pptx":
        from pptx import Presentation

        show = Presentation(io.BytesIO(content))
        return "" if len(show.slide_layouts) else "has no layout"
    from docx import Document

    return "" if Document(io.BytesIO(content)).styles is not None else "has no styles"


def main() -> int:
    content = sys.stdin.buffer.read()
    if sys.argv[1] == "pptx":
        import pptx  # noqa: F401 - read before memory is limited
    else:
        import docx  # noqa: F401
    limit_process()
    try:
        fault = check(content, sys.argv[1])
    except Exception as error:  # whatever it is, the file is refused
        fault = type(error).__name__
    if fault:
        print(fault, file=sys.stderr)
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
