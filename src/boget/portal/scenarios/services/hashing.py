"""Fingerprints of what enters a run and of what it gives: equal inputs have to give equal numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from boget.portal.core.services import write_canonical


def hash_content(content: Any) -> str:
    """SHA-256 of the one spelling of a JSON value, 64 hexadecimal digits. ValueError for a NaN."""
    return hashlib.sha256(write_canonical(content).encode()).hexdigest()


def hash_inputs(scenario: Mapping[str, Any], *, place: Mapping[str, Any] | None, network_version: str) -> str:
    """Fingerprint of a scenario with the place its facility had and the network of that moment."""
    return hash_content({"scenario": scenario, "place": place, "network": network_version})
