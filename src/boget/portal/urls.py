"""Addresses: one include per app, the error pages."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("boget.portal.accounts.urls")),
    path("registry/", include("boget.portal.registry.urls")),
    path("assessments/", include("boget.portal.assessments.urls")),
    path("scenarios/", include("boget.portal.scenarios.urls")),
    path("actions/", include("boget.portal.actions.urls")),
    path("meetings/", include("boget.portal.meetings.urls")),
    path("jobs/", include("boget.portal.jobs.urls")),
    path("notifications/", include("boget.portal.notifications.urls")),
    path("api/v1/", include("boget.portal.api_urls")),
    path("", include("boget.portal.core.urls")),
    path("", include("boget.portal.reports.urls")),
]

handler400 = "boget.portal.core.error_pages.show_bad_request"
handler404 = "boget.portal.core.error_pages.show_not_found"
handler500 = "boget.portal.core.error_pages.show_server_error"
