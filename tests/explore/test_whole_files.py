"""Whole files: read with their types, or refused before they fill the memory."""

from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

import rai
from rai.explore import read_rows


@pytest.fixture
def frame():
    return pd.DataFrame({"age": [30, 40, 50], "sex": ["F", "M", None], "score": [0.5, np.nan, 1.0]})


def test_csv_and_parquet_give_the_same_rows(frame, tmp_path):
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    one, other = read_rows(tmp_path / "a.csv"), read_rows(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(one, other)
    assert one["age"].dtype == np.int64
    assert one.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_too_many_cells_are_refused_and_as_many_as_allowed_are_not(frame, tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    getattr(frame, f"to_{ending}")(path, index=False)
    assert len(read_rows(path, most_cells=9)) == 3
    with pytest.raises(rai.DataError) as error:
        read_rows(path, most_cells=8)
    assert str(error.value) == (
        f"{path}: at least 3 rows of 3 columns; expected at most 8 cells. Take fewer columns, or a sample "
        "of the rows."
    )


def test_too_many_columns_are_refused(frame, tmp_path):
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert read_rows(tmp_path / "a.csv", most_columns=3).shape == (3, 3)
    with pytest.raises(rai.DataError) as error:
        read_rows(tmp_path / "a.csv", most_columns=2)
    assert (
        str(error.value) == f"{tmp_path / 'a.csv'}: 3 columns; expected at most 2. Take fewer columns."
    )


def test_progress_is_told_beside_a_limit(frame, tmp_path):
    frame.to_csv(tmp_path / "a.csv", index=False)
    told = []
    read_rows(
        tmp_path / "a.csv", most_cells=100, progress=lambda rows, total: told.append((rows, total))
    )
    assert told[-1] == (3, 3)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"a,b\n"),
        ("a.csv", b"a,b\n1\n"),
        ("a.csv", b'a,b\n"1,2\n'),
        ("a.csv", b"a\n\x00\n"),
        ("a.csv", b"a,a\n1,2\n"),
        ("a.parquet", b"PAR1PAR1"),
        ("a.parquet", b"PAR1" + bytes(300) + b"PAR1"),
        ("a.xlsx", b"PK\x03\x04"),
    ],
)
def test_a_damaged_file_is_an_error_of_rai(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(rai.RaiError, match=str(tmp_path)):
        read_rows(tmp_path / name)


@pytest.mark.parametrize("place", range(0, 900, 90))
def test_a_parquet_file_with_a_damaged_byte_is_read_or_refused(frame, tmp_path, place):
    frame.to_parquet(tmp_path / "a.parquet")
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[place % len(data)] ^= 0xFF
    (tmp_path / "a.parquet").write_bytes(bytes(data))
    with suppress(rai.RaiError):
        assert read_rows(tmp_path / "a.parquet").shape[1] == 3


@pytest.mark.parametrize("stored", ["words", "categories"])
def test_a_word_that_stands_for_many_rows_is_refused_before_it_is_spelled_out(tmp_path, stored):
    import pyarrow as pa
    import pyarrow.parquet as pq

    coded = pa.DictionaryArray.from_arrays(pa.array(np.zeros(5000, np.int32)), ["x" * 5000])
    column = coded if stored == "categories" else coded.cast(pa.string())
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": column}), path)
    assert path.stat().st_size < 30_000
    with pytest.raises(rai.DataError, match="more than 1,000,000 bytes of text"):
        read_rows(path, most_cells=50_000)
    assert len(read_rows(path, most_cells=2_000_000)) == 5000
