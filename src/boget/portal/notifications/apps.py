import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from boget.portal.jobs.kinds import Chore, JobKind, register_chore, register_kind
from boget.portal.jobs.signals import job_ended
from boget.portal.notifications.topics import Topic, open_topic, register_topic

TEMPLATES = "notifications/topics"
BUNDLE = dt.timedelta(minutes=10)

# topics of the working group's desk: their texts are here, their rules come from the apps that own the subjects
DESK = (
    Topic("assigned", _("You are responsible"), f"{TEMPLATES}/assigned.txt", rhythm="immediate", bundle=BUNDLE),
    Topic("due", _("Deadlines"), f"{TEMPLATES}/due.txt"),
    Topic("meeting", _("Meetings"), f"{TEMPLATES}/meeting.txt", rhythm="immediate"),
    Topic("minutes", _("Minutes"), f"{TEMPLATES}/minutes.txt", rhythm="immediate"),
    Topic("job", _("Results of long work"), f"{TEMPLATES}/job.txt", rhythm="immediate"),
)


class NotificationsConfig(AppConfig):
    name = "boget.portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        from boget.portal.notifications import delivery, finished_jobs  # need the models

        for topic in DESK:
            register_topic(topic)
        open_topic(
            "job",
            filter_open=finished_jobs.filter_open,
            address=finished_jobs.find_address,
            describe=finished_jobs.describe_job,
        )
        job_ended.connect(finished_jobs.tell_requester, dispatch_uid="notifications.job_ended")
        send = JobKind("notifications.send", _("Sending of e-mails"), delivery.send_letters, is_repeating=True)
        digest = JobKind("notifications.digest", _("Preparing of digests"), delivery.prepare_digests, is_repeating=True)
        for kind, is_due in ((digest, delivery.has_due_digests), (send, delivery.has_due_letters)):
            register_kind(kind)
            register_chore(Chore(kind.code, is_due))
