"""Addresses: meetings, agenda, participants, invitations, documents, calendar."""

from django.urls import URLPattern, path

from boget.portal.meetings.views import agenda, attendance, documents, invitations, meetings

urlpatterns: list[URLPattern] = [
    path("", meetings.list_meetings, name="meetings"),
    path("new/", meetings.add_meeting, name="meeting-new"),
    path("calendar/", invitations.show_calendar, name="calendar"),
    path("calendar/<int:pk>/revoke/", invitations.revoke_feed, name="feed-revoke"),
    path("calendar/<str:token>.ics", invitations.read_feed, name="feed"),
    path("documents/<int:pk>/", documents.send_document, name="document"),
    path("documents/<int:pk>/remove/", documents.take_away_document, name="document-remove"),
    path("<int:number>/", meetings.show_meeting, name="meeting"),
    path("<int:number>/edit/", meetings.edit_meeting, name="meeting-edit"),
    path("<int:number>/cancel/", meetings.cancel_meeting, name="meeting-cancel"),
    path("<int:number>/step/", meetings.take_step, name="meeting-step"),
    path("<int:number>/agenda/", agenda.show_agenda, name="agenda"),
    path("<int:number>/agenda/fill/", agenda.fill_agenda, name="agenda-fill"),
    path("<int:number>/agenda/new/", agenda.add_item, name="agenda-item-new"),
    path("<int:number>/agenda/<int:pk>/", agenda.edit_item, name="agenda-item"),
    path("<int:number>/agenda/<int:pk>/move/", agenda.move_item, name="agenda-item-move"),
    path("<int:number>/agenda/<int:pk>/remove/", agenda.remove_item, name="agenda-item-remove"),
    path("<int:number>/participants/", attendance.show_attendance, name="attendance"),
    path("<int:number>/participants/presence/", attendance.mark_presence, name="attendance-presence"),
    path("<int:number>/participants/members/", attendance.take_over_members, name="attendance-members"),
    path("<int:number>/participants/new/", attendance.add_participant, name="attendance-new"),
    path("<int:number>/participants/<int:pk>/answer/", attendance.note_answer, name="attendance-answer"),
    path("<int:number>/participants/<int:pk>/remove/", attendance.remove_participant, name="attendance-remove"),
    path("<int:number>/answer/", attendance.answer_invitation, name="answer"),
    path("<int:number>/invitations/", invitations.invite, name="invitations"),
    path("<int:number>/invitations/paper/", invitations.show_paper, name="invitation-paper"),
    path("<int:number>/meeting.ics", invitations.download_event, name="meeting-ics"),
    path("<int:number>/documents/new/", documents.add_document, name="document-new"),
]
