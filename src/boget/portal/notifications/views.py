"""Pages: what one was told, how one wants to be told, the way out of a letter, the secretary's queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.accounts.selectors import access_of
from boget.portal.jobs.paging import cut_page
from boget.portal.jobs.selectors import is_worker_alive
from boget.portal.notifications import letters, selectors, services
from boget.portal.notifications.forms import RhythmForm
from boget.portal.notifications.models import Letter, LetterState, Notification
from boget.portal.notifications.services import DIGEST
from boget.portal.notifications.topics import find_topic

View = Callable[..., HttpResponse]
CHIPS = {
    LetterState.WAITING: "info",
    LetterState.SENT: "ok",
    LetterState.FAILED: "bad",
    LetterState.TO_PRINT: "warn",
}
OPEN_STATES = (LetterState.WAITING, LetterState.FAILED, LetterState.TO_PRINT)


def for_secretary(view: View) -> View:
    """Answer 404 to everybody else: refused and absent look the same."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access_of(request.user).can_administer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


# --- what one was told -------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_GET
def list_notifications(request: HttpRequest) -> HttpResponse:
    """One's own notifications by day, ``?show=all`` with those that were read."""
    visible = selectors.notifications_visible_to(request.user)
    unread = visible.filter(read_at=None)
    is_all = request.GET.get("show") == "all"
    page, pager = cut_page(request, visible if is_all else unread)
    lines = [_describe(notification) for notification in page]
    can_administer = access_of(request.user).can_administer
    context = {
        "days": [(day, list(rows)) for day, rows in groupby(lines, key=lambda line: line["day"])],
        "pager": pager if page.has_other_pages() else None,
        "is_all": is_all,
        "unread": unread.count(),
        "queue": selectors.describe_queue() if can_administer else None,
    }
    return render(request, "notifications/inbox.html", context)


def _describe(notification: Notification) -> dict[str, Any]:
    event = notification.event
    topic = find_topic(event.topic)
    return {
        "notification": notification,
        "day": timezone.localdate(notification.created_at),
        "line": letters.render_part(event, "line"),
        "reason": letters.render_part(event, "reason"),
        "topic": topic.label if topic else "",
        "code": event.topic,
    }


@login_required
@never_cache
@require_GET
def show_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """One notification in full. Opening it is reading it."""
    notification = selectors.notifications_visible_to(request.user).filter(pk=pk).first()
    if notification is None:
        raise Http404
    services.mark_read(request.user, pk)
    event = notification.event
    context = {
        **_describe(notification),
        "heading": letters.render_part(event, "subject"),
        "paragraphs": letters.render_part(event, "body").split("\n\n"),
        "action": letters.render_part(event, "action"),
        "path": letters.find_path(event),
    }
    return render(request, "notifications/notification.html", context)


@login_required
@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read without opening it."""
    services.mark_read(request.user, pk)
    return redirect("notifications:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(request.user)
    return redirect("notifications:inbox")


# --- how one wants to be told ------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def choose_settings(request: HttpRequest) -> HttpResponse:
    """A choice for each topic, and how often the digest comes."""
    form = RhythmForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    context = {"form": form, "is_mail_configured": selectors.is_mail_configured()}
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)


@csrf_exempt  # the token is the right to act; a mail program posts here without a page of ours (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in: GET only shows, for programs that check mail open every link; POST acts."""
    meant = services.read_unsubscription(token)
    if meant is None:
        raise Http404
    user, code = meant
    topic = find_topic(code)
    with letters.speak_to(user):
        if request.method == "POST":
            services.unsubscribe(user, code)
        context = {
            "label": _("Digest") if code == DIGEST or topic is None else topic.label,
            "is_done": request.method == "POST",
        }
        return render(request, "notifications/unsubscribe.html", context)


# --- the queue ---------------------------------------------------------------------------------------------------------


@for_secretary
@never_cache
@require_GET
def show_queue(request: HttpRequest) -> HttpResponse:
    """Counts, next attempt, last error, and the letters that need somebody; ``?state=`` shows another kind."""
    found = selectors.letters_visible_to(request.user)
    state = request.GET.get("state", "")
    chosen = found.filter(state=state) if state in LetterState.values else found.filter(state__in=OPEN_STATES)
    page, pager = cut_page(request, chosen.order_by("due_at", "id"))
    queue = selectors.describe_queue()
    context = {
        "queue": queue,
        "rows": [(letter, CHIPS.get(LetterState(letter.state), "neutral"), _name_topic(letter)) for letter in page],
        "states": [(code, label, queue.counts[code], code == state) for code, label in LetterState.choices],
        "state": state,
        "pager": pager if page.has_other_pages() else None,
        "is_alive": is_worker_alive(),
        "alarm_after": selectors.ALARM_AFTER,
    }
    return render(request, "notifications/queue.html", context)


def _name_topic(letter: Letter) -> Any:
    topic = find_topic(letter.topic)
    return topic.label if topic else letter.get_kind_display()


@for_secretary
@never_cache
@require_GET
def show_letter(request: HttpRequest, key: str) -> HttpResponse:
    """A letter as its receiver would read it, to be printed and handed over where there is no mail."""
    letter = _find_letter(request, key)
    text = letters.write_letter(letter)
    return render(request, "notifications/letter_page.html", {"letter": letter, "text": text})


@for_secretary
@require_POST
def try_again(request: HttpRequest, key: str) -> HttpResponse:
    services.try_again(request.user, _find_letter(request, key).key)
    return redirect("notifications:queue")


@for_secretary
@require_POST
def try_all_again(request: HttpRequest) -> HttpResponse:
    services.try_all_again(request.user)
    return redirect("notifications:queue")


@for_secretary
@require_POST
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    services.hand_over(request.user, _find_letter(request, key).key)
    return redirect("notifications:queue")


def _find_letter(request: HttpRequest, key: str) -> Letter:
    letter = selectors.letters_visible_to(request.user).filter(key=key).first()
    if letter is None:
        raise Http404
    return letter
