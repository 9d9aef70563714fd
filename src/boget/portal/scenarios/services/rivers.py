"""The rivers of this installation: the embedded network and tables, or the folder of map data in use.

The science is imported where it is used: its compiler and its arrays would cost every start of the portal a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from boget.portal.core.services import describe_installation

if TYPE_CHECKING:
    from boget.science.scenario.ports import RiverPorts

EMBEDDED: Path = settings.PACKAGE / "data"
_is_apart: ContextVar[bool] = ContextVar("rivers_without_database", default=False)


@contextmanager
def without_database() -> Iterator[None]:
    """Only the embedded rivers: for a command on a machine without an installation."""
    token = _is_apart.set(True)
    try:
        yield
    finally:
        _is_apart.reset(token)


def open_rivers() -> RiverPorts:
    """What a river scenario reads. Read once a process; another folder in use is read anew."""
    return open_folder("" if _is_apart.get() else describe_installation().geodata_folder)


def current_network_version() -> str:
    """Fingerprint of the network in use."""
    return open_rivers().version


@lru_cache(maxsize=2)
def open_folder(geodata: str) -> RiverPorts:
    """The embedded rivers, with the network of a folder of map data where one is given."""
    from boget.science.io.embedded import open_ports

    return open_ports(EMBEDDED, Path(geodata) if geodata else None)
