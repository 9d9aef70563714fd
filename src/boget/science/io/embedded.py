"""The rivers of an installation: the embedded tables, with the network of a folder of geodata where one is in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from boget.science.errors import MissingData
from boget.science.io.d8 import open_flow_grid
from boget.science.io.hydrology import read_hydrology
from boget.science.io.hydrorivers import read_network
from boget.science.io.places import read_places
from boget.science.io.polygons import read_countries
from boget.science.io.spillpaths import read_border_meetings, read_facility_entries, read_spill_paths
from boget.science.io.substances import read_substances
from boget.science.river.borders import BorderMeeting
from boget.science.river.crossing import Countries
from boget.science.river.entries import FacilityEntry
from boget.science.river.hydrology_records import Hydrology
from boget.science.river.locating import Place, make_intake_place
from boget.science.river.network import RiverNetwork
from boget.science.river.routing import network_version
from boget.science.river.substance import Substance
from boget.science.river.tracing import FlowGrid


@dataclass(frozen=True, slots=True)
class Rivers:
    """Implements `scenario.ports.RiverPorts`."""

    network: RiverNetwork
    version: str
    entries: Mapping[str, FacilityEntry]
    borders: Mapping[str, Sequence[BorderMeeting]]
    hydrology: Hydrology
    substances: Mapping[str, Substance]
    places: Sequence[Place]
    countries: Countries | None
    flow_grid: FlowGrid | None


def open_grid(folder: Path) -> FlowGrid | None:
    """Flow directions of a folder, None if it has none."""
    try:
        return open_flow_grid(folder)
    except MissingData:
        return None


def open_ports(embedded: Path, geodata: Path | None = None) -> Rivers:
    """Read the rivers once.

    Parameters
    ----------
    embedded : the folder of the package's data
    geodata : a folder with a network of its own, whose facilities are then traced from their points

    Raises
    ------
    MissingData, InvalidInput
        As the readers of the tables, the network and the raster.
    """
    kz = embedded / "kz"
    hydrology = read_hydrology(kz / "hydrology")
    network = read_network(geodata) if geodata is not None else read_spill_paths(kz / "spill_paths.csv")
    return Rivers(
        network=network,
        version=network_version(network),
        entries={} if geodata is not None else read_facility_entries(kz / "facility_reach.csv"),
        borders={} if geodata is not None else read_border_meetings(kz / "spill_borders.csv"),
        hydrology=hydrology,
        substances=read_substances(embedded / "catalogues" / "substances.toml"),
        places=(*read_places(kz / "places.csv"), *(make_intake_place(intake) for intake in hydrology.intakes)),
        countries=read_countries(kz / "admin.geojson") if geodata is not None else None,
        flow_grid=open_grid(geodata) if geodata is not None else None,
    )
