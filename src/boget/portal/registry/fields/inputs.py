"""The inputs of the hazard index whose absence the list can filter by: code of the field -> record that holds it.

Design capacity, mass and density are no inputs of their own. What counts as known follows the index
(services.completeness): a mass counts as a known volume, a design capacity only stands in for it.
"""

INPUTS = {
    "volume_m3": "impoundment",
    "water_hazard_class": "impoundment",
    "management": "facility",
    "pga_g": "facility",
    "flood_prone": "facility",
    "fos_static": "dam",
}
