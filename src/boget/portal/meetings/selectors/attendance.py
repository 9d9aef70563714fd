"""Who is on the list of a meeting, by body, and whether there is a quorum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from boget.portal.core.formatting import current_language
from boget.portal.core.text import build_collation_key
from boget.portal.meetings.models import Answer, Attendance, AttendanceRole, Meeting
from boget.portal.meetings.selectors.rights import group_access_of

ORDER = {role: place for place, role in enumerate(AttendanceRole.values)}


@dataclass(frozen=True, slots=True)
class Quorum:
    """Members with a vote on the list, those present (substitutes in place of absent members included), those needed.

    ``status`` is that of the share: a placeholder until the group's statute was entered.
    """

    members: int
    present: int
    needed: int
    status: str

    @property
    def is_met(self) -> bool:
        return self.members > 0 and self.present >= self.needed

    @property
    def is_placeholder(self) -> bool:
        return self.status != "verified"


@dataclass(slots=True)
class BodyRows:
    """The people of one body under the name it had that day."""

    name: str
    rows: list[Attendance] = field(default_factory=list)


def list_attendance(meeting: Meeting) -> list[Attendance]:
    """The list in the order papers have it: members, substitutes, observers, invited; within them as they were added."""
    rows = meeting.attendance.select_related("organisation", "substitute_for", "user", "person")
    return sorted(rows, key=lambda row: (ORDER.get(row.role, len(ORDER)), row.pk))


def count_quorum(meeting: Meeting, rows: Sequence[Attendance] | None = None) -> Quorum:
    """Whether enough members, or their substitutes, are marked as present."""
    rows = list(meeting.attendance.all()) if rows is None else rows
    members = [row for row in rows if row.has_vote and row.role == AttendanceRole.MEMBER]
    absent = {row.pk for row in members if not row.is_present}
    stand_ins = {
        row.substitute_for_id
        for row in rows
        if row.role == AttendanceRole.SUBSTITUTE and row.is_present and row.substitute_for_id in absent
    }
    present = len(members) - len(absent) + len(stand_ins)
    needed = math.ceil(meeting.group.quorum_share * len(members) - 1e-9)
    return Quorum(len(members), present, max(needed, 1), meeting.group.quorum_status)


def count_answers(rows: Sequence[Attendance]) -> dict[str, int]:
    """How many gave each answer; all answers are named."""
    return {code: sum(row.answer == code for row in rows) for code in Answer.values}


def name_body(row: Attendance, language: str) -> str:
    """The body's name as it was that day, in the language or in the one it has."""
    order = (language, "ru", "kk", "en")
    return next((name for code in order if (name := getattr(row, f"organisation_{code}"))), "")


def group_by_body(rows: Sequence[Attendance]) -> list[BodyRows]:
    """The list by body, bodies in the alphabet of the reader's language."""
    language = current_language(translation.get_language())
    bodies: dict[str, BodyRows] = {}
    for row in rows:
        name = name_body(row, language)
        bodies.setdefault(name, BodyRows(name)).rows.append(row)
    return sorted(bodies.values(), key=lambda body: (not body.name, build_collation_key(body.name, language)))


def is_shown_contacts(user: Any) -> bool:
    """E-mail addresses of people are for the secretary."""
    return group_access_of(user).can_manage
