"""Kinds of jobs: registered by an app in its ``apps.py``, as panels and navigation are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from boget.portal.jobs.running import JobContext

Result = Mapping[str, Any] | None


class JobInterrupted(BaseException):
    """Raised inside a job by its context. No Exception, so that a job that survives errors of single items lets it through."""


class LeaseLost(JobInterrupted):
    """Another worker has, or will have, this job: whatever this one still writes is rolled back."""


class JobCancelled(JobInterrupted):
    """Somebody pressed Cancel."""


class JobStopped(JobInterrupted):
    """The worker is being shut down; the job goes back to the queue without having failed."""


class JobTimedOut(JobInterrupted):
    """The job ran longer than its kind allows."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a job of this kind does and who may ask for it.

    ``run`` gets a `JobContext` and returns what JSON can hold; ``url`` in it is the address of "Open result".
    ``steps`` are the words for the step codes that the run reports. An ``is_announced`` job tells who asked for it that it
    ended. The key of an ``is_repeating`` kind is free again when the job ends, and such a job never fails for good.
    """

    code: str
    label: str | Promise
    run: Callable[[JobContext], Result]
    max_attempts: int = 3
    timeout: dt.timedelta = dt.timedelta(minutes=30)
    is_open_to: Callable[[Any], bool] = lambda user: False
    steps: Mapping[str, str | Promise] = field(default_factory=lambda: MappingProxyType({}))
    is_announced: bool = False
    is_repeating: bool = False


@dataclass(frozen=True, slots=True)
class Chore:
    """A job of a repeating kind that workers ask for by themselves as often as ``is_due`` says so; one at a time."""

    kind: str
    is_due: Callable[[dt.datetime], bool]


_kinds: dict[str, JobKind] = {}
_chores: dict[str, Chore] = {}


def register_kind(kind: JobKind) -> None:
    _kinds[kind.code] = kind


def register_chore(chore: Chore) -> None:
    """Let workers ask for jobs of this kind, which is registered as repeating."""
    _chores[chore.kind] = chore


def find_kind(code: str) -> JobKind | None:
    """The kind, or None for one that no installed app knows any more."""
    return _kinds.get(code)


def list_kinds() -> list[JobKind]:
    return list(_kinds.values())


def list_chores() -> list[Chore]:
    return list(_chores.values())
