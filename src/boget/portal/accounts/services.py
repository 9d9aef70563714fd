"""The only door for writes to people and organisations. Each write appends to the revision log in the same transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts import seed
from boget.portal.accounts.models import Membership, Organisation, User
from boget.portal.accounts.selectors import forget_access, organisation_of
from boget.portal.core.errors import refuse
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM, Actor, Drift, Entry, append_revision, describe_installation
from boget.portal.core.text import is_storable

NAME_FIELDS = ("name_ru", "name_kk", "name_en", "short_ru", "short_kk", "short_en")
ORGANISATION_FIELDS = ("kind", *NAME_FIELDS, "valid_from", "valid_to", "has_provisional_dates", "note")
PREFERENCES = ("language", "theme", "density", "time_zone")
TOTP = "second_factor.totp"  # in the log, as record_second_factor writes it

CODES = {  # Django's code of a validation error -> ours
    "unique": "duplicate",
    "required": "required",
    "blank": "required",
    "null": "required",
    "max_length": "too_long",
    "invalid_choice": "not_in_list",
    "null_characters_not_allowed": "control_character",
}


def actor_of(user: User) -> Actor:
    """Who writes, as the revision log keeps it: e-mail, name, and the organisation spoken for today."""
    organisation = organisation_of(user)
    return Actor(user.email, user.name, organisation.short_in("ru") if organisation else "")


@transaction.atomic
def create_user(
    *, email: str, name: str, by: Actor, language: str = "ru", password: str | None = None, reason: str = ""
) -> User:
    """Register a person; without a password the person sets one by the invitation link.

    Raises InvalidInput: duplicate e-mail in any case of letters, empty or too long fields, unknown language.
    """
    user = User(email=email.strip().lower(), name=" ".join(name.split()), language=language)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    _check(user)
    user.save()
    _log_person(user, "create", {"email": user.email, "name": user.name, "language": language}, by=by, reason=reason)
    return user


@transaction.atomic
def change_preferences(user: User, changes: Mapping[str, str]) -> User:
    """Set language, theme, density or time zone of one's own account; unchanged values are not logged.

    Raises InvalidInput: a name that is not a preference, a value that is not in its list.
    """
    for name in changes:
        if name not in PREFERENCES:
            raise refuse("unknown_field", value=name, allowed=", ".join(PREFERENCES))
    before = {name: getattr(user, name) for name in changes}
    differing = {name: (before[name], value) for name, value in changes.items() if before[name] != value}
    if not differing:
        return user
    try:
        _assign(user, {name: new for name, (_old, new) in differing.items()})
        _check(user)
        user.save(update_fields=list(differing))
    except Exception:
        _assign(user, before)
        raise
    _append("person", user.code, "change", differing, by=actor_of(user))
    return user


@transaction.atomic
def set_activity(user: User, *, is_active: bool, by: Actor, reason: str = "") -> User:
    """Close an account, so that the person can no longer sign in, or open it again. Nothing is deleted."""
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        forget_access(user)
        kind = "change" if is_active else "retire"
        _append("person", user.code, kind, {"is_active": (not is_active, is_active)}, by=by, reason=reason)
    return user


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor | None = None) -> None:
    """Keep the hash of a new password. The log notes that it changed, never what it is."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _append("person", user.code, "change", {"password": (None, "set")}, by=by or actor_of(user))


def record_second_factor(user: User, kind: str, *, is_on: bool) -> None:
    """Note in the log that a second factor (`totp`, `recovery_codes`) was added or removed."""
    _append("person", user.code, "change", {f"second_factor.{kind}": (not is_on, is_on)}, by=actor_of(user))


@transaction.atomic
def issue_invitation(user: User, *, by: Actor) -> str:
    """Path of a link by which the person sets a password, once, within three days. Issuing it is logged."""
    key, uid = default_token_generator.make_token(user), user_pk_to_url_str(user)
    _append("person", user.code, "change", {"password_link": (None, "issued")}, by=by)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})


@transaction.atomic
def invite_person(
    organisation: Organisation, *, email: str, name: str, language: str, role: str, valid_from: dt.date, by: Actor
) -> tuple[User, str]:
    """Create an account with its first role; returns the person and the path of the link to set a password.

    Raises InvalidInput as `create_user` and `add_membership` do; then neither is made.
    """
    user = create_user(email=email, name=name, language=language, by=by)
    add_membership(user, organisation, role=role, valid_from=valid_from, by=by)
    return user, issue_invitation(user, by=by)


