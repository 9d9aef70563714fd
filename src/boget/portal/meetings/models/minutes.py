"""Minutes as they are taken, decisions, versions and comments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.meetings.models.meeting import AgendaItem, Meeting


class BlockPart(models.TextChoices):
    HEARD = "heard", pgettext_lazy("minutes", "Heard")
    SPOKE = "spoke", pgettext_lazy("minutes", "Spoke")
    DISSENT = "dissent", pgettext_lazy("minutes", "Dissenting opinion")


class VoteForm(models.TextChoices):
    CONSENSUS = "consensus", pgettext_lazy("vote", "consensus")
    VOTE = "vote", pgettext_lazy("vote", "vote")
    NOTED = "noted", pgettext_lazy("vote", "taken note of")


class DecisionOutcome(models.TextChoices):
    NONE = "none", pgettext_lazy("decision", "nothing to be done")
    ACTION = "action", pgettext_lazy("decision", "becomes an action")
    PLAN_ITEM = "plan_item", pgettext_lazy("decision", "goes into the work plan")


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "draft")
    FINAL = "final", pgettext_lazy("minutes", "final")
    SIGNED = "signed", pgettext_lazy("minutes", "signed")


class MinuteBlock(models.Model):
    """One part of the minutes of an item in one language: HTML of the few tags that `meetings.markup` keeps."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="blocks")
    part = models.CharField(max_length=8, choices=BlockPart.choices)
    language = models.CharField(max_length=2, default="ru")
    version = models.PositiveIntegerField(default=0)
    html = models.TextField(blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who types now; a hint, no lock
    held_until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "part", "language"], name="minute_block_once")]


class MinuteBlockVersion(models.Model):
    """Every text a block ever had, also the one that lost a race: nothing typed is lost."""

    block = models.ForeignKey(MinuteBlock, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    html = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    is_conflict = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]


class Decision(models.Model):
    """What was decided under an item: number 5.3 is decision 3 of meeting 5."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    text_ru = models.TextField(blank=True)
    text_kk = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=DecisionOutcome.choices, default=DecisionOutcome.NONE)
    due = models.CharField(max_length=10, blank=True)
    due_end = models.DateField(null=True)
    vote_form = models.CharField(max_length=10, choices=VoteForm.choices, default=VoteForm.CONSENSUS)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    dissent = models.TextField(_("Dissenting opinion"), blank=True)
    action_id = models.CharField(max_length=12, blank=True)  # A-0071: the action it became or was linked with
    plan_item_ref = models.CharField(max_length=12, blank=True)  # 2027/3
    proposal_number = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["meeting", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number")]

    @property
    def ref(self) -> str:
        return f"{self.meeting.number}.{self.number}"


class DecisionParty(models.Model):
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "organisation"], name="decision_party_once")]


class MinutesVersion(models.Model):
    """The minutes frozen: all that the paper prints, as data. A signed version is never changed; a correction is the next."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=MinutesState.choices)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)  # why a signed version was corrected
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    signed_chair = models.CharField(max_length=150, blank=True)
    signed_secretary = models.CharField(max_length=150, blank=True)
    scan = models.ForeignKey("meetings.MeetingDocument", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["meeting", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Rows are only added: what was frozen stays as it was."""
        if self.pk is not None:
            raise TypeError("a version of the minutes is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a version of the minutes is never deleted")


class MinutesComment(models.Model):
    """A remark on draft minutes, kept with its answer."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="comments")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, blank=True, related_name="comments")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    is_accepted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
