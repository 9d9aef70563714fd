"""Pages of the queue: who sees which job, what it says, cancelling and repeating."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.jobs import services
from boget.portal.jobs.models import Job, JobState
from boget.portal.jobs.worker import Worker

pytestmark = pytest.mark.django_db
CODE = "test.work"
ROLES = ["secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous"]


@pytest.fixture
def job(time: Any, cast: Any, register: Any) -> Job:
    """A job of the operator."""
    register(lambda context: {"url": "/reports/1/"}, label="Progress report")
    return services.request_job(CODE, by=cast["operator"])


def address(job: Job, action: str = "") -> str:
    return f"/jobs/{job.public_id}/{action}"


@pytest.mark.parametrize("role", ROLES)
def test_a_job_is_open_to_who_asked_and_to_the_secretary(role: str, clients: Any, job: Job) -> None:
    expected = 302 if role == "anonymous" else 200 if role in {"operator", "secretary"} else 404
    assert clients[role].get(address(job)).status_code == expected
    for action in ("cancel/", "retry/"):
        assert clients[role].post(address(job, action)).status_code == (404 if expected == 404 else 302)
        assert clients[role].get(address(job, action)).status_code in {302, 405}
    job.refresh_from_db()
    assert job.state == (JobState.WAITING if role not in {"operator", "secretary"} else job.state)


@pytest.mark.parametrize("role", ROLES[:-1])
def test_the_list_counts_only_what_is_open(role: str, clients: Any, job: Job) -> None:
    page = clients[role].get("/jobs/")
    is_open = role in {"operator", "secretary"}
    assert (job.public_id in page.content.decode()) == is_open
    assert page.context["total"] == (1 if is_open else 0)


def test_a_job_is_closed_with_the_role_that_opened_its_kind(cast: Any, register: Any) -> None:
    open_to: set[Any] = {cast["expert"].pk}
    register(lambda context: None, is_open_to=lambda user: user.pk in open_to)
    job = services.request_job(CODE, by=cast["expert"])
    assert cast["expert"].client.get(address(job)).status_code == 200
    open_to.clear()
    assert cast["expert"].client.get(address(job)).status_code == 404
    assert cast["expert"].client.get("/jobs/").context["total"] == 0


@pytest.mark.parametrize("wrong", ["J-999999", "J-1", "j-000001", "000001", "J-99999999999999999999"])
def test_an_absent_job_is_not_found(wrong: str, clients: Any, job: Job) -> None:
    assert clients["secretary"].get(f"/jobs/{wrong}/").status_code == 404


def test_a_live_job_is_asked_for_again_with_and_without_scripts(clients: Any, job: Job) -> None:
    page = clients["operator"].get(address(job)).content.decode()
    assert f'hx-get="{address(job)}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    fragment = clients["operator"].get(address(job), headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div id="job"')
    assert "HX-Request" in fragment.headers["Vary"]


def test_an_ended_job_is_not_asked_for_again_and_leads_to_its_result(clients: Any, job: Job) -> None:
    Worker().work_off()
    page = clients["operator"].get(address(job)).content.decode()
    assert "every 2s" not in page and "http-equiv" not in page
    assert '<a class="button button-primary" href="/reports/1/">' in page
    assert "Cancel the job" not in page and "Repeat the job" not in page


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "javascript:alert(1)", None, 7])
def test_a_result_leads_nowhere_else(url: Any, clients: Any, job: Job) -> None:
    Job.objects.update(state=JobState.DONE, result={"url": url})
    assert clients["operator"].get(address(job)).context["result_url"] == ""


def test_cancelling_and_repeating_by_the_buttons(clients: Any, job: Job) -> None:
    clients["operator"].post(address(job, "cancel/"))
    assert Job.objects.get().state == JobState.CANCELLED
    assert "Repeat the job" in clients["operator"].get(address(job)).content.decode()
    clients["operator"].post(address(job, "retry/"))
    assert Job.objects.get().state == JobState.WAITING


def test_an_internal_error_is_shown_to_the_secretary_only(clients: Any, cast: Any, register: Any) -> None:
    def crash(context: Any) -> None:
        raise ValueError("/secret/path")

    register(crash, max_attempts=1)
    job = services.request_job(CODE, by=cast["operator"])
    Worker().work_off()
    own = clients["operator"].get(address(job)).content.decode()
    assert "/secret/path" not in own and "an internal error" in own
    assert "ValueError: /secret/path" in clients["secretary"].get(address(job)).content.decode()


def test_a_lost_lease_is_visible(clients: Any, job: Job, time: Any) -> None:
    services.claim_next([CODE], worker="dead")
    time.advance(minutes=1)
    services.recover_lost()
    page = clients["operator"].get(address(job)).content.decode()
    assert "restarted: 1" in page
    assert "the worker stopped answering" in page


def test_the_absence_of_workers_is_said(clients: Any, job: Job, time: Any) -> None:
    assert "No worker was seen" in clients["operator"].get(address(job)).content.decode()
    services.mark_worker("test")
    assert "No worker was seen" not in clients["operator"].get(address(job)).content.decode()
    time.advance(minutes=3)
    assert "No worker was seen" in clients["operator"].get("/jobs/").content.decode()


def test_the_list_is_filtered_and_cut_with_few_queries(
    clients: Any, cast: Any, register: Any, django_assert_max_num_queries: Any
) -> None:
    register(lambda context: None)
    for _number in range(60):
        services.request_job(CODE, by=cast["operator"])
    with django_assert_max_num_queries(12):
        page = clients["operator"].get("/jobs/?state=waiting&page=2")
    assert len(page.context["rows"]) == 10
    assert 'href="?state=waiting&amp;page=1"' in page.content.decode()
    assert len(clients["operator"].get("/jobs/?state=done").context["rows"]) == 0


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_pages_read_in_every_language(language: str, clients: Any, job: Job) -> None:
    page = clients["operator"].get(f"{address(job)}?lang={language}").content.decode()
    for english in ("Cancel the job", "What happened", "Reload", "waiting", "Jobs", "Notifications"):
        assert f">{english}<" not in page, english
