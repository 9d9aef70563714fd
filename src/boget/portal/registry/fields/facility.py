"""Fields of the facility as a whole."""

from django.utils.translation import gettext_lazy as _

from boget.portal.core.levels import Level
from boget.portal.registry import choices as c
from boget.portal.registry.fields.base import Field

GROUP, AUTHORITY = Level.GROUP, Level.AUTHORITY

IDENTITY = (
    Field("name_ru", "identity", _("Name in Russian"), origin="GNK", column=True),
    Field("name_kk", "identity", _("Name in Kazakh"), origin="GNK", column=True),
    Field("name_en", "identity", _("Name in English"), origin="GNK", column=True),
    Field("former_names", "identity", _("Former and popular names"), origin="NK", help=_("Separate names by a semicolon.")),
    Field("record_kind", "identity", _("Kind of record"), kind="choice", choices=c.RecordKind, column=True),
    Field("mine", "identity", _("Mine or plant"), origin="G"),
    Field("other_ids", "identity", _("Other numbers"), origin="GNK", help=_("Cadastre, permit, other registers.")),
    Field("confidence", "identity", _("Confidence in the record"), kind="choice", choices=c.Confidence, column=True),
)

PLACE = (
    Field("point", "place", _("Point"), kind="point", origin="NMU", used_by=("map",)),
    Field("footprint", "place", _("Footprint"), kind="polygon", origin="MU", level=GROUP, used_by=("map",)),
    Field("dam_axis", "place", _("Dam axis"), kind="line", origin="U", level=GROUP, used_by=("map",)),
    Field("coordinate_precision", "place", _("What the point shows"), kind="choice", choices=c.CoordinatePrecision,
          origin="NU", column=True),
    Field("region", "place", _("Region"), origin="NU", column=True),
    Field("district", "place", _("District"), origin="NU"),
    Field("kato", "place", _("KATO code"), origin="K"),
    Field("basin", "place", _("River basin"), origin="NU", column=True),
    Field("basin_note", "place", _("River basin, as the source says"), origin="U"),
    Field("watercourse", "place", _("Nearest watercourse"), origin="UM", column=True),
    Field("watercourse_distance_m", "place", _("Distance to the watercourse"), kind="number", unit="m", minimum=0,
          maximum=500_000, origin="UM"),
    Field("border_crossing", "place", _("Border crossing downstream"), origin="U"),
    Field("elevation_m", "place", _("Elevation"), kind="number", unit="m", minimum=-200, maximum=7000, origin="N"),
)

OWNER = (
    Field("operator", "owner", _("Operator"), origin="GN", column=True),
    Field("owner", "owner", _("Owner"), origin="GN"),
    Field("owner_type", "owner", _("Kind of owner"), kind="choice", choices=c.OwnerType, origin="N", column=True),
    Field("partners", "owner", _("Partners"), origin="G"),
    Field("responsible_body", "owner", _("Body in charge of an ownerless site"), origin="K"),
    Field("bin", "owner", _("Business identification number"), origin="K", level=GROUP),
    Field("contact", "owner", _("Duty contact of the operator"), origin="K", level=AUTHORITY),
)

STATUS = (
    Field("status", "status", _("Status"), kind="choice", choices=c.Status, origin="GNU", column=True,
          used_by=("thi", "tri")),
    Field("status_date", "status", _("Status as of"), kind="date", origin="G"),
    Field("facility_type", "status", _("Type"), kind="choice", choices=c.FacilityType, origin="U", column=True,
          used_by=("thi", "tri")),
    Field("layout", "status", _("Layout"), kind="choice", choices=c.Layout, origin="U"),
    Field("commodity", "status", _("Ore or product"), origin="U", column=True),
    Field("start_year", "status", _("First year of operation"), kind="year", minimum=1800, maximum=2100, origin="GN",
          column=True),
    Field("end_year", "status", _("Last year of operation"), kind="year", minimum=1800, maximum=2100, origin="GN"),
    Field("planned_closure_year", "status", _("Planned closure"), kind="year", minimum=1900, maximum=2200, origin="N"),
    Field("management", "status", _("Who is in charge"), kind="choice", choices=c.Management, origin="U",
          used_by=("thi", "tri")),
)

SETTING = (
    Field("pga_g", "setting", _("Peak ground acceleration, 475 years"), kind="number", unit="g", minimum=0.001, maximum=3,
          warn_above=1, origin="UM", used_by=("thi", "tri")),
    Field("flood_prone", "setting", _("Inside the 500-year flood area"), kind="choice", choices=c.YesNo, origin="UM",
          used_by=("thi", "tri")),
    Field("seismic_zone", "setting", _("Seismic zone"), origin="K"),
    Field("mudflow", "setting", _("Mudflow or landslide on record"), kind="choice", choices=c.YesNo, origin="M"),
    Field("upstream_dam", "setting", _("Dam upstream"), kind="choice", choices=c.YesNo, origin="M"),
    Field("permafrost", "setting", _("Permafrost"), kind="choice", choices=c.YesNo, origin="M"),
    Field("max_daily_rain_mm", "setting", _("Greatest daily rain"), kind="number", unit="mm", minimum=0, maximum=2000,
          origin="M"),
)

