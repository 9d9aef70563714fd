"""Addresses that look over all apps: home, dashboard, reports, search, health, open data, short links."""

from django.urls import include, path

from boget.portal.reports.views import dashboard, home, progress

REPORT = "progress/<slug:code>/"

reports = [
    path("", progress.list_reports, name="reports"),
    path("templates/", progress.show_templates, name="templates"),
    path("files/<slug:job_id>/", progress.send_made_file, name="made-file"),
    path("progress/new/", progress.start_report, name="new-report"),
    path(REPORT, progress.show_report, name="report"),
    path(f"{REPORT}save/", progress.save_report, name="save-report"),
    path(f"{REPORT}make/", progress.make_file, name="make-file"),
    path(f"{REPORT}release/", progress.release_report, name="release-report"),
    path(f"{REPORT}delete/", progress.delete_report, name="delete-report"),
]

urlpatterns = [
    path("", home.show_home, name="home"),
    path("welcome/", dashboard.land, name="welcome"),
    path("dashboard/", dashboard.show_dashboard, name="dashboard"),
    path("reports/", include((reports, "reports"))),
    path("search/", home.show_search, name="search"),
    path("health/", home.show_health, name="health"),
    path("public/data/", home.show_public_data, name="public_data"),
    path("public/facilities/<slug:public_id>/", home.follow_facility_link, name="public-facility"),
    path("f/<slug:public_id>/", home.follow_facility_link, name="short-facility"),
    path("a/<slug:public_id>/", home.follow_action_link, name="short-action"),
    path("r/<slug:public_id>/", home.follow_run_link, name="short-run"),
    path("d/<int:meeting>.<int:number>/", home.follow_decision_link, name="short-decision"),
]
