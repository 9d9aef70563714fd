"""Sample states for the /design page: every component once per state, with values that nobody can take for real ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.science.provenance import Figure

SAMPLE_URL = "?f=claims"
LONG_TEXTS = (
    ("ru", "Хвостохранилище обогатительной фабрики с очень длинным названием, действующее с 1952 года (пример)"),
    ("kk", "Атауы өте ұзын байыту фабрикасының 1952 жылдан бері жұмыс істеп тұрған қалдық қоймасы (үлгі)"),
    ("en", "Tailings facility of a concentrator with a very long name, in operation since 1952 (example)"),
)


def figure_samples() -> list[tuple[Any, Figure | None, dict[str, Any]]]:
    """(state, figure, options of the tag)"""
    survey: dict[str, Any] = {"source": "съёмка", "date": "2025-05"}
    return [
        (_("measured, error"), Figure(31.0, "m", 30.5, 31.5, "error", "measured", **survey), {"href": SAMPLE_URL}),
        (_("declared range"), Figure(32e6, "m3", 30e6, 34e6, "declared_range", **survey), {"href": SAMPLE_URL}),
        (_("5–95 % of runs"), Figure(535_680.0, "s", 354_000.0, 846_000.0, "p90", "computed"), {"unit": "d"}),
        (
            _("range over unknown inputs, provisional"),
            Figure(11.50515, "1", 8.50515, 11.50515, "unknown_inputs", "computed"),
            {"href": SAMPLE_URL},
        ),
        (_("estimated, about"), Figure(2400.0, "m", kind="estimated", about=True, source="снимок", date="2024"), {}),
        (_("interval not given"), Figure(42.0, "m", date="2003"), {}),
        (_("negative range"), Figure(-1.0, "deg", -4.0, 2.0, "declared_range"), {}),
        (_("open interval"), Figure(5.0, "km", 4.0, None, "declared_range"), {}),
        (_("placeholder"), Figure(7.0, "1", 5.0, 9.0, "p90", "computed", status="placeholder"), {}),
        (_("unknown"), None, {"ask": "#ask"}),
        (_("unknown in a table"), None, {"bare": True}),
    ]


CHIPS = (
    ("ok", _("done 26.06")),
    ("info", _("waits for the ministry")),
    ("warn", _("no answer yet")),
    ("bad", _("overdue by 53 days")),
    ("neutral", _("draft")),
)
STATUSES = ("active", "inactive", "closed", "abandoned", "planned", "unknown")
MARK_NAMES = ("placeholder", "provisional", "demo", "exercise", "screening", "stale")
SYMBOLS = (
    "dam", "intake", "settlement", "border-crossing", "gauge", "release-point", "camera", "microphone", "attachment",
)  # fmt: skip
RAMPS = (("hazard", 5), ("depth", 5), ("arrival", 6), ("stage", 6))


def table_rows() -> list[dict[str, Any]]:
    """Ten invented rows in the shape of the register."""
    rows = []
    for number, (name, status, volume, score) in enumerate(ROWS, start=1):
        low, value, high = score or (None, None, None)
        rows.append({
            "id": f"KZ-09{number:02}",
            "name": name,
            "status": status,
            "volume": Figure(volume * 1e6, "m3", volume * 0.9e6, volume * 1.1e6, "error", "estimated") if volume else None,
            "step": None if score is None else max(1, 6 - number),
            "score": Figure(value, "1", low, high, "unknown_inputs", "computed") if score else None,
            "ends": (low, high, value),
        })
    return rows


ROWS: tuple[tuple[str, str, float | None, tuple[float, float, float] | None], ...] = (
    ("Северный (пример)", "active", 32.0, (8.5, 11.5, 11.5)),
    ("Старая карта № 2 (пример)", "abandoned", 1.4, (10.0, 13.1, 13.4)),
    ("Шығыс-1 (үлгі)", "inactive", 8.7, (9.9, 10.9, 10.9)),
    ("Приозёрный (пример)", "closed", 5.2, (8.7, 9.7, 9.8)),
    (LONG_TEXTS[0][1], "active", 2.1, (7.3, 9.3, 9.4)),
    (LONG_TEXTS[1][1], "planned", None, None),
    (LONG_TEXTS[2][1], "unknown", None, None),
)


def claims() -> dict[str, Any]:
    """What the popover of a figure shows when it is opened."""
    return {
        "label": _("Dam height"),
        "claims": [
            {"figure": Figure(31.0, "m", 30.5, 31.5, "error", "measured"), "source": "Съёмка, отчёт 14-2",
             "kind": _("measured"), "date": "2025-05", "is_shown": True},
            {"figure": Figure(24.0, "m"), "source": "Кадастр 2018, лист 7", "kind": _("declared"), "date": "2018"},
            {"figure": Figure(28.0, "m", 25.0, 31.0, "error", "estimated"), "source": "ЦМР 30″", "kind": _("estimated"),
             "date": "2026-11"},
        ],
        "why": "12.06.2025: «съёмка новее и с погрешностью»",
        "links": [
            (_("History"), "#history"), (_("Add a source"), "#add"), (_("Dispute"), "#dispute"), (_("Link to this value"), "#"),
        ],
    }  # fmt: skip


def map_points() -> dict[str, Any]:
    """GeoJSON as the map reads it: points with status and class, one outline, one dam axis."""
    features = [_point(index, status, step) for index, (status, step) in enumerate(POINTS)]
    outline = [[[69.0, 50.0], [69.4, 50.0], [69.4, 50.25], [69.0, 50.25], [69.0, 50.0]]]
    axis = [[69.0, 50.0], [69.4, 50.0]]
    for kind, shape, coordinates in (("footprint", "Polygon", outline), ("dam", "LineString", axis)):
        geometry = {"type": shape, "coordinates": coordinates}
        features.append({"type": "Feature", "geometry": geometry, "properties": {"kind": kind, "id": "KZ-0901"}})
    return {"type": "FeatureCollection", "features": features}


POINTS: tuple[tuple[str, int | None], ...] = tuple((status, step) for step in (5, 4, 3, 2, 1, None) for status in STATUSES)


def _point(index: int, status: str, step: int | None) -> dict[str, Any]:
    row, column = divmod(index, 6)
    number = f"KZ-09{index + 1:02}"
    # the last row lies close together, so that the map shows a cluster
    longitude, latitude = (54.0 + column * 5.5 + row * 0.9, 51.5 - row * 1.6) if row < 5 else (72.0 + column / 4, 46.0)
    properties = {
        "kind": "facility", "id": number, "name": f"{number} (пример)", "status": status, "class": step,
        "precision_m": 15_000 if index % 4 == 0 else 200, "url": f"#{number}", "summary": "THI 11,5 (8,5–11,5)",
    }  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": properties}


def chart() -> dict[str, Any]:
    """A fan: median, 5–95 % band, threshold, observed points; the shape that chart.js reads."""
    hours = list(range(0, 73, 3))
    median = [round(4.0 * 2.718 ** (-(((hour - 30) / 12) ** 2)), 3) for hour in hours]
    return {
        "x": {"label": str(_("hours from now")), "values": hours},
        "y": {"label": str(_("concentration, mg/dm³"))},
        "series": [
            {"label": str(_("5–95 % of runs")), "role": "band", "low": _scale(median, 0.6), "high": _scale(median, 1.5)},
            {"label": str(_("median")), "role": "median", "values": median},
            {"label": str(_("observed")), "role": "observed", "values": [0.1 if hour < 12 else None for hour in hours]},
        ],
        "thresholds": [{"label": str(_("limit")), "value": 1.0}],
        "now": 0,
    }


def _scale(values: list[float], by: float) -> list[float]:
    return [round(by * value, 3) for value in values]


PLAIN = {"href": "", "unit": "", "ask": "", "bare": False}


class SampleForm(forms.Form):
    """One field of each kind, as a bound form with errors shows them."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"class": "w-name"}))
    height = forms.CharField(
        label=_("Height, current"), required=False, help_text=_("For example: 31 ± 0,5 or 5,2 million"),
        widget=forms.TextInput(attrs={"class": "w-number", "inputmode": "decimal"}),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Status"), widget=forms.RadioSelect, choices=[("active", _("active")), ("unknown", _("unknown"))]
    )
    region = forms.ChoiceField(label=pgettext_lazy("place", "Region"), choices=[("", "—"), ("1", "Абай облысы")])
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "w-full"}))
    confirmed = forms.BooleanField(label=_("The value was checked on site"))


