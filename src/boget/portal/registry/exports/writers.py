"""The contract of a format: one file, one function that writes a sheet to a path."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from boget.portal.registry.exports.sheet import Sheet

Write = Callable[[Sheet, Path], None]


@dataclass(frozen=True, slots=True)
class Writer:
    """A format. write: writes the whole sheet to a path that does not exist yet."""

    label: str
    suffix: str
    content_type: str
    write: Write


def write_file(writer: Writer, sheet: Sheet) -> IO[Any]:
    """The sheet as an open temporary file at its beginning; it goes away when closed."""
    with tempfile.TemporaryDirectory(prefix="boget-export-") as folder:
        path = Path(folder) / f"facilities.{writer.suffix}"
        writer.write(sheet, path)
        finished = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with path.open("rb") as written:
            shutil.copyfileobj(written, finished)
    finished.seek(0)
    return finished
