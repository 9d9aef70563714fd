"""Pages of proposals: list, text with positions and discussion, versions, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boget.portal.core.errors import Conflict, translate
from boget.portal.meetings.forms.positions import CloseForm, DeadlineForm, PositionForm, ProposalForm, RemarkForm, TextForm
from boget.portal.meetings.models import Decision, ProposalState, WorkingGroup
from boget.portal.meetings.selectors import positions as selectors
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import positions as services
from boget.science.errors import BogetError


@login_required
@never_cache
@require_GET
def list_proposals(request: HttpRequest) -> HttpResponse:
    """Proposals the reader may see, with counts by state."""
    _require_member(request)
    state = request.GET.get("state", "")
    counts = selectors.count_states(request.user)
    states = [(code, label, counts.get(code, 0), code == state) for code, label in ProposalState.choices]
    context = {
        "rows": selectors.list_proposals(request.user, state=state),
        "states": [row for row in states if row[2]],
        "total": sum(counts.values()),
        "state": state,
        "can_propose": _can_propose(request),
    }
    return render(request, "meetings/proposals.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_proposal(request: HttpRequest) -> HttpResponse:
    """Write a proposal: people who speak for an organisation of the group, and the secretary."""
    group = WorkingGroup.objects.first()
    if group is None or not _can_propose(request):
        raise Http404
    form = ProposalForm(request.POST or None, initial={"language": request.user.language})

    def save() -> HttpResponse:
        proposal = services.create_proposal(group, by=request.user, **form.cleaned_data)
        return redirect("meetings:proposal", number=proposal.number)

    return _answer(request, form, save) or _show_form(request, form, _("New proposal"), reverse("meetings:proposals"))


@login_required
@never_cache
@require_GET
def show_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Text, positions, discussion; ``?old=1&new=2`` compares two versions."""
    return _show(request, number)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit_text(request: HttpRequest, number: int) -> HttpResponse:
    """The next version of the text."""
    page = _read(request, number)
    if not page.can_write:
        raise Http404
    now = {"title": page.proposal.title, "text": "\n\n".join(page.text.paragraphs), "version": page.proposal.version}
    form = TextForm(request.POST or None, initial=now)

    def save() -> HttpResponse:
        services.add_text(page.proposal, by=request.user, **form.cleaned_data)
        return redirect("meetings:proposal", number=number)

    back = reverse("meetings:proposal", args=[number])
    try:
        answer = _answer(request, form, save)
    except Conflict as conflict:
        return _show_conflict(request, form, conflict, page)
    return answer or _show_form(request, form, _("New version of the text"), back, number=number)


@login_required
@require_POST
def open_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for positions until a day."""
    return _change(request, number, DeadlineForm, services.open_proposal)


@login_required
@require_POST
def begin_quiet_period(request: HttpRequest, number: int) -> HttpResponse:
    """The quiet period: the secretary."""
    if not group_access_of(request.user).can_manage:
        raise Http404
    return _change(request, number, DeadlineForm, services.begin_quiet_period)


@login_required
@require_POST
def state_position(request: HttpRequest, number: int) -> HttpResponse:
    """State the position of one's own organisation."""
    page = _read(request, number)
    organisation = group_access_of(request.user).speaks_for
    if organisation is None:
        raise Http404
    form = PositionForm(request.POST)

    def save() -> HttpResponse:
        services.state_position(page.proposal, organisation=organisation, by=request.user, **form.cleaned_data)
        return redirect(reverse("meetings:proposal", args=[number]) + "#positions")

    return _answer_here(request, number, form, save, name="position_form")


