"""What a person may do with runs beside reading them (that is `Run.objects.visible_to`)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from boget.portal.accounts.models import Role
from boget.portal.accounts.selectors import AUTHORITY_ROLES, Reader, access_of
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Facility

FREE_ROLES = AUTHORITY_ROLES | {Role.EXPERT.value}
"""May compute for every facility they see, and for a place without one."""


def may_read(user: Reader) -> bool:
    """Whether the pages of scenarios are open at all: to everybody with a role."""
    return bool(access_of(user).roles)


def may_request(user: Reader) -> bool:
    """Whether the person may ask for runs of any kind; for which facilities says `facilities_computable_by`."""
    access = access_of(user)
    return bool(access.roles & FREE_ROLES or access.operator_ids)


def may_request_anywhere(user: Reader) -> bool:
    """Whether a run may begin at any place of a river, without a facility. An operator computes for the own sites only."""
    return bool(access_of(user).roles & FREE_ROLES)


def facilities_computable_by(user: Reader) -> QuerySet[Facility]:
    """Facilities for which the person may ask for a run; each row has its ``level``."""
    visible: QuerySet[Facility] = Facility.objects.visible_to(user).exclude(disclosure=Disclosure.RETIRED)
    if may_request_anywhere(user):
        return visible
    return visible.filter(operator_organisation__in=access_of(user).operator_ids)


def find_level(user: Reader, facility: Any) -> int | None:
    """How much of the facility the person may read who may ask for a run about it; None for one who may not."""
    row: Any = facilities_computable_by(user).filter(pk=facility.pk).first()
    return row.level if row else None


def may_confirm_water(user: Reader, facility: Any) -> bool:
    """Whether the person may say which watercourse takes the water of this facility: the authority and experts.

    An operator does not decide which towns lie downstream of the own dam.
    """
    return may_request_anywhere(user) and find_level(user, facility) is not None
