"""The queue: one row a job, its story, and the workers that were seen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from boget.portal.jobs.kinds import find_kind


class JobState(models.TextChoices):
    """Where a job stands. A job whose worker died is waiting again."""

    WAITING = "waiting", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")


LIVE = (JobState.WAITING, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(models.Model):
    """A piece of background work.

    ``attempts`` counts the runs begun, ``restarts`` those of them whose worker vanished: the difference is held against
    ``max_attempts``. ``lease_token`` is new with each run; whoever writes for a run names it, so that a run that was given
    up can write nothing any more. ``requested_by`` is the code of a person (P-0007) or "system".
    """

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    restarts = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True, default="")
    worker = models.CharField(max_length=80, blank=True, default="")
    progress = models.FloatField(default=0.0)
    step = models.CharField(max_length=60, blank=True, default="")
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error_message = models.TextField(blank=True, default="")
    requested_by = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=160, null=True, unique=True)
    cancel_asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_due"),
            models.Index(fields=["requested_by", "-id"], name="job_requested_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="job_progress_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.kind} {self.state}"

    @property
    def public_id(self) -> str:
        """Such as J-000123."""
        return f"J-{self.pk:06d}"

    @property
    def failures(self) -> int:
        """Runs that ended, or will have ended, by an error of the job itself."""
        return self.attempts - self.restarts

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def label(self) -> str | Promise:
        kind = find_kind(self.kind)
        return kind.label if kind else self.kind

    @property
    def step_label(self) -> str | Promise:
        return self.name_step(self.step)

    def name_step(self, code: str) -> str | Promise:
        """The words of the kind for a step; the code itself for a step it no longer has."""
        kind = find_kind(self.kind)
        return kind.steps.get(code, code) if kind else code


class EventKind(models.TextChoices):
    """What the story of a job is made of."""

    REQUESTED = "requested", pgettext_lazy("job", "requested")
    STARTED = "started", pgettext_lazy("job", "started")
    STEP = "step", pgettext_lazy("job", "step")
    RESTARTED = "restarted", pgettext_lazy("job", "restarted: the worker stopped answering")
    STOPPED = "stopped", pgettext_lazy("job", "put back: the worker was shut down")
    ATTEMPT_FAILED = "attempt_failed", pgettext_lazy("job", "attempt failed, will be repeated")
    FAILED = "failed", pgettext_lazy("job", "failed for good")
    CANCEL_ASKED = "cancel_asked", pgettext_lazy("job", "cancelling asked for")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")
    RETRIED = "retried", pgettext_lazy("job", "repeated by hand")
    DONE = "done", pgettext_lazy("job", "done")


class JobEvent(models.Model):
    """One line of a job's story. ``detail``: step code, reason, or code of the person."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    detail = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id} {self.kind} {self.detail}"

    @property
    def words(self) -> str | Promise:
        """What happened, in the reader's language, without the detail where that is a code."""
        return self.job.name_step(self.detail) if self.kind == EventKind.STEP else self.get_kind_display()


class WorkerMark(models.Model):
    """When a worker was last seen: without one, jobs and e-mails wait, and the pages say so."""

    name = models.CharField(max_length=80, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M}"
