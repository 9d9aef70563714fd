"""What may be read: the rights of a person, people, organisations."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from boget.portal.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from boget.portal.core.levels import Level
from boget.portal.core.text import build_collation_key, fold_exact, fold_keyboard, fold_latin

AUTHORITY_ROLES = frozenset({Role.SECRETARY.value, Role.EDITOR.value, Role.INSPECTOR.value})
GROUP_ROLES = frozenset({Role.EXPERT.value, Role.OBSERVER.value})
WRITING_ROLES = AUTHORITY_ROLES | {Role.OPERATOR.value, Role.EXPERT.value}

FOLDS = (fold_exact, fold_keyboard, fold_latin)

_MEMO = "_boget_access"
_MEMO_BODY = "_boget_organisation"

# request.user is a lazy object, so that a narrower type would promise what nobody can check
Reader = Any


@dataclass(frozen=True, slots=True)
class Access:
    """The rights of one person today.

    `operator_ids` are the organisations, predecessors and successors included, whose facilities the person
    has as an operator: on those the person reads everything, on all others only what `level` opens.
    """

    roles: frozenset[str] = field(default_factory=frozenset)
    level: Level = Level.PUBLIC
    operator_ids: frozenset[int] = field(default_factory=frozenset)
    can_edit: bool = False
    can_administer: bool = False


NOBODY = Access()


def today() -> dt.date:
    """Today in the zone of the installation, whatever zone the reader has chosen."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def access_of(user: Reader) -> Access:
    """Rights of `user` today, by the memberships that hold today in bodies that exist; kept on the object for the request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    kept = user.__dict__.get(_MEMO)
    if isinstance(kept, Access):
        return kept
    day = today()
    memberships = [row for row in memberships_on(user, day) if not row.organisation.is_over_on(day)]
    user.__dict__[_MEMO] = access = _combine(memberships)
    _keep_body(user, max(memberships, key=lambda row: (row.valid_from, row.pk), default=None))
    return access


def forget_access(user: User) -> None:
    """Drop what `access_of` has kept on this object: call after the person's memberships change."""
    user.__dict__.pop(_MEMO, None)
    user.__dict__.pop(_MEMO_BODY, None)


def _combine(memberships: list[Membership]) -> Access:
    roles = frozenset(membership.role for membership in memberships)
    operator_ids = [row.organisation.lineage() for row in memberships if row.role == Role.OPERATOR]
    return Access(
        roles=roles,
        level=_level_of(roles),
        operator_ids=frozenset[int]().union(*operator_ids),
        can_edit=bool(roles & AUTHORITY_ROLES),
        can_administer=Role.SECRETARY.value in roles,
    )


def _level_of(roles: frozenset[str]) -> Level:
    if roles & AUTHORITY_ROLES:
        return Level.AUTHORITY
    return Level.GROUP if roles & GROUP_ROLES else Level.PUBLIC


def memberships_on(user: User, day: dt.date) -> QuerySet[Membership]:
    """Memberships of `user` that hold on `day`, with their organisations."""
    return Membership.objects.on(day).filter(user=user).select_related("organisation__successor")


def organisation_of(user: User, day: dt.date | None = None) -> Organisation | None:
    """The organisation a person speaks for on `day` (today if not given): that of the newest membership in a body that exists.

    That of today is kept on the object for the rest of the request, and keeps its own lineage.
    """
    if day is None and _MEMO_BODY in user.__dict__:
        kept: Organisation | None = user.__dict__[_MEMO_BODY]
        return kept
    when = day or today()
    held = [row for row in memberships_on(user, when) if not row.organisation.is_over_on(when)]
    membership = max(held, key=lambda row: (row.valid_from, row.pk), default=None)
    if day is None:
        _keep_body(user, membership)
    return membership.organisation if membership else None


def _keep_body(user: User, membership: Membership | None) -> None:
    """Note the body of the newest membership on the object, for the rest of the request."""
    body = membership.organisation if membership else None
    if body is not None:
        body.is_lineage_kept = True
    user.__dict__[_MEMO_BODY] = body


def is_writer(user: Reader) -> bool:
    """Whether a role of the person writes, so that a second factor may be demanded."""
    return bool(access_of(user).roles & WRITING_ROLES)


def organisations_visible_to(user: Reader) -> QuerySet[Organisation]:
    """Organisations `user` may read: all. The names of public bodies and operators are public."""
    return Organisation.objects.select_related("successor")


def people_visible_to(user: Reader) -> QuerySet[User]:
    """People `user` may read: the secretary all, a member those who have a role today, anybody else nobody."""
    access = access_of(user)
    if access.can_administer:
        return User.objects.all()
    if not access.roles:
        return User.objects.none()
    holding = Membership.objects.on(today()).values("user_id")
    return User.objects.filter(is_active=True, pk__in=holding)


def memberships_visible_to(user: Reader) -> QuerySet[Membership]:
    """Memberships `user` may read: those of the people `user` may read."""
    people = people_visible_to(user)
    return Membership.objects.filter(user__in=people).select_related("user", "organisation")


def find_organisations(user: Reader, text: str) -> list[Organisation]:
    """Organisations one of whose names of any language holds `text`, in the alphabet of the language of the moment.

    Folded as everywhere: case, ё, a Russian keyboard without Kazakh letters, Latin spellings.
    """
    language = get_language() or "ru"
    rows = list(organisations_visible_to(user))
    found = [row for row in rows if any(fold(text) in fold(" | ".join(_names_of(row))) for fold in FOLDS)]
    return sorted(found, key=lambda row: (build_collation_key(row.name_in(language), language), row.code))


def _names_of(row: Organisation) -> list[str]:
    return [row.code, row.name_ru, row.name_kk, row.name_en, row.short_ru, row.short_kk, row.short_en]


def match_operator(text: str) -> Organisation | None:
    """The registered operator that a table's free text names: "Kazzinc (Glencore)" is Kazzinc; None if none does."""
    wanted = fold_exact(re.split(r"[(/,;]", text, maxsplit=1)[0])
    operators = Organisation.objects.filter(kind=OrganisationKind.OPERATOR).order_by("code")
    return next((row for row in operators if wanted and wanted in map(fold_exact, _names_of(row))), None)


def name_organisation(code: str, *, language: str) -> str:
    """Name of the body of a code, the code itself where no body has it."""
    row = Organisation.objects.filter(code=code).first()
    return row.name_in(language) if row else code


def list_names(organisation: Organisation) -> list[Organisation]:
    """The body under all its names, the oldest first: predecessors, itself, successors."""
    rows = Organisation.objects.filter(pk__in=organisation.lineage())
    return sorted(rows, key=lambda row: (row.valid_from or dt.date.min, row.code))
