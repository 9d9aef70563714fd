"""Rights as querysets: list, map, search, export, API and card all start here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

from boget.portal.accounts.selectors import access_of
from boget.portal.core.levels import Level
from boget.portal.registry.choices import Disclosure


class FacilityQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> FacilityQuerySet:
        """Facilities this reader may see at all; each row says in ``level`` how much of it.

        Level 2 for the authority and for an operator on its own facilities, 1 for the working group, 0 for everyone else.
        Drafts are open to the authority and to the own operator only; retired records to the authority only.
        """
        access = access_of(user)
        if access.level == Level.AUTHORITY:
            return self.annotate(level=Value(int(Level.AUTHORITY), IntegerField()))
        published = Q(disclosure=Disclosure.PUBLISHED)
        base = Value(int(access.level), IntegerField())
        if not access.operator_ids:
            return self.filter(published).annotate(level=base)
        own = Q(operator_organisation__in=access.operator_ids)
        level = Case(When(own, then=Value(int(Level.AUTHORITY))), default=base, output_field=IntegerField())
        return self.filter(published | (own & ~Q(disclosure=Disclosure.RETIRED))).annotate(level=level)

    def editable_by(self, user: Any) -> FacilityQuerySet:
        """Facilities whose values this person may change directly; an operator proposes instead."""
        if not access_of(user).can_edit:
            return self.none()
        return self.visible_to(user).exclude(disclosure=Disclosure.RETIRED)

    def proposable_by(self, user: Any) -> FacilityQuerySet:
        """Facilities for which this person may put a value beside the shown one."""
        access = access_of(user)
        if access.can_edit:
            return self.editable_by(user)
        return self.visible_to(user).filter(operator_organisation__in=access.operator_ids, level=Level.AUTHORITY)
