"""Fields of an impoundment (with its tailings and pond) and of a dam."""

from django.utils.translation import gettext_lazy as _

from boget.portal.core.levels import Level
from boget.portal.registry import choices as c
from boget.portal.registry.fields.base import Field

GROUP, AUTHORITY = Level.GROUP, Level.AUTHORITY
MAX_VOLUME = 20e9  # m3: above the largest tailings storage known

VOLUME = (
    Field("name", "volume", _("Name of the impoundment"), of="impoundment", column=True),
    Field("volume_m3", "volume", _("Tailings stored now"), of="impoundment", kind="number", unit="m3", minimum=0,
          maximum=MAX_VOLUME, warn_above=2e9, origin="GN", used_by=("thi", "tri"), column=True),
    Field("design_capacity_m3", "volume", _("Design capacity"), of="impoundment", kind="number", unit="m3", minimum=0,
          maximum=MAX_VOLUME, warn_above=2e9, origin="GN", used_by=("thi", "tri"), column=True),
    Field("mass_t", "volume", _("Mass of tailings"), of="impoundment", kind="number", unit="t", minimum=0,
          maximum=40e9, warn_above=4e9, origin="GN", used_by=("thi", "tri"), column=True),
    Field("pond_volume_m3", "volume", _("Free water"), of="impoundment", kind="number", unit="m3", minimum=0,
          maximum=5e9, origin="N"),
    Field("area_m2", "volume", _("Area"), of="impoundment", kind="number", unit="m2", minimum=0, maximum=5e9,
          warn_above=2e8, origin="N", column=True),
    Field("annual_deposition_m3", "volume", _("Deposited in a year"), of="impoundment", kind="number", unit="m3",
          minimum=0, maximum=1e9, origin="GN"),
    Field("planned_volume_m3", "volume", _("Planned in five years"), of="impoundment", kind="number", unit="m3",
          minimum=0, maximum=MAX_VOLUME, origin="G"),
)

MATERIAL = (
    Field("process", "material", _("Process"), of="impoundment", origin="U"),
    Field("reagents", "material", _("Reagents"), of="impoundment", origin="U"),
    Field("toxic_components", "material", _("Toxic components"), of="impoundment", origin="U", column=True),
    Field("concentrations", "material", _("Concentrations of the components"), of="impoundment", kind="long_text", origin="U"),
    Field("ghs_classes", "material", _("GHS hazard classes"), of="impoundment", origin="U"),
    Field("water_hazard_class", "material", _("Water hazard class"), of="impoundment", kind="choice",
          choices=c.WaterHazard, origin="U", used_by=("thi", "tri"), column=True),
    Field("waste_hazard_class", "material", _("National waste hazard class"), of="impoundment", origin="K"),
    Field("ph", "material", _("pH of the pond water"), of="impoundment", kind="number", unit="1", minimum=-2,
          maximum=15, origin="U"),
    Field("acid_potential", "material", _("Acid drainage"), of="impoundment", kind="choice", choices=c.AcidPotential,
          origin="U"),
    Field("is_radioactive", "material", _("Radioactivity"), of="impoundment", kind="choice", choices=c.Radioactive,
          origin="UM", column=True),
    Field("dose_rate_usv_h", "material", _("Greatest dose rate"), of="impoundment", kind="number", unit="usv_h",
          minimum=0, maximum=10_000, origin="UM"),
    Field("specific_activity_bq_kg", "material", _("Specific activity"), of="impoundment", kind="number", unit="bq_kg",
          minimum=0, maximum=1e9, origin="M"),
    Field("bulk_density_t_m3", "material", _("Dry bulk density"), of="impoundment", kind="number", unit="t_m3",
          minimum=0.3, maximum=5, origin="G", used_by=("thi", "tri")),
)

WATER = (
    Field("cover_material", "water", _("Cover"), of="impoundment", origin="M"),
    Field("cover_thickness_m", "water", _("Thickness of the cover"), of="impoundment", kind="number", unit="m",
          minimum=0, maximum=50, origin="M"),
    Field("vegetation", "water", _("Vegetation"), of="impoundment", kind="choice", choices=c.YesNo, origin="M"),
    Field("diversion", "water", _("Clean water diverted"), of="impoundment", kind="choice", choices=c.YesNo, origin="M"),
    Field("water_treatment", "water", _("Water treated"), of="impoundment", kind="choice", choices=c.YesNo, origin="M"),
    Field("decant_wells", "water", _("Decant wells in use"), of="impoundment", kind="integer", minimum=0, maximum=500,
          origin="N", level=GROUP),
    Field("disused_decant_wells", "water", _("Buried or disused decant wells"), of="impoundment", kind="integer",
          minimum=0, maximum=500, origin="N", level=GROUP),
    Field("decant_position", "water", _("Position of decants and collectors"), of="impoundment", kind="long_text",
          level=AUTHORITY),
)

DAM = (
    Field("name", "dam", _("Name of the dam"), of="dam", column=True),
    Field("raising_method", "dam", _("Raising method"), of="dam", kind="choice", choices=c.RaisingMethod, origin="GS",
          column=True),
    Field("height_m", "dam", _("Height, current"), of="dam", kind="number", unit="m", minimum=0, maximum=500,
          warn_above=300, origin="GN", column=True),
    Field("design_height_m", "dam", _("Height, final"), of="dam", kind="number", unit="m", minimum=0, maximum=500,
          warn_above=300, origin="N"),
    Field("crest_length_m", "dam", _("Crest length"), of="dam", kind="number", unit="m", minimum=0, maximum=100_000,
          warn_above=30_000, origin="N"),
    Field("material", "dam", _("Material of the dam"), of="dam", origin="N"),
    Field("core", "dam", _("Core"), of="dam", origin="N"),
    Field("foundation", "dam", _("Foundation"), of="dam", kind="choice", choices=c.Foundation, origin="N"),
    Field("freeboard_m", "dam", _("Freeboard"), of="dam", kind="number", unit="m", minimum=-5, maximum=50, origin="N"),
    Field("beach_width_m", "dam", _("Beach width"), of="dam", kind="number", unit="m", minimum=0, maximum=10_000,
          origin="N"),
    Field("slope_ratio", "dam", _("Downstream slope, horizontal to vertical"), of="dam", kind="number", unit="1",
          minimum=0.1, maximum=50, origin="N"),
    Field("fos_static", "dam", _("Factor of safety, static"), of="dam", kind="number", unit="1", minimum=0.1,
          maximum=20, warn_above=5, origin="N", level=GROUP, used_by=("thi", "tri"), column=True),
    Field("fos_seismic", "dam", _("Factor of safety, seismic"), of="dam", kind="number", unit="1", minimum=0,
          maximum=20, warn_above=5, origin="N", level=GROUP),
    Field("fos_date", "dam", _("Date of the stability calculation"), of="dam", kind="date", origin="N", level=GROUP),
    Field("fos_author", "dam", _("Author of the stability calculation"), of="dam", origin="N", level=GROUP),
    Field("design_flood", "dam", _("Design flood"), of="dam", origin="N", level=GROUP),
    Field("spillway", "dam", _("Spillway"), of="dam", origin="N", level=GROUP),
)

FIELDS = VOLUME + MATERIAL + WATER + DAM
