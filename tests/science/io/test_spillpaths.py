"""The text code of lines and the reader of the embedded spill paths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput
from boget.science.io.spillpaths import PATH_COLUMNS, decode_line, encode_line, read_spill_paths

POINTS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30)


@given(POINTS)
def test_a_line_comes_back_rounded_to_a_thousandth(points: list[tuple[float, float]]) -> None:
    back = decode_line(encode_line(points))
    assert back.shape == (len(points), 2)
    assert np.max(np.abs(back - np.array(points))) <= 0.0005 + 1e-9


def test_known_line_of_the_polyline_code() -> None:
    """The published example of the code, at a hundredth of its precision: 38.5 N 120.2 W, 40.7 N 120.95 W."""
    assert decode_line(encode_line([(-120.2, 38.5), (-120.95, 40.7)])).tolist() == [[-120.2, 38.5], [-120.95, 40.7]]
    assert encode_line([(0.001, -0.001)]) == "@A", "zig-zag: -1 is 1, 1 is 2, each above 63"


@pytest.mark.parametrize("text", ["q", "qiaB", "qiaBwbbD ", "qiaBwbbDé", "A"])
def test_damaged_line_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        decode_line(text)
    assert caught.value.code == "line_code"


def test_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "paths.csv"
    path.write_text(",".join(name for name in PATH_COLUMNS if name != "slope") + "\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_spill_paths(path)
    assert (caught.value.code, caught.value.value) == ("missing_column", "slope")


def test_gap_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "paths.csv"
    row = ["1", "2", "5", "200", "300", "0.001", "", "", "", "", "KZ", "0", "", encode_line([(80, 50), (80.1, 50)])]
    path.write_text("\n".join([",".join(PATH_COLUMNS), ",".join(row), ""]), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_spill_paths(path)
    assert caught.value.code == "river_gap"
