"""The distances of `tables/path.toml`, each a value in SI with its status."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def read_rules() -> Mapping[str, Any]:
    """The whole table."""
    return tomllib.loads((resources.files("boget.science.river") / "tables" / "path.toml").read_text(encoding="utf-8"))


@cache
def read_rule(name: str) -> float:
    """A value by its name; a dot leads into a group.

    Examples
    --------
    >>> read_rule("snap_limit"), read_rule("reach_of.intake")
    (5000.0, 5000.0)
    """
    node: Any = read_rules()
    for part in name.split("."):
        node = node[part]
    return float(node["value"])
