"""Which fields of the register each input of the indices is read from."""

SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "volume_m3": ("impoundment", ("volume_m3", "design_capacity_m3", "mass_t", "bulk_density_t_m3")),
    "water_hazard_class": ("impoundment", ("water_hazard_class",)),
    "management": ("facility", ("management", "status")),
    "pga_g": ("facility", ("pga_g",)),
    "flood_prone": ("facility", ("flood_prone",)),
    "fos": ("dam", ("fos_static",)),
    "population": ("facility", ("people_at_risk",)),
    "receiving_water": ("facility", ("receiving_water",)),
}
"""Input -> record and its fields, the one that answers first in front."""

MATERIAL_FIELD = ("facility", "facility_type")
"""Record and field that say which density is assumed for a mass without one; no input of its own."""
