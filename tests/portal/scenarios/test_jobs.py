"""The forecast as a job: steps, cancelling, refused input, a lost worker; the screening asked for once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from boget.portal.jobs.models import Job
from boget.portal.jobs.services import cancel_job, retry_job
from boget.portal.jobs.worker import Worker
from boget.portal.notifications import letters
from boget.portal.notifications.models import OutboxEvent
from boget.portal.scenarios.models import Run, Screening
from boget.portal.scenarios.services import loading
from tests.portal.scenarios.conftest import SmallScience
from tests.portal.scenarios.test_services import ask

pytestmark = pytest.mark.django_db


def test_the_steps_are_told_and_the_person_who_asked_learns_of_the_end(
    cast: Any, facility_own: Any, science: SmallScience
) -> None:
    run = ask(facility_own, cast["expert"])
    Worker().work_off()
    steps = list(run.job.events.filter(kind="step").values_list("detail", flat=True))
    assert steps == ["inputs", "members", "results"]
    event = OutboxEvent.objects.get(topic="run", subject_id=run.public_id)
    subjects = {}
    for language in ("ru", "kk", "en"):
        with override(language):
            subjects[language] = letters.render_part(event, "subject")
            assert "0" in letters.render_part(event, "body") and letters.find_path(event) == f"/scenarios/runs/{run.public_id}/"
    assert subjects == {
        "ru": f"Прогноз по реке: Водозаборы Өскемена 37 ч (26–53) — {run.public_id}",
        "kk": f"Өзен болжамы: Өскемен су алғыштары 37 сағ (26–53) — {run.public_id}",
        "en": f"River forecast: Oskemen intakes 37 h (26–53) — {run.public_id}",
    }


def test_a_letter_of_a_real_release_tells_no_more_than_its_number(cast: Any, facility_own: Any, science: SmallScience) -> None:
    run = ask(facility_own, cast["secretary"], mode="real")
    Worker().work_off()
    event = OutboxEvent.objects.get(topic="run", subject_id=run.public_id)
    with override("en"):
        told = letters.render_part(event, "subject") + letters.render_part(event, "body")
    assert run.public_id in told and "Oskemen" not in told and "Ulba" not in told


def test_a_cancelled_run_has_no_outcome_and_may_be_asked_for_again(
    cast: Any, facility_own: Any, science: SmallScience, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boget.portal.jobs import running

    monkeypatch.setattr(running, "REPORT_EVERY_S", 0.0)
    run, compute = ask(facility_own, cast["expert"]), science.compute

    def compute_and_cancel(stored: Any, *, on_progress: Any, ports: Any = None) -> Any:
        cancel_job(run.job, by=cast["expert"])
        return compute(stored, on_progress=on_progress)

    monkeypatch.setattr("boget.portal.scenarios.services.computing.compute", compute_and_cancel)
    Worker().work_off()
    stopped = Run.objects.get(pk=run.pk)
    assert (stopped.state, stopped.outcome) == ("cancelled", None)
    monkeypatch.setattr("boget.portal.scenarios.services.computing.compute", compute)
    retry_job(stopped.job, by=cast["expert"])
    Worker().work_off()
    assert Run.objects.get(pk=run.pk).state == "done"


def test_a_waiting_run_is_cancelled_at_once(cast: Any, facility_own: Any, science: SmallScience) -> None:
    run = ask(facility_own, cast["expert"])
    cancel_job(run.job, by=cast["expert"])
    assert Run.objects.get().state == "cancelled"
    assert Worker().work_off() == 0
    assert not science.ran


def test_refused_input_fails_for_good_in_the_language_of_who_asked(
    cast: Any, facility_own: Any, science: SmallScience, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boget.science.errors import Unstable

    def refuse(*_args: Any, **_options: Any) -> Any:
        raise Unstable("not_finite", where="velocity", value="nan")

    monkeypatch.setattr("boget.portal.scenarios.services.computing.compute", refuse)
    run = ask(facility_own, cast["expert"])
    Worker().work_off()
    run.refresh_from_db()
    assert (run.state, run.job.attempts, run.job.error_code) == ("failed", 1, "not_finite")
    assert "finite" in run.job.error_message


def test_a_run_that_has_its_outcome_is_not_computed_again(cast: Any, facility_own: Any, science: SmallScience) -> None:
    run = ask(facility_own, cast["expert"])
    Worker().work_off()
    Job.objects.filter(pk=run.job.pk).update(state="waiting", finished_at=None)
    Worker().work_off()
    assert len(science.ran) == 1
    assert Job.objects.get(pk=run.job.pk).result["url"].endswith(f"{run.public_id}/")


def test_the_screening_is_asked_for_once(facility_own: Any, science: SmallScience) -> None:
    from django.utils import timezone

    assert loading.ask_for_screening()
    loading.ask_for_screening()
    assert Job.objects.filter(kind="river_screening").count() == 1
    Job.objects.all().delete()
    made = {"network_version": science.version, "code_version": "c", "input_hash": "h", "created_at": timezone.now()}
    Screening.objects.create(**made, is_current=True)
    assert not loading.ask_for_screening()
    science.version = "another"
    assert loading.ask_for_screening()


def test_an_empty_register_asks_for_no_screening(db: None, science: SmallScience) -> None:
    assert not loading.ask_for_screening()
    assert not Job.objects.exists()
