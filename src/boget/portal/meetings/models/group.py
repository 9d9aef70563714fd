"""The working group: mandate, bodies, persons with roles and dates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import DatedQuerySet, Organisation, User


class GroupRole(models.TextChoices):
    CHAIR = "chair", pgettext_lazy("group role", "chair")
    DEPUTY = "deputy", pgettext_lazy("group role", "deputy chair")
    SECRETARY = "secretary", pgettext_lazy("group role", "secretary")
    MEMBER = "member", pgettext_lazy("group role", "member")
    SUBSTITUTE = "substitute", pgettext_lazy("group role", "substitute")
    OBSERVER = "observer", pgettext_lazy("group role", "observer")
    INVITED = "invited", pgettext_lazy("group role", "invited")


VOTING_ROLES = ("chair", "deputy", "secretary", "member", "substitute")


class WorkingGroup(models.Model):
    """The group of an installation: one row. Rules of quorum and vote come from the group's own statute."""

    code = models.CharField(max_length=20, unique=True)
    country = models.CharField(max_length=2)
    name_ru = models.CharField(max_length=400)
    name_kk = models.CharField(max_length=400, blank=True)
    name_en = models.CharField(max_length=400, blank=True)
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="hosted_groups")  # the body that set it up
    order_number = models.CharField(_("Number of the order"), max_length=40, blank=True)
    order_date = models.DateField(_("Date of the order"), null=True, blank=True)
    order_by_ru = models.CharField(max_length=300, blank=True)  # who signed, in the genitive the papers need
    order_by_kk = models.CharField(max_length=300, blank=True)
    order_by_en = models.CharField(max_length=300, blank=True)
    tasks = models.JSONField(default=list)  # [{"code": "T1", "ru": …, "kk": …, "en": …}]
    quorum_share = models.FloatField(_("Share of members that makes a quorum"), default=2 / 3)
    quorum_status = models.CharField(max_length=12, default="placeholder")  # until the statute is entered
    vote_rule = models.CharField(max_length=20, default="simple_majority")
    chair_decides_ties = models.BooleanField(default=True)
    source = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.code


class GroupBody(models.Model):
    """An organisation in the group from one day to another."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="group_places")
    is_observer = models.BooleanField(default=False)
    valid_from = models.DateField(_("First day"))
    valid_to = models.DateField(_("Last day"), null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]


class GroupPerson(models.Model):
    """A person in the group. Some have no account: invited guests, members without e-mail."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="persons")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="group_persons")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="group_places")
    name = models.CharField(pgettext_lazy("person", "Name"), max_length=150)
    post = models.CharField(_("Post"), max_length=300, blank=True)
    email = models.EmailField(_("Email"), blank=True)
    role = models.CharField(_("Role"), max_length=12, choices=GroupRole.choices)
    substitute_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="substitutes")
    valid_from = models.DateField(_("First day"))
    valid_to = models.DateField(_("Last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name
