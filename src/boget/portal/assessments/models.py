"""Results of the indices, kept for ever: one row for each change of an input that enters the index.

Only assessments.services writes. A row is never changed, except that ``is_current`` passes on to the next one.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from boget.portal.registry.models import STOOD_IN, Facility


class IndexCode(models.TextChoices):
    THI = "thi", _("Tailings Hazard Index")
    TRI = "tri", _("Tailings Risk Index")


class State(models.TextChoices):
    RATED = "rated", _("rated")
    INSUFFICIENT = "insufficient", _("too little data")
    PLANNED = "planned", _("planned, not rated")


class IndexResult(models.Model):
    """An index of one facility, with the inputs and the rules that gave it.

    level: 0 from public values only, 2 from all values up to the working group's. value: unknown inputs at their worst.
    low, high: over every unknown input and over the range of the volume. known_part: the terms whose inputs are known.
    gaps: the unknown inputs with their least and worst score, ``input=least:worst`` separated by spaces.
    cautions: codes of what must be said beside the number, separated by spaces.
    """

    public_id = models.CharField(max_length=40, unique=True)
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="index_results")
    index = models.CharField(max_length=8, choices=IndexCode.choices)
    level = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    known_part = models.FloatField(null=True)
    known = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    gaps = models.CharField(max_length=300, blank=True)
    cautions = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    computed_at = models.DateTimeField()
    table_version = models.CharField(max_length=80)
    table_hash = models.CharField(max_length=160)
    code_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    inputs = models.JSONField()  # list of services.evidence.Evidence as JSON
    terms = models.JSONField()  # list of {code, input, value, low, high, known, stood_in, rule}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "index", "level", "serial"], name="index_result_serial"),
            models.UniqueConstraint(
                fields=["index", "level", "facility"], condition=Q(is_current=True), name="index_result_current"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def missing(self) -> list[str]:
        """Codes of the unknown inputs, in the order of the terms."""
        return [gap.partition("=")[0] for gap in self.gaps.split()]

    @property
    def is_stood_in(self) -> bool:
        """The index is scored from a design capacity; the volume is unknown."""
        return STOOD_IN in self.cautions.split()

    def find_input(self, code: str) -> dict[str, Any]:
        """The stored input of that code. StopIteration for a code that the index does not ask."""
        return next(row for row in self.inputs if row["code"] == code)
