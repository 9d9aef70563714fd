"""Rights of the reader in the working group, for templates."""

from __future__ import annotations

from django import template

from boget.portal.meetings.selectors.rights import GroupAccess, group_access_of

register = template.Library()


@register.simple_tag(takes_context=True)
def group_rights(context: template.Context) -> GroupAccess:
    """What the reader may do in the group: ``{% group_rights as access %}``."""
    request = context.get("request")
    return group_access_of(getattr(request, "user", None))
