"""Progress reports as they were made: the context is frozen, a released report never changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import User
from boget.portal.core.levels import Level


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "draft")
    RELEASED = "released", pgettext_lazy("report", "released")


class ProgressReport(models.Model):
    """A report of a period. ``choices`` are the secretary's own: parts left out, order, texts written by hand."""

    code = models.CharField(max_length=12, unique=True)  # 2026-5
    year = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    level = models.SmallIntegerField(choices=[(int(x), x.label) for x in Level], default=int(Level.GROUP))
    languages = models.CharField(max_length=20, default="ru")
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    choices = models.JSONField(default=dict)
    context = models.JSONField(default=dict)  # frozen at release: language -> context
    sha256 = models.CharField(max_length=64, blank=True)
    snapshot_number = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._require_draft()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._require_draft()
        return super().delete(*args, **kwargs)

    def _require_draft(self) -> None:
        if self.pk is not None and ProgressReport.objects.filter(pk=self.pk, state=ReportState.RELEASED).exists():
            raise TypeError("a released report is never changed")


class ReportTemplate(models.Model):
    """A template of the body's own, PPTX or DOCX, put in by an administrator: its master, fonts and colours are used."""

    kind = models.CharField(max_length=4)  # pptx | docx
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    is_used = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-uploaded_at"]
