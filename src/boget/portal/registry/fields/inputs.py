"""The inputs of the hazard index whose absence the list can filter by: code of the field -> record that holds it.

Design capacity, mass and density only stand in for a volume that nobody has stated, so they are not inputs of their own
here. The index agrees about the capacity: a volume that it stands in for is unknown there too.
"""

INPUTS = {
    "volume_m3": "impoundment",
    "water_hazard_class": "impoundment",
    "management": "facility",
    "pga_g": "facility",
    "flood_prone": "facility",
    "fos_static": "dam",
}
