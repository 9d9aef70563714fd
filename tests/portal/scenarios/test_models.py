"""What the tables themselves refuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from boget.portal.scenarios.models import Run, Screening, ScreeningRow

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SCREENING = {"network_version": "n", "code_version": "c", "input_hash": "h", "created_at": NOW}


def refuses(make: Any) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_an_outcome_has_its_hash() -> None:
    def make(**changes: Any) -> Run:
        given = {"scenario": {}, "network_version": "n", "code_version": "c", "input_hash": "h", "created_at": NOW, "started_at": NOW}
        return Run.objects.create(**{"public_id": f"R-{Run.objects.count()}", **given, **changes})

    assert refuses(lambda: make(outcome={"members": 1}))
    assert refuses(lambda: make(outcome_hash="a" * 64))
    assert make(outcome={"members": 1}, outcome_hash="a" * 64).is_done
    assert make().state == "failed", "no outcome and no job to make it"


def test_one_screening_is_current() -> None:
    Screening.objects.create(**SCREENING, is_current=True)
    assert refuses(lambda: Screening.objects.create(**SCREENING, is_current=True))
    assert Screening.objects.create(**SCREENING, is_current=False)


def test_a_row_of_the_screening_is_there_once_and_holds_shares(make_facility: Any) -> None:
    screening, facility = Screening.objects.create(**SCREENING), make_facility()
    ScreeningRow.objects.create(screening=screening, facility=facility, border="KZ-RU-1", p48=1.0)
    assert refuses(lambda: ScreeningRow.objects.create(screening=screening, facility=facility, border="KZ-RU-1"))
    assert refuses(lambda: ScreeningRow.objects.create(screening=screening, facility=facility, border="", p48=1.1))
    assert ScreeningRow.objects.create(screening=screening, facility=facility, border="").grade == "unknown"
