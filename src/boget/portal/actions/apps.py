import datetime as dt

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry
from boget.portal.core.navigation import register as register_entry
from boget.portal.core.panels import Panel
from boget.portal.core.panels import register as register_panel
from boget.portal.jobs.kinds import Chore, JobKind, register_chore, register_kind
from boget.portal.notifications.topics import DigestSection, Topic, open_topic, register_section, register_topic

BUNDLE = dt.timedelta(minutes=10)


def find_address(number: str) -> str:
    return reverse("actions:action", args=[number])


class ActionsConfig(AppConfig):
    name = "boget.portal.actions"
    label = "actions"
    verbose_name = _("Action plan")

    def ready(self) -> None:
        from boget.portal.actions.selectors import reminders, told  # need the models
        from boget.portal.actions.selectors.rights import is_member
        from boget.portal.actions.services.reminding import has_reminders, remind_all

        rules = {"address": find_address, "describe": told.describe_action}
        open_topic("assigned", filter_open=told.filter_open, **rules)
        open_topic("due", filter_open=told.filter_due, **rules)
        register_topic(Topic("action", _("Changes of actions"), "actions/topics/action.txt", bundle=BUNDLE))
        open_topic("action", filter_open=told.filter_open, **rules)
        register_section(DigestSection("actions", _("Deadlines of your actions"), reminders.list_digest_items, order=20))
        remind = JobKind("actions.remind", _("Reminders of deadlines"), remind_all, is_repeating=True)
        register_kind(remind)
        register_chore(Chore(remind.code, has_reminders))
        register_entry(NavEntry("actions", _("Action plan"), "actions:actions", order=60, is_open_to=is_member))
        register_panel(Panel("facility", "actions", _("Actions"), "actions:panel", order=60, is_open_to=is_member))
