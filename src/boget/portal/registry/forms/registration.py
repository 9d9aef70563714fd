"""Forms of a new facility, of a new structure and of a change of disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation, OrganisationKind
from boget.portal.core.coordinates import parse_degrees
from boget.portal.core.country import is_inside, is_swapped, read_countries
from boget.portal.core.errors import refuse, translate
from boget.portal.registry.checks import check_claim, check_text
from boget.portal.registry.choices import Disclosure, Status
from boget.portal.registry.fields import find_field
from boget.portal.registry.forms.reading import name_field
from boget.portal.registry.forms.sources import SourceBlock
from boget.portal.registry.models import Facility
from boget.portal.registry.services import NewFacility
from boget.portal.registry.values import Claim
from boget.science.errors import BogetError
from boget.science.units import parse_quantity

NAMES = ("name_ru", "name_kk", "name_en")
TEXTS = (*NAMES, "latitude", "longitude", "radius", "country", "status", "operator", "why_new", "disclosure")
HOME = "KZ"


@dataclass
class NewForm:
    """A new facility in two steps: who is near, then the required core. ``typed`` holds every text as it was sent."""

    can_publish: bool = False
    typed: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TEXTS, "") | {"country": HOME})
    source: SourceBlock = field(default_factory=SourceBlock)
    messages: list[tuple[str, str]] = field(default_factory=list)
    is_swap_accepted: bool = False
    claims: dict[str, Claim] = field(default_factory=dict)
    operator_id: int | None = None

    def fill(self, data: Mapping[str, str]) -> NewForm:
        self.typed = {name: str(data.get(name, "")) for name in TEXTS}
        self.source = SourceBlock.read(data)
        self.is_swap_accepted = bool(data.get("accept-swapped"))
        return self

    @property
    def summary(self) -> list[tuple[str, str]]:
        return self.source.summary + self.messages

    @property
    def names(self) -> list[str]:
        return [self.typed[name] for name in NAMES if self.typed[name].strip()]

    @property
    def place(self) -> tuple[float, float] | None:
        claim = self.claims.get("point")
        return (claim.value["longitude"], claim.value["latitude"]) if claim else None

    def check_place(self) -> bool:
        """The first step: country, at least one name, a readable place or none."""
        for name, read in (("country", self._read_country), ("name_ru", self._read_names), ("latitude", self._read_point)):
            self._try(name, read)
        return not self.messages

    def check_rest(self, *, has_alike: bool) -> bool:
        """The second step: status, operator, source, reason, and why it is new when something is near or alike."""
        self.source.check()
        self._try("status", self._read_status)
        self._try("operator", self._read_operator)
        self._try("disclosure", self._read_disclosure)
        if has_alike:
            self._try("why_new", self._read_why)
        return not self.summary

    def _try(self, name: str, read: Any) -> None:
        try:
            read()
        except BogetError as error:
            place = name if error.code != "swapped_coordinates" else "swap"
            self.messages.append((f"n-{place}", translate(error)))

    def _read_country(self) -> None:
        countries = list_countries()
        if self.typed["country"] not in {code for code, _name in countries}:
            allowed = ", ".join(code for code, _name in countries)
            raise refuse("not_in_list", where=_("Country"), value=self.typed["country"][:40], allowed=allowed)

    def _read_names(self) -> None:
        if not self.names:
            raise refuse("name_missing")
        for name in NAMES:
            if self.typed[name].strip():
                self.claims[name] = check_claim(find_field("facility", name), Claim(self.typed[name]))

    def _read_point(self) -> None:
        typed = self.typed
        if not typed["latitude"].strip() and not typed["longitude"].strip():
            return
        if not typed["latitude"].strip() or not typed["longitude"].strip():
            raise refuse("coordinates_incomplete")
        latitude, longitude = (parse_degrees(typed[axis], axis) for axis in ("latitude", "longitude"))
        point = {"longitude": longitude, "latitude": latitude, "radius_m": self._read_radius()}
        claim = check_claim(find_field("facility", "point"), Claim(point))
        if not self.is_swap_accepted and is_swapped(typed["country"], longitude, latitude):
            raise refuse("swapped_coordinates", value=f"{latitude:g}, {longitude:g}")
        self.claims["point"] = claim

    def _read_radius(self) -> float | None:
        text = self.typed["radius"]
        if not text.strip():
            return None
        try:
            return parse_quantity(text, "length").value
        except BogetError as error:
            raise name_field(error, _("Precision"), text) from None

    def _read_status(self) -> None:
        if not self.typed["status"]:
            raise refuse("required", where=find_field("facility", "status").label)
        self.claims["status"] = check_claim(find_field("facility", "status"), Claim(self.typed["status"]))

    def _read_operator(self) -> None:
        code = self.typed["operator"]
        if not code:
            return
        operator = Organisation.objects.filter(kind=OrganisationKind.OPERATOR, code=code[:40].replace("\x00", "")).first()
        if operator is None:
            raise refuse("not_in_list", where=_("Operator"), value=code[:40])
        self.operator_id = operator.pk
        self.claims["operator"] = Claim(operator.name_in("ru"))

    def _read_disclosure(self) -> None:
        wanted = self.typed["disclosure"] or Disclosure.DRAFT
        allowed = [Disclosure.DRAFT, Disclosure.PUBLISHED] if self.can_publish else [Disclosure.DRAFT]
        if wanted not in allowed:
            raise refuse("not_in_list", where=_("Disclosure"), value=wanted[:40], allowed=", ".join(allowed))

    def _read_why(self) -> None:
        if not check_text(_("Why it is new"), self.typed["why_new"], limit=1000):
            raise refuse("near_reason_missing")

    @property
    def is_outside(self) -> bool:
        return self.place is not None and is_inside(self.typed["country"], *self.place) is False

    @property
    def can_accept_swap(self) -> bool:
        return self.is_swap_accepted or any(name == "n-swap" for name, _message in self.messages)

    def build(self) -> NewFacility:
        """What the service registers; date and kind of the source go into each claim."""
        claims = {code: Claim(c.value, date=self.source.iso_date, kind=self.source.kind) for code, c in self.claims.items()}
        return NewFacility(
            self.typed["country"],
            claims,
            operator_organisation_id=self.operator_id,
            disclosure=self.typed["disclosure"] or Disclosure.DRAFT,
        )

    @property
    def reason(self) -> str:
        return "\n".join(part for part in (self.source.source.reason, self.typed["why_new"].strip()) if part)

    @property
    def countries(self) -> list[tuple[str, str, bool]]:
        return [(code, name, code == self.typed["country"]) for code, name in list_countries()]

    @property
    def statuses(self) -> list[tuple[str, Any, bool]]:
        return [(value, label, value == self.typed["status"]) for value, label in Status.choices]

    @property
    def operators(self) -> list[tuple[str, str, bool]]:
        rows = Organisation.objects.filter(kind=OrganisationKind.OPERATOR).order_by("name_ru")
        language = get_language() or "ru"
        return [(row.code, row.name_in(language), row.code == self.typed["operator"]) for row in rows]

    @property
    def disclosures(self) -> list[tuple[str, Any, bool]]:
        chosen = self.typed["disclosure"] or Disclosure.DRAFT
        return [(d.value, d.label, d.value == chosen) for d in (Disclosure.DRAFT, Disclosure.PUBLISHED)]


def list_countries() -> list[tuple[str, str]]:
    """Codes and names of Kazakhstan and the countries around it, Kazakhstan first."""
    language = (get_language() or "ru")[:2]
    countries = sorted(read_countries().values(), key=lambda c: (c.code != HOME, c.names.get(language, c.code)))
    return [(country.code, country.names.get(language, country.names["ru"])) for country in countries]


@dataclass
class DisclosureForm:
    """Publish, withdraw or retire; a retired record may lead to the one it was merged into."""

    facility: Facility
    disclosure: str = ""
    merged_into: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        self.disclosure = self.disclosure or self.facility.disclosure
        self.merged_into = self.merged_into or self.facility.merged_into

    def fill(self, data: Mapping[str, str]) -> DisclosureForm:
        self.disclosure = str(data.get("disclosure", ""))
        self.merged_into = str(data.get("merged_into", "")).strip()
        self.reason = str(data.get("reason", ""))
        return self

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        return [(d.value, d.label, d.value == self.disclosure) for d in Disclosure]
