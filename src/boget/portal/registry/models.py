"""The register: facilities with their impoundments and dams, and the scores published about them.

A record keeps every value with its sources in ``values`` (see registry.values); what lists filter and sort by is mirrored
into typed columns. Only registry.services writes.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from boget.portal.accounts.models import Organisation
from boget.portal.registry import choices
from boget.portal.registry.indexes import SqliteIndex
from boget.portal.registry.querysets import FacilityQuerySet


class Record(models.Model):
    """What facility, impoundment and dam have in common."""

    public_id = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    record_type: str

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id

    def shown(self, code: str) -> dict[str, Any] | None:
        """The claim that is shown for a field, or None when it is unknown."""
        return (self.values.get(code) or {}).get("shown")

    def value_of(self, code: str) -> Any:
        claim = self.shown(code)
        return claim["value"] if claim else None


class Facility(Record):
    """A tailings management facility. Its id is permanent and never reused."""

    record_type = "facility"

    country = models.CharField(max_length=2)
    disclosure = models.CharField(max_length=10, choices=choices.Disclosure.choices, default=choices.Disclosure.PUBLISHED)
    merged_into = models.CharField(max_length=24, blank=True)
    operator_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="facilities")

    # mirrors of shown values
    record_kind = models.CharField(max_length=12, default=choices.RecordKind.SINGLE)
    name_ru = models.CharField(max_length=300, blank=True)
    name_kk = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=24, default=choices.Status.UNKNOWN)
    facility_type = models.CharField(max_length=24, default=choices.FacilityType.UNKNOWN)
    owner_type = models.CharField(max_length=24, blank=True)
    commodity = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=40, blank=True)
    basin = models.CharField(max_length=40, blank=True)
    watercourse = models.CharField(max_length=300, blank=True)
    operator = models.CharField(max_length=300, blank=True)
    start_year = models.SmallIntegerField(null=True)
    confidence = models.CharField(max_length=12, blank=True)
    coordinate_precision = models.CharField(max_length=12, default=choices.CoordinatePrecision.UNKNOWN)

    # place
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    coordinate_radius_m = models.FloatField(null=True)
    footprint = models.JSONField(null=True)  # GeoJSON Polygon or MultiPolygon, EPSG:4326
    dam_axis = models.JSONField(null=True)  # GeoJSON LineString or MultiLineString
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    # sums over the structures, kept by services
    volume_m3 = models.FloatField(null=True)
    volume_step_m3 = models.FloatField(null=True)  # place of the coarsest volume that is an "about"; None: none is
    height_m = models.FloatField(null=True)
    structures_count = models.PositiveSmallIntegerField(default=0)
    known_count = models.PositiveSmallIntegerField(default=0)  # public fields with a value
    is_disputed = models.BooleanField(default=False)  # some public field has sources that differ
    is_radioactive = models.BooleanField(default=False)  # some impoundment is said to be
    unknown_inputs = models.CharField(max_length=200, blank=True)  # |code|code| of fields.inputs; some are not public

    # the hazard index as published, from public inputs and from all, beside what else lists filter and sort by: a join to the
    # scores of every row cost more than the rest of a list together. Kept by services.publish_scores
    thi_open = models.FloatField(null=True)
    thi_full = models.FloatField(null=True)

    # folded names, operator and places (core.text), parts separated by |
    search_exact = models.TextField(blank=True)
    search_keyboard = models.TextField(blank=True)
    search_latin = models.TextField(blank=True)
    sort_ru = models.TextField(blank=True)
    sort_kk = models.TextField(blank=True)
    sort_en = models.TextField(blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        # what lists filter, count and sort by, beside the wide rows: a query that reads only this is several times faster.
        # None begins with a column of few values: SQLite would take it for selective and read the wide rows instead.
        indexes = [
            models.Index(
                fields=[
                    "record_kind", "disclosure", "volume_m3", "height_m", "status", "region", "basin", "country",
                    "facility_type", "coordinate_precision", "confidence", "is_disputed", "known_count", "unknown_inputs",
                    "updated_at", "operator_organisation", "west", "south", "east", "north", "public_id",
                    "sort_ru", "sort_kk", "sort_en", "volume_step_m3",
                    "thi_open", "thi_full",
                ],
                name="facility_list",
            ),
            SqliteIndex(
                fields=[
                    "search_keyboard", "search_latin", "search_exact", "disclosure", "record_kind", "volume_m3",
                    "operator_organisation", "public_id", "status", "volume_step_m3", "thi_open", "thi_full",
                ],
                name="facility_search",
            ),
        ]  # fmt: skip


class Impoundment(Record):
    """One basin of a facility, with its tailings and its pond."""

    record_type = "impoundment"

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="impoundments")
    name = models.CharField(max_length=300, blank=True)
    volume_m3 = models.FloatField(null=True)
    design_capacity_m3 = models.FloatField(null=True)
    mass_t = models.FloatField(null=True)
    area_m2 = models.FloatField(null=True)
    toxic_components = models.CharField(max_length=500, blank=True)
    water_hazard_class = models.CharField(max_length=12, default=choices.WaterHazard.UNKNOWN)
    is_radioactive = models.CharField(max_length=12, default=choices.Radioactive.UNKNOWN)

    class Meta:
        ordering = ["public_id"]


class Dam(Record):
    """One dam or dyke of a facility."""

    record_type = "dam"

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="dams")
    impoundment = models.ForeignKey(Impoundment, models.SET_NULL, null=True, related_name="dams")
    name = models.CharField(max_length=300, blank=True)
    raising_method = models.CharField(max_length=24, default=choices.RaisingMethod.UNKNOWN)
    height_m = models.FloatField(null=True)
    fos_static = models.FloatField(null=True)

    class Meta:
        ordering = ["public_id"]


class IdCounter(models.Model):
    """The last number given out for a country, so that an id is never reused."""

    country = models.CharField(max_length=2, primary_key=True)
    last = models.PositiveIntegerField(default=0)


STOOD_IN = "volume_from_design_capacity"
"""Caution of a score whose volume is unknown: the design capacity stands in for it."""


class Score(models.Model):
    """An index published about a facility by the assessments app, once from public inputs and once from all.

    cautions: codes of what must be said beside the number, separated by spaces.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="scores")
    index = models.CharField(max_length=8)  # thi | tri
    level = models.PositiveSmallIntegerField()  # core.levels: 0 public inputs only, 2 all inputs
    value = models.FloatField(null=True)  # unknown inputs at their worst; None: too little data
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    known = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    cautions = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "index", "level"], name="score_once")]
        indexes = [models.Index(fields=["index", "level", "value"], name="score_order")]

    @property
    def is_stood_in(self) -> bool:
        return STOOD_IN in self.cautions.split()


class SavedFilter(models.Model):
    """A named address of the list."""

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    query = models.TextField()
    owner_code = models.CharField(max_length=254)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True)  # shared with it; None: private
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_code", "slug"], name="filter_once")]


class Snapshot(models.Model):
    """The register as of a moment, named. It holds the place in the revision log; the chain proves that nothing changed since.

    What stood in the register then is replayed from the log up to ``seq``; ``counts`` are the sums that papers print.
    """

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    made_by = models.CharField(max_length=254)  # actor code
    made_by_name = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)  # by level 0, 1, 2: totals by status, region, known and unknown

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Snapshots are only added: what one holds stays as it was."""
        if self.pk is not None:
            raise TypeError("a snapshot is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a snapshot is never deleted")
