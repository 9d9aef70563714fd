"""The alarm as a form: where, when and what was seen. What was typed stays in it; its address can be sent on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.core.coordinates import parse_degrees
from boget.portal.core.errors import refuse, translate
from boget.portal.scenarios.selectors.catalogue import list_choices
from boget.portal.scenarios.selectors.scenario_words import SEASONS
from boget.portal.scenarios.services.runs import YEARS
from boget.portal.scenarios.services.upstream import Question, choose_season
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.substance import Substance

PHASES = (("first", _("the first sign")), ("peak", _("the most of it")))
MOST_HOURS = 24 * 366.0
OF_MONTH = "month"


def _text(label: Any, **more: Any) -> forms.CharField:
    attrs = {"class": "w-number", "autocomplete": "off", "inputmode": more.pop("inputmode", "text")}
    return forms.CharField(label=label, required=False, max_length=60, widget=forms.TextInput(attrs=attrs), **more)


class AlarmForm(forms.Form):
    """Place by coordinates, or by a reach and its kilometre. `question` is there once the form is valid."""

    latitude = _text(_("Latitude"), help_text=_("For example: 50,345 or 50°20′42″"))
    longitude = _text(_("Longitude"), help_text=_("For example: 83,516"))
    reach = _text(_("Number of the reach"), inputmode="numeric", help_text=_("Instead of coordinates"))
    km = _text(_("Kilometres from the beginning of the reach"), inputmode="decimal")
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date", "class": "w-date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time", "class": "w-date"}, format="%H:%M"))
    phase = forms.ChoiceField(label=_("What was seen"), choices=PHASES, widget=forms.RadioSelect)
    substance = forms.ChoiceField(label=_("Substance"), required=False)
    season = forms.ChoiceField(label=_("State of the flow"))
    since = _text(_("Released at most so many hours before the alarm"), inputmode="decimal")
    until = _text(_("Released at least so many hours before the alarm"), inputmode="decimal")

    def __init__(self, *args: Any, substances: Mapping[str, Substance], **kwargs: Any) -> None:
        kwargs["initial"] = {**start_values(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.substances = substances
        unknown = [("", gettext("unknown"))]
        self.fields["substance"].choices = [*unknown, *list_choices(substances)]  # type: ignore[attr-defined]
        of_month = (OF_MONTH, pgettext_lazy("state of the flow", "of the month of the alarm"))
        self.fields["season"].choices = [of_month, *SEASONS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cells: dict[str, Any] = super().clean() or {}
        place = self._read_place(cells)
        window = self._read_window(cells)
        if cells.get("day") and cells["day"].year not in YEARS:
            told = {"value": cells["day"].isoformat(), "allowed": f"{YEARS[0]}–{YEARS[-1]}"}
            self.add_error("day", translate(refuse("range", where=self.fields["day"].label, **told)))
        if not self.errors:
            moment = timezone.make_aware(dt.datetime.combine(cells["day"], cells["clock"]))
            season = choose_season(moment) if cells["season"] == OF_MONTH else cells["season"]
            substance = self.substances.get(cells["substance"])
            symbol = (substance.symbol or substance.code) if substance else ""
            self.question = Question(at=moment, season=season, phase=cells["phase"], window_h=window, substance=symbol, **place)
        return cells

    def _read_place(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        if cells.get("reach"):
            number = self._read_number("reach", cells, most=2**53)
            km = self._read_number("km", cells, most=10_000.0) if cells.get("km") else 0.0
            return {"reach_id": int(number or 0), "km": km}
        return {axis: self._read_axis(axis, cells) for axis in ("longitude", "latitude")}

    def _read_axis(self, axis: str, cells: Mapping[str, Any]) -> float | None:
        try:
            return parse_degrees(cells.get(axis) or "", axis)
        except BogetError as error:
            self.add_error(axis, translate(error))
            return None

    def _read_window(self, cells: Mapping[str, Any]) -> tuple[float, float] | None:
        if not (cells.get("since") or cells.get("until")):
            return None
        since = self._read_number("since", cells, most=MOST_HOURS) if cells.get("since") else MOST_HOURS
        until = self._read_number("until", cells, most=MOST_HOURS) if cells.get("until") else 0.0
        if since is not None and until is not None and until > since:
            self.add_error("until", gettext("It has to be less than the other number of hours."))
        return None if since is None or until is None else (since, until)

    def _read_number(self, name: str, cells: Mapping[str, Any], *, most: float) -> float | None:
        text = str(cells.get(name) or "").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        try:
            value = float(text)
            if not 0 <= value <= most:
                raise ValueError
        except ValueError:
            self.add_error(
                name, translate(refuse("range", where=self.fields[name].label, value=text[:40], allowed=f"0–{most:g}"))
            )
            return None
        return value


def start_values() -> dict[str, Any]:
    """Now, the first sign, the flow of the month."""
    now = timezone.localtime(timezone.now())
    return {"day": now.date(), "clock": now.time().replace(second=0, microsecond=0), "phase": "first", "season": OF_MONTH}
