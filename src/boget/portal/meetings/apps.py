import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.core.navigation import NavEntry, register
from boget.portal.notifications.topics import DigestSection, Topic, open_topic, register_section, register_topic

TEMPLATES = "meetings/topics"
BUNDLE = dt.timedelta(minutes=10)


class MeetingsConfig(AppConfig):
    name = "boget.portal.meetings"
    label = "meetings"
    verbose_name = _("Working group")

    def ready(self) -> None:
        from boget.portal.meetings.selectors import plan_digest, positions, seminars  # need the models
        from boget.portal.meetings.selectors.meetings import filter_open_codes
        from boget.portal.meetings.services import invitations

        register(NavEntry("meetings", _("Working group"), "meetings:group", order=70, prefix="/meetings/"))
        register_section(DigestSection("plan_late", _("Overdue in the work plan"), plan_digest.list_late_lines, order=30))
        register_topic(Topic("plan_item", _("Work plan"), f"{TEMPLATES}/plan_item.txt", rhythm="immediate", bundle=BUNDLE))
        open_topic(
            "plan_item",
            filter_open=plan_digest.filter_open_items,
            address=plan_digest.find_item_address,
            describe=plan_digest.describe_item,
        )
        open_topic(
            "meeting",
            filter_open=filter_open_codes,
            address=invitations.find_address,
            describe=invitations.describe_meeting,
            attach=invitations.attach_invitation,
        )
        open_topic("minutes", filter_open=invitations.filter_readable_minutes, address=invitations.find_minutes_address)
        label, template = _("Proposals and positions"), f"{TEMPLATES}/position.txt"
        register_topic(Topic("position", label, template, rhythm="immediate", bundle=BUNDLE))
        open_topic(
            "position",
            filter_open=positions.filter_open,
            address=positions.find_address,
            describe=positions.describe_proposal,
        )
        register_topic(Topic("seminar", _("Seminars"), f"{TEMPLATES}/seminar.txt", rhythm="immediate"))
        open_topic(
            "seminar",
            filter_open=seminars.filter_open,
            address=invitations.find_address,
            describe=seminars.describe_seminar,
            attach=invitations.attach_invitation,
        )
