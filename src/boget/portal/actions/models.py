"""Actions: one entity for every measure, whatever it came from. Only actions.services writes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.actions.querysets import ActionQuerySet
from boget.portal.core.levels import Level
from boget.portal.registry.indexes import SqliteIndex
from boget.portal.registry.models import Facility


class ActionState(models.TextChoices):
    """The way of an action. Lateness is no state: it is computed from the date."""

    PROPOSED = "proposed", pgettext_lazy("action", "proposed")
    AGREED = "agreed", pgettext_lazy("action", "agreed by the responsible body")
    APPROVED = "approved", pgettext_lazy("action", "approved by the Working Group")
    IN_PROGRESS = "in_progress", pgettext_lazy("action", "in progress")
    DONE = "done", pgettext_lazy("action", "done, not yet verified")
    VERIFIED = "verified", pgettext_lazy("action", "verified")
    RETURNED = "returned", pgettext_lazy("action", "returned")
    CANCELLED = "cancelled", pgettext_lazy("action", "cancelled")


OPEN_STATES = ("proposed", "agreed", "approved", "in_progress", "returned")
"""States in which something is still to be done: only these can be late. A claim waits for the verifier, not for the owner."""


class Hold(models.TextChoices):
    """What keeps an open action from going on, beside its state."""

    NONE = "", pgettext_lazy("action", "not held")
    POSTPONED = "postponed", pgettext_lazy("action", "postponed")
    BLOCKED = "blocked", pgettext_lazy("action", "blocked")


class ActionKind(models.TextChoices):
    UNKNOWN = "unknown", _("unknown")
    LEGAL = "legal", pgettext_lazy("action", "legal")
    INSTITUTIONAL = "institutional", pgettext_lazy("action", "institutional")
    TECHNICAL = "technical", pgettext_lazy("action", "technical")
    TRAINING = "training", pgettext_lazy("action", "training")
    INVESTMENT = "investment", pgettext_lazy("action", "investment")
    CROSS_BORDER = "cross_border", pgettext_lazy("action", "cross-border")


class Priority(models.TextChoices):
    UNKNOWN = "unknown", _("unknown")
    HIGH = "high", pgettext_lazy("priority", "high")
    MEDIUM = "medium", pgettext_lazy("priority", "medium")
    LOW = "low", pgettext_lazy("priority", "low")


class Funding(models.TextChoices):
    """Where the money comes from. Unfunded is a finding, not stated is a gap."""

    NOT_STATED = "not_stated", pgettext_lazy("money", "not stated")
    NOT_NEEDED = "not_needed", pgettext_lazy("money", "not needed")
    STATE_BUDGET = "state_budget", pgettext_lazy("money", "state budget")
    OPERATOR = "operator", pgettext_lazy("money", "operator")
    DONOR = "donor", pgettext_lazy("money", "donor")
    MIXED = "mixed", pgettext_lazy("money", "several sources")
    UNFUNDED = "unfunded", pgettext_lazy("money", "unfunded")


class PartyRole(models.TextChoices):
    LEAD = "lead", pgettext_lazy("party", "responsible")
    CO = "co", pgettext_lazy("party", "co-responsible")
    SUPPORT = "support", pgettext_lazy("party", "with the support of")


class OriginKind(models.TextChoices):
    DECISION = "decision", pgettext_lazy("origin", "decision")
    PLAN_ITEM = "plan_item", pgettext_lazy("origin", "work plan")
    CHECKLIST = "checklist", pgettext_lazy("origin", "checklist answer")
    CRITERION = "criterion", pgettext_lazy("origin", "self-assessment")
    RECOMMENDATION = "recommendation", pgettext_lazy("origin", "recommendation")
    SITE_VISIT = "site_visit", pgettext_lazy("origin", "site visit")
    OTHER = "other", pgettext_lazy("origin", "other")


class ReportKind(models.TextChoices):
    """What an entry in the story of an action says happened."""

    PROGRESS = "progress", pgettext_lazy("action report", "progress")
    AGREE = "agree", pgettext_lazy("action report", "agreed")
    APPROVE = "approve", pgettext_lazy("action report", "approved")
    START = "start", pgettext_lazy("action report", "started")
    CLAIM = "claim", pgettext_lazy("action report", "reported as done")
    VERIFY = "verify", pgettext_lazy("action report", "verified")
    RETURN = "return", pgettext_lazy("action report", "returned")
    POSTPONE = "postpone", pgettext_lazy("action report", "postponed")
    BLOCK = "block", pgettext_lazy("action report", "blocked")
    RESUME = "resume", pgettext_lazy("action report", "resumed")
    CANCEL = "cancel", pgettext_lazy("action report", "cancelled")


class Action(models.Model):
    """One measure. ``due`` is a partial date (core.partial_dates), ``due_end`` the last day of it.

    ``first_due`` is the date that was agreed first: it follows ``due`` while the action is a proposal and never changes after.
    """

    public_id = models.CharField(max_length=12, unique=True)  # A-0071
    version = models.PositiveIntegerField(default=1)
    level = models.SmallIntegerField(_("Open to"), choices=[(int(x), x.label) for x in Level], default=int(Level.GROUP))

    title = models.CharField(_("Action"), max_length=500)
    language = models.CharField(_("Language of the text"), max_length=2, default="ru")
    objective = models.TextField(_("Objective"), blank=True)
    kind = models.CharField(_("Kind"), max_length=16, choices=ActionKind.choices, default=ActionKind.UNKNOWN)
    working_area = models.CharField(_("Working area"), max_length=120, blank=True)
    priority = models.CharField(_("Priority"), max_length=8, choices=Priority.choices, default=Priority.UNKNOWN)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="actions")
    depends_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="dependants")

    start = models.CharField(_("Start"), max_length=10, blank=True)
    due = models.CharField(_("Due"), max_length=10, blank=True)
    due_end = models.DateField(null=True)
    first_due = models.CharField(_("First due date"), max_length=10, blank=True)

    cost_kzt = models.DecimalField(_("Money, KZT"), max_digits=16, decimal_places=0, null=True, blank=True)
    funding = models.CharField(_("Source of money"), max_length=12, choices=Funding.choices, default=Funding.NOT_STATED)
    resources = models.CharField(_("Other resources"), max_length=300, blank=True)

    expected_result = models.TextField(_("Expected result"), blank=True)
    indicator = models.CharField(_("Indicator"), max_length=300, blank=True)
    indicator_unit = models.CharField(_("Unit of the indicator"), max_length=40, blank=True)
    baseline = models.CharField(_("Baseline"), max_length=60, blank=True)
    target = models.CharField(_("Target"), max_length=60, blank=True)

    state = models.CharField(_("Status"), max_length=12, choices=ActionState.choices, default=ActionState.PROPOSED)
    hold = models.CharField(max_length=10, choices=Hold.choices, default=Hold.NONE, blank=True)
    hold_reason = models.CharField(max_length=500, blank=True)
    percent = models.PositiveSmallIntegerField(_("Done, %"), null=True, blank=True)
    reported_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)  # day of verification or cancelling
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    sort_text = models.TextField(blank=True)
    search_exact = models.TextField(blank=True)
    search_keyboard = models.TextField(blank=True)
    search_latin = models.TextField(blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["public_id"]
        indexes: ClassVar = [
            # what the list filters and counts by, beside the wide rows; it does not begin with a column of few values, which
            # SQLite would take for selective and read the wide rows instead
            models.Index(
                fields=[
                    "due_end", "state", "level", "funding", "cost_kzt", "hold", "kind", "priority", "reported_at", "facility",
                    "working_area", "indicator",
                ],
                name="action_list",
            ),
            SqliteIndex(
                fields=[
                    "search_keyboard", "search_latin", "due_end", "state", "level", "funding", "cost_kzt", "indicator",
                    "reported_at", "sort_text",
                ],
                name="action_search",
            ),
            models.Index(fields=["state", "due_end"], name="action_state_due"),
            models.Index(fields=["working_area", "level"], name="action_area"),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="action_percent"),
            models.CheckConstraint(condition=Q(cost_kzt__isnull=True) | Q(cost_kzt__gte=0), name="action_cost"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ActionParty(models.Model):
    """A body and its part in an action; papers print the body's name as of their own date."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="action_parts")
    role = models.CharField(max_length=8, choices=PartyRole.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "organisation"], name="action_party_once")]
        indexes: ClassVar = [models.Index(fields=["organisation", "role", "action"], name="action_party_body")]


