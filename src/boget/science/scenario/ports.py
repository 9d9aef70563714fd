"""What a river scenario reads. Adapters stand in `boget.science.io`; a test may hand in its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from boget.science.river.borders import BorderMeeting
from boget.science.river.crossing import Countries
from boget.science.river.entries import FacilityEntry
from boget.science.river.hydrology_records import Hydrology
from boget.science.river.locating import Place
from boget.science.river.network import RiverNetwork
from boget.science.river.substance import Substance
from boget.science.river.tracing import FlowGrid


class RiverPorts(Protocol):
    """The rivers of an installation.

    network, version : the reaches, and their fingerprint
    entries, borders : where facilities enter this network and where their paths meet borders, by facility; lengths in metres
        of the network. Empty for a network whose entries nobody has computed: paths are then traced from points
    hydrology, substances, places : tables; places are towns and intakes that may lie on a path
    countries : tells the country of points; None where the network's own countries are all there is
    flow_grid : flow directions from a point to the network; None: straight to the nearest reach
    """

    @property
    def network(self) -> RiverNetwork: ...
    @property
    def version(self) -> str: ...
    @property
    def entries(self) -> Mapping[str, FacilityEntry]: ...
    @property
    def borders(self) -> Mapping[str, Sequence[BorderMeeting]]: ...
    @property
    def hydrology(self) -> Hydrology: ...
    @property
    def substances(self) -> Mapping[str, Substance]: ...
    @property
    def places(self) -> Sequence[Place]: ...
    @property
    def countries(self) -> Countries | None: ...
    @property
    def flow_grid(self) -> FlowGrid | None: ...