@transaction.atomic
def add_membership(
    user: User,
    organisation: Organisation,
    *,
    role: str,
    valid_from: dt.date,
    by: Actor,
    valid_to: dt.date | None = None,
    reason: str = "",
) -> Membership:
    """Give a role in an organisation, both days included.

    Raises InvalidInput: unknown role, dates out of order, the same role in the same organisation at the same time.
    """
    _check_order(valid_from, valid_to)
    membership = Membership(user=user, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to)
    _check(membership)
    same = Membership.objects.filter(user=user, organisation=organisation, role=role)
    if any(_overlap(membership, other) for other in same):
        raise refuse("duplicate", where=_("Role"), value=membership.get_role_display())
    membership.save()
    forget_access(user)
    _log_person(user, "create", {"membership": _describe(membership)}, by=by, reason=reason)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, last_day: dt.date, by: Actor, reason: str = "") -> Membership:
    """Set the last day of a role. Raises InvalidInput: the day is before the first day."""
    _check_order(membership.valid_from, last_day)
    before = _describe(membership)
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    forget_access(membership.user)
    changes = {"membership": (before, _describe(membership))}
    _append("person", membership.user.code, "change", changes, by=by, reason=reason)
    return membership


@transaction.atomic
def create_organisation(*, code: str, values: Mapping[str, Any], by: Actor, source: str = "") -> Organisation:
    """Register an organisation. `values`: any of ORGANISATION_FIELDS; kind and the Russian name are required.

    Raises InvalidInput: code taken or not of a-z, 0-9 and hyphens, empty or too long fields, dates out of order.
    """
    organisation = Organisation(code=code.strip().lower(), **{name: values[name] for name in values})
    _check_order(organisation.valid_from, organisation.valid_to)
    _check(organisation)
    organisation.save()
    changes = {name: (None, _plain(getattr(organisation, name))) for name in ORGANISATION_FIELDS}
    filled = {name: pair for name, pair in changes.items() if pair[1]}
    _append("organisation", organisation.code, "create", filled, by=by, source=source)
    return organisation


@transaction.atomic
def rename_organisation(
    organisation: Organisation, *, code: str, names: Mapping[str, str], first_day: dt.date, by: Actor, source: str = ""
) -> Organisation:
    """Register the body's new name from `first_day` on as its successor; the old row keeps the old name and ends.

    Roles that are open on that day go on under the successor.
    Raises InvalidInput: the body already has a successor, `first_day` is not after its own first day.
    """
    if organisation.successor_id is not None:
        raise refuse("duplicate", where=_("Successor"), value=str(organisation.successor))
    last_day = first_day - dt.timedelta(days=1)
    _check_order(organisation.valid_from, last_day)
    values = {"kind": organisation.kind, "valid_from": first_day, **{name: names.get(name, "") for name in NAME_FIELDS}}
    successor = create_organisation(code=code, values=values, by=by, source=source)
    _close_under(organisation, successor, last_day, by=by, source=source)
    for membership in Membership.objects.on(first_day).filter(organisation=organisation):
        _move_membership(membership, successor, first_day, by=by)
    return successor


def _close_under(organisation: Organisation, successor: Organisation, last_day: dt.date, *, by: Actor, source: str) -> None:
    changes = {
        "valid_to": (_plain(organisation.valid_to), last_day.isoformat()),
        "successor": (None, successor.code),
    }
    organisation.valid_to, organisation.successor = last_day, successor
    organisation.save(update_fields=["valid_to", "successor"])
    _append("organisation", organisation.code, "change", changes, by=by, source=source)


def _move_membership(membership: Membership, successor: Organisation, first_day: dt.date, *, by: Actor) -> None:
    last = membership.valid_to
    if membership.valid_from < first_day:
        end_membership(membership, last_day=first_day - dt.timedelta(days=1), by=by)
        add_membership(membership.user, successor, role=membership.role, valid_from=first_day, valid_to=last, by=by)


@transaction.atomic
def load_organisations(*, has_examples: bool = False, by: Actor = SYSTEM) -> int:
    """Add the organisations of the embedded table that are not registered yet; returns how many were added.

    What an installation has changed is never overwritten. Examples are loaded only on demand: they are invented.
    """
    rows = [row for row in seed.read_organisations() if has_examples or not row.is_example]
    known = set(Organisation.objects.values_list("code", flat=True))
    added = [row for row in rows if row.code not in known]
    for row in added:
        create_organisation(code=row.code, values=row.values, by=by, source=seed.SOURCE)
    by_code = {row.code: row for row in Organisation.objects.all()}
    for row in added:
        if row.successor in by_code:
            organisation = by_code[row.code]
            organisation.successor = by_code[row.successor]
            organisation.save(update_fields=["successor"])
            changes = {"successor": (None, row.successor)}
            _append("organisation", row.code, "change", changes, by=by, source=seed.SOURCE)
    return len(added)


@transaction.atomic
def create_demo_accounts(password: str | None = None) -> list[tuple[str, str, str]]:
    """Make one account for each role, all with the same password; returns (e-mail, role, password).

    Without `password` a random one is made each time: the accounts that exist get it too.
    Raises InvalidInput where the installation is not a demonstration.
    """
    if not describe_installation().is_demo:
        raise refuse("not_a_demo")
    load_organisations(has_examples=True)
    shown = password or secrets.token_urlsafe(12)
    for account in seed.DEMO_ACCOUNTS:
        _make_demo_account(account, shown)
    return [(account.email, account.role, shown) for account in seed.DEMO_ACCOUNTS]


