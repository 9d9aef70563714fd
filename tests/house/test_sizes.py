"""Sizes a reader can hold: functions, modules, parameters by position."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FUNCTION = 60
LONGEST_KERNEL = 100  # numerical kernels and figures
LONGEST_MODULE = 500
MOST_POSITIONAL = 3
DICTATED = {"process_view", "render_mail"}  # signatures that a framework calls by position

Function = ast.FunctionDef | ast.AsyncFunctionDef

MODULES = sorted(
    path
    for folder in ("src", "tests", "tools", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def list_functions(path: Path) -> Iterator[tuple[Function, int]]:
    """Functions of a module with the number of parameters that a caller gives by position; 0 for those inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                names = {getattr(d, "id", "") for d in child.decorator_list}
                is_method = isinstance(node, ast.ClassDef) and "staticmethod" not in names
                yield child, 0 if isinstance(node, Function) else count_positional(child, is_method)


def find_faults(path: Path) -> Iterator[str]:
    length = len(path.read_text(encoding="utf-8").splitlines())
    if length > LONGEST_MODULE:
        yield f"{name_of(path)}: {length} lines, allowed {LONGEST_MODULE}"
    limit = LONGEST_KERNEL if path.stem in {"kernels", "figures"} else LONGEST_FUNCTION
    for function, positional in list_functions(path):
        lines = count_lines(function)
        if lines > limit:
            yield f"{name_of(path)}: {function.name} has {lines} lines, allowed {limit}"
        if path.is_relative_to(ROOT / "src") and positional > MOST_POSITIONAL:
            yield f"{name_of(path)}: {function.name} takes {positional} parameters by position, allowed {MOST_POSITIONAL}"


def count_lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def count_positional(function: Function, is_method: bool) -> int:
    if function.name in DICTATED or function.name.startswith("_"):
        return 0
    return len(function.args.posonlyargs) + len(function.args.args) - is_method


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_sizes(path: Path) -> None:
    assert list(find_faults(path)) == []


def test_the_check_itself_finds_faults() -> None:
    body = "".join(f"    a = {n}\n" for n in range(LONGEST_FUNCTION))
    function = ast.parse(f"def long(a, b, c, d):\n{body}").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert count_lines(function) > LONGEST_FUNCTION
    assert count_positional(function, False) > MOST_POSITIONAL
