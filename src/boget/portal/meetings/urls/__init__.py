"""Addresses of the working group; the words before the number of a meeting come first."""

from boget.portal.meetings.urls import group, meetings, minutes, plan, positions, seminars

app_name = "meetings"
urlpatterns = [
    *group.urlpatterns,
    *plan.urlpatterns,
    *positions.urlpatterns,
    *seminars.urlpatterns,
    *minutes.urlpatterns,
    *meetings.urlpatterns,
]
