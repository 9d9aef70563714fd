"""Many rows at once are what Django would have written one by one."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from django.db import connection

from boget.portal.core.bulk import insert_rows, postpone_collection
from boget.portal.registry.models import Facility, Impoundment, Score
from tests.facilities import describe_facility, register_all, score

pytestmark = pytest.mark.django_db


def read_row(model: Any, public_id: str) -> dict[str, Any]:
    """As it lies in the table, without what differs between two records."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE public_id = %s', [public_id])  # noqa: S608 - our own table
        row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    return {name: value for name, value in row.items() if name not in {"id", "public_id"}}


@pytest.mark.parametrize("model", [Facility, Impoundment])
def test_a_row_is_the_one_that_saving_writes(model: Any) -> None:
    register_all([describe_facility(name_kk="Қойма", start_year=1957, impoundments=[{"volume_m3": 2.5e6, "name": "№ 1"}])])
    record = model.objects.get()
    for name, write in (("many", lambda twin: insert_rows([twin])), ("one", lambda twin: twin.save())):
        twin = model.objects.get(pk=record.pk)
        twin.pk, twin._state.adding, twin.public_id = None, True, name
        write(twin)
    assert read_row(model, "many") == read_row(model, "one") == read_row(model, record.public_id)
    assert json.loads(read_row(model, "many")["values"]) == record.values


def test_a_row_of_the_same_key_is_replaced_and_no_other(make_facility: Any) -> None:
    facility, other = make_facility(name_en="North"), make_facility(name_en="South")
    before = Score.objects.filter(facility=other).values_list()
    kept = list(before)
    insert_rows([score(facility, 7.5), score(facility, 8.5, level=2)], replaces=("facility", "index", "level"))
    found = Score.objects.filter(facility=facility, index="thi").order_by("level")
    assert list(found.values_list("level", "value", "low")) == [(0, 7.5, 5.5), (2, 8.5, 6.5)]
    assert list(before.all()) == kept


def test_collection_goes_on_afterwards_whatever_happened() -> None:
    with pytest.raises(ZeroDivisionError), postpone_collection():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
