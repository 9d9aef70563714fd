"""Who may see and change which action."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from boget.portal.accounts.selectors import access_of, organisation_of
from boget.portal.core.levels import Level


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ActionQuerySet:
        """Actions of the reader's level, and those in which the reader's own body has a part."""
        access = access_of(user)
        if access.level == Level.AUTHORITY:
            return self.all()
        open_to_all, own = Q(level__lte=int(access.level)), self._of_body(user)
        return self.filter(open_to_all if own is None else open_to_all | own)

    def editable_by(self, user: Any) -> ActionQuerySet:
        """The secretary: all. A ministry's editor and an inspector: those in which their own body is responsible."""
        access = access_of(user)
        if access.can_administer:
            return self
        own = self._of_body(user, roles=("lead", "co")) if access.can_edit else None
        return self.filter(own) if own is not None else self.none()

    def reportable_by(self, user: Any) -> ActionQuerySet:
        """Those on whose progress the person may report: the secretary on all, others on those of their own body."""
        access = access_of(user)
        if access.can_administer:
            return self
        is_observer = access.roles <= {"observer"}
        own = None if is_observer else self._of_body(user, roles=("lead", "co"))
        return self.filter(own) if own is not None else self.none()

    def verifiable_by(self, user: Any) -> ActionQuerySet:
        """Those whose completion the person may confirm: secretary and inspectors; never one's own claim (services)."""
        access = access_of(user)
        return self if access.can_administer or "inspector" in access.roles else self.none()

    def _of_body(self, user: Any, roles: tuple[str, ...] = ("lead", "co", "support")) -> Exists | None:
        from boget.portal.actions.models import ActionParty

        organisation = organisation_of(user) if getattr(user, "is_authenticated", False) else None
        if organisation is None:
            return None
        parts = ActionParty.objects.filter(action=OuterRef("pk"), organisation__in=organisation.lineage(), role__in=roles)
        return Exists(parts)
