"""Addresses of the assessments."""

from django.urls import path

from boget.portal.assessments.views import panel, rankings, results, tables

app_name = "assessments"

urlpatterns = [
    path("", rankings.open_assessments, name="home"),
    path("rankings/", rankings.show_rankings, name="rankings"),
    path("index-results/<slug:public_id>/<slug:index>/", results.show_result, name="result"),
    path("facilities/<slug:public_id>/panel/", panel.show_panel, name="panel"),
    path("tables/", tables.list_all, name="tables"),
    path("tables/<str:version>/", tables.show_table, name="table"),
]
