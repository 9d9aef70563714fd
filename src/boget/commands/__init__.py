"""What the commands do between the terminal and the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class CommandError(Exception):
    """A command cannot be carried out; the message says why and what to do. Exit status 3."""


@contextmanager
def open_portal() -> Iterator[None]:
    """Set the portal up and let its refusals end the command with their own sentence."""
    import django
    from django.utils import translation

    django.setup()
    from boget.portal.core.errors import translate
    from boget.science.errors import BogetError

    try:
        with translation.override("en"):
            yield
    except BogetError as error:
        raise CommandError(translate(error)) from error


def require_database() -> None:
    """CommandError where the tables are not those of this version."""
    from boget.commands.migrating import list_pending

    pending = list_pending()
    if pending:
        raise CommandError(f"the database lacks {len(pending)} changes of this version. Make a backup, then run: boget load")
