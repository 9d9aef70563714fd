"""What a run is called in the language of the moment. Nothing of it is stored but a title that a person gave."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from boget.portal.scenarios.models import Run

ORDER = ("ru", "kk", "en")


def choose_name(names: Mapping[str, str], language: str | None = None) -> str:
    """The name in the language, else in the first that has one; "" where none has."""
    wanted = (language or get_language() or "ru")[:2]
    return next((names[code] for code in (wanted, *ORDER) if names.get(code)), "")


def name_run(run: Run) -> str:
    """The title, else "River wave: Ulba", else only what it is."""
    if run.title:
        return run.title
    river = choose_name(run.watercourse)
    return gettext("River wave: %(river)s") % {"river": river} if river else gettext("River wave")
