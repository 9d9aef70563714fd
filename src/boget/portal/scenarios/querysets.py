"""Who may see which run."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from boget.portal.accounts.selectors import access_of
from boget.portal.core.levels import Level
from boget.portal.jobs.models import JobState
from boget.portal.registry.choices import Disclosure


class RunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> RunQuerySet:
        """The authority: all. The working group: runs of its level and the own ones, about published facilities or none.

        An operator: runs about the own facilities and no others, whoever asked for them. The public: none.
        """
        access = access_of(user)
        if access.level == Level.AUTHORITY:
            return self.all()
        seen = Q(pk__in=[])
        if access.level == Level.GROUP:
            is_open = Q(facility=None) | Q(facility__disclosure=Disclosure.PUBLISHED)
            seen |= is_open & (Q(level__lte=int(access.level)) | Q(created_by=user))
        if access.operator_ids:
            own = Q(facility__operator_organisation__in=access.operator_ids)
            seen |= own & ~Q(facility__disclosure=Disclosure.RETIRED)
        return self.filter(seen)

    def in_state(self, state: str) -> RunQuerySet:
        """Runs of which `Run.state` is this one."""
        if state == JobState.DONE:
            return self.filter(outcome__isnull=False)
        return self.filter(outcome__isnull=True, job__state=state)

    def without_outcome(self) -> RunQuerySet:
        """Without the large column, for lists; `has_outcome` tells whether there is one."""
        has_outcome = models.ExpressionWrapper(Q(outcome__isnull=False), output_field=models.BooleanField())
        return self.defer("outcome").annotate(has_outcome=has_outcome)
