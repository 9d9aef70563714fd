"""Addresses that look over all apps: home, search, health, open data, short links."""

from django.urls import path

from boget.portal.reports import views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("search/", views.show_search, name="search"),
    path("health/", views.show_health, name="health"),
    path("public/data/", views.show_public_data, name="public_data"),
    path("public/facilities/<slug:public_id>/", views.follow_facility_link, name="public-facility"),
    path("f/<slug:public_id>/", views.follow_facility_link, name="short-facility"),
]
