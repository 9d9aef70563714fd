"""Addresses of the register."""

from django.urls import path

from boget.portal.registry.views import card, claims, dictionary, editing, geometry, history, listing, registration, snapshots

app_name = "registry"

urlpatterns = [
    path("facilities/", listing.show_facilities, name="facilities"),
    path("facilities/new/", registration.register_facility, name="new"),
    path("facilities/<slug:public_id>/", card.show_facility, name="facility"),
    path("facilities/<slug:public_id>/edit/<slug:group>/", editing.edit_group, name="edit"),
    path("facilities/<slug:public_id>/structures/new/<slug:record_type>/", registration.add_structure, name="new-structure"),
    path("facilities/<slug:public_id>/disclosure/", registration.change_disclosure, name="disclosure"),
    path("facilities/<slug:public_id>/fields/<slug:code>/", claims.show_field, name="field"),
    path("facilities/<slug:public_id>/fields/<slug:code>/choose/", claims.choose, name="choose"),
    path("facilities/<slug:public_id>/history/", history.show_history, name="history"),
    path("facilities/<slug:public_id>/geometry/", geometry.edit_geometry, name="geometry"),
    path("revisions/<int:seq>/undo/", history.undo, name="undo"),
    path("filters/", listing.save_filter, name="save-filter"),
    path("filters/<slug:slug>/", listing.open_filter, name="filter"),
    path("filters/<slug:slug>/delete/", listing.delete_filter, name="delete-filter"),
    path("snapshots/", snapshots.show_snapshots, name="snapshots"),
    path("snapshots/<int:number>/", snapshots.show_snapshot, name="snapshot"),
    path("snapshots/<int:number>/compare/now/", snapshots.compare_snapshots, name="snapshot-compare-now"),
    path("snapshots/<int:number>/compare/<int:other>/", snapshots.compare_snapshots, name="snapshot-compare"),
    path("dictionary/", dictionary.show_dictionary, name="dictionary"),
]
