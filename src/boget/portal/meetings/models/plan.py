"""The work plan of a year: items as the Ministry's table has them, with the story of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.meetings.models.group import WorkingGroup


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("work plan", "draft")
    APPROVED = "approved", pgettext_lazy("work plan", "approved")
    CLOSED = "closed", pgettext_lazy("work plan", "closed")


class ItemState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("plan item", "planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("plan item", "in progress")
    DONE = "done", pgettext_lazy("plan item", "done")
    CARRIED = "carried", pgettext_lazy("plan item", "carried to the next year")
    CANCELLED = "cancelled", pgettext_lazy("plan item", "cancelled")


class ItemPartyRole(models.TextChoices):
    RESPONSIBLE = "responsible", pgettext_lazy("plan item", "responsible")
    SUPPORT = "support", pgettext_lazy("plan item", "support")


class DeliverableKind(models.TextChoices):
    SNAPSHOT = "snapshot", pgettext_lazy("deliverable", "snapshot of the register")
    MEETING = "meeting", pgettext_lazy("deliverable", "meeting")
    ROUND = "round", pgettext_lazy("deliverable", "round of the self-assessment")
    PLAN_VERSION = "plan_version", pgettext_lazy("deliverable", "version of the action plan")
    DOCUMENT = "document", pgettext_lazy("deliverable", "document")
    OTHER = "other", pgettext_lazy("deliverable", "other")


class WorkPlan(models.Model):
    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)  # decision 4.2
    is_released = models.BooleanField(default=False)  # open to the public
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class PlanItem(models.Model):
    """One row of a plan. ``due`` is a partial date, late from the day after ``due_end``; ``first_due`` never changes."""

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    text_ru = models.TextField()
    text_kk = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    due = models.CharField(max_length=10)
    due_end = models.DateField()
    first_due = models.CharField(max_length=10)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.PLANNED)
    done_on = models.DateField(null=True, blank=True)
    is_done_confirmed = models.BooleanField(default=False)  # by the secretary
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    next_steps = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["plan", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="plan_item_number")]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """How papers and origins name the item: 2022/3."""
        return f"{self.plan.year}/{self.number}"


class ItemParty(models.Model):
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plan_parts")
    role = models.CharField(max_length=12, choices=ItemPartyRole.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "organisation"], name="item_party_once")]


class Deliverable(models.Model):
    """What an item produces: an object of the system by its code, or a document named in words."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="deliverables")
    kind = models.CharField(max_length=14, choices=DeliverableKind.choices)
    ref = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class PlanReport(models.Model):
    """One report on an item, never changed: done, result, next step. It feeds the progress report."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="reports")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=2, default="ru")
    done = models.TextField(_("Done"), blank=True)
    result = models.TextField(_("Result"), blank=True)
    evidence = models.TextField(_("Evidence"), blank=True)
    next_step = models.TextField(_("Next step"), blank=True)
    next_due = models.CharField(max_length=10, blank=True)
    state_after = models.CharField(max_length=12, choices=ItemState.choices)
    old_due = models.CharField(max_length=10, blank=True)
    new_due = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
