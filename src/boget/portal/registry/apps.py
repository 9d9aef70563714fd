from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry, register


class RegistryConfig(AppConfig):
    name = "boget.portal.registry"
    label = "registry"

    def ready(self) -> None:
        register(NavEntry("registry", _("Registry"), "registry:facilities", order=20))
