from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "boget.portal.core"
    label = "core"
