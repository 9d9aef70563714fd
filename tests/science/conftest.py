"""The science needs no Django: its tests run with ``-p no:django`` too."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes depends on the machine; no test here is about time.
settings.register_profile("science", deadline=None)
settings.load_profile("science")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Stands in for the portal's fixture of the same name: the science has one language."""
    yield
