"""Are two names of a river the same? Tables write the main name, networks add others in parentheses or behind a slash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from boget.science.river.path_rules import read_rules

PARTS = re.compile(r"[()/,;]+")


def fold_name(text: str) -> str:
    """One way of writing: small letters, ё as е, no hyphens and no double spaces.

    Examples
    --------
    >>> fold_name(" Шерубай-Нура ")
    'шерубай нура'
    """
    return " ".join(text.casefold().replace("ё", "е").replace("-", " ").split())


@lru_cache(maxsize=4096)
def list_names(text: str) -> frozenset[str]:
    """The names held by a text such as "Урал (Жайык)" or "Ульба / Иртыш", folded.

    Examples
    --------
    >>> sorted(list_names("Урал (Жайык)"))
    ['жайык', 'урал']
    """
    same: Mapping[str, str] = read_rules()["same_river"]
    found = (fold_name(part) for part in PARTS.split(text))
    return frozenset(same.get(name, name) for name in found if name)


def gather_names(texts: Iterable[str]) -> frozenset[str]:
    """The names of several texts together."""
    return frozenset().union(*(list_names(text) for text in texts))


def can_be_same(asked: frozenset[str], known: frozenset[str]) -> bool:
    """True if two sets of names share one, or if either is empty: what is not named cannot be told apart."""
    return not known or not asked or bool(known & asked)


def is_same_river(wanted: str, names: Mapping[str, str]) -> bool:
    """The same for a text of a table and the names of a reach by language.

    Examples
    --------
    >>> is_same_river("Иртыш", {"ru": "Иртыш (Ертис)"}), is_same_river("Иртыш", {"ru": "Чёрный Иртыш (Кара Ертис)"})
    (True, False)
    """
    return can_be_same(list_names(wanted), gather_names(names.values()))
