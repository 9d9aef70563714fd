"""The claims of a value side by side, as rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext

from boget.portal.core.levels import Level
from boget.portal.core.models import Revision, RevisionKind
from boget.portal.registry.choices import Confidence, EvidenceKind
from boget.portal.registry.own_words import say_actor, say_own_words
from boget.portal.registry.selectors.card import Row
from boget.portal.registry.selectors.wording import say_claim
from boget.portal.registry.values import Claim, build_figure


def list_claims(row: Row, *, level: int, has_names: bool) -> list[dict[str, Any]]:
    """The shown claim first. position: its number among the others, as choose_claim takes it."""
    by = partial(say_entered, has_names=has_names) if level >= Level.AUTHORITY else _say_nobody
    described = [_describe(row, row.shown, by=by, position=None)] if row.shown else []
    return described + [_describe(row, c, by=by, position=n) for n, c in enumerate(row.value.others)]


def _say_nobody(claim: Claim) -> str:
    return ""


def _describe(row: Row, claim: Claim, *, by: Callable[[Claim], str], position: int | None) -> dict[str, Any]:
    has_figure = row.field.is_numeric and row.field.kind != "year"
    return {
        "text": "" if has_figure else say_claim(row.field, claim),
        "figure": build_figure(row.field, claim) if has_figure else None,
        "words": say_claim(row.field, claim),
        "low": claim.low,
        "high": claim.high,
        "source": say_own_words(claim.source),
        "date": claim.date,
        "kind": _label(EvidenceKind, claim.kind),
        "confidence": _label(Confidence, claim.confidence),
        "by": by(claim),
        "is_shown": position is None,
        "is_proposal": claim.is_proposal,
        "position": position,
    }


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def say_entered(claim: Claim, *, has_names: bool) -> str:
    """Who entered a claim and when; the body alone for a reader who is not told the person."""
    at = parse_datetime(claim.at) if claim.at else None
    when = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""
    return ", ".join(part for part in (say_actor(claim.by) if has_names else "", claim.organisation, when) if part)


def say_choice(row: Row, *, has_names: bool) -> str:
    """Why this claim is shown, and for the authority by whom and when."""
    if not row.value.why:
        return ""
    words = gettext("Shown because: %(reason)s") % {"reason": row.value.why}
    chooser = find_chooser(row) if has_names else None
    return f"{words} ({chooser})" if chooser else words


def find_chooser(row: Row) -> str:
    """Name and day of the last entry that set the shown value."""
    kinds = (RevisionKind.CHANGE, RevisionKind.CHOOSE, RevisionKind.UNDO)
    revisions = Revision.objects.filter(record_type=row.record.record_type, record_id=row.record.public_id, kind__in=kinds)
    last = revisions.filter(changes_text__contains=f'"{row.field.code}":').first()
    if last is None:
        return ""
    return f"{say_actor(last.actor, last.actor_name)}, {date_format(timezone.localtime(last.at), 'SHORT_DATE_FORMAT')}"
