"""Who is invited, who answers what, who came. The names of bodies are kept as they were on the day of the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation, User
from boget.portal.core.errors import refuse
from boget.portal.core.text import is_storable
from boget.portal.jobs import clock
from boget.portal.meetings.models import (
    VOTING_ROLES,
    Answer,
    Attendance,
    AttendanceRole,
    GroupBody,
    GroupPerson,
    GroupRole,
    Meeting,
    MeetingState,
)
from boget.portal.meetings.services.locking import lock_meeting, log_change

LANGUAGES = ("ru", "kk", "en")
ROLES = {
    GroupRole.SUBSTITUTE: AttendanceRole.SUBSTITUTE,
    GroupRole.OBSERVER: AttendanceRole.OBSERVER,
    GroupRole.INVITED: AttendanceRole.INVITED,
}
FROZEN = (MeetingState.FINAL, MeetingState.SIGNED, MeetingState.DISTRIBUTED, MeetingState.CANCELLED)
LONGEST_NAME, LONGEST_POST = 150, 300


@transaction.atomic
def take_over_members(meeting: Meeting, *, by: User | None) -> int:
    """Add the people of the group who are in it on the day of the meeting and not on the list; returns how many."""
    current = lock_meeting(meeting)
    _check_open(current)
    listed = set(current.attendance.exclude(person=None).values_list("person_id", flat=True))
    people = GroupPerson.objects.on(current.day).filter(group=current.group).exclude(pk__in=listed)
    observers = _list_observers(current)
    rows = {}
    for person in people.select_related("organisation", "user").order_by("substitute_for_id", "pk"):
        rows[person.pk] = _add_member(current, person, is_observer=person.organisation_id in observers)
    _link_substitutes(current)
    if rows:
        log_change(current, ("meeting", current.code), {"listed": (0, len(rows))}, by=by)
    return len(rows)


def _list_observers(meeting: Meeting) -> set[int]:
    bodies = GroupBody.objects.on(meeting.day).filter(group=meeting.group, is_observer=True)
    return set(bodies.values_list("organisation_id", flat=True))


def _add_member(meeting: Meeting, person: GroupPerson, *, is_observer: bool) -> Attendance:
    role = ROLES.get(GroupRole(person.role), AttendanceRole.MEMBER)
    role = AttendanceRole.OBSERVER if is_observer and role == AttendanceRole.MEMBER else role
    row = Attendance(
        meeting=meeting,
        person=person,
        user=person.user,
        name=person.name,
        post=person.post,
        email=person.email or (person.user.email if person.user else ""),
        organisation=person.organisation,
        role=role,
        has_vote=person.role in VOTING_ROLES and role == AttendanceRole.MEMBER,
    )
    _freeze(row, meeting)
    row.save()
    return row


def _link_substitutes(meeting: Meeting) -> None:
    """A substitute of the group stands for the row of the member it is named for."""
    rows = {row.person_id: row for row in meeting.attendance.exclude(person=None).select_related("person")}
    for row in rows.values():
        member = rows.get(row.person.substitute_for_id) if row.person else None
        if row.role == AttendanceRole.SUBSTITUTE and member is not None and row.substitute_for_id != member.pk:
            row.substitute_for = member
            row.save(update_fields=["substitute_for"])


@transaction.atomic
def add_participant(meeting: Meeting, values: Mapping[str, Any], *, by: User | None) -> Attendance:
    """Put somebody on the list by hand: name, post, email, organisation, role (invited by default).

    Somebody with an account is found by e-mail and can then answer. The same person added twice is one row.
    Raises InvalidInput: no name, too long, minutes final.
    """
    current = lock_meeting(meeting)
    _check_open(current)
    row = _build_participant(current, values)
    same = current.attendance.filter(name=row.name, organisation=row.organisation).first()
    if same is not None:
        return same
    row.save()
    changes = {"name": (None, row.name), "role": (None, row.role), "organisation": (None, row.organisation_ru)}
    log_change(current, ("attendance", f"{current.code}/{row.pk}"), changes, by=by, kind="create")
    return row


def _build_participant(meeting: Meeting, values: Mapping[str, Any]) -> Attendance:
    name, post, email = (" ".join(str(values.get(part, "")).split()) for part in ("name", "post", "email"))
    for label, text, most in ((_("Name"), name, LONGEST_NAME), (_("Post"), post, LONGEST_POST)):
        check_text(text, label, most)
    if not name:
        raise refuse("required", where=_("Name"))
    role = values.get("role") or AttendanceRole.INVITED
    if role not in AttendanceRole.values:
        raise refuse("not_in_list", where=_("Role"), value=role, allowed=", ".join(AttendanceRole.values))
    row = Attendance(
        meeting=meeting,
        name=name,
        post=post,
        email=email.lower(),
        user=User.objects.filter(email=email.lower(), is_active=True).first() if email else None,
        organisation=values.get("organisation"),
        role=role,
        has_vote=role == AttendanceRole.MEMBER,
        substitute_for=values.get("substitute_for"),
    )
    _freeze(row, meeting)
    if row.organisation is None and values.get("organisation_text"):
        row.organisation_ru = str(values["organisation_text"])[:300]
        check_text(row.organisation_ru, _("Organisation"), LONGEST_POST)
    return row


@transaction.atomic
def remove_participant(row: Attendance, *, by: User | None) -> None:
    """Take somebody off the list who was neither invited nor present; others stay with their answer."""
    current = lock_meeting(row.meeting)
    _check_open(current)
    if row.invited_at is not None or row.is_present:
        raise refuse("meeting_step", where=row.name, value=_("invited or present"), allowed=_("neither invited nor present"))
    log_change(current, ("attendance", f"{current.code}/{row.pk}"), {"name": (row.name, None)}, by=by, kind="retire")
    row.delete()


@transaction.atomic
def answer_invitation(
    row: Attendance, answer: str, *, by: User | None, substitute: Mapping[str, Any] | None = None
) -> Attendance:
    """Note whether the person comes. ``substitute``: who is sent instead, put on the list beside the person.

    Raises InvalidInput: unknown answer, nobody named as a substitute, the meeting is over.
    """
    meeting = lock_meeting(row.meeting)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.ADOPTED):
        raise refuse("meeting_step", where=_("Answer"), value=meeting.get_state_display(), allowed=MeetingState.INVITED.label)
    if answer not in Answer.values:
        raise refuse("not_in_list", where=_("Answer"), value=answer[:20], allowed=", ".join(Answer.values))
    current = Attendance.objects.select_for_update().get(pk=row.pk)
    old, current.answer, current.answered_at = current.answer, answer, clock.read_now()
    current.save(update_fields=["answer", "answered_at"])
    log_change(meeting, ("attendance", f"{meeting.code}/{row.pk}"), {"answer": (old, answer)}, by=by)
    if answer == Answer.SUBSTITUTE:
        _send_substitute(meeting, current, substitute or {}, by=by)
    return current


def _send_substitute(meeting: Meeting, row: Attendance, values: Mapping[str, Any], *, by: User | None) -> None:
    already = meeting.attendance.filter(substitute_for=row).exists()
    if not str(values.get("name", "")).strip():
        if already:
            return
        raise refuse("required", where=_("Name of the substitute"))
    wanted = {**values, "organisation": row.organisation, "role": AttendanceRole.SUBSTITUTE, "substitute_for": row}
    stand_in = add_participant(meeting, wanted, by=by)
    if row.invited_at is not None and stand_in.invited_at is None:
        stand_in.invited_at = clock.read_now()
        stand_in.save(update_fields=["invited_at"])


@transaction.atomic
def mark_presence(meeting: Meeting, present: Mapping[int, bool | None], *, by: User | None) -> int:
    """Note who came (True), who did not (False), of whom it is not known (None); returns how many rows changed."""
    current = lock_meeting(meeting)
    _check_open(current)
    changed = 0
    for row in current.attendance.filter(pk__in=list(present)):
        wanted = present[row.pk]
        if row.is_present != wanted:
            changes = {"is_present": (row.is_present, wanted)}
            log_change(current, ("attendance", f"{current.code}/{row.pk}"), changes, by=by)
            row.is_present = wanted
            row.save(update_fields=["is_present"])
            changed += 1
    return changed


def freeze_names(meeting: Meeting) -> None:
    """Write the names of all bodies anew for the day of the meeting: it was moved before it was held."""
    for row in meeting.attendance.select_related("organisation__successor"):
        _freeze(row, meeting)
        row.save(update_fields=[f"organisation_{code}" for code in LANGUAGES])


def _freeze(row: Attendance, meeting: Meeting) -> None:
    body: Organisation | None = row.organisation
    if body is not None:
        then = body.on_date(meeting.day)
        row.organisation_ru, row.organisation_kk, row.organisation_en = then.name_ru, then.name_kk, then.name_en


def _check_open(meeting: Meeting) -> None:
    if meeting.state in FROZEN:
        raise refuse(
            "meeting_step",
            where=_("List of participants"),
            value=meeting.get_state_display(),
            allowed=MeetingState.HELD.label,
        )


def check_text(text: str, where: Any, most: int) -> None:
    """Raises InvalidInput: longer than `most` characters, or with characters that cannot be stored."""
    if len(text) > most:
        raise refuse("too_long", where=where, value=len(text), allowed=most)
    if not is_storable(text):
        raise refuse("control_character", where=where)
