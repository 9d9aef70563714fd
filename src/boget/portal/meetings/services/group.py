"""The working group: bodies and persons come and go with dates; nobody is deleted. The secretary writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation, User
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import format_partial_date
from boget.portal.meetings.models import GroupBody, GroupPerson, GroupRole, WorkingGroup
from boget.portal.meetings.services.writing import choose_actor, log, read_reason, read_text


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as entered. user: the account, where there is one; then name and e-mail come from it."""

    organisation: Organisation
    role: str
    valid_from: dt.date
    name: str = ""
    post: str = ""
    email: str = ""
    user: User | None = None
    substitute_for: GroupPerson | None = None


@transaction.atomic
def add_body(
    group: WorkingGroup, organisation: Organisation, *, valid_from: dt.date, is_observer: bool, by: User, source: str = ""
) -> GroupBody:
    """A body enters the group. InvalidInput where it, or a predecessor or successor of it, has a place at that time."""
    group = WorkingGroup.objects.select_for_update().get(pk=group.pk)
    still = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    if group.bodies.filter(still, organisation__in=organisation.lineage()).exists():
        raise refuse("duplicate", where=_("Organisation"), value=str(organisation))
    source = read_text(_("Source"), source, limit=300)
    made = GroupBody.objects.create(
        group=group, organisation=organisation, is_observer=is_observer, valid_from=valid_from, source=source
    )
    changes = {"body": (None, organisation.code), "valid_from": (None, valid_from), "is_observer": (None, is_observer)}
    _log_body(made, changes, by=by, kind="create")
    return made


@transaction.atomic
def end_body(body: GroupBody, *, last_day: dt.date, by: User, reason: str) -> GroupBody:
    """The last day of a body in the group; its people leave with it. InvalidInput: a day before the first, no reason."""
    body = GroupBody.objects.select_for_update().get(pk=body.pk)
    why = read_reason(reason)
    _check_last_day(body.valid_from, last_day)
    changes = {"valid_to": (body.valid_to, last_day)}
    body.valid_to = last_day
    body.save(update_fields=["valid_to"])
    _log_body(body, changes, by=by, reason=why)
    lineage = body.organisation.lineage()
    staying = body.group.persons.filter(Q(valid_to=None) | Q(valid_to__gt=last_day), organisation__in=lineage)
    for person in staying.filter(valid_from__lte=last_day):
        end_person(person, last_day=last_day, by=by, reason=why)
    return body


@transaction.atomic
def add_person(group: WorkingGroup, new: NewPerson, *, by: User) -> GroupPerson:
    """A person enters the group in a role. One chair, one secretary at a time.

    InvalidInput: no name, no such role, an e-mail that is none, a role that somebody holds, the same person in it already.
    """
    group = WorkingGroup.objects.select_for_update().get(pk=group.pk)
    if new.role not in GroupRole.values:
        raise refuse("not_in_list", where=_("Role"), value=new.role[:40], allowed=", ".join(GroupRole.values))
    name = read_text(_("Full name"), new.user.name if new.user else new.name, limit=150, is_required=True)
    _check_free(group, new, name)
    if new.role == GroupRole.SUBSTITUTE and new.substitute_for is None:
        raise refuse("required", where=_("Stands in for"))
    made = GroupPerson.objects.create(
        group=group,
        organisation=new.organisation,
        user=new.user,
        name=name,
        post=read_text(_("Post"), new.post, limit=300),
        email=read_email(new.email or (new.user.email if new.user else "")),
        role=new.role,
        substitute_for=new.substitute_for if new.role == GroupRole.SUBSTITUTE else None,
        valid_from=new.valid_from,
    )
    # no e-mail in the log: it outlives the person's wish to be forgotten
    changes = {"name": (None, name), "role": (None, new.role), "organisation": (None, new.organisation.code)}
    _log_person(made, {**changes, "valid_from": (None, new.valid_from)}, by=by, kind="create")
    return made


@transaction.atomic
def end_person(person: GroupPerson, *, last_day: dt.date, by: User, reason: str = "") -> GroupPerson:
    """The last day of a person in a role. InvalidInput: a day before the first."""
    person = GroupPerson.objects.select_for_update().get(pk=person.pk)
    _check_last_day(person.valid_from, last_day)
    changes = {"valid_to": (person.valid_to, last_day)}
    person.valid_to = last_day
    person.save(update_fields=["valid_to"])
    _log_person(person, changes, by=by, reason=read_text(_("Reason"), reason, limit=500))
    return person


@transaction.atomic
def change_rules(
    group: WorkingGroup, *, quorum_share: float, chair_decides_ties: bool, is_from_statute: bool, by: User, reason: str
) -> WorkingGroup:
    """Quorum and votes by the group's own statute. quorum_share: 0 to 1. InvalidInput: outside, no reason."""
    group = WorkingGroup.objects.select_for_update().get(pk=group.pk)
    if not 0 < quorum_share <= 1:
        raise refuse("range", where=_("Share of members that makes a quorum"), value=quorum_share, allowed="1–100")
    new: dict[str, Any] = {
        "quorum_share": quorum_share,
        "chair_decides_ties": chair_decides_ties,
        "quorum_status": "verified" if is_from_statute else "placeholder",
    }
    changes = {name: (getattr(group, name), value) for name, value in new.items()}
    if all(old == value for old, value in changes.values()):
        raise refuse("nothing_changed")
    why = read_reason(reason)
    for name, value in new.items():
        setattr(group, name, value)
    group.save(update_fields=list(new))
    log("working_group", group.code, changes, actor=choose_actor(by), root=group.code, reason=why)
    return group


def read_email(text: str) -> str:
    text = text.strip().lower()
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise refuse("malformed", where=_("Email"), value=text[:80]) from error
    return text


def _check_free(group: WorkingGroup, new: NewPerson, name: str) -> None:
    present = group.persons.filter(Q(valid_to=None) | Q(valid_to__gte=new.valid_from), role=new.role)
    is_single = new.role in (GroupRole.CHAIR, GroupRole.SECRETARY)
    if holder := (present if is_single else present.filter(name=name, organisation=new.organisation)).first():
        raise refuse("duplicate", where=holder.get_role_display(), value=holder.name)


def _check_last_day(first: dt.date, last: dt.date) -> None:
    if last < first:
        days = [format_partial_date(day.isoformat()) for day in (last, first)]
        raise refuse("date_order", where=_("Last day"), value=days[0], allowed=days[1])


def _log_body(
    body: GroupBody, changes: dict[str, tuple[Any, Any]], *, by: User, kind: str = "change", reason: str = ""
) -> None:
    record = f"{body.group.code} {body.pk}"
    log("group_body", record, changes, actor=choose_actor(by), kind=kind, root=body.group.code, reason=reason)


def _log_person(
    person: GroupPerson, changes: dict[str, tuple[Any, Any]], *, by: User, kind: str = "change", reason: str = ""
) -> None:
    record = f"{person.group.code} {person.pk}"
    log("group_person", record, changes, actor=choose_actor(by), kind=kind, root=person.group.code, reason=reason)
