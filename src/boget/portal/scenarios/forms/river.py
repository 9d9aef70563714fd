"""The river wizard as one form: where, what, when and how long, at which flow, for which limit. What was typed stays in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import TIME_ZONES
from boget.portal.core.coordinates import parse_degrees
from boget.portal.core.errors import refuse, translate
from boget.portal.registry.models import Facility
from boget.portal.scenarios.forms import reading_text
from boget.portal.scenarios.forms.defaults import start_values
from boget.portal.scenarios.models import RunMode
from boget.portal.scenarios.selectors import presets
from boget.portal.scenarios.selectors.catalogue import list_choices, list_limits
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.presets import Guess
from boget.portal.scenarios.selectors.rights import facilities_computable_by, may_request_anywhere
from boget.portal.scenarios.selectors.scenario_words import SEASONS
from boget.portal.scenarios.services.composing import announce, make_release
from boget.portal.scenarios.services.runs import YEARS
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.release import Release
    from boget.science.river.substance import Substance

PLACES = (
    ("facility", _("facility of the register")),
    ("point", _("point by coordinates")),
    ("reach", _("river reach and kilometre")),
)
AMOUNTS = (
    ("mass", _("mass is known or estimated")),
    ("volume", _("volume and concentration")),
    ("unknown", _("unknown: take the usual range for the kind of failure")),
)
SHAPES = (
    ("box", _("evenly over a time")),
    ("instant", _("all at once")),
    ("hydrograph", _("by a hydrograph")),
)
MEMBERS = (("10000", _("10 000 (about a second)")), ("2000", _("2 000 (quick look)")))
AUTO, OWN = "auto", "own"
LONGEST_TITLE = 200
NO_GUESS = gettext_noop("No usual concentration is known for this substance. Give a mass, or a volume and a concentration.")
MOST_HOURS = 24 * 366


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the release enters: one of a facility, a point (longitude, latitude) or a reach with its kilometre."""

    facility: Facility | None = None
    point: tuple[float, float] | None = None
    reach_id: int | None = None
    entry_km: float | None = None


class NeededText(forms.CharField):
    """A text that one of the choices needs: the form asks for it, not the field."""

    def validate(self, value: Any) -> None:
        """Nothing: which of them are needed depends on what was chosen."""


