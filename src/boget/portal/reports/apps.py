from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry, register


class ReportsConfig(AppConfig):
    name = "boget.portal.reports"
    label = "reports"

    def ready(self) -> None:
        register(NavEntry("open-data", _("Open data"), "public_data", order=90))
