"""`boget report`: the progress report from the command line."""

from __future__ import annotations

import argparse
import datetime as dt

from boget.commands import CommandError, open_portal, require_database

FORMS = ("pptx", "docx", "pdf", "xlsx")
LANGUAGES = ("ru", "kk", "en")
LEVELS = ("public", "group", "authority")


def run_report_progress(options: argparse.Namespace) -> int:
    """Write the report on the plan of a year into a file; nothing is kept in the system."""
    with open_portal():
        from boget.portal.accounts.selectors import today
        from boget.portal.core.levels import Level
        from boget.portal.reports.progress.build import build_context
        from boget.portal.reports.progress.services import write_form

        require_database()
        since, until = choose_period(options, today())
        context = build_context(
            None,
            since=since,
            until=until,
            year=options.year,
            language=options.lang,
            day=today(),
            level=Level[options.level.upper()],
        )
        content = write_form(context, options.format)
    try:
        options.output.write_bytes(content)
    except OSError as error:
        raise CommandError(f"cannot write {options.output}: {error.strerror}") from error
    print(f"{options.output}: {len(content)} bytes, {context.period}, register as of {context.register.as_of}")
    return 0


def choose_period(options: argparse.Namespace, today: dt.date) -> tuple[dt.date, dt.date]:
    """The days given; else the whole year, of the present one up to today. CommandError for a period that is none yet."""
    since = options.since or dt.date(options.year, 1, 1)
    until = options.until or min(dt.date(options.year, 12, 31), today)
    if until < since:
        raise CommandError(f"the period would end ({until}) before it begins ({since}). Give --since and --until.")
    if until > today:
        raise CommandError(f"the period ends after today, {today}. Give an earlier --until.")
    return since, until
