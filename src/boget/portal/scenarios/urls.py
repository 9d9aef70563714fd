"""Addresses of the scenarios."""

from django.urls import path

from boget.portal.scenarios.views import (
    compare,
    listing,
    panel,
    papers,
    readings,
    receiving,
    result,
    screening,
    upstream,
    wizard,
)

app_name = "scenarios"
RUN = "runs/<slug:public_id>/"


urlpatterns = [
    path("", listing.show_runs, name="home"),
    path("rivers/new/", wizard.start_river, name="river_new"),
    path("runs/compare/", compare.compare_runs, name="compare"),
    path(RUN, result.show_run, name="run"),
    path(f"{RUN}readings/", readings.refine_run, name="run_readings"),
    path(f"{RUN}repeat/", result.repeat, name="repeat"),
    path(f"{RUN}fan.svg", papers.send_fan, name="run_fan"),
    path(f"{RUN}paper.<slug:form>", papers.send_paper, name="run_paper"),
    path("screening/", screening.show_screening, name="screening"),
    path("upstream/", upstream.show_upstream, name="upstream"),
    path("facilities/<slug:public_id>/water/", receiving.confirm_water, name="receiving_water"),
    path("facilities/<slug:public_id>/panel/", panel.show_panel, name="panel"),
]
