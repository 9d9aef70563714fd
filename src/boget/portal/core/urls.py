"""Addresses of core: help, where sources and accessibility are explained, and the page of components."""

from django.urls import path

from boget.portal.core import help_pages, views

urlpatterns = [
    path("help/", help_pages.show_help, name="help"),
    path("help/sources/", help_pages.show_topic, {"topic": "sources"}, name="sources"),
    path("help/accessibility/", help_pages.show_topic, {"topic": "accessibility"}, name="accessibility"),
    path("help/<slug:topic>/", help_pages.show_topic, name="help-topic"),
    path("design/", views.show_design, name="design"),
]
