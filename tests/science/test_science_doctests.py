"""The examples in the docstrings and in the theory page run."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import boget.science.facility
import boget.science.hazard

ROOT = Path(__file__).resolve().parents[2]
MODULES = ["boget.science.errors", "boget.science.units", "boget.science.provenance"] + [
    found.name
    for package in (boget.science.facility, boget.science.hazard)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_theory_page_runs() -> None:
    result = doctest.testfile(str(ROOT / "docs" / "theory" / "thi.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 5 and result.failed == 0