@login_required
@require_POST
def add_remark(request: HttpRequest, number: int) -> HttpResponse:
    """A word in the discussion."""
    page = _read(request, number)
    form = RemarkForm(request.POST)

    def save() -> HttpResponse:
        parent_id = form.cleaned_data["parent"]
        parent = page.proposal.remarks.filter(pk=parent_id).first() if parent_id else None
        if parent_id and parent is None:
            raise Http404
        text, paragraph = form.cleaned_data["text"], form.cleaned_data["paragraph"]
        remark = services.add_remark(page.proposal, text=text, paragraph=paragraph, parent=parent, by=request.user)
        return redirect(reverse("meetings:proposal", args=[number]) + f"#remark-{remark.pk}")

    return _answer_here(request, number, form, save, name="remark_form")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def close_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Close: agreed by a decision (the secretary), not agreed (the secretary), withdrawn (who proposed it too)."""
    page = _read(request, number)
    if not page.can_write:
        raise Http404
    form = CloseForm(request.POST or None, initial={"version": page.proposal.version})
    if not page.can_manage:
        form.fields["state"].choices = [(s.value, s.label) for s in (ProposalState.WITHDRAWN,)]  # type: ignore[attr-defined]

    def save() -> HttpResponse:
        facts = form.cleaned_data
        if facts["state"] == ProposalState.AGREED:
            _require_decision(facts["decision_ref"])
            services.agree_by_decision(page.proposal, facts["decision_ref"], by=request.user)
        else:
            services.close_proposal(
                page.proposal, state=facts["state"], reason=facts["reason"], version=facts["version"], by=request.user
            )
        return redirect("meetings:proposal", number=number)

    back = reverse("meetings:proposal", args=[number])
    return _answer(request, form, save) or _show_form(request, form, _("Close the proposal"), back, number=number)


def _require_decision(ref: str) -> None:
    meeting, _dot, number = ref.strip().partition(".")
    is_known = meeting.isdecimal() and number.isdecimal() and len(ref) <= 12
    if not is_known or not Decision.objects.filter(meeting__kind="session", meeting__number=meeting, number=number).exists():
        allowed = _("number of a recorded decision, such as 5.3")
        raise services.refuse("not_in_list", where=_("Decision"), value=ref, allowed=allowed)


def _require_member(request: HttpRequest) -> None:
    if not group_access_of(request.user).is_member:
        raise Http404


def _can_propose(request: HttpRequest) -> bool:
    access = group_access_of(request.user)
    return access.can_manage or access.speaks_for is not None


def _read(request: HttpRequest, number: int) -> selectors.ProposalPage:
    page = selectors.read_proposal(request.user, number, compare=_read_pair(request))
    if page is None:
        raise Http404
    return page


def _read_pair(request: HttpRequest) -> tuple[int, int] | None:
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    return (int(old), int(new)) if old.isdecimal() and new.isdecimal() and len(old + new) < 8 else None


def _change(request: HttpRequest, number: int, kind: type[Form], service: Callable[..., Any]) -> HttpResponse:
    page = _read(request, number)
    if not page.can_write:
        raise Http404
    form = kind(request.POST)

    def save() -> HttpResponse:
        service(page.proposal, by=request.user, **form.cleaned_data)
        return redirect("meetings:proposal", number=number)

    return _answer_here(request, number, form, save, name="deadline_form")


def _answer(request: HttpRequest, form: Form, save: Callable[[], HttpResponse]) -> HttpResponse | None:
    """The answer of a form that was sent and is right; None: show the form, with its errors where it has any."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return save()
    except Conflict:
        raise
    except BogetError as error:
        form.add_error(None, translate(error))
        return None


def _answer_here(
    request: HttpRequest, number: int, form: Form, save: Callable[[], HttpResponse], *, name: str
) -> HttpResponse:
    """As `_answer` for a form that stands on the page of the proposal: what was typed stays in it."""
    try:
        answer = _answer(request, form, save)
    except Conflict as conflict:
        form.add_error(None, translate(conflict))
        return _show(request, number, status=409, **{name: form})
    return answer or _show(request, number, status=422, **{name: form})


def _show(request: HttpRequest, number: int, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = _read(request, number)
    mine = page.mine
    said = {"stance": mine.stance, "remark": mine.remark} if mine else {}
    context = {
        "page": page,
        "trail": _build_trail(number),
        "position_form": PositionForm(initial={**said, "text_number": page.text.number}),
        "remark_form": RemarkForm(),
        "deadline_form": DeadlineForm(initial={"closes_on": page.proposal.closes_on, "version": page.proposal.version}),
        "pair": _read_pair(request),
        **forms,
    }
    bound = forms.get("position_form")
    if bound is not None:  # the reader has the newest text before the eyes now
        bound.data = {**bound.data.dict(), "text_number": page.text.number}  # type: ignore[attr-defined]
    return render(request, "meetings/proposal.html", context, status=status)


def _build_trail(number: int | None, heading: str = "") -> list[tuple[str, str]]:
    """Breadcrumb: proposals, this proposal, what is done to it; the last one is this page."""
    trail = [(_("Proposals"), reverse("meetings:proposals"))]
    if number is not None:
        trail.append((_("Proposal %(number)s") % {"number": number}, reverse("meetings:proposal", args=[number])))
    trail += [(heading, "")] if heading else []
    return [*trail[:-1], (trail[-1][0], "")]


def _show_form(request: HttpRequest, form: Form, heading: str, back: str, *, number: int | None = None) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "trail": _build_trail(number, heading)}
    return render(request, "meetings/proposal_form.html", context, status=422 if form.errors else 200)


def _show_conflict(request: HttpRequest, form: Form, conflict: Conflict, page: selectors.ProposalPage) -> HttpResponse:
    """Both texts side by side; saving again is then a decision of the writer."""
    form.data = {**form.data.dict(), "version": page.proposal.version}  # type: ignore[attr-defined]
    heading = _("New version of the text")
    trail = _build_trail(page.proposal.number, heading)
    context = {"form": form, "heading": heading, "page": page, "said": translate(conflict), "trail": trail}
    return render(request, "meetings/proposal_conflict.html", context, status=409)
