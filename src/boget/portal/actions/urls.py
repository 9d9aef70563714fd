"""Addresses of the action plan."""

from django.urls import path

from boget.portal.actions.views import action, editing, listing, panel, plans, steps

app_name = "actions"

urlpatterns = [
    path("", listing.show_actions, name="actions"),
    path("new/", editing.propose, name="new"),
    path("plans/", plans.list_plans, name="plans"),
    path("plans/new/", plans.draft_plan, name="new-plan"),
    path("plans/compare/", plans.compare, name="compare"),
    path("plans/<slug:code>/", plans.show_plan, name="plan"),
    path("plans/<slug:code>/approve/", plans.approve, name="approve-plan"),
    path("facilities/<slug:public_id>/panel/", panel.show_panel, name="panel"),
    path("<slug:public_id>/", action.show_action, name="action"),
    path("<slug:public_id>/edit/", editing.edit, name="edit"),
    path("<slug:public_id>/link/", editing.link, name="link"),
    path("<slug:public_id>/steps/<slug:kind>/", steps.take_step, name="step"),
]
