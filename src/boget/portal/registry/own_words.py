"""What Boget itself writes into records and into the log, in the reader's language.

It is stored in English and stays as it was written, because the log is hashed; it is translated when it is shown.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_noop

from boget.portal.core.services import SYSTEM

REASON = gettext_noop("first load of the embedded inventory")
JUDGEMENT = gettext_noop("Boget compilers' judgement, November 2026")
NAME_RULE = gettext_noop("rendering of the Russian name by the compilers, not an official name")
PLACE_RULE = gettext_noop("region and basin by the place of the facility, by the compilers")
ACTIVE_RULE = gettext_noop("rule: an active facility has someone in charge")
NOBODY_RULE = gettext_noop("rule: nobody is in charge of an abandoned facility for which no body is named")
BODY_RULE = gettext_noop(
    "rule: an abandoned facility for which a body is named ({operator}) may have someone in charge: unknown"
)

FIXED = frozenset({REASON, JUDGEMENT, NAME_RULE, PLACE_RULE, ACTIVE_RULE, NOBODY_RULE})
BODY_PATTERN = re.compile(re.escape(BODY_RULE).replace(re.escape("{operator}"), "(?P<operator>.+)"))


def say_own_words(text: str) -> str:
    """A source or a reason: translated where it is one of Boget's own, otherwise as somebody wrote it."""
    if text in FIXED:
        return gettext(text)
    named = BODY_PATTERN.fullmatch(text)
    return gettext(BODY_RULE).format(operator=named["operator"]) if named else text


def say_actor(code: str, name: str = "") -> str:
    """Who wrote: the name or the e-mail of a person, a word for Boget itself."""
    return gettext("the system") if code == SYSTEM.code else name or code
