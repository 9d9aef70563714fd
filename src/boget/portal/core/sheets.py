"""Spreadsheets from outside, read in a child process with limited memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from boget.portal.core.errors import refuse

LARGEST = 5 * 2**20  # bytes of the packed file
SECONDS = 30
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads take address space, which is limited
CHILD = Path(__file__).with_name("sheet_child.py")


def read_sheet(content: bytes, *, name: str = "") -> list[list[str]]:
    """Cells of the first sheet of an XLSX file as texts, row by row.

    InvalidInput: larger than 5 MB (``file_too_large``), more than 2000 rows or 60 columns (``sheet_too_large``), no
    spreadsheet, broken or too costly to read (``sheet_unreadable``).
    """
    if len(content) > LARGEST:
        raise refuse("file_too_large", where=name, value=name, allowed="5 MB")
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False, env=ENVIRONMENT)  # noqa: S603
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        answer = {}
    if "rows" not in answer:
        raise refuse(answer.get("fault", "sheet_unreadable"), where=name, value=name, allowed="2000 × 60")
    return [[str(cell) for cell in row] for row in answer["rows"]]
