from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry, register
from boget.portal.jobs.kinds import JobKind, register_kind


def has_role(user: Any) -> bool:
    """Whether the entry is for the person: everybody who works here; the public has the open data."""
    from boget.portal.accounts.selectors import access_of

    return bool(access_of(user).roles)


class ReportsConfig(AppConfig):
    name = "boget.portal.reports"
    label = "reports"

    def ready(self) -> None:
        from boget.portal.reports.progress import services  # needs the models

        steps = {"build": _("Reading the data"), "keep": _("Writing the file")}
        make = JobKind(
            services.JOB, _("Progress report"), services.run_job, is_open_to=has_role, steps=steps, is_announced=True
        )
        register_kind(make)
        register(NavEntry("overview", _("Overview"), "dashboard", order=10, is_open_to=has_role))
        register(NavEntry("reports", _("Reports"), "reports:reports", order=95, is_open_to=has_role))
        register(NavEntry("open-data", _("Open data"), "public_data", order=90))
