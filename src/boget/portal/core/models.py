"""The revision log and the installation's own facts. No foreign keys: the log outlives what it describes."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class RevisionKind(models.TextChoices):
    CREATE = "create", _("created")
    CHANGE = "change", _("changed")
    CLAIM = "claim", _("source added")
    CHOOSE = "choose", _("source chosen")
    PROPOSE = "propose", _("proposed")
    UNDO = "undo", _("undone")
    RETIRE = "retire", _("retired")
    PUBLISH = "publish", _("disclosure changed")


class Revision(models.Model):
    """One entry of the append-only log. ``changes_text`` is the exact JSON that was hashed: {field: [old, new]}."""

    seq = models.BigIntegerField(primary_key=True)
    record_type = models.CharField(max_length=40)
    record_id = models.CharField(max_length=80)
    root_id = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    actor_name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    source = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=RevisionKind.choices)
    changes_text = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["root_id", "-seq"], name="revision_root"),
            models.Index(fields=["record_type", "record_id", "-seq"], name="revision_record"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.record_type} {self.record_id} {self.kind}"

    @property
    def changes(self) -> dict[str, list[Any]]:
        return json.loads(self.changes_text)


class ChainHead(models.Model):
    """The last entry of the log: one row, locked by each writer so that the chain cannot fork."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class Installation(models.Model):
    """What this installation says about itself: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(default=False)
    adopted_by = models.CharField(max_length=300, blank=True)
    geodata_folder = models.CharField(max_length=500, blank=True)
    loaded = models.JSONField(default=dict)  # embedded data set -> checksum, so that loading twice changes nothing
