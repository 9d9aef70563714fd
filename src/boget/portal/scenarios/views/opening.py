"""What every page of the scenarios begins with: the run of an address, and 404 for what is not open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors.rights import facilities_computable_by, may_read, may_request_anywhere
from boget.portal.scenarios.selectors.runs import read_run
from boget.portal.scenarios.services import rivers
from boget.science.errors import BogetError


def require_reader(request: HttpRequest) -> None:
    """404 for a person without a role."""
    if not may_read(request.user):
        raise Http404


def open_run(request: HttpRequest, public_id: str) -> Run:
    """The run of an address; refused and absent are the same."""
    run = read_run(request.user, public_id)
    if run is None:
        raise Http404
    return run


def build_trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb: the list of scenarios, then further steps; the last one has no address."""
    return [(_("Scenarios"), reverse("scenarios:home")), *more]


def trail_of(run: Run, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumb of a run: list, facility, run, then further steps."""
    steps: list[tuple[Any, str]] = []
    if run.facility is not None:
        steps.append((run.facility.public_id, reverse("registry:facility", args=[run.facility.public_id])))
    steps.append((run.public_id, find_address(run) if more else ""))
    return build_trail(*steps, *more)


def find_address(run: Run) -> str:
    return reverse("scenarios:run", args=[run.public_id])


def read_substances() -> Mapping[str, Any]:
    """The catalogue; empty where the folder of map data is gone, so that what was computed stays readable."""
    try:
        return rivers.open_rivers().substances
    except BogetError:
        return {}


def may_run(request: HttpRequest, run: Run) -> bool:
    """Whether the person may compute again what this run is about."""
    if run.facility_id is None:
        return may_request_anywhere(request.user)
    return facilities_computable_by(request.user).filter(pk=run.facility_id).exists()
