"""What storage and release add to the moments of the travel time."""

from __future__ import annotations

import numpy as np
import pytest

from boget.science.river.cumulants import add_dead_zones, add_release, add_tanks
from boget.science.river.exact import Channel, dead_zone_cumulants, mixed_reservoir_box

CHANNEL, LENGTH = Channel(0.7, 40.0), 8e4
PLAIN = np.array([[*dead_zone_cumulants(CHANNEL, LENGTH, share=0.0, exchange=0.0), -0.5]])


def test_dead_zones() -> None:
    found = add_dead_zones(PLAIN, [[0.12, 18_000.0]])[0]
    assert found[:3] == pytest.approx(dead_zone_cumulants(CHANNEL, LENGTH, share=0.12, exchange=18_000.0), rel=1e-12)
    assert found[3] == -0.5


def test_tanks_add_their_moments_and_let_out_what_they_do_not_lose() -> None:
    tau, loss = 2e5, 1e-6
    found = add_tanks(PLAIN, [[[tau, 1.0]]], [0.0])[0] - PLAIN[0]
    assert found == pytest.approx([tau, tau**2, 2 * tau**3, 0.0])
    chain = add_tanks(PLAIN, [[[tau, 4.0]]], [0.0])[0] - PLAIN[0]
    assert chain == pytest.approx([tau, tau**2 / 4, tau**3 / 8, 0.0])
    lossy = add_tanks(PLAIN, [[[tau, 1.0]]], [loss])[0] - PLAIN[0]
    assert np.exp(lossy[3]) == pytest.approx(mixed_reservoir_box(tau, 1.0, loss=loss)[1])


def test_release() -> None:
    assert add_release(PLAIN, [600.0])[0] - PLAIN[0] == pytest.approx([300.0, 30_000.0, 0.0, 0.0], abs=1e-3)
