from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.jobs.kinds import Chore, JobKind, register_chore, register_kind


class JobsConfig(AppConfig):
    name = "boget.portal.jobs"
    label = "jobs"

    def ready(self) -> None:
        from boget.portal.jobs import housekeeping, services  # need the models

        prune = JobKind("jobs.prune", _("Clearing of the queue"), housekeeping.prune_jobs, is_repeating=True)
        register_kind(prune)
        register_chore(Chore(prune.code, services.has_prunable))
