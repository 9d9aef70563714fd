"""Fixtures of all tests: the cast, two facilities of different owners, no network."""

from __future__ import annotations

import datetime as dt
import runpy
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FIRST_DAY = dt.date(2022, 1, 21)
PASSWORD = "korrekt-horse-7"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# role in the cast -> (role of the membership, code of the organisation, its kind)
CAST = {
    "secretary": ("secretary", "test-emergency", "authority"),
    "editor": ("editor", "test-environment", "authority"),
    "inspector": ("inspector", "test-inspection", "authority"),
    "operator": ("operator", "test-owner", "operator"),
    "other_operator": ("operator", "test-other-owner", "operator"),
    "expert": ("expert", "test-university", "academia"),
    "observer": ("observer", "test-observer", "international"),
}


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
    from django.contrib.auth.models import AnonymousUser
    from django.test import Client

    from boget.portal.accounts import services
    from boget.portal.core.services import SYSTEM

    people: dict[str, Any] = {"anonymous": AnonymousUser()}
    for name, (role, code, kind) in CAST.items():
        organisation = services.create_organisation(code=code, values={"kind": kind, "name_ru": code}, by=SYSTEM)
        user = services.create_user(
            email=f"{name}@test.boget", name=name.replace("_", " ").title(), by=SYSTEM, language="en", password=PASSWORD
        )
        services.add_membership(user, organisation, role=role, valid_from=FIRST_DAY, by=SYSTEM)
        people[name] = user
    for person in people.values():
        person.client = Client(headers={"accept-language": "en"})
        if person.is_authenticated:
            person.client.force_login(person, backend=BACKEND)
    return people


@pytest.fixture
def clients(cast: dict[str, Any]) -> dict[str, Any]:
    """Test client of each role, signed in; ``anonymous`` is not."""
    return {name: person.client for name, person in cast.items()}


MakeFacility = Callable[..., Any]


@pytest.fixture
def make_facility(db: None) -> MakeFacility:
    """Registers a facility: ``make_facility(name_en="North", impoundments=[{"volume_m3": 1e6}], owner=organisation)``.

    Keywords are codes of facility fields; a plain value becomes a declared claim of the test's source.
    """
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import NewFacility, register_facilities
    from boget.portal.registry.values import Claim

    def claim(values: dict[str, Any]) -> dict[str, Claim]:
        return {code: v if isinstance(v, Claim) else Claim(v, source="Test register") for code, v in values.items()}

    def make(
        *,
        country: str = "KZ",
        public_id: str = "",
        owner: Any = None,
        disclosure: str = "published",
        impoundments: Any = (),
        dams: Any = (),
        **values: Any,
    ) -> Any:
        new = NewFacility(
            country=country,
            claims=claim({"name_en": "Test facility", "status": "active", **values}),
            impoundments=[claim(structure) for structure in impoundments],
            dams=[claim(structure) for structure in dams],
            public_id=public_id,
            operator_organisation_id=owner.pk if owner else None,
            disclosure=disclosure,
        )
        return register_facilities([new], actor=SYSTEM, source="Test register", reason="test")[0]

    return make


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
