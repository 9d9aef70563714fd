"""Decisions: recording, correcting, and the step to an action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.actions.models import Action
from boget.portal.actions.selectors.overview import find_similar
from boget.portal.core.errors import choose_status, translate
from boget.portal.meetings.forms.minutes import DecisionForm
from boget.portal.meetings.models import Decision, DecisionOutcome, Meeting
from boget.portal.meetings.selectors.agenda import text_of
from boget.portal.meetings.selectors.meetings import may_read_minutes
from boget.portal.meetings.selectors.minutes import find_decision, may_take_minutes
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import decisions as services
from boget.portal.meetings.views.meeting_pages import (
    answer_form,
    build_trail,
    describe_page,
    for_readers,
    for_secretary,
    read_version,
    show_form,
)
from boget.portal.meetings.views.minutes import find_item, render_minutes
from boget.science.errors import BogetError


@require_POST
@for_secretary
def record_decision(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Record a decision under an item; a refused one comes back with the reason and with what was typed."""
    item = find_item(meeting, pk)
    form = DecisionForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return render_minutes(request, meeting, form=form, item=item)
    try:
        decision = services.record_decision(meeting, item, form.read_values(), responsible=form.read_bodies(), by=request.user)
    except BogetError as error:
        return render_minutes(request, meeting, form=form, item=item, error=error)
    messages.success(request, _("Decision %(ref)s is recorded.") % {"ref": decision.ref})
    if decision.outcome == DecisionOutcome.ACTION and not decision.action_id:
        return redirect("meetings:decision", number=meeting.number, place=decision.number)
    return redirect(f"{reverse('meetings:minutes', args=[meeting.number])}?item={item.pk}")


@require_GET
@for_readers
def show_decision(request: HttpRequest, meeting: Meeting, place: int) -> HttpResponse:
    """One decision, and what became of it."""
    return _render(request, meeting, open_decision(request, meeting, place))


def open_decision(request: HttpRequest, meeting: Meeting, place: int) -> Decision:
    decision = find_decision(meeting, place) if may_read_minutes(request.user, meeting) else None
    if decision is None:
        raise Http404
    return decision


def _render(request: HttpRequest, meeting: Meeting, decision: Decision, *, error: BogetError | None = None) -> HttpResponse:
    can_manage = group_access_of(request.user).can_manage
    visible = Action.objects.visible_to(request.user)
    is_waiting = can_manage and decision.outcome == DecisionOutcome.ACTION and not decision.action_id
    names = [party.organisation.name_on(meeting.day, request.LANGUAGE_CODE, is_short=True) for party in decision.parties.all()]
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting, (_("Decision %(ref)s") % {"ref": decision.ref}, "")),
        "decision": decision,
        "text": text_of(decision),
        "responsible": ", ".join(names),
        "action": visible.filter(public_id=decision.action_id).first() if decision.action_id else None,
        "is_waiting": is_waiting,
        "similar": find_similar(request.user, text_of(decision)[0]) if is_waiting else [],
        "can_change": may_take_minutes(request.user, meeting),
        "error": translate(error) if error else "",
    }
    return render(request, "meetings/decision.html", context, status=choose_status(error) if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_secretary
def edit_decision(request: HttpRequest, meeting: Meeting, place: int) -> HttpResponse:
    """Correct a decision while the minutes are open."""
    decision = open_decision(request, meeting, place)
    form = DecisionForm(request.POST or None, meeting=meeting, decision=decision)

    def write() -> HttpResponse:
        version = form.cleaned_data["version"] or 0
        bodies = form.read_bodies()
        services.change_decision(decision, form.read_values(), responsible=bodies, by=request.user, version=version)
        return redirect("meetings:decision", number=meeting.number, place=place)

    def show(**more: Any) -> HttpResponse:
        back = reverse("meetings:decision", args=[meeting.number, place])
        heading = _("Decision %(ref)s") % {"ref": decision.ref}
        template = "meetings/decision_form.html"
        return show_form(
            request, meeting, form, heading=heading, action=_("Save the decision"), back=back, template=template, **more
        )

    return answer_form(request, form, write=write, show=show)


@require_POST
@for_secretary
def remove_decision(request: HttpRequest, meeting: Meeting, place: int) -> HttpResponse:
    """Take back what was written by mistake."""
    decision = open_decision(request, meeting, place)
    try:
        services.remove_decision(decision, by=request.user, version=read_version(request))
    except BogetError as error:
        return _render(request, meeting, open_decision(request, meeting, place), error=error)
    messages.success(request, _("Decision %(ref)s is taken back.") % {"ref": decision.ref})
    return redirect(f"{reverse('meetings:minutes', args=[meeting.number])}?item={decision.item_id}")


@require_POST
@for_secretary
def make_action(request: HttpRequest, meeting: Meeting, place: int) -> HttpResponse:
    """One click: the decision becomes an action, or is linked to the open one that was chosen."""
    decision = open_decision(request, meeting, place)
    chosen = request.POST.get("action", "")
    try:
        if chosen:
            action = Action.objects.visible_to(request.user).filter(public_id=chosen[:12]).first()
            if action is None:
                raise Http404
            services.link_action(decision, action, by=request.user)
        else:
            action = services.turn_into_action(decision, by=request.user)
    except BogetError as error:
        return _render(request, meeting, open_decision(request, meeting, place), error=error)
    parts = {"ref": decision.ref, "action": action.public_id}
    said = _("Decision %(ref)s is linked to action %(action)s.") if chosen else _("Decision %(ref)s became action %(action)s.")
    messages.success(request, said % parts)
    return redirect("meetings:decision", number=meeting.number, place=place)
