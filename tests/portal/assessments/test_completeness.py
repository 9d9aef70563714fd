"""What the filter of the list calls unknown, what the count of known inputs says and what the ranking asks for agree."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client

from boget.portal.registry.fields.inputs import INPUTS
from boget.portal.registry.models import Dam, Facility, Impoundment

pytestmark = pytest.mark.django_db
NAME_OF = {"fos": "fos_static"}  # input of the index -> field of the register
CHOICES: dict[str, dict[str, list[Any]]] = {
    "facility": {
        "status": ["active", "inactive", "abandoned", "reprocessing", "closed"],
        "management": [None, "managed", "unknown"],
        "pga_g": [None, 0.05, 0.3],
        "flood_prone": [None, "no", "unknown"],
        "facility_type": ["tailings", "ash"],
    },
    "impoundment": {
        "volume_m3": [None, None, 0.0, 1e6],
        "design_capacity_m3": [None, 0.0, 5e6],
        "mass_t": [None, 0.0, 2e6],
        "water_hazard_class": [None, "nwg", "whc3", "unknown"],
    },
    "dam": {"fos_static": [None, 1.2, 1.5, 1.8]},
}


def draw(source: random.Random, of: str) -> dict[str, Any]:
    values = {code: source.choice(choices) for code, choices in CHOICES[of].items()}
    return {code: value for code, value in values.items() if value is not None}


def list_missing(facility: Facility) -> set[str]:
    return {code for code in Facility.objects.get(pk=facility.pk).unknown_inputs.split("|") if code}


def test_the_mirror_of_the_list_says_what_the_index_says(make_facility: Any, read_result: Any) -> None:
    source, seen = random.Random(11), set()
    for _number in range(80):
        structures = {f"{of}s": [draw(source, of) for _ in range(source.randint(0, 2))] for of in ("impoundment", "dam")}
        facility = make_facility(**draw(source, "facility"), **structures)
        missing = {NAME_OF.get(code, code) for code in read_result(facility).missing}
        assert list_missing(facility) == missing, (facility.values, structures)
        assert read_result(facility).known == len(INPUTS) - len(missing)
        seen |= {(code, code in missing) for code in INPUTS}
    assert len(seen) == 2 * len(INPUTS), "every input was known once and unknown once"


@pytest.mark.parametrize(("of", "code"), [("facility", "pga_g"), ("dam", "fos_static")])
def test_a_zero_written_past_the_door_is_unknown(make_facility: Any, change: Any, of: str, code: str) -> None:
    facility = make_facility(pga_g=0.1, dams=[{"fos_static": 1.8}])
    assert code not in list_missing(facility)
    record = facility if of == "facility" else Dam.objects.get(facility=facility)
    record.refresh_from_db()
    record.values[code]["shown"]["value"] = 0.0
    record.fos_static = 0.0
    record.save()
    change(facility, district="Ridder")
    assert code in list_missing(facility)


def test_a_facility_with_a_mass_is_not_asked_for_its_volume(make_facility: Any, client: Client, change: Any) -> None:
    facility = make_facility(facility_type="tailings", impoundments=[{"mass_t": 2e6}])

    def count() -> int:
        return int(client.get("/registry/facilities/?unknown=volume_m3").context["page"].totals.count)

    assert count() == 0
    change(Impoundment.objects.get(facility=facility), mass_t=None, design_capacity_m3=4e6)
    assert count() == 1, "a capacity says how much fits in, not how much is there"
