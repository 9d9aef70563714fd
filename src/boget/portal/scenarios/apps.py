from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.core.navigation import NavEntry
from boget.portal.core.navigation import register as register_entry
from boget.portal.core.panels import Panel
from boget.portal.core.panels import register as register_panel
from boget.portal.core.signals import record_changed
from boget.portal.jobs.kinds import Chore, JobKind, register_chore, register_kind
from boget.portal.jobs.signals import job_ended
from boget.portal.notifications.topics import Topic, open_topic, register_topic

FORECAST_STEPS = {
    "inputs": pgettext_lazy("river job", "river and discharge are read"),
    "members": pgettext_lazy("river job", "members of the ensemble are computed"),
    "results": pgettext_lazy("river job", "results are written"),
}
SCREENING_STEPS = {
    "paths": pgettext_lazy("river job", "ways of the water are traced"),
    "times": pgettext_lazy("river job", "travel times are computed"),
    "results": FORECAST_STEPS["results"],
}


class ScenariosConfig(AppConfig):
    name = "boget.portal.scenarios"
    label = "scenarios"
    verbose_name = _("Scenarios")

    def ready(self) -> None:
        from boget.portal.scenarios.listeners import mark_changed  # need the models
        from boget.portal.scenarios.selectors import told
        from boget.portal.scenarios.selectors.rights import may_read, may_request
        from boget.portal.scenarios.services import jobs
        from boget.portal.scenarios.services.telling import TOPIC, tell_requester

        record_changed.connect(mark_changed, dispatch_uid="scenarios.stale")
        forecast = JobKind(
            "river_forecast",
            _("River forecast"),
            jobs.run_forecast,
            is_open_to=may_request,
            steps=FORECAST_STEPS,
        )
        label = _("Transboundary screening")
        screening = JobKind("river_screening", label, jobs.run_screening, steps=SCREENING_STEPS, is_repeating=True)
        register_kind(forecast)
        register_kind(screening)
        register_chore(Chore(screening.code, jobs.is_screening_due))
        register_topic(Topic(TOPIC, _("River forecasts"), "scenarios/topics/run.txt", rhythm="immediate"))
        open_topic(TOPIC, filter_open=told.filter_open, address=told.find_address, describe=told.describe_run)
        job_ended.connect(tell_requester, dispatch_uid="scenarios.job_ended")
        register_entry(NavEntry("scenarios", _("Scenarios"), "scenarios:home", order=40, is_open_to=may_read))
        register_panel(Panel("facility", "scenarios", _("Scenarios"), "scenarios:panel", order=40, is_open_to=may_read))
