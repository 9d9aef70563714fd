"""The words of the indices: terms, inputs, choices of the score tables, cautions. The English text is the key."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.registry import choices
from boget.portal.registry.fields import DICTIONARY

Words = str | Promise

TERMS: dict[str, Words] = {
    "cap": _("volume"),
    "tox": _("toxicity"),
    "manag": _("management"),
    "seism": _("earthquake"),
    "flood": _("flood"),
    "dam": _("dam"),
    "population": _("population"),
    "water": pgettext_lazy("term of the index", "water body"),
}
SYMBOLS = {
    "cap": "Cap",
    "tox": "Tox",
    "manag": "Manag",
    "seism": "Seism",
    "flood": "Flood",
    "dam": "Dam",
    "population": "Pop",
    "water": "Water",
}
CHOICES: dict[str, dict[str, Words]] = {
    "tox": dict(zip("0123", (label for _code, label in choices.WaterHazard.choices), strict=False)),
    "manag": dict(choices.Management.choices),
    "flood": dict(choices.YesNo.choices),
    "water": {
        "none": choices.ReceivingWater.NONE.label,
        "small_stream": choices.ReceivingWater.STREAM.label,
        "perennial": choices.ReceivingWater.RIVER.label,
        "large_or_source": choices.ReceivingWater.LARGE.label,
        "transboundary": choices.ReceivingWater.TRANSBOUNDARY.label,
    },
}
INPUT_GROUPS = {"water_hazard_class": "tox", "management": "manag", "receiving_water": "water"}
"""Inputs that are codes of the science -> group of the score table with the same codes."""

BASES: dict[str, Words] = {
    "stored_volume": _("tailings stored now"),
    "design_capacity": _("design capacity, because the stored volume is unknown"),
    "mass_and_density": _("mass divided by bulk density, because no volume is known"),
    "mixed": _("stored volume, design capacity or mass, as each impoundment has it"),
}
CAUTIONS: dict[str, Words] = {
    "volume_from_design_capacity": _("The design capacity stands for the stored volume; less may be stored."),
    "volume_from_mass": _("The volume was computed from the mass of the tailings."),
    "density_assumed": _("The bulk density was assumed, because the register has none."),
    "density_of_other_material": _(
        "The bulk density was assumed. No figure for this material is at hand: 1 t/m³, a factor of two either way."
    ),
    "radioactivity_not_expressed": _("The tailings are radioactive. The index does not express radiation."),
    "provisional_scores": _("The scores are not checked against the publication of the method."),
    "placeholder_scores": _("The scores of population and water body are placeholders of ours, not those of a publication."),
}
INDEX_WORDS: dict[str, Words] = {
    "thi": _("THI-type index in the structure of the UNECE and UBA method, provisional scores"),
    "tri": _("TRI-type index in the structure of the UNECE and UBA method, placeholder scores of exposure"),
}
TABLE_TITLES: dict[str, Words] = {
    "thi": INDEX_WORDS["thi"],
    "tri": INDEX_WORDS["tri"],
    "gistm": _("Consequence classes and loads of the Global Industry Standard on Tailings Management"),
    "eu_category": _("Category A of the European Union: limits"),
    "cis_class": _("Class by height and foundation, Russian line; not confirmed for Kazakhstan"),
    "water_hazard": _("Proposed water hazard class from local information"),
}
KINDS: dict[str, Words] = {
    "score": _("score"),
    "threshold": _("limit"),
    "number": pgettext_lazy("kind of coefficient", "constant"),
}
STATUSES: dict[str, Words] = {
    "verified": _("checked against the source"),
    "provisional": _("provisional: from memory of the source"),
    "placeholder": _("placeholder: our assumption"),
}
MARKS: dict[str, Words] = {"provisional": _("provisional"), "placeholder": _("placeholder value")}
"""What the mark beside a number says; a verified number has none."""
SETS: dict[str, Words] = {
    "earth_dam": _("Russian line, table B.1; not confirmed for Kazakhstan"),
    "liquid_waste": _("Russian line, decree on storages of liquid waste; not confirmed for Kazakhstan"),
}
"""Line of the class by height -> set of limits that a computed class comes from."""
CRITERIA: dict[str, Words] = {
    "population_at_risk": DICTIONARY["facility", "people_at_risk"].label,
    "loss_of_life": _("potential loss of life"),
    "economic_loss_usd": _("infrastructure and economic loss"),
    "environment": _("environment"),
    "health_social_cultural": _("health, social and cultural effects"),
    "life": _("danger to life"),
    "health": _("danger to health"),
    "hazardous_waste": _("share of hazardous waste"),
    "dangerous_substances": _("dangerous substances"),
    "height": DICTIONARY["dam", "height_m"].label,
    "foundation": DICTIONARY["dam", "foundation"].label,
}
LINES: dict[str, Words] = {
    "earth_dam": _("earth dam, by height and foundation"),
    "liquid_waste": _("dam of a storage of liquid waste, by height"),
}
GROUP_TITLES: dict[str, Words] = {
    **TERMS,
    **CRITERIA,
    "density": DICTIONARY["impoundment", "bulk_density_t_m3"].label,
    "economic_loss": CRITERIA["economic_loss_usd"],
    "active": _("load in operation and active care"),
    "passive": _("load in passive care"),
    "depth": _("depth of water or slurry"),
    "speed": _("speed of water or slurry"),
    "hazardous_share": CRITERIA["hazardous_waste"],
    "rock": choices.Foundation.ROCK.label,
    "coarse_or_stiff": choices.Foundation.SAND.label,
    "plastic_clay": choices.Foundation.CLAY.label,
    "liquid_waste": LINES["liquid_waste"],
    "substance": _("substance"),
    "eu_waste_code": _("European waste code"),
    "cis_waste_class": DICTIONARY["impoundment", "waste_hazard_class"].label,
}
CLASS_WORDS: dict[str, dict[str, Words]] = {
    "gistm": dict(choices.GistmClass.choices),
    "eu_category": dict(choices.CategoryA.choices),
}
"""Table -> words of the classes that its limits lead to."""


def say(words: dict[str, Words], code: str) -> Any:
    """The word of a code; the code itself where no word is kept for it."""
    return words.get(code, code)


def say_caution(code: str) -> str:
    """The sentence of a caution; of a refusal with the code of the rule that refused."""
    name, _colon, rule = code.partition(":")
    if name == "input_refused":
        return gettext("A stored value breaks the rule “%(rule)s” of the index, so there is no index.") % {"rule": rule}
    return str(say(CAUTIONS, name))
