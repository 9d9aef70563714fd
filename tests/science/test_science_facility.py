"""Facility structures: nothing impossible gets in, unknown stays unknown."""

import pytest

from boget.science.errors import InvalidInput
from boget.science.facility import Dam, Facility, Impoundment, Pond, Span, Tailings
from boget.science.facility.span import add_spans


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Dam(fos=-0.1), "range"),
        (lambda: Dam(height=Span(-1.0)), "range"),
        (lambda: Dam(height=Span(5.0, -1.0, 6.0)), "range"),
        (lambda: Dam(foundation="sand"), "unknown_choice"),  # type: ignore[arg-type]
        (lambda: Facility(pga_g=float("nan")), "not_finite"),
        (lambda: Facility(status="open"), "unknown_choice"),  # type: ignore[arg-type]
        (lambda: Facility(receiving_water="sea"), "unknown_choice"),  # type: ignore[arg-type]
        (lambda: Tailings(water_hazard_class=4), "unknown_choice"),
        (lambda: Pond(volume=Span(float("inf"))), "not_finite"),
        (lambda: Impoundment(stored_volume=Span(5.0, 6.0, 7.0)), "interval_order"),
    ],
)
def test_impossible_value_is_refused(make: object, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make()  # type: ignore[operator]
    assert caught.value.code == code


def test_empty_facility_knows_nothing() -> None:
    facility = Facility()
    assert (facility.pga_g, facility.is_flood_prone, facility.population_at_risk) == (None, None, None)
    assert Impoundment().stored_volume is None and Dam().fos is None and Tailings().is_radioactive is None


def test_spans_add_with_their_bounds() -> None:
    assert add_spans([Span(3.0, 2.0, 4.0), Span(1.0)]) == Span(4.0, 3.0, 5.0)