EXPOSURE = (
    Field("people_at_risk", "exposure", _("People at risk"), kind="integer", minimum=0, maximum=20_000_000,
          warn_above=500_000, origin="UN", used_by=("tri",)),
    Field("receiving_water", "exposure", _("Receiving water"), kind="choice", choices=c.ReceivingWater, origin="U",
          used_by=("tri",)),
    Field("nearest_settlement", "exposure", _("Nearest settlement"), origin="UN"),
    Field("settlement_distance_m", "exposure", _("Distance to the settlement"), kind="number", unit="m", minimum=0,
          maximum=500_000, origin="UN"),
    Field("intakes", "exposure", _("Water intakes downstream"), kind="long_text", origin="U", level=GROUP),
    Field("protected_areas", "exposure", _("Protected areas"), origin="U"),
    Field("infrastructure", "exposure", _("Infrastructure downstream"), kind="long_text", origin="U", level=GROUP),
)

CLASSIFICATION = (
    Field("consequence_class", "classification", _("Consequence class"), origin="GS"),
    Field("classification_system", "classification", _("Name of the classification"), kind="choice",
          choices=c.ClassificationSystem, origin="G"),
    Field("gistm_class", "classification", _("GISTM consequence class"), kind="choice", choices=c.GistmClass, origin="S"),
    Field("eu_category", "classification", _("EU category A"), kind="choice", choices=c.CategoryA, origin="U"),
    Field("cis_class", "classification", _("Class by height and foundation"), kind="choice", choices=c.CisClass,
          origin="K"),
    Field("national_class", "classification", _("National hazard class"), origin="K"),
    Field("convention_activity", "classification", _("Hazardous activity under the Convention"), kind="choice",
          choices=c.YesNo, origin="U"),
)

OVERSIGHT = (
    Field("regulator", "oversight", _("Regulator"), origin="N"),
    Field("permit_authority", "oversight", _("Regulator issues permits"), kind="choice", choices=c.YesNo, origin="N"),
    Field("inspection_authority", "oversight", _("Regulator inspects"), kind="choice", choices=c.YesNo, origin="N"),
    Field("enforcement_authority", "oversight", _("Regulator enforces"), kind="choice", choices=c.YesNo, origin="N"),
    Field("last_inspection", "oversight", _("Last inspection"), kind="date", origin="N", level=GROUP),
    Field("inspection_interval", "oversight", _("How often inspected"), origin="N", level=GROUP),
    Field("inspection_findings", "oversight", _("Findings of the inspection"), kind="long_text", origin="N",
          level=AUTHORITY),
    Field("last_independent_review", "oversight", _("Last independent review"), kind="date", origin="G"),
    Field("records_complete", "oversight", _("Engineering records complete"), kind="choice", choices=c.YesNo, origin="G"),
    Field("specialists", "oversight", _("Specialists, own and external"), origin="G", level=GROUP),
)

CONDITION = (
    Field("condition", "condition", _("Condition"), kind="choice", choices=c.Condition, origin="N", level=GROUP),
    Field("condition_reason", "condition", _("Reason for the rating"), kind="long_text", origin="N", level=GROUP),
    Field("condition_date", "condition", _("Date of the rating"), kind="date", origin="N", level=GROUP),
)

EMERGENCY = (
    Field("onsite_plan", "emergency", _("Internal emergency plan"), kind="choice", choices=c.PlanState, origin="NS"),
    Field("offsite_plan", "emergency", _("External emergency plan"), kind="choice", choices=c.PlanState, origin="NS"),
    Field("plan_revised", "emergency", _("Plan last revised"), kind="date", origin="N"),
    Field("plan_tested", "emergency", _("Plan last tested"), kind="date", origin="N"),
    Field("warning_system", "emergency", _("Warning system"), kind="choice", choices=c.YesNo, origin="S"),
    Field("breach_study", "emergency", _("Breach study"), kind="choice", choices=c.YesNo, origin="GS"),
    Field("breach_study_date", "emergency", _("Date of the breach study"), kind="date", origin="GS", level=GROUP),
    Field("inundation_map", "emergency", _("Inundation map"), kind="choice", choices=c.YesNo, origin="N"),
)

CLOSURE = (
    Field("closure_plan", "closure", _("Closure plan"), kind="choice", choices=c.PlanState, origin="GS"),
    Field("closure_monitoring", "closure", _("Long-term monitoring in the plan"), kind="choice", choices=c.YesNo,
          origin="GS"),
    Field("closure_fund", "closure", _("Guarantee or fund"), kind="choice", choices=c.YesNo, origin="G", level=GROUP),
)

HISTORY = (
    Field("incidents", "history", _("Accidents and incidents"), kind="long_text", origin="GM"),
    Field("stability_concerns", "history", _("Stability concerns on record"), kind="choice", choices=c.YesNo, origin="G"),
    Field("modified_years", "history", _("Years of raising or rebuilding"), origin="GN"),
    Field("works", "history", _("Reclamation and repair works"), kind="long_text", origin="M"),
    Field("history_note", "history", _("Note"), kind="long_text"),
)

FIELDS = (
    IDENTITY + PLACE + OWNER + STATUS + SETTING + EXPOSURE + CLASSIFICATION + OVERSIGHT + CONDITION + EMERGENCY
    + CLOSURE + HISTORY
)  # fmt: skip
