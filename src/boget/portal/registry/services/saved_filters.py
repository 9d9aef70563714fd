"""Saved filters: a named address of the list, private or shared with the writer's organisation."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation
from boget.portal.core.errors import refuse
from boget.portal.core.models import RevisionKind
from boget.portal.core.services import Actor, Entry, append_revision
from boget.portal.core.text import fold_latin
from boget.portal.registry.checks import check_text
from boget.portal.registry.models import SavedFilter

LONGEST_NAME = 120
LONGEST_QUERY = 4000
MOST_FILTERS = 100


@transaction.atomic
def save_filter(name: str, query: str, *, actor: Actor, organisation: Organisation | None) -> SavedFilter:
    """Keep a query under a name. The slug is unique over all people, so that a link leads to one filter only.

    InvalidInput for an empty or too long name, and when a person has a hundred filters already.
    """
    name = check_text(_("Name"), name, limit=LONGEST_NAME)
    if not name:
        raise refuse("required", where=_("Name"))
    if len(query) > LONGEST_QUERY:
        raise refuse("too_long", where=_("Filter"), value=len(query), allowed=f"≤ {LONGEST_QUERY}")
    if SavedFilter.objects.filter(owner_code=actor.code).count() >= MOST_FILTERS:
        raise refuse("bad_filter", where=_("Saved filters"), value=MOST_FILTERS + 1, allowed=f"≤ {MOST_FILTERS}")
    slug = f"{slugify(fold_latin(name))[:60] or 'filter'}-{secrets.token_hex(3)}"
    saved = SavedFilter.objects.create(
        slug=slug, name=name, query=query, owner_code=actor.code, organisation=organisation
    )
    _log(saved, RevisionKind.CREATE, {"name": (None, name), "query": (None, query)}, actor=actor)
    return saved


@transaction.atomic
def delete_filter(saved: SavedFilter, *, actor: Actor) -> None:
    """Forget a filter of one's own."""
    _log(saved, RevisionKind.RETIRE, {"name": (saved.name, None), "query": (saved.query, None)}, actor=actor)
    saved.delete()


def _log(saved: SavedFilter, kind: str, changes: dict[str, tuple[Any, Any]], *, actor: Actor) -> None:
    append_revision(Entry("filter", saved.slug, kind, changes), actor=actor)
