"""What fills and describes a whole installation: the embedded data, the demonstration, the folder of map data."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from boget.portal.accounts import seed
from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import organisations_visible_to, today
from boget.portal.accounts.services import (
    add_membership,
    create_demo_accounts,
    create_user,
    issue_invitation,
    load_organisations,
)
from boget.portal.assessments.services import rescore
from boget.portal.core.errors import refuse
from boget.portal.core.services import SYSTEM, describe_installation
from boget.portal.meetings.services.demo import seat_demo_accounts
from boget.portal.meetings.services.loading import load_working_group
from boget.portal.registry.services import load_inventory
from boget.portal.scenarios.services.loading import ask_for_example, ask_for_screening
from boget.portal.scenarios.services.staleness import note_new_network
from boget.science.io.hydrorivers import FolderReport, inspect_folder


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much a load added; zeros when everything was there. scores: rated again, beyond the facilities added.

    group: records of the Working Group, its plan of 2022 and its meetings.
    """

    organisations: int
    facilities: int
    scores: int
    group: int


@transaction.atomic
def load_embedded() -> Loaded:
    """Organisations, facilities, their scores and the Working Group from the embedded tables. A second load adds nothing.

    The transboundary screening is put into the queue where there is none of these facilities and rivers.
    """
    organisations = load_organisations()
    facilities = load_inventory()
    loaded = Loaded(organisations, facilities, rescore(), load_working_group())
    ask_for_screening()
    return loaded


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration with its password."""

    email: str
    role: str
    password: str


def prepare_demo(password_file: Path) -> list[DemoAccount]:
    """Mark an empty installation as a demonstration, load the embedded data, make one account for each role.

    The common password is random and kept in the file, readable by its owner only, so that it stays the same from start
    to start. InvalidInput ("not_a_demo") where people other than those of the demonstration have accounts.
    """
    _mark_as_demo()
    load_embedded()
    emails = {account.email for account in seed.DEMO_ACCOUNTS}
    is_ready = password_file.exists() and User.objects.filter(email__in=emails).count() == len(emails)
    if not is_ready:
        password = secrets.token_urlsafe(9)
        create_demo_accounts(password)
        password_file.touch(mode=0o600)
        password_file.write_text(password)
    seat_demo_accounts()
    ask_for_example()
    password = password_file.read_text()
    return [DemoAccount(account.email, account.role, password) for account in seed.DEMO_ACCOUNTS]


def _mark_as_demo() -> None:
    installation = describe_installation()
    if installation.is_demo:
        return
    if User.objects.exists():
        raise refuse("not_a_demo")
    installation.is_demo = True
    installation.save(update_fields=["is_demo"])


@transaction.atomic
def invite_person(email: str, *, name: str, role: str, organisation_code: str) -> str:
    """Register a person with a role from today on; returns the path of the link by which the person sets a password.

    InvalidInput: e-mail in use, unknown role, organisation that is not registered.
    """
    organisation = organisations_visible_to(None).filter(code=organisation_code).first()
    if organisation is None:
        raise refuse("not_in_list", where="organisation", value=organisation_code, allowed="codes of registered bodies")
    user = create_user(email=email, name=name, by=SYSTEM)
    add_membership(user, organisation, role=role, valid_from=today(), by=SYSTEM)
    return issue_invitation(user, by=SYSTEM)


def use_geodata(folder: Path) -> FolderReport:
    """Check a folder of map data and note it for this installation when nothing is wrong with it."""
    report = inspect_folder(folder.resolve())
    if not report.problems:
        installation = describe_installation()
        installation.geodata_folder = str(folder.resolve())
        installation.save(update_fields=["geodata_folder"])
        note_new_network()
    return report


def inspect_geodata() -> FolderReport | None:
    """State of the folder this installation uses; None when it uses the embedded data only."""
    folder = describe_installation().geodata_folder
    return inspect_folder(Path(folder)) if folder else None
