"""Proposals: a text in versions, the position of each organisation, the discussion."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.meetings.models.group import WorkingGroup


class ProposalState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal", "draft")
    OPEN = "open", pgettext_lazy("proposal", "open for positions")
    QUIET = "quiet", pgettext_lazy("proposal", "quiet period")
    AGREED = "agreed", pgettext_lazy("proposal", "agreed")
    NOT_AGREED = "not_agreed", pgettext_lazy("proposal", "not agreed")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


class Stance(models.TextChoices):
    AGREE = "agree", pgettext_lazy("position", "agrees")
    AGREE_IF = "agree_if", pgettext_lazy("position", "agrees with remarks")
    OBJECT = "object", pgettext_lazy("position", "objects")
    ABSTAIN = "abstain", pgettext_lazy("position", "abstains")


class Proposal(models.Model):
    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(unique=True)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2, default="ru")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFT)
    proposed_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True)
    decision_ref = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class ProposalText(models.Model):
    """A version of the text, never changed: numbered paragraphs as plain text."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField()
    paragraphs = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)  # what changed and why
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_text_number")]


class Position(models.Model):
    """What an organisation said of one version. A changed mind is a new row; the newest row counts."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="positions")
    text_number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    remark = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]


class Remark(models.Model):
    """A word in the discussion, to the whole text or to one paragraph; answers hang below."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="remarks")
    text_number = models.PositiveSmallIntegerField()
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
