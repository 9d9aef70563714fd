"""What there is to open: every page of the portal with the role that opens it, and the addresses that are no pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from tests.journeys.desk_content import COMING, HELD, today

OWN = "KZ-0001"  # of the operator of the demonstration
POND = "KZ-0001-S01"
YEAR = today().year
FOUND = 0  # stands for a number that is read from a link on another page


@dataclass(frozen=True, slots=True)
class Visit:
    """An address, who opens it and the status it answers with. on: the page whose link says what FOUND is."""

    route: str
    args: tuple[Any, ...] = ()
    query: str = ""
    role: str = "editor"
    status: int = 200
    on: str = ""

    @property
    def address(self) -> str:
        return reverse(self.route, args=self.args) + (f"?{self.query}" if self.query else "")

    def pick(self, links: Iterable[str]) -> str:
        """The first of the addresses that is one of this route."""
        pattern = re.compile(re.escape(self.address).replace(f"/{FOUND}/", r"/[\w-]*\d[\w-]*/"))
        return next(link for link in links if pattern.fullmatch(link))

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route.replace(":", "."), *map(str, self.args), self.query, self.role]))


DESK = (
    # the register's snapshots
    Visit("registry:snapshots", role="secretary"),
    Visit("registry:snapshots", role=""),
    Visit("registry:snapshot", (2,)),
    Visit("registry:snapshot-compare", (2, 1)),
    Visit("registry:snapshot-compare-now", (1,), role=""),
    # jobs and notifications
    Visit("jobs:jobs", role="secretary"),
    Visit("jobs:job", (FOUND,), role="secretary", on="/jobs/"),
    Visit("notifications:inbox"),
    Visit("notifications:inbox", role="observer"),
    Visit("notifications:notification", (FOUND,), on="/notifications/"),
    Visit("notifications:settings"),
    Visit("notifications:queue", role="secretary"),
    Visit("notifications:letter", (FOUND,), role="secretary", on="/notifications/queue/"),
    Visit("notifications:unsubscribe", ("forged",), role="", status=404),
    # the group and its plan
    Visit("meetings:group", role="secretary"),
    Visit("meetings:group", role=""),
    Visit("meetings:group-rules", role="secretary"),
    Visit("meetings:group-body-new", role="secretary"),
    Visit("meetings:group-body-end", (FOUND,), role="secretary", on="/meetings/group/"),
    Visit("meetings:group-person-new", role="secretary"),
    Visit("meetings:group-person-end", (FOUND,), role="secretary", on="/meetings/group/"),
    Visit("meetings:plan-new", role="secretary"),
    Visit("meetings:plan", (2022,)),
    Visit("meetings:plan", (2022,), role="secretary"),
    Visit("meetings:plan-print", (2022,)),
    Visit("meetings:plan-history", (2022,)),
    Visit("meetings:plan-import", (2022,), role="secretary"),
    Visit("meetings:plan-item-new", (2022,), role="secretary"),
    Visit("meetings:plan-item", (2022, 2), role="secretary"),
    Visit("meetings:plan-item", (2022, 6)),
    Visit("meetings:plan-item-edit", (2022, 1), role="secretary"),
    Visit("meetings:plan-item-report", (2022, 1)),
    Visit("meetings:plan-item-postpone", (2022, 1), role="secretary"),
    Visit("meetings:plan-item-carry", (2022, 1), role="secretary"),
    Visit("meetings:plan-item-cancel", (2022, 1), role="secretary"),
    Visit("meetings:plan-item-send-back", (2022, 2), role="secretary"),
    # meetings
    Visit("meetings:meetings", role="secretary"),
    Visit("meetings:meetings"),
    Visit("meetings:meeting-new", role="secretary"),
    Visit("meetings:calendar", role="secretary"),
    Visit("meetings:meeting", (COMING,), role="secretary"),
    Visit("meetings:meeting", (COMING,), role="operator"),
    Visit("meetings:meeting", (HELD,)),
    Visit("meetings:meeting-edit", (COMING,), role="secretary"),
    Visit("meetings:meeting-cancel", (COMING,), role="secretary"),
    Visit("meetings:agenda", (COMING,), role="secretary"),
    Visit("meetings:agenda-item-new", (COMING,), role="secretary"),
    Visit("meetings:agenda-item", (COMING, FOUND), role="secretary", on=f"/meetings/{COMING}/agenda/"),
    Visit("meetings:attendance", (COMING,), role="secretary"),
    Visit("meetings:attendance-new", (COMING,), role="secretary"),
    Visit("meetings:attendance-answer", (COMING, FOUND), role="secretary", on=f"/meetings/{COMING}/participants/"),
    Visit("meetings:answer", (COMING,)),
    Visit("meetings:invitations", (COMING,), role="secretary"),
    Visit("meetings:invitation-paper", (COMING,), role="secretary"),
    Visit("meetings:document-new", (COMING,), role="secretary"),
    Visit("meetings:document-remove", (FOUND,), role="secretary", on=f"/meetings/{HELD}/"),
    Visit("meetings:minutes", (HELD,), role="secretary"),
    Visit("meetings:minutes", (HELD,)),
    Visit("meetings:minutes-paper", (HELD,)),
    Visit("meetings:minutes-version", (HELD, 1)),
    Visit("meetings:minutes-comments-open", (HELD,), role="secretary"),
    Visit("meetings:minutes-final", (HELD,), role="secretary"),
    Visit("meetings:minutes-reopen", (HELD,), role="secretary"),
    Visit("meetings:minutes-sign", (HELD,), role="secretary"),
    Visit("meetings:minutes-distribute", (HELD,), role="secretary"),
    Visit("meetings:minutes-correct", (HELD,), role="secretary"),
    Visit("meetings:decision", (HELD, 1)),
    Visit("meetings:decision", (HELD, 2), role="secretary"),
    Visit("meetings:decision-edit", (HELD, 2), role="secretary"),
    # proposals and seminars
    Visit("meetings:proposals", role="secretary"),
    Visit("meetings:proposal_new"),
    Visit("meetings:proposal", (1,), role="secretary"),
    Visit("meetings:proposal", (1,)),
    Visit("meetings:proposal_text", (1,), role="secretary"),
    Visit("meetings:proposal_close", (1,), role="secretary"),
    Visit("meetings:seminars", role="secretary"),
    Visit("meetings:seminar-new", role="secretary"),
    Visit("meetings:seminar", (1,), role="secretary"),
    Visit("meetings:seminar", (2,), role="secretary"),
    Visit("meetings:seminar", (2,), role="operator"),
    Visit("meetings:seminar", (2,), role="expert"),
    Visit("meetings:seminar-edit", (2,), role="secretary"),
    Visit("meetings:seminar-cancel", (2,), role="secretary"),
    Visit("meetings:seminar-guest-new", (2,), role="secretary"),
    Visit("meetings:seminar-certificates", (1,), role="secretary"),
    Visit("meetings:seminar-sheet", (2,), role="secretary"),
    Visit("meetings:seminar-quiz", (2,), role="secretary"),
    Visit("meetings:seminar-item-new", (2,), role="secretary"),
    Visit("meetings:seminar-item", (2, FOUND), role="secretary", on="/meetings/seminars/2/"),
    Visit("meetings:seminar-document-new", (2,), role="secretary"),
    Visit("meetings:seminar-document-remove", (2, FOUND), role="secretary", on="/meetings/seminars/2/"),
    # actions
    Visit("actions:actions", role="secretary"),
    Visit("actions:actions", role="operator"),
    Visit("actions:actions", query="late=1"),
    Visit("actions:actions", query="q=qqqqqq"),
    Visit("actions:new"),
    Visit("actions:plans", role="secretary"),
    Visit("actions:compare", role="secretary"),
    Visit("actions:plan", (f"{YEAR}-1",)),
    Visit("actions:plan", (f"{YEAR}-2",), role="secretary"),
    Visit("actions:approve-plan", (f"{YEAR}-2",), role="secretary"),
    Visit("actions:panel", (OWN,)),
    Visit("actions:action", ("A-0002",)),
    Visit("actions:action", ("A-0003",), role="operator"),
    Visit("actions:action", ("A-0004",), role="secretary"),
    Visit("actions:edit", ("A-0002",)),
    *(Visit("actions:step", ("A-0002", kind)) for kind in ("start", "progress", "claim", "postpone", "block")),
    Visit("actions:step", ("A-0003", "resume"), role="operator"),
    Visit("actions:step", ("A-0004", "verify"), role="secretary"),
    Visit("actions:step", ("A-0004", "return"), role="secretary"),
    Visit("actions:step", ("A-0005", "approve"), role="secretary"),
    Visit("actions:step", ("A-0005", "cancel"), role="secretary"),
    # dashboard and reports
    *(Visit("dashboard", role=role) for role in ("secretary", "editor", "operator", "observer")),
    Visit("reports:reports", role="secretary"),
    Visit("reports:reports", role=""),
    Visit("reports:templates", role="secretary"),
    Visit("reports:new-report", role="secretary"),
    Visit("reports:report", ("2022-1",), role=""),
    Visit("reports:report", ("2022-2",), role="secretary"),
    Visit("reports:release-report", ("2022-2",), role="secretary"),
)

RUN, REPEATED = f"R-{YEAR}-0001", f"R-{YEAR}-0002"

RIVER = (
    Visit("scenarios:home", role="expert"),
    Visit("scenarios:home", query="q=qqqqqq", role="expert"),
    Visit("scenarios:river_new", role="expert"),
    Visit("scenarios:river_new", query=f"facility={OWN}", role="operator"),
    Visit("scenarios:run", (RUN,), role="expert"),
    Visit("scenarios:run", (RUN,), role="observer"),
    Visit("scenarios:run_readings", (RUN,), role="expert"),
    Visit("scenarios:compare", query=f"a={RUN}&b={REPEATED}", role="expert"),
    Visit("scenarios:receiving_water", (OWN,), role="expert"),
    Visit("scenarios:panel", (OWN,), role="expert"),
    Visit("scenarios:screening", role="expert"),
    Visit("scenarios:screening", query="flow=high"),
    Visit("scenarios:screening", role=""),
    Visit("scenarios:upstream", role="expert"),
)

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
    *DESK,
    *RIVER,
)

NO_PAGES = {
    # answer a form and lead on, or lead on at once
    "accounts:membership_new", "accounts:membership_end", "accounts:person_activity", "accounts:person_link",
    "registry:choose", "registry:save-filter", "registry:filter", "registry:delete-filter",
    "assessments:home", "public-facility", "short-facility",
    "welcome", "short-action", "short-decision", "meetings:plans",
    "jobs:cancel", "jobs:retry", "notifications:read", "notifications:read-all",
    "notifications:queue-again", "notifications:letter-again", "notifications:letter-handed-over",
    "meetings:plan-release", "meetings:plan-close", "meetings:plan-item-confirm", "meetings:plan-item-link",
    "meetings:plan-item-unlink", "meetings:meeting-step", "meetings:agenda-fill", "meetings:agenda-item-move",
    "meetings:agenda-item-remove", "meetings:attendance-presence", "meetings:attendance-members",
    "meetings:attendance-remove", "meetings:feed-revoke", "meetings:minutes-item-open", "meetings:minutes-part-save",
    "meetings:minutes-part-hold", "meetings:minutes-conflict", "meetings:minutes-close", "meetings:comment-new",
    "meetings:comment-answer", "meetings:decision-new", "meetings:decision-remove", "meetings:decision-action",
    "meetings:proposal_open", "meetings:proposal_quiet", "meetings:proposal_position", "meetings:proposal_remark",
    "meetings:seminar-held", "meetings:seminar-register", "meetings:seminar-leave", "meetings:seminar-attendance",
    "meetings:seminar-participant-remove", "meetings:seminar-quiz-answers", "meetings:seminar-item-move",
    "meetings:seminar-item-remove", "actions:new-plan", "actions:link",
    "reports:save-report", "reports:make-file", "reports:delete-report",
    # files, calendars, a part of a page
    "meetings:document", "meetings:feed", "meetings:meeting-ics", "meetings:seminar-ics", "meetings:minutes-state",
    "meetings:minutes-part", "reports:made-file",
    "short-run", "scenarios:repeat", "scenarios:run_fan", "scenarios:run_paper",
    # needs a plan that is a draft
    "meetings:plan-approve",
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
