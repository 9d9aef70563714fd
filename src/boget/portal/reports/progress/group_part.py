"""Mandate, composition and tasks of the working group, and the meetings it has held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from boget.portal.accounts.models import OrganisationKind
from boget.portal.core.levels import Level
from boget.portal.meetings.models import GroupBody, GroupPerson, Meeting, MeetingMode, WorkingGroup
from boget.portal.meetings.selectors.meetings import OVER
from boget.portal.reports.progress import wording
from boget.portal.reports.progress.addresses import link_to
from boget.portal.reports.progress.context import GroupPart, MeetingRow, Reporter, Sentence
from boget.portal.reports.progress.period import Frame, count, say_day, say_day_of_act, short_day

MEETINGS_SHOWN = 3


def read_group() -> WorkingGroup | None:
    """The group of the installation."""
    return WorkingGroup.objects.order_by("pk").first()


def build_reporter(frame: Frame) -> Reporter:
    """The person who makes the report, with post and body of that day; nobody for a report made by the system.

    The public is told the body alone: no person's name is public.
    """
    reporter = _find_reporter(frame)
    return reporter if frame.audience.level >= Level.GROUP else Reporter(body=reporter.body)


def _find_reporter(frame: Frame) -> Reporter:
    if frame.user is None or not getattr(frame.user, "is_authenticated", False):
        return Reporter()
    place = GroupPerson.objects.on(frame.day).filter(user=frame.user).select_related("organisation__successor").first()
    if place is not None:
        return Reporter(place.name, place.post, frame.names.name(place.organisation, frame.day, is_short=False))
    membership = frame.user.memberships.on(frame.day).select_related("organisation__successor").first()
    body = frame.names.name(membership.organisation, frame.day, is_short=False) if membership else ""
    return Reporter(frame.user.name, "", body)


def build_group(frame: Frame, group: WorkingGroup | None, held: Sequence[Meeting]) -> GroupPart:
    source = _("Particulars of the Working Group")
    return GroupPart(
        heading=_("The Working Group"),
        mandate=tuple(Sentence(text, source) for text in _list_mandate(frame, group) if text),
        tasks=tuple(_list_tasks(frame, group)),
        meetings=tuple(Sentence(_say_meeting(meeting, frame), _say_meetings_source()) for meeting in _choose_shown(held)),
        source=source,
    )


def _list_mandate(frame: Frame, group: WorkingGroup | None) -> list[str]:
    if group is None:
        return [_("The order that set up the Working Group: unknown.")]
    return [_say_order(frame, group), _say_members(frame, group)]


def _say_order(frame: Frame, group: WorkingGroup) -> str:
    signed_by = wording.choose_text(group, "order_by", frame.language)
    if not (group.order_number and group.order_date and signed_by):
        return _("The order that set up the Working Group: unknown.")
    return _("The Working Group was set up by order No %(number)s of %(signed_by)s of %(day)s.") % {
        "number": group.order_number,
        "signed_by": signed_by,
        "day": say_day_of_act(group.order_date, frame.language),
    }


def _say_members(frame: Frame, group: WorkingGroup) -> str:
    """How many bodies of each kind; no name of a person leaves the list of members."""
    bodies = GroupBody.objects.on(frame.as_of).filter(group=group)
    kinds = Counter(bodies.values_list("organisation__kind", flat=True))
    if not kinds:
        return _("Members: unknown.")
    listed = [f"{label.lower()}: {kinds[kind]}" for kind, label in _name_kinds() if kinds[kind]]
    total = sum(kinds.values())
    number = npgettext("report", "%(number)s body", "%(number)s bodies", total) % {"number": total}
    return _("Members: %(number)s (%(kinds)s).") % {"number": number, "kinds": "; ".join(listed)}


def _name_kinds() -> list[tuple[str, str]]:
    return [
        (OrganisationKind.AUTHORITY, _("Public authorities")),
        (OrganisationKind.OPERATOR, _("Operators")),
        (OrganisationKind.INTERNATIONAL, _("International organisations")),
        (OrganisationKind.NGO, _("Non-governmental organisations")),
        (OrganisationKind.ACADEMIA, _("Science and education")),
        (OrganisationKind.OTHER, _("Others")),
    ]


def _list_tasks(frame: Frame, group: WorkingGroup | None) -> list[str]:
    tasks = group.tasks if group else []
    return [_choose_task(task, frame.language) for task in tasks]


def _choose_task(task: dict[str, str], language: str) -> str:
    for code in (language, "ru", "en", "kk"):
        if task.get(code):
            return wording.tag_language(task[code], of=code, wanted=language)
    return wording.unknown()


# --- meetings ------------------------------------------------------------------------------------------------------


def read_meetings(frame: Frame) -> list[Meeting]:
    """Meetings and seminars held by the end of the period, the oldest first."""
    held = frame.audience.meetings().filter(starts_at__lt=frame.end, state__in=OVER)
    return list(held.annotate(decision_count=Count("decisions")).order_by("starts_at", "pk"))


def _choose_shown(held: Sequence[Meeting]) -> list[Meeting]:
    """Sessions for the slide of the group: the first and the latest ones."""
    sessions = [meeting for meeting in held if meeting.kind == "session"]
    return sessions if len(sessions) <= MEETINGS_SHOWN else [sessions[0], *sessions[1 - MEETINGS_SHOWN :]]


def _say_meeting(meeting: Meeting, frame: Frame) -> str:
    return _("%(day)s – meeting No %(number)s of the Working Group (%(mode)s)") % {
        "day": say_day(meeting.day, frame.language),
        "number": meeting.number,
        "mode": _say_mode(meeting),
    }


def _say_mode(meeting: Meeting) -> str:
    return _("form unknown") if meeting.mode == MeetingMode.UNKNOWN else str(meeting.get_mode_display())


def _say_meetings_source() -> str:
    return _("Meetings of the Working Group")


def build_meetings(frame: Frame, held: Sequence[Meeting]) -> tuple[MeetingRow, ...]:
    """Those within the period."""
    within = [meeting for meeting in held if meeting.starts_at >= frame.start]
    return tuple(_build_meeting(meeting) for meeting in within)


def _build_meeting(meeting: Meeting) -> MeetingRow:
    decisions = meeting.decision_count  # type: ignore[attr-defined]
    link = link_to("meetings:meeting", meeting.number) if meeting.kind == "session" else ""
    return MeetingRow(
        number=str(meeting.number),
        date=short_day(meeting.day),
        kind=wording.cap(str(meeting.get_kind_display())),
        mode=_say_mode(meeting),
        decisions=count(decisions, _say_meetings_source(), link=link),
    )
