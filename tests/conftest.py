"""Fixtures of all tests: the cast, two facilities of different owners, no network."""

from __future__ import annotations

import runpy
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        runpy.run_path(str(ROOT / "tools" / "messages.py"))["compile_all"]()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Connections that leave the machine are refused."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test wanted to connect to {address!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Texts in tests are the English ones unless a test asks for another language."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def shared() -> Path:
    """The folder of reference data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("needs the reference data in ../shared")
    return SHARED


@pytest.fixture
def cast(db: None) -> dict[str, Any]:
    """Person of each role; ``anonymous`` is nobody. Each has ``client``, a test client signed in as that person."""
    from tests.cast import bring_cast

    return bring_cast()


@pytest.fixture
def clients(cast: dict[str, Any]) -> dict[str, Any]:
    """Test client of each role, signed in; ``anonymous`` is not."""
    return {name: person.client for name, person in cast.items()}


MakeFacility = Callable[..., Any]


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A transaction round the tests of a module: what a fixture of the module writes under ``unblock()`` is there for each of
    them and made once. Tests work in savepoints behind it. Tests with ``transaction=True`` do not belong in such a module."""
    from django.db import connection, transaction

    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    connection.close = lambda: None  # type: ignore[method-assign]  # the end of a test closes it otherwise, with all that is in it
    yield django_db_blocker
    del connection.close  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def make_facility(db: None) -> MakeFacility:
    """Registers one facility; its keywords are those of ``describe_facility``."""
    from tests.facilities import describe_facility, register_all

    return lambda **described: register_all([describe_facility(**described)])[0]


def _make_owned(make: MakeFacility, person: Any, name: str) -> Any:
    from boget.portal.accounts.selectors import organisation_of

    organisation = organisation_of(person)
    return make(
        owner=organisation,
        name_en=f"{name} tailings facility",
        operator=organisation.name_ru,
        basin="yertis",
        region="KZ-63",
        point={"longitude": 83.516123, "latitude": 50.345123, "radius_m": 30.0},
        bin="GROUP-CANARY",
        contact="AUTHORITY-CANARY",
        impoundments=[{"name": f"{name} basin", "volume_m3": 2.5e6, "water_hazard_class": "whc2"}],
        dams=[{"name": f"{name} dam", "height_m": 32.0, "fos_static": 1.4187}],
    )


@pytest.fixture
def facility_own(cast: dict[str, Any], make_facility: MakeFacility) -> Any:
    """Facility of the operator of the cast. Hidden values: bin GROUP-CANARY, fos_static 1.4187, contact AUTHORITY-CANARY."""
    return _make_owned(make_facility, cast["operator"], "Own")


@pytest.fixture
def facility_other(cast: dict[str, Any], make_facility: MakeFacility) -> Any:
    """The same as facility_own for the other operator."""
    return _make_owned(make_facility, cast["other_operator"], "Other")
