"""What a seminar has beside a meeting: registration and a quiz. And the calendar feeds of people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from boget.portal.accounts.models import Organisation, User
from boget.portal.meetings.models.meeting import Meeting


class Registration(models.Model):
    """A participant of a seminar."""

    seminar = models.ForeignKey(Meeting, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    organisation_text = models.CharField(max_length=300, blank=True)  # as printed on the certificate
    registered_at = models.DateTimeField()
    is_present = models.BooleanField(null=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seminar", "user"], condition=models.Q(user__isnull=False), name="registration_once"
            ),
        ]


class QuizQuestion(models.Model):
    seminar = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    options = models.JSONField(default=list)  # texts
    right = models.PositiveSmallIntegerField()  # index of the right option

    class Meta:
        ordering: ClassVar = ["position", "id"]


class QuizAnswer(models.Model):
    """One try of one participant; the best counts."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="tries")
    chosen = models.JSONField(default=dict)  # question pk -> index of the option
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]


class CalendarFeed(models.Model):
    """An address of a person's calendar. Only a digest of the secret is kept; revoked addresses answer 404."""

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
