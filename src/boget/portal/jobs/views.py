"""Pages of the queue: one's own jobs, for the secretary all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from boget.portal.accounts.selectors import access_of
from boget.portal.jobs import selectors, services
from boget.portal.jobs.models import EventKind, Job, JobEvent, JobState
from boget.portal.jobs.paging import cut_page

CHIPS = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "neutral",
}
FAULTY = {EventKind.FAILED, EventKind.ATTEMPT_FAILED}


@login_required
@never_cache
@require_GET
def list_jobs(request: HttpRequest) -> HttpResponse:
    """Jobs, the newest first, with a count for each state; ``?state=`` and ``?page=`` in the address."""
    visible = selectors.jobs_visible_to(request.user)
    counts = selectors.count_states(visible)
    state = request.GET.get("state", "")
    chosen = visible.filter(state=state) if state in JobState.values else visible
    page, pager = cut_page(request, chosen)
    context = {
        "pager": pager if page.has_other_pages() else None,
        "rows": [(job, CHIPS[JobState(job.state)], round(100 * job.progress)) for job in page],
        "states": [(code, label, counts[code], code == state) for code, label in JobState.choices],
        "total": sum(counts.values()),
        "state": state,
        "is_alive": selectors.is_worker_alive(),
    }
    return render(request, "jobs/jobs.html", context)


@login_required
@never_cache
@require_GET
def show_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """One job; the progress alone for a page that asks again by itself."""
    context = _describe(request, _find(request, public_id))
    name = "jobs/progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_POST
def cancel_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the job out of the queue, or ask its run to stop."""
    services.cancel_job(_find(request, public_id), by=request.user)
    return redirect("jobs:job", public_id)


@login_required
@require_POST
def retry_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a failed or cancelled job into the queue again."""
    services.retry_job(_find(request, public_id), by=request.user)
    return redirect("jobs:job", public_id)


def _find(request: HttpRequest, public_id: str) -> Job:
    job = selectors.find_job(request.user, public_id)
    if job is None:
        raise Http404
    return job


def _describe(request: HttpRequest, job: Job) -> dict[str, Any]:
    events = list(job.events.select_related("job"))
    return {
        "job": job,
        "chip": CHIPS[JobState(job.state)],
        "percent": round(100 * job.progress),
        "elapsed_s": _measure(job),
        "fault": _say_fault(job, is_full=access_of(request.user).can_administer),
        "will_repeat": job.state == JobState.WAITING and job.error_code != "",
        "story": [(event, event.words, _say_detail(event)) for event in events],
        "result_url": _find_result(job),
        "is_alive": not job.is_live or selectors.is_worker_alive(),
    }


def _measure(job: Job) -> float | None:
    """Seconds from the start of the last run to its end or to now."""
    if job.started_at is None:
        return None
    spent: dt.timedelta = (job.finished_at or timezone.now()) - job.started_at
    return max(spent.total_seconds(), 0.0)


def _say_fault(job: Job, *, is_full: bool) -> str | Promise:
    """Why the last attempt failed. The message of an internal error may hold anything: only the secretary sees it."""
    if is_full and job.error_message:
        return job.error_message
    return services.INNER_FAULTS.get(job.error_code, job.error_message)


def _say_detail(event: JobEvent) -> str | Promise:
    return services.INNER_FAULTS.get(event.detail, event.detail) if event.kind in FAULTY else ""


def _find_result(job: Job) -> str:
    """Address of the result; only one of this site, for a link is made of it."""
    url = job.result.get("url", "") if job.state == JobState.DONE and isinstance(job.result, dict) else ""
    return url if isinstance(url, str) and url.startswith("/") and not url.startswith("//") else ""
