"""The working group as a reader sees it: mandate, bodies by kind, people with their roles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from boget.portal.accounts.models import OrganisationKind, User
from boget.portal.accounts.selectors import access_of, people_visible_to, today
from boget.portal.core.levels import Level
from boget.portal.meetings.models import GroupBody, GroupPerson, GroupRole, WorkingGroup
from boget.portal.meetings.selectors.names import NameBook
from boget.portal.meetings.selectors.rights import group_access_of

ROLE_ORDER = {role: place for place, role in enumerate(GroupRole.values)}


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body with its name of today, or of its last day in the group."""

    body: GroupBody
    name: str
    former: str  # the name it came in under, where that was another one

    @property
    def is_past(self) -> bool:
        return self.body.valid_to is not None and self.body.valid_to < today()


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of member that the mandate names, with the bodies entered so far."""

    code: str
    label: str
    present: list[BodyLine]
    past: list[BodyLine]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the group. email: empty unless the reader is a member."""

    person: GroupPerson
    organisation: str
    email: str
    substitute_for: str

    @property
    def is_past(self) -> bool:
        return self.person.valid_to is not None and self.person.valid_to < today()


def find_group() -> WorkingGroup | None:
    """The group of this installation."""
    return WorkingGroup.objects.select_related("host__successor").order_by("pk").first()


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of the mandate in the reader's language, else in another one."""

    code: str
    text: str
    language: str


def list_tasks(group: WorkingGroup) -> list[TaskLine]:
    language = (get_language() or "ru")[:2]
    lines = []
    for task in group.tasks:
        code = next((c for c in (language, "ru", "en", "kk") if task.get(c)), language)
        lines.append(TaskLine(task["code"], task.get(code, ""), code))
    return lines


def list_kinds(group: WorkingGroup) -> list[KindLine]:
    """Bodies by kind, in the order the mandate names the kinds; a kind without a body is there, empty."""
    language = (get_language() or "ru")[:2]
    rows = list(group.bodies.select_related("organisation__successor"))
    lines = [(row, _describe_body(row, language)) for row in rows]
    kinds = []
    for code, label in OrganisationKind.choices:
        own = [line for row, line in lines if row.organisation.kind == code]
        own.sort(key=lambda line: line.name)
        kinds.append(
            KindLine(code, str(label), [line for line in own if not line.is_past], [line for line in own if line.is_past])
        )
    return kinds


def _describe_body(row: GroupBody, language: str) -> BodyLine:
    day = min(row.valid_to or today(), today())
    name = row.organisation.name_on(day, language)
    came_as = row.organisation.name_on(row.valid_from, language)
    return BodyLine(row, name, came_as if came_as != name else "")


def list_persons(user: Any, group: WorkingGroup) -> list[PersonLine]:
    """People with their roles, for members only; those who left stand last.

    An operator reads bodies and roles, no person's name (access.level below the group's).
    """
    if not group_access_of(user).is_member or access_of(user).level < Level.GROUP:
        return []
    book = NameBook(today(), (get_language() or "ru")[:2])
    rows = group.persons.select_related("organisation__successor", "user", "substitute_for")
    lines = [_describe_person(row, book) for row in rows]
    return sorted(lines, key=lambda line: (line.is_past, ROLE_ORDER.get(line.person.role, 99), line.person.name))


def _describe_person(row: GroupPerson, book: NameBook) -> PersonLine:
    email = row.email or (row.user.email if row.user else "")
    return PersonLine(row, book.name(row.organisation), email, row.substitute_for.name if row.substitute_for else "")


def list_roles_by_body(user: Any, group: WorkingGroup) -> list[tuple[str, str]]:
    """Body and role of those who are in the group today, without names: what an operator in the group reads."""
    if not group_access_of(user).is_member or access_of(user).level >= Level.GROUP:
        return []
    book = NameBook(today(), (get_language() or "ru")[:2])
    rows = group.persons.select_related("organisation__successor").filter(_on(today()))
    return sorted((book.name(row.organisation), str(row.get_role_display())) for row in rows)


def _on(day: dt.date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def list_accounts(user: Any) -> QuerySet[User]:
    """Accounts that can be entered as persons of the group."""
    return people_visible_to(user).filter(is_active=True).order_by("name")
