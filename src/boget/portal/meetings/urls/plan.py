"""Addresses of the work plans."""

from django.urls import URLPattern, path

from boget.portal.meetings.views import plan, plan_items

YEAR = "work-plans/<int:year>/"
ITEM = f"{YEAR}<int:number>/"

urlpatterns: list[URLPattern] = [
    path("work-plans/", plan.show_plans, name="plans"),
    path("work-plans/new/", plan.make_plan, name="plan-new"),
    path(YEAR, plan.show_plan, name="plan"),
    path(f"{YEAR}print/", plan.print_plan, name="plan-print"),
    path(f"{YEAR}history/", plan.show_history, name="plan-history"),
    path(f"{YEAR}approve/", plan.approve, name="plan-approve"),
    path(f"{YEAR}release/", plan.release, name="plan-release"),
    path(f"{YEAR}close/", plan.close, name="plan-close"),
    path(f"{YEAR}import/", plan.import_table, name="plan-import"),
    path(f"{YEAR}new/", plan_items.add_item, name="plan-item-new"),
    path(ITEM, plan_items.show_item, name="plan-item"),
    path(f"{ITEM}edit/", plan_items.edit_item, name="plan-item-edit"),
    path(f"{ITEM}report/", plan_items.report, name="plan-item-report"),
    path(f"{ITEM}postpone/", plan_items.postpone, name="plan-item-postpone"),
    path(f"{ITEM}carry/", plan_items.carry, name="plan-item-carry"),
    path(f"{ITEM}cancel/", plan_items.cancel, name="plan-item-cancel"),
    path(f"{ITEM}send-back/", plan_items.send_back, name="plan-item-send-back"),
    path(f"{ITEM}confirm/", plan_items.confirm, name="plan-item-confirm"),
    path(f"{ITEM}deliverables/", plan_items.link_deliverable, name="plan-item-link"),
    path(f"{ITEM}deliverables/<int:pk>/remove/", plan_items.unlink_deliverable, name="plan-item-unlink"),
]
