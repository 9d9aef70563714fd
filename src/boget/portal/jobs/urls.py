"""Addresses under /jobs/."""

from django.urls import path

from boget.portal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.list_jobs, name="jobs"),
    path("<slug:public_id>/", views.show_job, name="job"),
    path("<slug:public_id>/cancel/", views.cancel_job, name="cancel"),
    path("<slug:public_id>/retry/", views.retry_job, name="retry"),
]
