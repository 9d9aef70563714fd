"""The one door for writes: what is stored, what the log keeps, that a failure leaves nothing, that undo brings all back."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boget.portal.core.errors import Conflict
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM, Actor, verify_chain
from boget.portal.core.signals import record_changed
from boget.portal.registry import services
from boget.portal.registry.choices import EvidenceKind
from boget.portal.registry.fields import DICTIONARY, Field, find_field, list_fields
from boget.portal.registry.models import Dam, Facility, IdCounter, Impoundment
from boget.portal.registry.selectors.past import read_values_at_version
from boget.portal.registry.services import NewFacility, Source
from boget.portal.registry.values import Claim, Value
from boget.science.errors import InvalidInput
from boget.science.units import UNITS

WRITER = Actor("writer@test.boget", "Writer", "Test")
SOURCE = Source("Survey 14-2", "annual survey")
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def state() -> tuple[Any, ...]:
    return tuple(list(model.objects.order_by("pk").values()) for model in (Facility, Impoundment, Dam, Revision))


def change(record: Any, version: int | None = None, **values: Any) -> Revision:
    record.refresh_from_db()
    claims = {code: v if isinstance(v, Claim) or v is None else Claim(v) for code, v in values.items()}
    return services.change_values(record, claims, source=SOURCE, actor=WRITER, version=version or record.version)


@pytest.fixture
def facility(make_facility: Any) -> Any:
    return make_facility(impoundments=[{"volume_m3": 2e6}], dams=[{"height_m": 20.0}])


# --- strategies ----------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(lambda t: t.strip())
PARTIAL = st.sampled_from(["", "2019", "2019-Q3", "2019-05", "2019-05-31"])
FIELDS = [
    f for f in list_fields("facility") if f.code not in {"consequence_class", "classification_system"} and not f.is_geometry
]


def list_values(field: Field) -> st.SearchStrategy[Any]:
    if field.choices is not None:
        return st.sampled_from(field.choices.values)
    if field.kind in {"integer", "year"}:
        return st.integers(int(field.minimum or 0), int(field.maximum or 0))
    if field.kind == "number":
        return st.floats(field.minimum, field.maximum, allow_nan=False)
    return PARTIAL.filter(bool) if field.kind == "date" else TEXT


@st.composite
def draw_claim(draw: Any, field: Field) -> Claim | None:
    """Any claim that the field takes; None makes it unknown."""
    if draw(st.integers(0, 5)) == 0:
        return None
    value = draw(list_values(field))
    low = high = None
    if field.is_numeric and draw(st.booleans()):
        low, high = draw(st.floats(field.minimum, value)), draw(st.floats(value, field.maximum))
    return Claim(
        value,
        source=draw(st.one_of(st.just(""), TEXT)),
        low=low,
        high=high,
        kind=draw(st.sampled_from(EvidenceKind.values)),
        about=draw(st.booleans()),
        date=draw(PARTIAL),
        confidence=draw(st.sampled_from(["", "high", "low"])),
    )


@st.composite
def draw_changes(draw: Any) -> dict[str, Claim | None]:
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4, unique_by=lambda f: f.code))
    return {field.code: draw(draw_claim(field)) for field in fields}


# --- round trips ---------------------------------------------------------------------------------------------------


@SLOW
@given(st.lists(draw_changes(), min_size=1, max_size=4))
def test_undoing_everything_brings_everything_back(facility: Any, steps: list[dict[str, Claim | None]]) -> None:
    with transaction.atomic():
        facility.refresh_from_db()
        columns = Facility.objects.filter(pk=facility.pk).values().get()
        snapshots, revisions = [facility.values], []
        for claims in steps:
            try:
                revisions.append(change(facility, **claims))
            except InvalidInput as refused:
                assert refused.code == "nothing_changed"
                continue
            facility.refresh_from_db()
            snapshots.append(facility.values)
        for revision, before in zip(reversed(revisions), reversed(snapshots[:-1]), strict=True):
            services.undo_revision(revision, reason="back", actor=WRITER)
            facility.refresh_from_db()
            assert facility.values == before
        after = Facility.objects.filter(pk=facility.pk).values().get()
        moved = {"version", "updated_at"}
        assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in columns.items() if k not in moved}
        assert verify_chain().is_sound
        transaction.set_rollback(True)


@SLOW
@given(draw_changes())
def test_what_is_stored_reads_back_as_it_was(facility: Any, claims: dict[str, Claim | None]) -> None:
    with transaction.atomic():
        try:
            change(facility, **claims)
        except InvalidInput as refused:
            assert refused.code == "nothing_changed"
        facility.refresh_from_db()
        for code, claim in claims.items():
            value = Value.read(facility.values.get(code))
            assert value.to_stored() == (facility.values.get(code) or {"shown": None})
            if claim is None:
                assert value.shown is None
                continue
            assert value.shown is not None
            for name in ("low", "high", "kind", "about", "date", "confidence"):
                assert getattr(value.shown, name) == getattr(claim, name), name
            assert value.shown.source == (unicodedata.normalize("NFC", claim.source).strip() or SOURCE.text)
            if not isinstance(claim.value, str):
                assert value.shown.value == claim.value
        transaction.set_rollback(True)


@SLOW
@given(st.lists(draw_changes(), min_size=1, max_size=4))
def test_each_version_can_be_rebuilt_from_the_log(facility: Any, steps: list[dict[str, Claim | None]]) -> None:
    with transaction.atomic():
        for claims in steps:
            try:
                change(facility, **claims)
            except InvalidInput:
                continue
            facility.refresh_from_db()
            rebuilt = read_values_at_version(facility, facility.version)
            assert {c: v.to_stored() for c, v in rebuilt.items() if v.claims} == facility.values
        transaction.set_rollback(True)


@SLOW
@given(st.lists(draw_claim(find_field("facility", "elevation_m")), min_size=2, max_size=6))
def test_no_source_is_ever_lost(facility: Any, claims: list[Claim | None]) -> None:
    with transaction.atomic():
        said: list[Claim] = []
        for claim in claims:
            try:
                change(facility, elevation_m=claim)
            except InvalidInput as refused:
                assert refused.code == "nothing_changed"
                continue
            facility.refresh_from_db()
            value = Value.read(facility.values["elevation_m"])
            assert all(any(old.says_the_same(kept) for kept in value.claims) for old in said)
            said += [value.shown] if value.shown else []
        transaction.set_rollback(True)


# --- single rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("low", [0.0, -0.0])
def test_an_end_at_zero_is_an_end(low: float) -> None:
    stored = Claim(5.0, low=low, high=9.0, interval="declared_range").to_stored()
    assert Claim.from_stored(stored).low == 0.0
    assert "low" not in Claim(5.0).to_stored() and "about" not in Claim(5.0).to_stored()


def test_every_numeric_field_has_limits_and_a_known_unit() -> None:
    for field in DICTIONARY.values():
        assert not field.unit or field.unit in UNITS, field.code
        if field.is_numeric:
            assert field.minimum is not None and field.maximum is not None, field.code


@pytest.mark.parametrize("field", [f for f in DICTIONARY.values() if f.is_numeric], ids=lambda f: f"{f.of}.{f.code}")
def test_the_ends_of_a_field_are_inside(field: Field, facility: Any) -> None:
    record = {"facility": facility, "impoundment": facility.impoundments.get(), "dam": facility.dams.get()}[field.of]
    assert field.minimum is not None and field.maximum is not None
    for value in (field.minimum, field.maximum):
        change(record, **{field.code: Claim(value, low=value, high=value)})
        record.refresh_from_db()
        assert record.value_of(field.code) == value
    before = state()
    for value in (field.minimum - 1, field.maximum * 2, float("nan"), float("inf"), True, "5", None.__class__):
        with pytest.raises(InvalidInput):
            change(record, **{field.code: Claim(value)})
    assert state() == before


@pytest.mark.parametrize(
    "field", [f for f in DICTIONARY.values() if f.kind in {"text", "long_text"}], ids=lambda f: f"{f.of}.{f.code}"
)
def test_a_text_is_no_longer_than_its_column(field: Field, facility: Any) -> None:
    record = {"facility": facility, "impoundment": facility.impoundments.get(), "dam": facility.dams.get()}[field.of]
    column = next((c for c in record._meta.concrete_fields if c.name == field.code and c.max_length), None)
    limit = min(500, column.max_length) if column else 500 if field.kind == "text" else 20_000
    if field.code != "consequence_class":
        change(record, **{field.code: "х" * limit})
    with pytest.raises(InvalidInput) as refused:
        change(record, **{field.code: "х" * (limit + 1)})
    assert refused.value.code == "too_long"


def test_a_date_that_is_in_no_calendar_is_refused(facility: Any) -> None:
    for text in ("2026-02-31", "2025-02-29", "2026-7", "26"):
        with pytest.raises(InvalidInput) as refused:
            change(facility, status_date=text)
        assert refused.value.code == "not_a_date"
        with pytest.raises(InvalidInput):
            change(facility, district=Claim("x", date=text))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Source("", "why"), "source_missing"),
        (Source("  ", "why"), "source_missing"),
        (Source("a", " "), "reason_missing"),
        (Source("a", "x" * 2001), "too_long"),
    ],
)
def test_no_change_without_source_and_reason(source: Source, code: str, facility: Any) -> None:
    before = state()
    for write in (
        lambda: services.change_values(facility, {"district": Claim("x")}, source=source, actor=WRITER, version=1),
        lambda: services.add_claim(facility, "district", Claim("x"), source=source, actor=WRITER, is_proposal=False),
        lambda: services.propose_values(facility, {"district": Claim("x")}, source=source, actor=WRITER),
    ):
        with pytest.raises(InvalidInput) as refused:
            write()
        assert refused.value.code == code
    assert state() == before


def test_a_version_of_the_past_is_a_conflict(facility: Any) -> None:
    change(facility, district="First")
    before = state()
    with pytest.raises(Conflict) as refused:
        change(facility, 1, district="Second")
    assert refused.value.context["who"] == "Writer"
    assert state() == before


def test_a_failure_after_the_write_leaves_nothing(facility: Any) -> None:
    def fail(**kwargs: Any) -> None:
        raise InvalidInput("range", where="listener")

    before = state()
    record_changed.connect(fail)
    try:
        for write in (
            lambda: change(facility, district="x"),
            lambda: services.propose_values(
                facility, {"district": Claim("x"), "mine": Claim("y")}, source=SOURCE, actor=WRITER
            ),
            lambda: services.set_disclosure(facility, "draft", reason="a", actor=WRITER),
            lambda: services.add_structure(facility, "dam", {"name": Claim("x")}, actor=WRITER, source="a", reason="b"),
            lambda: services.register_facilities(
                [NewFacility("KZ", {"name_en": Claim("x")})], actor=WRITER, source="a", reason="b"
            ),
        ):
            with pytest.raises(InvalidInput):
                write()
            assert state() == before
    finally:
        record_changed.disconnect(fail)


def test_a_listener_hears_of_each_write_once(facility: Any) -> None:
    heard: list[list[int]] = []

    def listen(facility_ids: list[int], **kwargs: Any) -> None:
        heard.append(facility_ids)

    record_changed.connect(listen)
    try:
        change(facility, district="x")
        change(facility.dams.get(), height_m=30.0)
        services.set_disclosure(facility, "draft", reason="a", actor=WRITER)
    finally:
        record_changed.disconnect(listen)
    assert heard == [[facility.pk]] * 3


def test_an_unknown_field_is_refused(facility: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(facility, height_m=5.0)
    assert refused.value.code == "unknown_field"


def test_proposals_never_touch_shown_values_or_columns(facility: Any) -> None:
    dam = facility.dams.get()
    shown, updated = dam.values["height_m"]["shown"], facility.updated_at
    services.propose_values(dam, {"height_m": Claim(99.0), "core": Claim("clay")}, source=SOURCE, actor=WRITER)
    dam.refresh_from_db()
    facility.refresh_from_db()
    assert dam.values["height_m"]["shown"] == shown and dam.values["core"]["shown"] is None
    assert (dam.height_m, facility.height_m, facility.is_disputed, facility.updated_at) == (20.0, 20.0, False, updated)


def test_sums_are_unknown_when_a_part_is(facility: Any) -> None:
    assert facility.volume_m3 == 2e6
    services.add_structure(facility, "impoundment", {"name": Claim("second")}, actor=WRITER, source="a", reason="b")
    facility.refresh_from_db()
    assert facility.volume_m3 is None and facility.structures_count == 3


def test_ids_are_never_given_twice(make_facility: Any) -> None:
    assert [make_facility(name_en=name).public_id for name in ("North", "South")] == ["KZ-0001", "KZ-0002"]
    services.set_disclosure(Facility.objects.get(public_id="KZ-0002"), "retired", reason="double", actor=SYSTEM)
    assert make_facility(name_en="East").public_id == "KZ-0003"
    IdCounter.objects.filter(country="KZ").update(last=899)
    assert make_facility(name_en="West").public_id == "KZ-1000"  # 900 to 999 are for examples
    with pytest.raises(InvalidInput):
        make_facility(public_id="KZ-0001")


def test_a_hidden_change_moves_no_date_that_the_public_sees(facility: Any) -> None:
    before = facility.updated_at
    change(facility, contact="hidden")
    facility.refresh_from_db()
    assert facility.updated_at == before
    change(facility, district="open")
    facility.refresh_from_db()
    assert facility.updated_at > before
