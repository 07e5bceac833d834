"""Files in typed pieces: the same types in every piece, and the same as if the file was read at once."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.engines.frames import open_rows
from rai.engines.sources import open_source
from rai.engines.typed_files import typed_file


def pieces(path, size):
    """What a model is handed, piece by piece."""
    source = open_source(path)
    found = typed_file(source, source.names, size=size)
    parts = [found.pandas(frame, source.names).native for frame in found.frames(size)]
    assert found.rows == sum(map(len, parts))
    assert max(map(len, parts)) <= size
    return parts


def as_plain(column):
    """Values as they are, None where missing."""
    return [None if pd.isna(value) else value for value in column]


def written(tmp_path, columns):
    path = tmp_path / "rows.csv"
    pd.DataFrame(columns, dtype=object).to_csv(path, index=False)
    return path


CELLS = {
    "whole": ["0", "-7", "12", "3.0", "1e3", "123456789012345678"],
    "number": ["0.5", "-2", "1e-3", "7", "0.1", "-0.30000000000000004", "1e300"],
    "truth": ["true", "False", "TRUE"],
    "text": ["a", "007", " b ", "1,5", "x\ty", "1", "true", "-"],
    "missing": ["", "NA", "nan", " null "],
}
COLUMNS = st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3).flatmap(
    lambda kinds: st.lists(
        st.sampled_from([cell for kind in kinds for cell in CELLS[kind]]), min_size=1, max_size=12
    )
)


@given(COLUMNS, st.integers(1, 5))
def test_pieces_are_the_whole_file_cut(tmp_path_factory, cells, size):
    path = tmp_path_factory.mktemp("typed") / "rows.csv"
    pl.DataFrame({"x": cells, "n": range(len(cells))}).write_csv(path, quote_style="always")
    whole, parts = open_rows(path).native, pieces(path, size)
    if whole["x"].notna().any():
        assert {part["x"].dtype for part in parts} == {whole["x"].dtype}
    held = pd.concat(parts, ignore_index=True)
    assert as_plain(held["x"]) == as_plain(whole["x"])
    assert {type(v) for v in as_plain(held["x"])} == {type(v) for v in as_plain(whole["x"])}


@pytest.mark.parametrize(
    ("cells", "dtype", "values"),
    [
        (["1", "2", "3", "4"], "int64", [1, 2, 3, 4]),
        (["1", "2", "3", "40.5"], "float64", [1, 2, 3, 40.5]),
        (["1", "2", "3", ""], "float64", [1, 2, 3, None]),
        (["true", "False", "TRUE", "false"], "bool", [True, False, True, False]),
        (["true", "false", "true", "NA"], "object", [True, False, True, None]),
        (["1", "2", "3", "x"], None, ["1", "2", "3", "x"]),
        (["", "", "", "x"], None, [None, None, None, "x"]),
        (["01", "02", "03", "04"], None, ["01", "02", "03", "04"]),
        (["1", "2", "3", "1e19"], "float64", [1, 2, 3, 1e19]),
    ],
)
def test_the_last_row_decides_the_type_of_the_first(tmp_path, cells, dtype, values):
    path = tmp_path / "rows.csv"
    path.write_text("x,n\n" + "".join(f"{cell},1\n" for cell in cells))
    parts = pieces(path, 1)
    wanted = pd.Series(["a"]).dtype if dtype is None else np.dtype(dtype)
    assert {part["x"].dtype for part in parts} == {wanted}
    assert [as_plain(part["x"])[0] for part in parts] == values


PARQUET = {
    "whole": pl.Series([1, 2, None, 4]),
    "small": pl.Series([1, 2, 3, 4], dtype=pl.UInt8),
    "truth": pl.Series([True, False, True, None]),
    "level": pl.Series(["b", "a", None, "c"], dtype=pl.Categorical),
    "fixed": pl.Series(["b", "a", "c", "a"], dtype=pl.Enum(["b", "a", "c"])),
    "text": pl.Series([None, "x", "y", "x"]),
    "number": pl.Series([0.5, None, float("nan"), 1.0]),
    "price": pl.Series([Decimal("1.50"), None, Decimal("2.25"), None]),
    "day": pl.Series([date(2024, 5, 1), None, date(2024, 5, 3), None]),
}


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_parquet_has_one_type_in_every_piece(tmp_path, size):
    path = tmp_path / "rows.parquet"
    pl.DataFrame(PARQUET).write_parquet(path)
    whole, parts = open_rows(path).native, pieces(path, size)
    for name in PARQUET:
        assert {part[name].dtype for part in parts} == {whole[name].dtype}, name
        held = [value for part in parts for value in as_plain(part[name])]
        assert held == as_plain(whole[name]), name
    assert list(parts[0]["level"].dtype.categories) == ["b", "a", "c"]


def test_categories_that_come_late_are_known_from_the_first_piece(tmp_path):
    path = tmp_path / "rows.parquet"
    words = [f"level {i}" for i in range(50)]
    pl.DataFrame({"x": pl.Series(words, dtype=pl.Categorical)}).write_parquet(path, row_group_size=10)
    for part in pieces(path, 7):
        assert list(part["x"].dtype.categories) == words


def test_progress_of_the_first_pass_knows_no_end(tmp_path):
    path = written(tmp_path, {"x": range(5)})
    told = []
    typed_file(open_source(path), ["x"], size=2, progress=lambda *done: told.append(done))
    assert told == [(2, None), (4, None), (5, None)]


def test_a_file_without_rows(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("x,n\n")
    found = typed_file(open_source(path), ["x"], size=2)
    assert (found.rows, list(found.frames(2))) == (0, [])
    pl.DataFrame({"x": pl.Series([], dtype=pl.Int64)}).write_parquet(tmp_path / "rows.parquet")
    found = typed_file(open_source(tmp_path / "rows.parquet"), ["x"], size=2)
    assert found.rows == sum(frame.height for frame in found.frames(2)) == 0
