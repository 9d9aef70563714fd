"""Meetings and seminars: when and where, agenda, attendance, documents."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import TIME_ZONES, Organisation, User
from boget.portal.core.levels import Level
from boget.portal.meetings.models.group import GroupPerson, WorkingGroup


class MeetingKind(models.TextChoices):
    SESSION = "session", pgettext_lazy("meeting", "meeting of the Working Group")
    SEMINAR = "seminar", pgettext_lazy("meeting", "seminar")


class MeetingMode(models.TextChoices):
    ONLINE = "online", pgettext_lazy("meeting", "online")
    HYBRID = "hybrid", pgettext_lazy("meeting", "hybrid")
    ROOM = "room", pgettext_lazy("meeting", "in a room")
    UNKNOWN = "unknown", _("unknown")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "planned")
    INVITED = "invited", pgettext_lazy("meeting", "invitations sent")
    ADOPTED = "adopted", pgettext_lazy("meeting", "agenda adopted")
    HELD = "held", pgettext_lazy("meeting", "held")
    DRAFT = "draft", pgettext_lazy("meeting", "minutes in draft")
    COMMENTS = "comments", pgettext_lazy("meeting", "minutes open for comments")
    FINAL = "final", pgettext_lazy("meeting", "minutes final")
    SIGNED = "signed", pgettext_lazy("meeting", "minutes signed")
    DISTRIBUTED = "distributed", pgettext_lazy("meeting", "minutes distributed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class AgendaKind(models.TextChoices):
    OPENING = "opening", pgettext_lazy("agenda", "opening")
    EARLIER_DECISIONS = "earlier_decisions", pgettext_lazy("agenda", "earlier decisions")
    PLAN_ITEM = "plan_item", pgettext_lazy("agenda", "item of the work plan")
    REGISTER_CHANGES = "register_changes", pgettext_lazy("agenda", "changes of the register")
    OPERATOR = "operator", pgettext_lazy("agenda", "presentation of an operator")
    PARTNERS = "partners", pgettext_lazy("agenda", "information from partners")
    CROSS_BORDER = "cross_border", pgettext_lazy("agenda", "cross-border matters")
    PROPOSAL = "proposal", pgettext_lazy("agenda", "proposal and vote")
    NEXT_MEETING = "next_meeting", pgettext_lazy("agenda", "next meeting")
    TALK = "talk", pgettext_lazy("agenda", "talk")
    OTHER = "other", pgettext_lazy("agenda", "other")


class AttendanceRole(models.TextChoices):
    MEMBER = "member", pgettext_lazy("attendance", "member")
    SUBSTITUTE = "substitute", pgettext_lazy("attendance", "substitute")
    OBSERVER = "observer", pgettext_lazy("attendance", "observer")
    INVITED = "invited", pgettext_lazy("attendance", "invited")


class Answer(models.TextChoices):
    NONE = "none", pgettext_lazy("invitation", "no answer")
    YES = "yes", pgettext_lazy("invitation", "comes")
    NO = "no", pgettext_lazy("invitation", "does not come")
    SUBSTITUTE = "substitute", pgettext_lazy("invitation", "sends a substitute")


class Meeting(models.Model):
    """A meeting or a seminar. Sessions and seminars are numbered apart. Times are stored in UTC, shown in ``time_zone``."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=10, choices=MeetingKind.choices, default=MeetingKind.SESSION)
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    title_ru = models.CharField(max_length=300, blank=True)
    title_kk = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    has_time = models.BooleanField(default=True)  # of some past meetings only the day is known
    time_zone = models.CharField(max_length=40, choices=TIME_ZONES, default="Asia/Almaty")
    mode = models.CharField(max_length=8, choices=MeetingMode.choices, default=MeetingMode.UNKNOWN)
    place = models.CharField(_("Place"), max_length=300, blank=True)
    link = models.URLField(_("Link"), max_length=500, blank=True)
    host = models.CharField(_("Host"), max_length=300, blank=True)
    funder = models.CharField(_("Funder"), max_length=300, blank=True)
    languages = models.CharField(_("Languages"), max_length=20, default="ru")  # ru,kk,en
    minutes_language = models.CharField(max_length=2, default="ru")
    state = models.CharField(max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    comments_due = models.DateField(null=True, blank=True)
    current_item = models.PositiveIntegerField(null=True, blank=True)  # pk of the agenda item under discussion
    closed_at = models.DateTimeField(null=True, blank=True)
    ical_sequence = models.PositiveIntegerField(default=0)
    attachments_pages = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)  # of meetings entered from papers
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "number"], name="meeting_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def code(self) -> str:
        """How the log, notifications and calendars name it: 5, and for a seminar seminar-2."""
        return str(self.number) if self.kind == MeetingKind.SESSION else f"{self.kind}-{self.number}"

    @property
    def local_start(self) -> dt.datetime:
        """The start by the clock of the place."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def local_end(self) -> dt.datetime | None:
        return self.ends_at.astimezone(ZoneInfo(self.time_zone)) if self.ends_at else None

    @property
    def day(self) -> dt.date:
        """The day by the clock of the place: names of organisations are those of this day."""
        return self.local_start.date()


class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=18, choices=AgendaKind.choices, default=AgendaKind.OTHER)
    title_ru = models.CharField(max_length=500, blank=True)
    title_kk = models.CharField(max_length=500, blank=True)
    title_en = models.CharField(max_length=500, blank=True)
    speaker = models.CharField(_("Speaker"), max_length=300, blank=True)
    minutes_planned = models.PositiveSmallIntegerField(null=True, blank=True)
    ref = models.CharField(max_length=60, blank=True)  # plan item 2022/3 · proposal 12
    is_generated = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]


class Attendance(models.Model):
    """A person invited to, or present at, a meeting; the body's names are kept as they were that day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(GroupPerson, models.PROTECT, null=True, blank=True, related_name="attendance")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(pgettext_lazy("person", "Name"), max_length=150)
    post = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    organisation_ru = models.CharField(max_length=300, blank=True)
    organisation_kk = models.CharField(max_length=300, blank=True)
    organisation_en = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=12, choices=AttendanceRole.choices)
    has_vote = models.BooleanField(default=False)
    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    is_present = models.BooleanField(null=True)
    substitute_for = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class MeetingDocument(models.Model):
    """A file of a meeting or of one of its items. Kept under a made-up name, always sent as an attachment."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="documents")
    title = models.CharField(max_length=300)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=100)  # media type found in the content
    level = models.SmallIntegerField(choices=[(int(x), x.label) for x in Level], default=int(Level.GROUP))
    language = models.CharField(max_length=2, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
