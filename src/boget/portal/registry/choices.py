"""Enumerations of the register. Each holds ``unknown``: unknown is not zero and not "no"."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("inactive")
    TEMPORARILY_CLOSED = "temporarily_closed", _("temporarily closed")
    NEGLECTED = "neglected", _("neglected")
    CLOSED = "closed", _("closed")
    CLOSED_REHABILITATED = "closed_rehabilitated", _("closed, rehabilitated")
    ABANDONED = "abandoned", _("abandoned or orphaned")
    REPROCESSING = "reprocessing", _("being reprocessed")
    PLANNED = "planned", _("planned")
    UNKNOWN = "unknown", _("unknown")


class FacilityType(models.TextChoices):
    TAILINGS = "tailings", _("tailings pond")
    SLUDGE = "sludge", _("sludge pond")
    ASH = "ash", _("ash pond")
    SETTLING = "settling", _("settling pond")
    EVAPORATION = "evaporation", _("evaporation pond")
    HEAP_LEACH = "heap_leach", _("heap leach pad")
    PHOSPHOGYPSUM = "phosphogypsum", _("phosphogypsum stack")
    MINE_WATER = "mine_water", _("mine water pond")
    UNKNOWN = "unknown", _("unknown")


class Layout(models.TextChoices):
    VALLEY = "valley", _("valley")
    SIDE_HILL = "side_hill", _("side hill")
    RING = "ring", _("ring dyke")
    PIT = "pit", _("in a pit")
    LAKE = "lake", _("in a lake")
    UNKNOWN = "unknown", _("unknown")


class RaisingMethod(models.TextChoices):
    UPSTREAM = "upstream", _("upstream")
    CENTRELINE = "centreline", _("centreline")
    MODIFIED_CENTRELINE = "modified_centreline", _("modified centreline")
    DOWNSTREAM = "downstream", _("downstream")
    SINGLE = "single", _("single raise")
    IN_PIT = "in_pit", _("in pit or landform")
    DRY_STACK = "dry_stack", _("dry stack")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("unknown")


class Foundation(models.TextChoices):
    ROCK = "rock", _("rock")
    SAND = "sand", _("sand, gravel or stiff clay")
    CLAY = "clay", _("soft plastic clay")
    UNKNOWN = "unknown", _("unknown")


class OwnerType(models.TextChoices):
    PRIVATE = "private", _("private company")
    STATE_COMPANY = "state_company", _("state company")
    STATE = "state", _("state body or akimat")
    OWNERLESS = "ownerless", _("no owner")
    UNKNOWN = "unknown", _("unknown")


class CoordinatePrecision(models.TextChoices):
    SURVEYED = "surveyed", _("surveyed")
    SITE = "site", _("near the pond")
    MINE = "mine", _("mine or plant")
    TOWN = "town", _("centre of the town")
    UNKNOWN = "unknown", _("unknown")


class Confidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
    UNKNOWN = "unknown", _("unknown")


class YesNo(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("unknown")


class WaterHazard(models.TextChoices):
    NONE = "nwg", _("not hazardous to water")
    WHC1 = "whc1", _("WHC 1")
    WHC2 = "whc2", _("WHC 2")
    WHC3 = "whc3", _("WHC 3")
    UNKNOWN = "unknown", _("unknown")


class Management(models.TextChoices):
    MANAGED = "managed", _("someone is in charge")
    UNMANAGED = "unmanaged", _("nobody is in charge")
    UNKNOWN = "unknown", _("unknown")


class AcidPotential(models.TextChoices):
    YES = "yes", _("acid generating")
    POSSIBLE = "possible", _("possibly acid generating")
    NO = "no", _("not acid generating")
    UNKNOWN = "unknown", _("unknown")


class ReceivingWater(models.TextChoices):
    NONE = "none", pgettext_lazy("receiving water", "none")
    STREAM = "stream", _("small or seasonal stream")
    RIVER = "river", _("perennial river or lake")
    LARGE = "large", _("large river, reservoir or drinking water source")
    TRANSBOUNDARY = "transboundary", _("as before and across the border within 48 h")
    UNKNOWN = "unknown", _("unknown")


class ClassificationSystem(models.TextChoices):
    GISTM = "gistm", _("GISTM 2020")
    CDA = "cda", _("CDA 2013")
    NID = "nid", _("US NID hazard potential")
    EU_CATEGORY_A = "eu_a", _("EU 2009/337/EC, category A")
    CIS_HEIGHT = "cis_height", _("CIS class by height and foundation")
    NATIONAL = "national", _("national hazard class")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("unknown")


class GistmClass(models.TextChoices):
    LOW = "low", pgettext_lazy("consequence class", "Low")
    SIGNIFICANT = "significant", pgettext_lazy("consequence class", "Significant")
    HIGH = "high", pgettext_lazy("consequence class", "High")
    VERY_HIGH = "very_high", pgettext_lazy("consequence class", "Very high")
    EXTREME = "extreme", pgettext_lazy("consequence class", "Extreme")
    UNKNOWN = "unknown", _("unknown")


class CategoryA(models.TextChoices):
    YES = "yes", _("category A")
    NO = "no", _("not category A")
    SITE_ASSESSMENT = "site_assessment", _("site assessment needed")
    UNKNOWN = "unknown", _("unknown")


class CisClass(models.TextChoices):
    I = "1", "I"  # noqa: E741 - the class is called so
    II = "2", "II"
    III = "3", "III"
    IV = "4", "IV"
    UNKNOWN = "unknown", _("unknown")


class Condition(models.TextChoices):
    SATISFACTORY = "satisfactory", _("satisfactory")
    FAIR = "fair", _("fair")
    POOR = "poor", _("poor")
    UNSATISFACTORY = "unsatisfactory", _("unsatisfactory")
    NOT_RATED = "not_rated", _("not rated")
    UNKNOWN = "unknown", _("unknown")


class PlanState(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_REQUIRED = "not_required", _("not required")
    UNKNOWN = "unknown", _("unknown")


class Radioactive(models.TextChoices):
    YES = "yes", _("radioactive")
    NO = "no", _("not radioactive")
    UNKNOWN = "unknown", _("unknown")


class RecordKind(models.TextChoices):
    SINGLE = "single", _("one facility")
    AGGREGATE = "aggregate", _("several ponds in one record")


class Disclosure(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class EvidenceKind(models.TextChoices):
    MEASURED = "measured", _("measured")
    DECLARED = "declared", _("declared")
    ESTIMATED = "estimated", _("estimated")
    COMPUTED = "computed", _("computed")
