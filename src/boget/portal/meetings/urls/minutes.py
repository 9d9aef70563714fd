"""Addresses: minutes, decisions, comments, versions."""

from django.urls import URLPattern, path

from boget.portal.meetings.views import decisions, minutes, minutes_steps

urlpatterns: list[URLPattern] = [
    path("<int:number>/minutes/", minutes.show_minutes, name="minutes"),
    path("<int:number>/minutes/state/", minutes.read_state, name="minutes-state"),
    path("<int:number>/minutes/items/<int:pk>/open/", minutes.open_item, name="minutes-item-open"),
    path("<int:number>/minutes/items/<int:pk>/decisions/", decisions.record_decision, name="decision-new"),
    path("<int:number>/minutes/items/<int:pk>/<slug:part>/", minutes.show_part, name="minutes-part"),
    path("<int:number>/minutes/items/<int:pk>/<slug:part>/save/", minutes.save_part, name="minutes-part-save"),
    path("<int:number>/minutes/items/<int:pk>/<slug:part>/hold/", minutes.hold_part, name="minutes-part-hold"),
    path("<int:number>/minutes/conflicts/<int:pk>/", minutes.settle_part, name="minutes-conflict"),
    path("<int:number>/minutes/close/", minutes_steps.close_meeting, name="minutes-close"),
    path("<int:number>/minutes/comments/", minutes_steps.add_comment, name="comment-new"),
    path("<int:number>/minutes/comments/open/", minutes_steps.open_comments, name="minutes-comments-open"),
    path("<int:number>/minutes/comments/<int:pk>/answer/", minutes_steps.answer_comment, name="comment-answer"),
    path("<int:number>/minutes/final/", minutes_steps.finalise_minutes, name="minutes-final"),
    path("<int:number>/minutes/reopen/", minutes_steps.reopen_draft, name="minutes-reopen"),
    path("<int:number>/minutes/sign/", minutes_steps.sign_minutes, name="minutes-sign"),
    path("<int:number>/minutes/distribute/", minutes_steps.distribute_minutes, name="minutes-distribute"),
    path("<int:number>/minutes/correct/", minutes_steps.correct_minutes, name="minutes-correct"),
    path("<int:number>/minutes/paper/", minutes_steps.show_paper, name="minutes-paper"),
    path("<int:number>/minutes/versions/<int:place>/", minutes_steps.show_version, name="minutes-version"),
    path("<int:number>/decisions/<int:place>/", decisions.show_decision, name="decision"),
    path("<int:number>/decisions/<int:place>/edit/", decisions.edit_decision, name="decision-edit"),
    path("<int:number>/decisions/<int:place>/remove/", decisions.remove_decision, name="decision-remove"),
    path("<int:number>/decisions/<int:place>/action/", decisions.make_action, name="decision-action"),
]
