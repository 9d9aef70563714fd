"""Addresses of the scenarios."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import path

from boget.portal.scenarios.views import (
    compare,
    listing,
    panel,
    plain,
    readings,
    receiving,
    result,
    screening,
    upstream,
    wizard,
)

app_name = "scenarios"
RUN = "runs/<slug:public_id>/"


def find_view(module: str, name: str) -> Any:
    """A view of a module that is still to come, else the plain page."""
    place = f"boget.portal.scenarios.views.{module}"
    found = getattr(import_module(place), name, None) if find_spec(place) else None
    return found or plain.show_plain


urlpatterns = [
    path("", listing.show_runs, name="home"),
    path("rivers/new/", wizard.start_river, name="river_new"),
    path("runs/compare/", compare.compare_runs, name="compare"),
    path(RUN, result.show_run, name="run"),
    path(f"{RUN}readings/", readings.refine_run, name="run_readings"),
    path(f"{RUN}repeat/", result.repeat, name="repeat"),
    path(f"{RUN}fan.svg", find_view("result", "send_fan"), name="run_fan"),
    path(f"{RUN}paper.<slug:form>", find_view("papers", "send_paper"), name="run_paper"),
    path("screening/", screening.show_screening, name="screening"),
    path("upstream/", upstream.show_upstream, name="upstream"),
    path("facilities/<slug:public_id>/water/", receiving.confirm_water, name="receiving_water"),
    path("facilities/<slug:public_id>/panel/", panel.show_panel, name="panel"),
]
