"""Addresses of the seminars."""

from django.urls import URLPattern, path

from boget.portal.meetings.views import seminar_people as people
from boget.portal.meetings.views import seminar_programme as programme
from boget.portal.meetings.views import seminars

ONE = "seminars/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("seminars/", seminars.list_seminars, name="seminars"),
    path("seminars/new/", seminars.add_seminar, name="seminar-new"),
    path(ONE, seminars.show_seminar, name="seminar"),
    path(f"{ONE}edit/", seminars.edit_seminar, name="seminar-edit"),
    path(f"{ONE}cancel/", seminars.cancel_seminar, name="seminar-cancel"),
    path(f"{ONE}held/", seminars.mark_held, name="seminar-held"),
    path(f"{ONE}seminar.ics", seminars.download_event, name="seminar-ics"),
    path(f"{ONE}register/", people.register, name="seminar-register"),
    path(f"{ONE}leave/", people.leave, name="seminar-leave"),
    path(f"{ONE}attendance/", people.take_attendance, name="seminar-attendance"),
    path(f"{ONE}participants/new/", people.add_guest, name="seminar-guest-new"),
    path(f"{ONE}participants/remove/", people.remove_participant, name="seminar-participant-remove"),
    path(f"{ONE}certificates/", people.show_certificates, name="seminar-certificates"),
    path(f"{ONE}sign-in-sheet/", people.show_sheet, name="seminar-sheet"),
    path(f"{ONE}quiz/", people.edit_quiz, name="seminar-quiz"),
    path(f"{ONE}quiz/answers/", people.answer_quiz, name="seminar-quiz-answers"),
    path(f"{ONE}programme/new/", programme.add_item, name="seminar-item-new"),
    path(f"{ONE}programme/<int:pk>/", programme.edit_item, name="seminar-item"),
    path(f"{ONE}programme/<int:pk>/move/", programme.move_item, name="seminar-item-move"),
    path(f"{ONE}programme/<int:pk>/remove/", programme.remove_item, name="seminar-item-remove"),
    path(f"{ONE}documents/new/", programme.add_document, name="seminar-document-new"),
    path(f"{ONE}documents/<int:pk>/remove/", programme.remove_document, name="seminar-document-remove"),
]
