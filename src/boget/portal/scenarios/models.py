"""Runs of the river model, confirmed receiving waters, the screening of all facilities. Only scenarios.services writes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import User
from boget.portal.core.levels import Level
from boget.portal.jobs.models import Job, JobState
from boget.portal.registry.models import Facility
from boget.portal.scenarios.querysets import RunQuerySet


class RunKind(models.TextChoices):
    RIVER = "river", pgettext_lazy("run", "river wave")


class RunMode(models.TextChoices):
    """What a run is for. Every page and paper of an exercise and of a real release says so."""

    STUDY = "study", pgettext_lazy("run", "study")
    EXERCISE = "exercise", pgettext_lazy("run", "exercise")
    REAL = "real", pgettext_lazy("run", "real")


class Grade(models.TextChoices):
    """Whether the water of a facility reaches a border within the two-day aid. It never excludes a facility on its own."""

    YES = "yes", pgettext_lazy("grade", "yes")
    POSSIBLE = "possible", pgettext_lazy("grade", "possible")
    NO = "no", pgettext_lazy("grade", "no")
    UNKNOWN = "unknown", pgettext_lazy("grade", "unknown")


class Run(models.Model):
    """One computation with all that entered it. Never edited: a refinement with readings is a new run that ``refines`` it.

    scenario: RiverScenario.to_dict; with the network it decides every number. input_hash: over scenario, place and network
    version. outcome: as JSON, None until the job ends, outcome_hash: SHA-256 of it in canonical spelling. summary: the key
    result out of it for lists and letters (`selectors.key_result`), empty with the outcome. is_stale: facility,
    network or receiving water are no longer those of input_hash. started_at: when the release begins. title: of the person,
    empty where none was given. watercourse: names of the first river by language.
    """

    public_id = models.CharField(max_length=16, unique=True)  # R-2026-0042
    kind = models.CharField(_("Kind"), max_length=8, choices=RunKind.choices, default=RunKind.RIVER)
    mode = models.CharField(pgettext_lazy("run", "Mode"), max_length=8, choices=RunMode.choices, default=RunMode.STUDY)
    level = models.SmallIntegerField(
        pgettext_lazy("run", "Open to"), choices=[(int(x), x.label) for x in Level], default=int(Level.GROUP)
    )
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="runs")
    is_at_facility = models.BooleanField(default=False)  # at the entry of the facility; False: at a place of the person's own
    title = models.CharField(_("Title"), max_length=200, blank=True)
    watercourse = models.JSONField(default=dict)

    scenario = models.JSONField()
    network_version = models.CharField(max_length=80)
    code_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    is_stale = models.BooleanField(default=False)
    outcome = models.JSONField(null=True)
    outcome_hash = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict)

    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    refines = models.ForeignKey("self", models.PROTECT, null=True, related_name="refinements")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(_("Release begins"))
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["facility", "-id"], name="run_facility"),
            models.Index(fields=["created_by", "input_hash"], name="run_repeated"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, outcome_hash="") | Q(outcome__isnull=False) & ~Q(outcome_hash=""),
                name="run_outcome_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a run is never deleted")

    @property
    def is_done(self) -> bool:
        """The outcome is there; told without reading it where a list has left it out."""
        return bool(self.outcome_hash)

    @property
    def state(self) -> str:
        """A `JobState`: done with an outcome, else that of the job; failed where the job is gone."""
        if self.is_done:
            return JobState.DONE
        return self.job.state if self.job else JobState.FAILED

    @property
    def state_label(self) -> Any:
        return JobState(self.state).label

    @property
    def is_live(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


class ReceivingWater(models.Model):
    """The watercourse that takes the water of a facility, confirmed by a person. It stands above the embedded table.

    reach_id, entry_km: reach of the network and distance from its beginning, km. longitude, latitude: the place of entry,
    degrees. names: of the watercourse by language. network_version: the network whose reach is meant.
    """

    facility = models.OneToOneField(Facility, models.CASCADE, related_name="receiving_water")
    version = models.PositiveIntegerField(default=1)
    reach_id = models.BigIntegerField()
    entry_km = models.FloatField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    names = models.JSONField(default=dict)
    network_version = models.CharField(max_length=80)
    source = models.CharField(_("Source"), max_length=300)
    reason = models.CharField(_("Reason"), max_length=500)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(entry_km__gte=0), name="receiving_water_entry")]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.reach_id} {self.entry_km}"


class Screening(models.Model):
    """One computation of travel times from every facility to every border. The newest that ended is the current one.

    input_hash: over the facilities, their places, the network and the hydrology that entered. rows: what the screening says
    beside its `ScreeningRow`s, such as the curve of each border. stale_since: when a facility or the network changed after it.
    """

    network_version = models.CharField(max_length=80)
    code_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    basis = models.JSONField(default=dict)  # members, seed, seasons, formulas, versions of the tables
    rows = models.JSONField(default=dict)
    is_current = models.BooleanField(default=False)
    stale_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="screening_one_current"),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"


def _is_share(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 1})


class ScreeningRow(models.Model):
    """A facility and one meeting of its water with a border, or the end of a way that meets none. Times in s, None: no such.

    Three readings: the mean of the wave at mean flow (t…_s, p48, grade: the legal one), its leading edge at mean flow (edge…)
    and at high flow (high…: the protective one). p48…: probability to be there within 48 h, 0..1. rank: place by rank_value
    from 1, rank_first to rank_last by its bounds.
    """

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="lines")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="screening_rows")
    border = models.CharField(max_length=40, blank=True)  # code of the meeting, such as KZ-RU-1; "" for end and none
    number = models.PositiveSmallIntegerField(default=0)  # in the order of the flow, from 1
    kind = models.CharField(max_length=8, blank=True)  # exit | entry | reentry | along | touch | end | none
    country = models.CharField(max_length=2, blank=True)  # ISO code of the neighbour
    end = models.CharField(max_length=40, blank=True)  # code of the lake, sea or hollow of the path
    longitude = models.FloatField(null=True)  # of the meeting, degrees
    latitude = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    reservoirs_crossed = models.PositiveSmallIntegerField(default=0)
    t05_s = models.FloatField(null=True)
    t50_s = models.FloatField(null=True)
    t95_s = models.FloatField(null=True)
    edge05_s = models.FloatField(null=True)
    edge50_s = models.FloatField(null=True)
    edge95_s = models.FloatField(null=True)
    high05_s = models.FloatField(null=True)
    high50_s = models.FloatField(null=True)
    high95_s = models.FloatField(null=True)
    p48 = models.FloatField(null=True)
    p48_edge = models.FloatField(null=True)
    p48_high = models.FloatField(null=True)
    grade = models.CharField(max_length=8, choices=Grade.choices, default=Grade.UNKNOWN)
    grade_edge = models.CharField(max_length=8, choices=Grade.choices, default=Grade.UNKNOWN)
    grade_high = models.CharField(max_length=8, choices=Grade.choices, default=Grade.UNKNOWN)
    cautions = models.CharField(max_length=300, blank=True)  # codes separated by spaces
    rank = models.PositiveIntegerField(null=True)
    rank_first = models.PositiveIntegerField(null=True)
    rank_last = models.PositiveIntegerField(null=True)
    rank_value = models.FloatField(null=True)
    rank_low = models.FloatField(null=True)
    rank_high = models.FloatField(null=True)
    water_risk_index = models.FloatField(null=True)
    details = models.JSONField(default=dict)  # rivers, reservoirs, discharges, terms of the rank with their bounds

    class Meta:
        ordering: ClassVar = ["screening", "rank", "facility", "border"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screening", "facility", "border"], name="screening_row_once"),
            models.CheckConstraint(
                condition=_is_share("p48") & _is_share("p48_edge") & _is_share("p48_high"),
                name="screening_row_shares",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.border or self.end}"