class NeededChoice(forms.ChoiceField):
    """A choice that one of the other choices needs."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def _needed(label: Any, **more: Any) -> forms.CharField:
    mode = more.pop("inputmode", "")
    attrs = {"class": "w-number", "autocomplete": "off", **({"inputmode": mode} if mode else {})}
    return NeededText(label=label, max_length=80, widget=forms.TextInput(attrs=attrs), **more)


def _text(label: Any, *, css: str = "w-number", **more: Any) -> forms.CharField:
    mode = more.pop("inputmode", "")
    attrs = {"class": css, "autocomplete": "off", **({"inputmode": mode} if mode else {})}
    return forms.CharField(
        label=label, required=False, max_length=more.pop("max_length", 80), widget=forms.TextInput(attrs=attrs), **more
    )


def _radio(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _area(label: Any, rows: int, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "w-full", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=20_000, widget=widget, **more)


class RiverForm(forms.Form):
    """All fields of the wizard. `release`, `origin`, `started_at`, `limit_kg_m3` are there once the form is valid."""

    place = _radio(_("The release is at"), PLACES)
    facility = NeededChoice(label=_("Facility"))
    latitude = _needed(_("Latitude"), help_text=_("For example: 50,345 or 50°20′42″"))
    longitude = _needed(_("Longitude"), help_text=_("For example: 83,516"))
    reach = _needed(_("Number of the reach"), inputmode="numeric")
    km = _needed(_("Kilometres from the beginning of the reach"), inputmode="decimal")
    preset = forms.ChoiceField(label=_("Kind of failure"), widget=forms.RadioSelect, choices=list(presets.KIND_WORDS.items()))
    substance = forms.ChoiceField(label=_("Substance"))
    amount = _radio(_("How much"), AMOUNTS)
    mass = _needed(_("Mass"), help_text=_("For example: 4 t, 2–8 t, 300 kg"))
    volume = _needed(_("Volume released"), help_text=_("For example: 1 350 m³, 20–60 thousand m³"))
    concentration = _needed(_("Concentration in it"), help_text=_("mg/L, for example: 50 or 20–120"))
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date", "class": "w-date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time", "class": "w-date"}, format="%H:%M"))
    zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    shape = _radio(_("How it enters the water"), SHAPES)
    duration = _text(_("Duration"), help_text=_("For example: 6 h, 2 d, 40 min. Empty: as usual for the kind of failure."))
    use_required_attribute = False
    hydrograph = _area(_("Hydrograph"), 4, help_text=_("One row a time: hours from the start; kg/s. For example: 0; 0,5"))
    season = forms.ChoiceField(label=_("State of the flow"), choices=list(SEASONS.items()))
    announced = _text(
        _("Discharge announced today at the release, m³/s"),
        help_text=_("If a gauging station or a dam has told it: all discharges along the way are then scaled to it."),
        inputmode="decimal",
    )
    threshold = forms.ChoiceField(label=_("Threshold"))
    own_threshold = _needed(_("Own threshold, mg/L"), inputmode="decimal")
    points = _area(
        _("Further places on the river"),
        3,
        help_text=_("One row a place: latitude; longitude; name. Towns, intakes, reservoirs and borders are there anyway."),
    )
    mode = _radio(_("What it is for"), RunMode.choices)
    members = forms.ChoiceField(label=_("Members of the ensemble"), choices=MEMBERS)
    title = _text(_("Title"), css="w-name", max_length=LONGEST_TITLE)

    def __init__(self, *args: Any, user: Any, substances: Mapping[str, Substance], **kwargs: Any) -> None:
        kwargs["initial"] = {**start_values(substances), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.user, self.substances = user, substances
        self.guess: Guess | None = None
        self.volume_m3: float | None = None
        self.facilities = {row.public_id: row for row in facilities_computable_by(user).order_by("public_id")}
        names = [(code, _name(row)) for code, row in self.facilities.items()]
        self._choices("facility", [("", gettext("choose")), *names])
        self._choices("substance", list_choices(substances))
        self._choices("threshold", self._list_thresholds())
        if not may_request_anywhere(user):  # an operator computes for the own sites only
            self._choices("place", PLACES[:1])

    def _choices(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def read(self, name: str) -> str:
        """What stands in a field now, typed or given."""
        return str(self[name].value() or "")

    def _list_thresholds(self) -> list[tuple[str, str]]:
        rows = list_limits(self.substances.get(self.read("substance")))
        own = (OWN, gettext("own threshold"))
        if not rows:
            return [own]
        told = [(row.code, f"{row.value} mg/L: {row.use}, {row.country}") for row in rows]
        return [(AUTO, gettext("the first limit of the list below")), *told, own]

    # --- checks ----------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        for check in (self._clean_place, self._clean_start, self._clean_amount, self._clean_threshold, self._clean_flow):
            check()
        return self.cleaned_data

    def _take(self, name: str, read: Callable[[str], Any], *, is_needed: bool = True) -> Any:
        """The value of a text field; its error stands at the field. None where there is none."""
        text = str(self.cleaned_data.get(name) or "").strip()
        try:
            if not text:
                if is_needed:
                    raise refuse("required", where=self.fields[name].label)
                return None
            return read(text)
        except BogetError as error:
            error.where = error.where or self.fields[name].label
            self.add_error(name, translate(error))
            return None

    def _clean_place(self) -> None:
        self.origin: Origin | None = None
        match self.cleaned_data.get("place"):
            case "facility":
                found = self.facilities.get(self.cleaned_data.get("facility") or "")
                if found is None and "facility" not in self.errors:
                    self.add_error("facility", translate(refuse("required", where=self.fields["facility"].label)))
                self.origin = Origin(facility=found) if found else None
            case "point":
                latitude = self._take("latitude", lambda text: parse_degrees(text, "latitude"))
                longitude = self._take("longitude", lambda text: parse_degrees(text, "longitude"))
                if latitude is not None and longitude is not None:
                    self.origin = Origin(point=(longitude, latitude))
            case "reach":
                reach, km = self._take("reach", self.read_whole), self._take("km", self.read_kilometres)
                if reach is not None and km is not None:
                    self.origin = Origin(reach_id=reach, entry_km=km)

    def read_whole(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise refuse("not_a_whole_number", value=text[:40])
        return int(text)

    def read_kilometres(self, text: str) -> float:
        plain = text.replace(",", ".")
        try:
            value = float(plain)
        except ValueError:
            raise refuse("not_a_number", value=text[:40]) from None
        if not 0 <= value < 10_000:
            raise refuse("range", value=text[:40], allowed="0–10 000 km")
        return value

    def _clean_start(self) -> None:
        self.started_at: dt.datetime | None = None
        day, clock, zone = (self.cleaned_data.get(name) for name in ("day", "clock", "zone"))
        if day and day.year not in YEARS:
            allowed = f"{YEARS[0]}–{YEARS[-1]}"
            fault = refuse("range", where=self.fields["day"].label, value=day.isoformat(), allowed=allowed)
            self.add_error("day", translate(fault))
        elif day and clock and zone:
            self.started_at = reading_text.read_moment(day, clock, zone)

    def _clean_amount(self) -> None:
        self.release: Release | None = None
        shape = self.cleaned_data.get("shape")
        if shape == "hydrograph":
            rows = self._take("hydrograph", reading_text.read_hydrograph)
            if rows:
                mass = reading_text.sum_hydrograph(*rows)
                self.release = make_release("hydrograph", mass, times_s=rows[0], rates_kg_s=rows[1])
            return
        amount = self._find_mass()
        seconds = self._find_duration() if shape == "box" else 0.0
        if amount is not None and seconds is not None and shape in {"box", "instant"}:
            self.release = make_release(
                shape, amount[0], mass_gsd=amount[1], duration_s=seconds, volume_m3=self.volume_m3
            )

    def _find_duration(self) -> float | None:
        typed: float | None = self._take("duration", self._read_duration, is_needed=False)
        kind = presets.read_kinds().get(self.cleaned_data.get("preset") or "")
        if typed is not None or "duration" in self.errors or kind is None:
            return typed
        return kind.duration_h * reading_text.HOUR

    def _read_duration(self, text: str) -> float:
        seconds = reading_text.read_quantity(text, "time", "h").value
        if seconds > MOST_HOURS * reading_text.HOUR:
            raise refuse("range", value=text[:40], allowed=f"≤ {MOST_HOURS} h")
        return seconds

    def _find_mass(self) -> tuple[float, float] | None:
        match self.cleaned_data.get("amount"):
            case "mass":
                found = self._take("mass", lambda text: reading_text.read_quantity(text, "mass", "t"))
                return reading_text.find_spread(found) if found else None
            case "volume":
                volume = self._take("volume", lambda text: reading_text.read_quantity(text, "volume", "m3"))
                strength = self._take("concentration", lambda text: reading_text.read_quantity(text, "concentration", "mg_l"))
                self.volume_m3 = reading_text.find_spread(volume)[0] if volume else None
                return _multiply(volume, strength) if volume and strength else None
            case "unknown":
                return self._guess_mass()
        return None

    def _guess_mass(self) -> tuple[float, float] | None:
        self.guess = guess_release(self)
        if self.guess is None:
            self.add_error("amount", gettext(NO_GUESS))
            return None
        self.volume_m3 = self.guess.volume_m3
        return self.guess.mass_kg, self.guess.mass_gsd

    def _clean_threshold(self) -> None:
        self.limit_kg_m3: float | None = None
        chosen = self.cleaned_data.get("threshold")
        if chosen == OWN:
            found = self._take("own_threshold", lambda text: reading_text.read_quantity(text, "concentration", "mg_l"))
            self.limit_kg_m3 = found.value if found else None
            return
        rows = list_limits(self.substances.get(self.cleaned_data.get("substance") or ""))
        self.limit_kg_m3 = next((row.kg_m3 for row in rows if chosen in (AUTO, row.code)), None)

    def _clean_flow(self) -> None:
        self.places = self._take("points", reading_text.read_extra_places, is_needed=False) or []
        found = self._take("announced", lambda text: reading_text.read_quantity(text, "discharge", "m3_s"), is_needed=False)
        self.discharge: tuple[float, float] | None = reading_text.find_spread(found) if found else None

    def describe(self) -> dict[str, Any]:
        """What the scenario takes from a valid form."""
        origin = self.origin or Origin()
        return {
            "facility_id": origin.facility.public_id if origin.facility else None,
            "point": origin.point,
            "reach_id": origin.reach_id,
            "entry_km": origin.entry_km,
            "release": self.release,
            "substance": self.cleaned_data["substance"],
            "season": self.cleaned_data["season"],
            "announced": (announce(*self.discharge),) if self.discharge else (),
            "threshold": self.limit_kg_m3,
            "members": int(self.cleaned_data["members"]),
            "points": tuple(self.places),
        }


def guess_release(form: RiverForm) -> Guess | None:
    """The usual range for the kind of failure and the substance that stand in the form now."""
    kind = presets.read_kinds().get(form.read("preset"))
    facility = form.facilities.get(form.read("facility")) if form.read("place") == "facility" else None
    stored = getattr(facility, "volume_m3", None)
    return presets.guess_mass(kind, form.substances.get(form.read("substance")), stored_m3=stored) if kind else None


def _multiply(volume: Any, strength: Any) -> tuple[float, float]:
    (m3, first), (kg_m3, second) = reading_text.find_spread(volume), reading_text.find_spread(strength)
    return m3 * kg_m3, reading_text.join_spreads(first, second)


def _name(row: Facility) -> str:
    names = {code: getattr(row, f"name_{code}", "") for code in ("ru", "kk", "en")}
    return f"{row.public_id} {choose_name(names)}"
