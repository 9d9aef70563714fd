"""The sentences of a report. Each is one text with named places, so that every language orders it as it must."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from boget.portal.core.formatting import NO_BREAK, format_number, format_partial_date

LANGUAGE_TAGS = {
    "ru": lambda: _("(in Russian)"),
    "kk": lambda: _("(in Kazakh)"),
    "en": lambda: _("(in English)"),
}


def unknown() -> str:
    return _("unknown")


def tag_language(text: str, *, of: str, wanted: str) -> str:
    """The text, with the name of its language where that is not the paper's."""
    return text if of == wanted or not text else f"{text} {LANGUAGE_TAGS[of]()}"


def choose_text(record: object, name: str, language: str) -> str:
    """A text that a record holds in several languages, in the paper's, else in another one with its name."""
    for code in (language, *(other for other in ("ru", "kk", "en") if other != language)):
        text = str(getattr(record, f"{name}_{code}", "") or "").strip()
        if text:
            return tag_language(text, of=code, wanted=language)
    return ""


def say_title(year: int) -> str:
    return _(
        "Progress achieved and further steps in implementing the Work Plan of the Working Group on Tailings Safety and "
        "Prevention of Accidental Water Pollution in Kazakhstan for %(year)s"
    ) % {"year": year}


def say_results(done: int, late: int, total: int, *, since: str, until: str) -> str:
    return ngettext(
        "From %(since)s to %(until)s %(done)s of %(total)s item of the work plan is done; overdue: %(late)s.",
        "From %(since)s to %(until)s %(done)s of %(total)s items of the work plan are done; overdue: %(late)s.",
        total,
    ) % {"since": since, "until": until, "done": done, "total": total, "late": late}


def say_register(total: int, added: str) -> str:
    return npgettext(
        "report",
        "The register holds %(number)s facility (not a census); added in the period: %(added)s.",
        "The register holds %(number)s facilities (not a census); added in the period: %(added)s.",
        total,
    ) % {"number": format_number(total), "added": added}


def say_statuses(total: int, groups: dict[str, int]) -> str:
    """Реестр: 82 объекта (не перепись); действует …"""
    return npgettext(
        "report",
        "Register: %(number)s facility (not a census); active: %(active)s; inactive: %(inactive)s; "
        "abandoned: %(abandoned)s; planned: %(planned)s; status unknown: %(unknown)s",
        "Register: %(number)s facilities (not a census); active: %(active)s; inactive: %(inactive)s; "
        "abandoned: %(abandoned)s; planned: %(planned)s; status unknown: %(unknown)s",
        total,
    ) % {"number": format_number(total), **{name: format_number(value) for name, value in groups.items()}}


def say_actions(total: int, *, verified: int, late: int, unfunded: int) -> str:
    return _(
        "Actions: %(total)s; verified: %(verified)s; overdue: %(late)s; unfunded: %(unfunded)s"
    ) % {"total": total, "verified": verified, "late": late, "unfunded": unfunded}


def say_late(days: int) -> str:
    return npgettext("report", "overdue by %(days)s day", "overdue by %(days)s days", days) % {"days": format_number(days)}


def say_left(days: int) -> str:
    return npgettext("report", "%(days)s day left", "%(days)s days left", days) % {"days": format_number(days)}


def say_done(day: dt.date | None) -> str:
    if day is None:
        return pgettext("report", "done")
    return pgettext("report", "done %(day)s") % {"day": f"{day:%d.%m.%Y}"}


def say_due(due: str, first_due: str) -> str:
    """A due date; a moved one with the first, which is never lost."""
    if not first_due or first_due == due:
        return say_date(due)
    return _("%(due)s (at first: %(first)s)") % {"due": say_date(due), "first": say_date(first_due)}


def say_date(due: str) -> str:
    """A date for a narrow column: it may be broken, only the last abbreviation stays with its year."""
    return format_partial_date(due).replace(NO_BREAK, " ").replace(" г.", f"{NO_BREAK}г.").replace(" ж.", f"{NO_BREAK}ж.")


def say_bodies(responsible: list[str], support: list[str]) -> str:
    """Responsible bodies, and below them whoever supports, as the plan's own table has it."""
    lines = [", ".join(responsible) or unknown()]
    if support:
        lines.append(_("With the support of: %(bodies)s") % {"bodies": ", ".join(support)})
    return "\n".join(lines)


def say_item(number: int, text: str) -> str:
    return pgettext("report", "Item %(number)s. %(text)s") % {"number": number, "text": text}


def cap(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]
