"""Addresses of the scenarios."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import path

from boget.portal.scenarios.views import plain

app_name = "scenarios"


def find_view(module: str, name: str):
    place = f"boget.portal.scenarios.views.{module}"
    try:
        found = getattr(import_module(place), name, None) if find_spec(place) else None
    except (ImportError, SyntaxError, NameError):  # being written this very moment
        found = None
    return found or plain.show_plain


urlpatterns = [
    path("", find_view("listing", "show_runs"), name="home"),
    path("rivers/new/", find_view("wizard", "start_river"), name="river_new"),
    path("runs/compare/", find_view("compare", "compare_runs"), name="compare"),
    path("runs/<slug:public_id>/", find_view("result", "show_run"), name="run"),
    path("runs/<slug:public_id>/readings/", find_view("readings", "refine_run"), name="run_readings"),
    path("runs/<slug:public_id>/repeat/", find_view("result", "repeat"), name="repeat"),
    path("runs/<slug:public_id>/fan.svg", find_view("result", "send_fan"), name="run_fan"),
    path("runs/<slug:public_id>/paper.<slug:form>", find_view("papers", "send_paper"), name="run_paper"),
    path("screening/", find_view("screening", "show_screening"), name="screening"),
    path("upstream/", find_view("upstream", "show_upstream"), name="upstream"),
    path("facilities/<slug:public_id>/water/", find_view("receiving", "confirm_water"), name="receiving_water"),
    path("facilities/<slug:public_id>/panel/", find_view("panel", "show_panel"), name="panel"),
]
