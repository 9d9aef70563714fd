"""Addresses under /notifications/."""

from django.urls import path

from boget.portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.list_notifications, name="inbox"),
    path("read/", views.read_all, name="read-all"),
    path("settings/", views.choose_settings, name="settings"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("queue/", views.show_queue, name="queue"),
    path("queue/again/", views.try_all_again, name="queue-again"),
    path("queue/<slug:key>/", views.show_letter, name="letter"),
    path("queue/<slug:key>/again/", views.try_again, name="letter-again"),
    path("queue/<slug:key>/handed-over/", views.hand_over, name="letter-handed-over"),
    path("<int:pk>/", views.show_notification, name="notification"),
    path("<int:pk>/read/", views.read_one, name="read"),
]