class ActionOrigin(models.Model):
    """Where an action comes from: a code that the app above understands, and the words it printed then."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="origins")
    kind = models.CharField(max_length=16, choices=OriginKind.choices)
    ref = models.CharField(max_length=60)  # decision 5.3 · plan item 2022/3 · criterion 1.2.P · recommendation EPR3-8.4-b
    label = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "kind", "ref"], name="action_origin_once")]
        indexes: ClassVar = [models.Index(fields=["kind", "ref"], name="action_origin_ref")]


class ActionReport(models.Model):
    """One entry of the story of an action. Never changed: a correction is a new entry."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # documents, letters, addresses, in words
    percent = models.PositiveSmallIntegerField(null=True)
    state_after = models.CharField(max_length=12, choices=ActionState.choices)
    old_due = models.CharField(max_length=10, blank=True)
    new_due = models.CharField(max_length=10, blank=True)
    allowed_by = models.CharField(max_length=300, blank=True)  # who allowed a later date

    class Meta:
        ordering: ClassVar = ["-at", "-id"]


class PlanVersion(models.Model):
    """A version of the action plan. An approved one holds its rows as they were and is never changed."""

    code = models.CharField(max_length=12, unique=True)  # 2026-2
    title = models.CharField(max_length=300, blank=True)
    is_approved = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=60, blank=True)  # decision 4.5
    approved_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=list)  # rows of the plan as they were, in the order of the plan
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._require_draft()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._require_draft()
        return super().delete(*args, **kwargs)

    def _require_draft(self) -> None:
        if self.pk is not None and PlanVersion.objects.filter(pk=self.pk, is_approved=True).exists():
            raise TypeError("an approved version of the plan is never changed")
