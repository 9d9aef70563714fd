from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry
from boget.portal.core.navigation import register as register_entry
from boget.portal.core.panels import Panel
from boget.portal.core.panels import register as register_panel
from boget.portal.core.signals import record_changed


class AssessmentsConfig(AppConfig):
    name = "boget.portal.assessments"
    label = "assessments"

    def ready(self) -> None:
        from boget.portal.assessments.listeners import rescore_changed  # needs the models

        record_changed.connect(rescore_changed, dispatch_uid="assessments.rescore")
        register_entry(NavEntry("assessments", _("Assessments"), "assessments:home", order=30))
        register_panel(Panel("facility", "assessments", _("Assessments"), "assessments:panel", order=30))
