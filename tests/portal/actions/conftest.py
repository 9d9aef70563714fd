"""Actions of the tests: bodies of the cast, a way to make an action, days of 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from boget.portal.accounts.selectors import organisation_of
from boget.portal.actions.services.story import Origin, Party, propose_action
from boget.portal.core.levels import Level

MakeAction = Callable[..., Any]


@pytest.fixture
def body_of(cast: dict[str, Any]) -> Callable[[str], Any]:
    """The organisation of a person of the cast."""
    return lambda name: organisation_of(cast[name])


@pytest.fixture
def make_action(cast: dict[str, Any], body_of: Any) -> MakeAction:
    """``make_action("Plug wells", lead="operator", due="2026-06", state="approved", level=1, origins=[("decision", "5.3")])``."""

    def make(
        title: str = "Plug the decant wells", *, lead: str = "operator", co: str = "", by: str = "secretary", **more: Any
    ) -> Any:
        roles = [(lead, "lead"), (co, "co")]
        parties = [Party(body_of(name), role) for name, role in roles if name]
        origins = [Origin(*origin) for origin in more.pop("origins", ())]
        level, state = Level(more.pop("level", 1)), more.pop("state", "approved")
        values = {"title": title, "due": "2026-06-30", **more}
        return propose_action(values, parties=parties, origins=origins, by=cast[by], level=level, state=state)

    return make


@pytest.fixture
def day() -> dt.date:
    return dt.date(2026, 11, 22)
