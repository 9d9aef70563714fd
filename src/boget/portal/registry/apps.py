from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry, register
from boget.portal.core.signals import record_changed


class RegistryConfig(AppConfig):
    name = "boget.portal.registry"
    label = "registry"

    def ready(self) -> None:
        from boget.portal.registry.services.scores import forget_answers

        record_changed.connect(forget_answers, dispatch_uid="registry.forget_answers")
        register(NavEntry("registry", _("Registry"), "registry:facilities", order=20))