GEOMETRY = (
    '{"type": "MultiPolygon", "coordinates": [[[[69.0, 50.0], [69.4, 50.0], [69.4, 50.25], [69.0, 50.25], [69.0, 50.0]],'
    " [[69.1, 50.1], [69.2, 50.1], [69.2, 50.15], [69.1, 50.1]]], [[[69.5, 50.0], [69.7, 50.0], [69.6, 50.1], [69.5, 50.0]]]]}"
)


def page() -> dict[str, Any]:
    """Context of the page."""
    return {
        "figures": [(state, figure, {**PLAIN, **options}) for state, figure, options in figure_samples()],
        "chips": CHIPS, "statuses": STATUSES, "marks": MARK_NAMES, "symbols": SYMBOLS, "ramps": RAMPS,
        "rows": table_rows(), "long_texts": LONG_TEXTS, "geometry": GEOMETRY,
        "terms": [(6.5, False), (2.0, False), (1.0, True), (1.0, False), (1.0, True)],
        "form": SampleForm(), "refused_form": SampleForm({"status": "active", "height": "31 м"}),
        "trail": [(_("Register"), "#register"), (_("Interface components"), "")],
        "conditions": [("Ертіс", "?"), (_("abandoned or orphaned"), "?")],
        "choices": [(status, status, status == "closed", 3) for status in STATUSES],
        "facts": [(_("Facility"), "KZ-0901"), (_("Receivers"), "3")],
        "sizes": [(25, "?size=25", False), (50, "?size=50", True)],
        "records": [{"name_ru": "Северный"}, {"name_kk": "Солтүстік"}, {"name_en": "North"}],
        "chart": chart(),
    }  # fmt: skip
