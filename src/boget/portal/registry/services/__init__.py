"""The one door for writes into the register.

Each function is one transaction: rows, mirrored columns, revision log and the signal to the upper apps, or nothing.
"""

from boget.portal.registry.services.changes import (
    Source,
    add_claim,
    change_values,
    choose_claim,
    set_disclosure,
    undo_revision,
)
from boget.portal.registry.services.inventory import load_inventory
from boget.portal.registry.services.proposals import propose_values
from boget.portal.registry.services.registration import NewFacility, add_structure, register_facilities
from boget.portal.registry.services.scores import publish_scores

__all__ = [
    "NewFacility",
    "Source",
    "add_claim",
    "add_structure",
    "change_values",
    "choose_claim",
    "load_inventory",
    "propose_values",
    "publish_scores",
    "register_facilities",
    "set_disclosure",
    "undo_revision",
]
