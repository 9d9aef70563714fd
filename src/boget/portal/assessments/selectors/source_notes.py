"""The notes of the score tables: where a coefficient comes from, as sentences of ours. The English text is the key.

The tables keep them in English, in parts joined by a semicolon; a part that is no sentence of ours (a formula in symbols, a
ministry's own table) is shown as it stands. Titles of publications stay in their language and are not here.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

JOIN = "; "
NOTES = frozenset({
    gettext_noop("Russian line of the Soviet norms, table B.1"),
    gettext_noop("limits shared by two printed bands go to the higher class (our rule)"),
    gettext_noop("not compared with SP RK 3.04"),
    gettext_noop("foundation A, rock"),
    gettext_noop("foundation B (Б), sandy, coarse or stiff clay"),
    gettext_noop("foundation V (В), plastic clay"),
    gettext_noop("Russian decree line for dams of liquid-waste storages, any foundation, from memory"),
    gettext_noop("Decision 2009/337/EC, from memory"),
    gettext_noop("only purpose and recitals were read"),
    gettext_noop("water or slurry above ground where people are permanently present"),
    gettext_noop("speed of water or slurry where people are permanently present"),
    gettext_noop("hazardous waste by dry mass"),
    gettext_noop("Annex 2 of the Standard, from memory"),
    gettext_noop("document not read again"),
    gettext_noop("Table 1, potential population at risk"),
    gettext_noop(
        "a value on the limit takes the higher class, which is our rule where the printed bands share the limit"
    ),
    gettext_noop("Table 1, potential loss of life"),
    gettext_noop("for Significant the Standard names no number"),
    gettext_noop("Table 1, infrastructure and economics"),
    gettext_noop("Tables 2 and 3, flood and earthquake, operation and active-care closure, return period"),
    gettext_noop("Tables 2 and 3, flood and earthquake, passive-care closure, return period"),
    gettext_noop("from memory of the UNECE/UBA method"),
    gettext_noop("primary document and spreadsheet not read"),
    gettext_noop("logarithm to base 10 of the stored volume"),
    gettext_noop("volume counted in cubic metres"),
    gettext_noop(
        "our rule: where only the design capacity is known, what is stored may be anything from here to the capacity"
    ),
    gettext_noop("the logarithm has no lower end"),
    gettext_noop("German water hazard class of the worst relevant substance, nwg = 0"),
    gettext_noop("an intermediate class may exist"),
    gettext_noop("peak ground acceleration with 10 % exceedance in 50 years"),
    gettext_noop("lower end of the scale"),
    gettext_noop("cut-off of the peak ground acceleration"),
    gettext_noop("site in the area of the 500-year flood"),
    gettext_noop("static factor of safety"),
    gettext_noop("a lower step near 1.2 to 1.3 may exist"),
    gettext_noop("cut-off of the static factor of safety"),
    gettext_noop("agrees with the long-term target of the CDA guidelines"),
    gettext_noop("our assumption for deposited tailings when no density is known"),
    gettext_noop("the span of 1.3 to 1.7 t/m3 moves the index by 0.12"),
    gettext_noop(
        "our assumption for a material that is not tailings (ash, phosphogypsum, sludge, leached ore) when "
        "no density is known"
    ),
    gettext_noop("no figure per material at hand, so a factor of two either way, which moves the index by 0.6"),
    gettext_noop("our proposal so that a screen can be built"),
    gettext_noop("class table of the publication not recovered"),
    gettext_noop("people in the influence area"),
    gettext_noop("water body within the influence area"),
    gettext_noop("our assumption, not UNECE: local information as a stand-in for the water hazard class"),
    gettext_noop("Cap = log10(volume in m3)"),
    gettext_noop("class by height and foundation"),
    gettext_noop("class by height for liquid waste"),
    gettext_noop("class = highest class of all matching rows"),
    gettext_noop("class = highest class of all columns"),
    gettext_noop("Category A if life, health, environment, hazardous waste or dangerous substances say so"),
    gettext_noop(
        "Screening only: it does not say that a dam is stable, and it does not replace an inspection or a "
        "stability analysis."
    ),
    gettext_noop(
        "Screening only: it does not say that a dam is stable and it is not a count of people who would be harmed."
    ),
    gettext_noop("Not convertible into a class of another system"),
    gettext_noop("the Standard sets no numeric factor of safety."),
    gettext_noop("Not a class under the norms of Kazakhstan until the set used by SP RK is confirmed."),
    gettext_noop("A screening of the criteria, not the decision of the competent authority."),
    gettext_noop("A proposal for a person to accept or reject"),
    gettext_noop("it does not express radiological hazard."),
})  # fmt: skip
PAGES: dict[str, str | Promise] = {
    "not read": pgettext_lazy("page of a document", "not read"),
    "not recovered": pgettext_lazy("page of a document", "not recovered"),
    "none": pgettext_lazy("page of a document", "none"),
    "Annex 2": pgettext_lazy("page of a document", "Annex 2"),
    "Annex B, table B.1": pgettext_lazy("page of a document", "Annex B, table B.1"),
}


def say_note(text: str) -> str:
    """A note in the reader's language, part by part."""
    return JOIN.join(gettext(part) if part in NOTES else part for part in text.split(JOIN))


def say_page(page: str) -> str:
    """Where in the publication, or why there is no page."""
    return str(PAGES.get(page, page))
