"""The numbers of `tables/screening.toml`: classes and terms of the ranking, each with source and status."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from boget.science.river.coefficients import Coefficient, load_coefficients

CODE = "screening"


def read_rule(name: str) -> float:
    """The value of a rule.

    Examples
    --------
    >>> read_rule("criterion.two_days"), read_rule("hazard.whc2")
    (172800.0, 0.1)
    """
    return load_coefficients(CODE).number(name)


def list_rules() -> Mapping[str, Coefficient]:
    """All numbers by name, in the order of the table."""
    return load_coefficients(CODE).entries


@cache
def read_stock() -> Mapping[str, tuple[str, ...]]:
    """For a substance, the commodities and components of a register that speak for it."""
    return {name: tuple(found) for name, found in tomllib.loads(_read_text())["stock"].items()}


@cache
def rules_version() -> str:
    """Version of the table and fingerprint of its content: "0.1-" and 12 hexadecimal digits."""
    return f"{load_coefficients(CODE).version}-{hashlib.sha256(_read_text().encode()).hexdigest()[:12]}"


def _read_text() -> str:
    return (resources.files(__package__) / "tables" / f"{CODE}.toml").read_text(encoding="utf-8")
