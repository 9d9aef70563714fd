"""The outbox, what each person was told, the letters, and how each person wants to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import User
from boget.portal.notifications.topics import find_topic


class Rhythm(models.TextChoices):
    """How a person is told about a topic. The page shows it in any case."""

    IMMEDIATE = "immediate", pgettext_lazy("e-mail", "at once")
    DIGEST = "digest", pgettext_lazy("e-mail", "in the digest")
    OFF = "off", pgettext_lazy("e-mail", "only on this page")


class DigestRhythm(models.TextChoices):
    """How often the digest comes, at 08:00 in the person's zone."""

    DAILY = "daily", pgettext_lazy("digest", "every day")
    WEEKLY = "weekly", pgettext_lazy("digest", "on Mondays")
    OFF = "off", pgettext_lazy("digest", "never")


class OutboxEvent(models.Model):
    """Something that is to be told, written in the transaction that made it true."""

    topic = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=160, null=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_id}"


class LetterKind(models.TextChoices):
    IMMEDIATE = "immediate", pgettext_lazy("letter", "message")
    DIGEST = "digest", pgettext_lazy("letter", "digest")


class LetterState(models.TextChoices):
    """Where a letter stands. Waiting ones are tried for ever; failed ones were refused by the receiver's server."""

    WAITING = "waiting", pgettext_lazy("letter", "waiting")
    SENT = "sent", pgettext_lazy("letter", "sent")
    FAILED = "failed", pgettext_lazy("letter", "refused")
    WITHHELD = "withheld", pgettext_lazy("letter", "withheld: not open to the receiver any more")
    EMPTY = "empty", pgettext_lazy("letter", "nothing to say")
    TO_PRINT = "to_print", pgettext_lazy("letter", "to print")
    HANDED_OVER = "handed_over", pgettext_lazy("letter", "handed over")


class Letter(models.Model):
    """One e-mail to one person. ``key`` is its Message-ID through all attempts, so that a second delivery is recognised.

    ``day`` of a digest is the day in the receiver's zone. ``is_uncertain``: the connection broke after the text was on its
    way, so that the server may have taken it; such a letter gets no further content.
    """

    key = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    topic = models.CharField(max_length=60)
    day = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    is_uncertain = models.BooleanField(default=False)
    last_error = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "due_at"], name="letter_due")]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], condition=Q(kind="digest"), name="letter_one_digest_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.kind} {self.state}"


class Notification(models.Model):
    """That one person was told of one event: the line of the page, and the letter that carries it, if any."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="notifications")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notifications")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="notification_of_user")]
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="notification_once_a_person")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.user_id}"


class Preference(models.Model):
    """The rhythm a person chose for a topic."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_preferences")
    topic = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="preference_once_a_topic")]

    def __str__(self) -> str:
        topic = find_topic(self.topic)
        return f"{topic.label if topic else self.topic}: {self.get_rhythm_display()}"


class DigestSetting(models.Model):
    """How often a person wants the digest; a person without a row gets it every day."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="digest_setting")
    rhythm = models.CharField(_("Digest"), max_length=8, choices=DigestRhythm.choices, default=DigestRhythm.DAILY)

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"
