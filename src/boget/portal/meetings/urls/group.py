"""Addresses of the working group."""

from django.urls import URLPattern, path

from boget.portal.meetings.views import group

urlpatterns: list[URLPattern] = [
    path("group/", group.show_group, name="group"),
    path("group/rules/", group.change_rules, name="group-rules"),
    path("group/bodies/new/", group.add_body, name="group-body-new"),
    path("group/bodies/<int:pk>/end/", group.end_body, name="group-body-end"),
    path("group/persons/new/", group.add_person, name="group-person-new"),
    path("group/persons/<int:pk>/end/", group.end_person, name="group-person-end"),
]
