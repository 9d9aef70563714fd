"""Saved filters a person may open: own ones and those shared with an organisation the person speaks for."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from boget.portal.accounts.selectors import memberships_on, today
from boget.portal.registry.models import SavedFilter


def filters_visible_to(user: Any) -> QuerySet[SavedFilter]:
    if not getattr(user, "is_authenticated", False):
        return SavedFilter.objects.none()
    shared = memberships_on(user, today()).values("organisation")
    return SavedFilter.objects.filter(Q(owner_code=user.email) | Q(organisation__in=shared)).order_by("name", "pk")
