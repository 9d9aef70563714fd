"""The embedded table of the Working Group: mandate, bodies, the plan of 2022 and the meetings that papers tell of.

Nothing is invented on the way: no person is in the table, and every statement keeps the paper it was read from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from boget.portal.accounts.models import Organisation
from boget.portal.core.services import SYSTEM, describe_installation
from boget.portal.meetings.models import (
    AgendaItem,
    Attendance,
    AttendanceRole,
    GroupBody,
    Meeting,
    MeetingState,
    PlanState,
    WorkingGroup,
    WorkPlan,
)
from boget.portal.meetings.services.plan import NewItem, add_item
from boget.portal.meetings.services.writing import log, now

TABLE, SOURCES = "data/kz/working_group.toml", "data/SOURCES.toml"
LOADED = "kz/working_group"
SURENESS = {"seen": "", "reported": "по сообщению на сайте", "own": "собственный перевод"}  # in the language of the papers
ZONE = ZoneInfo("Asia/Almaty")
NAMES = ("name_ru", "name_kk", "name_en", "order_number", "order_date", "order_by_ru", "order_by_kk", "order_by_en")


@transaction.atomic
def load_working_group() -> int:
    """Enter what is embedded and not entered yet; returns how many records were added.

    A second load of the same table changes nothing, and what an installation has changed is never overwritten.
    LookupError for a body that is not registered: load the organisations first.
    """
    table = resources.files("boget").joinpath(TABLE).read_bytes()
    checksum = hashlib.sha256(table).hexdigest()
    installation = describe_installation()
    if installation.loaded.get(LOADED) == checksum:
        return 0
    added = _Loading(tomllib.loads(table.decode())).run()
    installation.loaded = {**installation.loaded, LOADED: checksum}
    installation.save(update_fields=["loaded"])
    return added


class _Loading:
    """One run over the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        papers = tomllib.loads(resources.files("boget").joinpath(SOURCES).read_text(encoding="utf-8"))["paper"]
        self.citations = {code: paper.get("citation_ru", paper["citation"]) for code, paper in papers.items()}
        self.organisations: dict[str, Organisation] = {
            row.code: row for row in Organisation.objects.select_related("successor")
        }

    def run(self) -> int:
        group, is_new = self._load_group()
        bodies = self._load_bodies(group) if is_new else 0
        return (
            int(is_new) + bodies + self._load_plan(group) + sum(self._load_meeting(group, row) for row in self.table["meeting"])
        )

    def _find(self, code: str) -> Organisation:
        if code not in self.organisations:
            raise LookupError(f"{TABLE}: organisation {code} is not registered")
        return self.organisations[code]

    def _cite(self, row: Mapping[str, Any]) -> str:
        parts = (self.citations[row["paper"]], SURENESS[row["sure"]], row.get("note", ""))
        return "; ".join(part for part in parts if part)[:300]

    def _load_group(self) -> tuple[WorkingGroup, bool]:
        row = self.table["group"]
        found = WorkingGroup.objects.filter(code=row["code"]).first()
        if found:
            return found, False
        made = WorkingGroup.objects.create(
            code=row["code"],
            country=row["country"],
            host=self._find(row["host"]),
            tasks=[{name: task[name] for name in ("code", "ru", "kk", "en")} for task in self.table["task"]],
            source=self._cite(row),
            **{name: row[name] for name in NAMES},
        )
        log("working_group", made.code, {name: ("", row[name]) for name in NAMES}, actor=SYSTEM, kind="create")
        return made, True

    def _load_bodies(self, group: WorkingGroup) -> int:
        for row in self.table["body"]:
            body = GroupBody.objects.create(
                group=group,
                organisation=self._find(row["organisation"]),
                is_observer=row.get("observer", False),
                valid_from=row["from"],
                source=self._cite(row),
            )
            changes = {"body": (None, body.organisation.code), "valid_from": (None, body.valid_from)}
            log("group_body", f"{group.code} {body.pk}", changes, actor=SYSTEM, kind="create", root=group.code)
        return len(self.table["body"])

    def _load_plan(self, group: WorkingGroup) -> int:
        row = self.table["plan"]
        if WorkPlan.objects.filter(year=row["year"]).exists():
            return 0
        plan = WorkPlan.objects.create(group=group, year=row["year"], note=self._cite(row))
        log("work_plan", str(plan.year), {"year": (None, plan.year)}, actor=SYSTEM, kind="create", root=f"plan {plan.year}")
        for item in self.table["item"]:
            add_item(plan, self._read_item(item), by=None)
        # reported by the Ministry as the plan it works by, so it is no draft and no secret
        WorkPlan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED, is_released=True, version=1)
        changes = {"state": (PlanState.DRAFT.value, PlanState.APPROVED.value), "is_released": (False, True)}
        log(
            "work_plan", str(plan.year), changes, actor=SYSTEM, kind="publish", root=f"plan {plan.year}", reason=self._cite(row)
        )
        return 1 + len(self.table["item"])

    def _read_item(self, item: Mapping[str, Any]) -> NewItem:
        return NewItem(
            text_ru=item["ru"],
            text_kk=item["kk"],
            text_en=item["en"],
            due=item["due"],
            responsible=[self._find(code) for code in item["responsible"]],
            support=[self._find(code) for code in item.get("support", [])],
            number=item["number"],
        )

    def _load_meeting(self, group: WorkingGroup, row: Mapping[str, Any]) -> int:
        if Meeting.objects.filter(kind="session", number=row["number"]).exists():
            return 0
        moment = now()
        meeting = Meeting.objects.create(
            group=group, number=row["number"], starts_at=dt.datetime.combine(row["day"], dt.time(12), ZONE), has_time=False,
            mode=row.get("mode", "unknown"), host=row.get("host", ""), state=MeetingState.HELD, source=self._cite(row),
            created_at=moment, updated_at=moment,
        )  # fmt: skip
        for position, topic in enumerate(row.get("topic", []), start=1):
            texts = {f"title_{language}": topic[language] for language in ("ru", "kk", "en")}
            AgendaItem.objects.create(meeting=meeting, position=position, **texts)
        if "chair_post" in row:
            self._note_chair(meeting, row)
        changes = {"day": (None, row["day"]), "mode": (None, meeting.mode), "host": (None, meeting.host)}
        log("meeting", str(meeting.number), changes, actor=SYSTEM, kind="create", reason=meeting.source)
        return 1

    def _note_chair(self, meeting: Meeting, row: Mapping[str, Any]) -> None:
        """The post in place of a name: who it was is in no paper that was used."""
        body = self._find(row["chair_organisation"])
        Attendance.objects.create(
            meeting=meeting, name=row["chair_post"], organisation=body, organisation_ru=body.name_ru,
            organisation_kk=body.name_kk, organisation_en=body.name_en, role=AttendanceRole.MEMBER, is_present=True,
        )  # fmt: skip
