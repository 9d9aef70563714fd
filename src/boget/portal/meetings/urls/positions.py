"""Addresses of proposals and positions."""

from django.urls import path

from boget.portal.meetings.views import positions as views

urlpatterns = [
    path("proposals/", views.list_proposals, name="proposals"),
    path("proposals/new/", views.add_proposal, name="proposal_new"),
    path("proposals/<int:number>/", views.show_proposal, name="proposal"),
    path("proposals/<int:number>/text/", views.edit_text, name="proposal_text"),
    path("proposals/<int:number>/open/", views.open_proposal, name="proposal_open"),
    path("proposals/<int:number>/quiet/", views.begin_quiet_period, name="proposal_quiet"),
    path("proposals/<int:number>/position/", views.state_position, name="proposal_position"),
    path("proposals/<int:number>/remark/", views.add_remark, name="proposal_remark"),
    path("proposals/<int:number>/close/", views.close_proposal, name="proposal_close"),
]
