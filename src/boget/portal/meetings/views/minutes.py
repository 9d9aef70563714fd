"""Live minutes: the secretary types, members read along; parts are saved one by one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from boget.portal.core.errors import choose_status, translate
from boget.portal.core.formatting import LANGUAGES, current_language
from boget.portal.meetings.forms.minutes import CommentForm, DecisionForm
from boget.portal.meetings.markup import write_plain_html
from boget.portal.meetings.models import AgendaItem, Meeting, MinuteBlockVersion
from boget.portal.meetings.selectors import agenda, attendance
from boget.portal.meetings.selectors import minutes as selectors
from boget.portal.meetings.selectors.meetings import TAKING, may_read_minutes
from boget.portal.meetings.services import minutes as services
from boget.portal.meetings.views.meeting_pages import build_trail, describe_page, for_readers, for_secretary
from boget.portal.meetings.views.meetings import CHIPS
from boget.science.errors import BogetError

CONFLICT, UNPROCESSABLE = 409, 422


@require_GET
@for_readers
def show_minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The minutes: for typing to the secretary while they are open, for reading to others; ``?f=board`` the reading alone."""
    if not may_read_minutes(request.user, meeting):
        raise Http404
    return render_minutes(request, meeting)


def render_minutes(request: HttpRequest, meeting: Meeting, **more: Any) -> HttpResponse:
    """``form``: a decision that was refused; ``comment_form``; ``error``; ``item``: the item it belongs to."""
    is_writer = selectors.may_take_minutes(request.user, meeting)
    language = read_language(request, meeting) if is_writer else current_language()
    boards = selectors.read_board(meeting, language=language, is_reading=not is_writer)
    chosen = _choose_board(request, boards, more.get("item"))
    rows = attendance.list_attendance(meeting)
    error: BogetError | None = more.get("error")
    form = more.get("form")
    context = {
        **describe_page(meeting),
        "trail": build_trail(meeting, (pgettext("of a meeting", "Minutes"), "")),
        "chip": CHIPS[meeting.state],  # type: ignore[index]
        "boards": boards,
        "board": chosen,
        "next_board": next((b for b in boards if chosen and b.number == chosen.number + 1), None),
        "language": language,
        "languages_of_minutes": [(code, code == language) for code in LANGUAGES],
        "is_writer": is_writer,
        "is_open": meeting.state in TAKING,
        "is_live": meeting.state in ("adopted", "held"),
        "quorum": attendance.count_quorum(meeting, rows),
        "rows": rows,
        "briefing": agenda.brief_items(meeting, [chosen.item], request.user).get(chosen.item.pk) if chosen else None,
        "form": form or (DecisionForm(meeting=meeting) if is_writer else None),
        "has_refused": form is not None,
        "decisions": selectors.list_decisions(meeting),
        "comments": selectors.list_comments(meeting),
        "comment_form": more.get("comment_form") or CommentForm(meeting=meeting),
        "may_comment": selectors.may_comment(request.user, meeting),
        "versions": selectors.list_readable_versions(request.user, meeting),
        "error": translate(error) if error else "",
    }
    if request.GET.get("f") == "board":
        return render(request, "meetings/minutes_board.html", context)
    status = choose_status(error) if error else UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "meetings/minutes.html", context, status=status)


def _choose_board(request: HttpRequest, boards: list[selectors.ItemBoard], item: AgendaItem | None) -> Any:
    """The item asked for, else the one under discussion, else the first."""
    wanted = item.pk if item else int(request.GET["item"]) if request.GET.get("item", "").isdecimal() else 0
    for board in boards:
        if board.item.pk == wanted:
            return board
    return next((board for board in boards if board.is_current), boards[0] if boards else None)


def read_language(request: HttpRequest, meeting: Meeting) -> str:
    """The language that is typed or read: asked for by ``?in=``, else that of the minutes."""
    wanted = request.GET.get("in") or request.POST.get("in") or meeting.minutes_language
    return wanted if wanted in LANGUAGES else meeting.minutes_language


@require_GET
@for_secretary
def read_state(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Versions and who types where, for the other windows."""
    language = read_language(request, meeting)
    return JsonResponse(selectors.read_state(meeting, language=language, user=request.user))


@require_GET
@for_secretary
def show_part(request: HttpRequest, meeting: Meeting, *, pk: int, part: str) -> HttpResponse:
    """One part anew: after a conflict, or because another window saved it."""
    language = read_language(request, meeting)
    for board in selectors.read_board(meeting, language=language):
        for row in board.parts:
            if board.item.pk == pk and row.part == part:
                context = {"meeting": meeting, "board": board, "row": row, "language": language, "is_writer": True}
                return render(request, "meetings/minutes_part.html", context)
    raise Http404


@require_POST
@for_secretary
def save_part(request: HttpRequest, meeting: Meeting, *, pk: int, part: str) -> HttpResponse:
    """Save one part. By script the answer is JSON; 409 means that both texts are kept and wait to be merged."""
    item = find_item(meeting, pk)
    html = request.POST.get("html", "")
    try:
        saved = services.save_block(
            item,
            part,
            read_language(request, meeting),
            html=html if "<" in html else write_plain_html(html),
            version=_read_number(request.POST.get("version", "")),
            by=request.user,
        )
    except BogetError as error:
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"message": translate(error)}, status=choose_status(error))
        return render_minutes(request, meeting, error=error, item=item)
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect(_address(request, meeting, item))
    status = CONFLICT if saved.lost is not None else 200
    time = timezone.localtime(saved.block.edited_at).strftime("%H:%M:%S") if saved.block.edited_at else ""
    return JsonResponse({"version": saved.block.version, "time": time}, status=status)


@require_POST
@for_secretary
def settle_part(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Merge a text that came too late: the merged text, or the other one stays."""
    rows = MinuteBlockVersion.objects.select_related("block__item__meeting")
    lost = rows.filter(pk=pk, is_conflict=True, block__item__meeting=meeting).first()
    if lost is None:
        raise Http404
    html = request.POST.get("html", "")
    text = None if request.POST.get("take") == "theirs" else html if "<" in html else write_plain_html(html)
    version = _read_number(request.POST.get("version", ""))
    try:
        services.settle_conflict(lost, html=text, version=version, by=request.user)
    except BogetError as error:
        return render_minutes(request, meeting, error=error, item=lost.block.item)
    return redirect(_address(request, meeting, lost.block.item))


@require_POST
@for_secretary
def hold_part(request: HttpRequest, meeting: Meeting, *, pk: int, part: str) -> HttpResponse:
    """Say that one types here."""
    services.hold_block(find_item(meeting, pk), part, read_language(request, meeting), by=request.user)
    return HttpResponse(status=204)


@require_POST
@for_secretary
def open_item(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Go on to an item: it is the one under discussion."""
    item = find_item(meeting, pk)
    try:
        services.open_item(meeting, item, by=request.user)
    except BogetError as error:
        return render_minutes(request, meeting, error=error, item=item)
    return redirect(_address(request, meeting, item))


def find_item(meeting: Meeting, pk: int) -> AgendaItem:
    item = meeting.items.select_related("meeting__group").filter(pk=pk).first()
    if item is None:
        raise Http404
    return item


def _address(request: HttpRequest, meeting: Meeting, item: AgendaItem) -> str:
    language = read_language(request, meeting)
    asked = f"&in={language}" if language != meeting.minutes_language else ""
    return f"{reverse('meetings:minutes', args=[meeting.number])}?item={item.pk}{asked}"


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1
