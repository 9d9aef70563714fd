"""Reads a spreadsheet that somebody uploaded, in a process of its own with little memory and time.

Run as a script by core.sheets, never imported there: a file made to hurt harms this process alone. It takes the bytes on
standard input and answers with one line of JSON: {"rows": [[text, …], …]} or {"fault": code}.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
import zipfile
from typing import Any

MEMORY, SECONDS, FILES = 768 * 2**20, 15, 64
UNPACKED = 64 * 2**20  # bytes of all parts together
ROWS, COLUMNS, LETTERS = 2000, 60, 20_000
ALL_LETTERS = 4_000_000  # of all cells: one long text may be named by each of them


def limit_resources() -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def read_rows(content: bytes) -> dict[str, Any]:
    """Texts of the first sheet, empty rows at the end left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED:
            return {"fault": "sheet_too_large"}
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False).worksheets[0]
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    letters = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > ROWS or (len(row) > COLUMNS and any(cell is not None for cell in row[COLUMNS:])):
            return {"fault": "sheet_too_large"}
        rows.append([say_cell(cell) for cell in row[:COLUMNS]])
        letters += sum(map(len, rows[-1]))
        if letters > ALL_LETTERS:
            return {"fault": "sheet_too_large"}
    while rows and not any(rows[-1]):
        rows.pop()
    return {"rows": rows}


def say_cell(value: Any) -> str:
    """A cell as a person would have typed it; dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LETTERS].strip()


def main() -> None:
    content = sys.stdin.buffer.read()
    try:
        limit_resources()
        answer = read_rows(content)
    except MemoryError:
        answer = {"fault": "sheet_too_large"}
    except Exception:  # whatever a foreign file makes openpyxl raise is one thing to the reader: it cannot be read
        answer = {"fault": "sheet_unreadable"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