def _make_demo_account(account: seed.DemoAccount, password: str) -> None:
    user = User.objects.filter(email=account.email).first()
    if user is not None:
        set_password(user, password, by=SYSTEM)
        return
    user = create_user(email=account.email, name=account.name, by=SYSTEM, password=password)
    organisation = Organisation.objects.get(code=account.organisation)
    add_membership(user, organisation, role=account.role, valid_from=seed.DEMO_FIRST_DAY, by=SYSTEM)


def find_people_drift() -> Iterator[Drift]:
    """Roles, accounts and bodies that are not what the log says: a right that nobody gave by the pages."""
    roles, facts = _replay_people()
    protected = set(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
    for user in User.objects.prefetch_related("memberships__organisation").order_by("pk"):
        if sorted(map(_describe, user.memberships.all())) != sorted(roles.pop(user.code, [])):
            yield Drift(user.code, "membership", "value")
        if user.code not in facts:
            yield Drift(user.code, "is_active", "unlogged")
            continue
        found = {"is_active": user.is_active, "email": user.email, TOTP: user.pk in protected}
        yield from (Drift(user.code, name, "value") for name in found if found[name] != facts[user.code][name])
    yield from (Drift(code, "", "missing") for code in sorted(roles))
    yield from _find_organisation_drift()


def _replay_people() -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    """What the log says of each person: the roles, and the facts by which the person signs in."""
    roles: dict[str, list[str]] = {}
    facts: dict[str, dict[str, Any]] = {}
    for revision in Revision.objects.filter(record_type="person").order_by("seq").iterator():
        held = roles.setdefault(revision.record_id, [])
        before, after = revision.changes.get("membership", (None, None))
        if before in held:
            held.remove(before)
        held += [after] if after else []
        told = facts.setdefault(revision.record_id, {"is_active": True, "email": "", TOTP: False})
        told.update({name: new for name, (_old, new) in revision.changes.items() if name in told})
    return roles, facts


def _find_organisation_drift() -> Iterator[Drift]:
    """A successor written past the pages would give one operator the facilities of another."""
    told: dict[str, dict[str, Any]] = {}
    for revision in Revision.objects.filter(record_type="organisation").order_by("seq").iterator():
        told.setdefault(revision.record_id, {}).update({name: new for name, (_old, new) in revision.changes.items()})
    for row in Organisation.objects.select_related("successor").order_by("code"):
        facts = told.pop(row.code, None)
        if facts is None:
            yield Drift(row.code, "", "unlogged")
            continue
        found = {name: _plain(getattr(row, name)) for name in ORGANISATION_FIELDS}
        found["successor"] = row.successor.code if row.successor else None
        yield from (Drift(row.code, name, "value") for name in found if (found[name] or None) != (facts.get(name) or None))
    yield from (Drift(code, "", "missing") for code in sorted(told))


def _check(row: models.Model) -> None:
    """Raise InvalidInput for the first fault that the model's own rules find; what can be stored is none of them, but ours."""
    for column in row._meta.concrete_fields:
        if not is_storable(str(getattr(row, column.attname))):
            raise refuse("control_character", where=column.verbose_name)
    try:
        row.full_clean(exclude={"password"} if isinstance(row, User) else None)
    except ValidationError as error:
        name, faults = next(iter(error.error_dict.items()))
        fault = faults[0]
        known = {field.name: field for field in row._meta.get_fields()}
        where = getattr(known.get(name), "verbose_name", name)
        value = str(getattr(row, name, ""))
        raise refuse(CODES.get(fault.code or "", "malformed"), where=where, value=value[:80]) from error


def _check_order(first: dt.date | None, last: dt.date | None) -> None:
    if first is not None and last is not None and last < first:
        raise refuse("date_order", where=_("Last day"), value=last.isoformat(), allowed=first.isoformat())


def _overlap(one: Membership, other: Membership) -> bool:
    last_one, last_other = one.valid_to or dt.date.max, other.valid_to or dt.date.max
    return one.valid_from <= last_other and other.valid_from <= last_one


def _assign(user: User, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        setattr(user, name, value)


def _describe(membership: Membership) -> str:
    first, last = membership.valid_from.isoformat(), _plain(membership.valid_to) or ""
    return f"{membership.role} @ {membership.organisation.code} {first}..{last}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _log_person(user: User, kind: str, values: Mapping[str, Any], *, by: Actor, reason: str = "") -> None:
    changes = {name: (None, value) for name, value in values.items()}
    _append("person", user.code, kind, changes, by=by, reason=reason)


def _append(
    record_type: str,
    record_id: str,
    kind: str,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    by: Actor,
    source: str = "",
    reason: str = "",
) -> None:
    append_revision(Entry(record_type, record_id, kind, dict(changes), source=source, reason=reason), actor=by)
