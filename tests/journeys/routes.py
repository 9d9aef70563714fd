"""What there is to open: every page of the portal with the role that opens it, and the addresses that are no pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

OWN = "KZ-0001"  # of the operator of the demonstration
POND = "KZ-0001-S01"


@dataclass(frozen=True, slots=True)
class Visit:
    """An address, who opens it and the status it answers with."""

    route: str
    args: tuple[Any, ...] = ()
    query: str = ""
    role: str = "editor"
    status: int = 200

    @property
    def address(self) -> str:
        return reverse(self.route, args=self.args) + (f"?{self.query}" if self.query else "")

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route.replace(":", "."), *map(str, self.args), self.query, self.role]))


VISITS = (
    # pages over all apps
    Visit("home", role=""),
    Visit("search", query="q=Ридд"),
    Visit("search", query="q=qqqqqq", role=""),
    Visit("health", role=""),
    Visit("health", query="check=1", role="secretary"),
    Visit("public_data", role=""),
    Visit("help", role=""),
    Visit("help-topic", ("registry",), role=""),
    Visit("help-topic", ("ranking",), role=""),
    Visit("sources", role=""),
    Visit("accessibility", role=""),
    Visit("design", role=""),
    # the register
    Visit("registry:facilities"),
    Visit("registry:facilities", role=""),
    Visit("registry:facilities", query="view=list&columns=height&columns=operator&columns=region&columns=type&columns=updated"),
    Visit("registry:facilities", query="view=map"),
    Visit("registry:facilities", query="status=active&q=Ридд"),
    Visit("registry:facilities", query="status=active&q=qqqqqq"),
    Visit("registry:facilities", query="status=bad", status=400),
    Visit("registry:facility", (OWN,)),
    Visit("registry:facility", (OWN,), role=""),
    Visit("registry:facility", (OWN,), query="tab=map"),
    Visit("registry:facility", (OWN,), query="tab=history"),
    Visit("registry:facility", (OWN,), query="tab=assessments"),
    Visit("registry:facility", ("KZ-9999",), role="", status=404),
    Visit("registry:field", (OWN, "status")),
    Visit("registry:field", (OWN, "point"), role=""),
    Visit("registry:field", (OWN, "volume_m3"), query=f"structure={POND}", role=""),
    Visit("registry:edit", (OWN, "identity")),
    Visit("registry:edit", (OWN, "place")),
    Visit("registry:edit", (OWN, "volume"), query=f"structure={POND}"),
    Visit("registry:edit", (OWN, "status"), role="operator"),
    Visit("registry:history", (OWN,)),
    Visit("registry:geometry", (OWN,)),
    Visit("registry:geometry", (OWN,), query="what=footprint"),
    Visit("registry:new"),
    Visit("registry:new-structure", (OWN, "impoundment")),
    Visit("registry:new-structure", (OWN, "dam")),
    Visit("registry:disclosure", (OWN,)),
    Visit("registry:dictionary", role=""),
    Visit("registry:dictionary", query="q=qqqqqq", role=""),
    # the indices
    Visit("assessments:rankings", role=""),
    Visit("assessments:rankings", query="index=tri"),
    Visit("assessments:rankings", query="part=insufficient"),
    Visit("assessments:result", ("TJ-0001", "thi")),
    Visit("assessments:result", (OWN, "tri"), role=""),
    Visit("assessments:panel", (OWN,), role=""),
    Visit("assessments:tables", role=""),
    Visit("assessments:table", ("thi-0.1",), role=""),
    # people and organisations
    Visit("account_login", role=""),
    Visit("account_logout"),
    Visit("account_inactive", role=""),
    Visit("account_reauthenticate"),
    Visit("account_change_password"),
    Visit("account_reset_password", role=""),
    Visit("account_reset_password_done", role=""),
    Visit("account_reset_password_from_key_done", role=""),
    Visit("account_reset_password_from_key", ("1", "bad-key"), role="", status=410),
    Visit("accounts:me"),
    Visit("accounts:organisations"),
    Visit("accounts:organisation", ("kazzinc",)),
    Visit("accounts:organisation_new", role="secretary"),
    Visit("accounts:organisation_rename", ("menr",), role="secretary"),
    Visit("accounts:people", role="secretary"),
    Visit("accounts:person", (1,), role="secretary"),
    Visit("accounts:person_new", role="secretary"),
)

NO_PAGES = {
    # answer a form and lead on, or lead on at once
    "accounts:membership_new", "accounts:membership_end", "accounts:person_activity", "accounts:person_link",
    "registry:choose", "registry:save-filter", "registry:filter", "registry:delete-filter",
    "assessments:home", "public-facility", "short-facility",
    # opened by the test of the second factor, which needs a device first
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    # needs an entry of the log: the test of provoked pages makes one
    "registry:undo",
}  # fmt: skip


def list_routes(resolver: Any = None, space: str = "") -> Iterator[str]:
    """Names of all routes except those of the interface for programs."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from list_routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield space + (pattern.name or str(pattern.pattern))
