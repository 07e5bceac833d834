"""Attributions in a file: what comes back is what was saved, and nothing else is taken for it."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

import rai
from rai import DataError

ROWS = pd.DataFrame(
    {
        "pay": [1.5, 2.0, np.nan, 4.0],
        "sex": pd.Categorical(["F", "M", "F", None], categories=["F", "M", "X"]),
        "word": ["a", None, "c", "d"],
        "day": pd.to_datetime(["2024-01-01", "2024-05-02", None, "2024-01-01"]),
        "n": [1, 2, 3, 4],
    }
)


def model(frame):
    return np.nan_to_num(np.asarray(frame["pay"], dtype=float)) / 10 + np.asarray(frame["n"]) / 20


def several(frame):
    first = np.asarray(frame["n"], dtype=float) / 10
    return np.column_stack([first, first / 2, 1 - 1.5 * first])


def explained(rows=ROWS, **options):
    known = rai.load_model(model, features=["pay", "n", "sex"])
    return rai.explain(known, rows, players={"both": ["pay", "sex"]}, **options)


def same(one, other):
    for name in ("values", "base", "scores", "completeness_error"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("names", "columns", "outputs", "space", "method", "kind", "exact", "background",
                 "background_n", "background_digest", "model_digest", "why", "notes"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name)


def test_what_was_saved_comes_back_with_its_rows(tmp_path):
    found = explained()
    again = rai.Attributions.load(found.save(tmp_path / "found.parquet"))
    same(again, found)
    assert again.standard_errors is None
    pd.testing.assert_frame_equal(again.rows, ROWS)


def test_estimates_and_several_outputs_come_back(tmp_path):
    estimated = explained(method="sampled")
    again = rai.Attributions.load(estimated.save(tmp_path / "a.parquet"))
    np.testing.assert_array_equal(again.standard_errors, estimated.standard_errors)
    known = rai.load_model(several, classes=["a", "b", "c"], features=["n"])
    found = rai.explain(known, ROWS)
    same(rai.Attributions.load(found.save(tmp_path / "b.parquet")), found)


def test_polars_stays_polars(tmp_path):
    rows = pl.from_pandas(ROWS)
    found = explained(rows)
    again = rai.Attributions.load(found.save(tmp_path / "found.parquet"))
    same(again, found)
    assert again.rows.equals(rows)


def test_any_tool_reads_it(tmp_path):
    found = explained()
    read = pd.read_parquet(found.save(tmp_path / "found.parquet"))
    np.testing.assert_array_equal(read["attribution:both"], found.values[:, 0, 0])
    np.testing.assert_array_equal(read["attribution:n"], found.values[:, 1, 0])
    np.testing.assert_array_equal(read["attribution_score"], found.scores[:, 0])
    total = read["attribution_base"] + read["attribution:both"] + read["attribution:n"]
    np.testing.assert_allclose(total, read["attribution_score"], atol=1e-12)


def test_a_column_that_is_called_like_ours_is_refused_and_nothing_is_lost(tmp_path):
    path = explained().save(tmp_path / "found.parquet")
    before = path.read_bytes()
    with pytest.raises(DataError, match="rows with a column 'attribution_base'; expected another name"):
        explained(ROWS.assign(attribution_base=1)).save(path)
    assert path.read_bytes() == before
    with pytest.raises(DataError, match=r"'\.csv'; expected a \.parquet file"):
        explained().save(tmp_path / "found.csv")


def broken(tmp_path, *, metadata=None, drop=None):
    path = explained().save(tmp_path / "found.parquet")
    table = parquet.read_table(path)
    if drop is not None:
        table = table.drop_columns([drop])
    if metadata is not None:
        table = table.replace_schema_metadata({b"rai": metadata})
    parquet.write_table(table, path)
    return path


@pytest.mark.parametrize("drop", ["attribution:n", "attribution_base", "pay"])
def test_a_part_that_is_missing_is_told(tmp_path, drop):
    with pytest.raises(DataError, match="parts that don't fit together"):
        rai.Attributions.load(broken(tmp_path, drop=drop))


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (b"", "no saved attributions"),
        (b"[" * 100_000, "no saved attributions"),
        (b'{"format": "rai-attributions", "version": 9}', "version 9"),
        (b'{"format": "rai-attributions", "version": 1}', "parts that don't fit together"),
        (b'{"format": "rai-attributions", "version": 1, "names": 3}', "parts that don't fit together"),
    ],
)
def test_another_file_is_told(tmp_path, metadata, said):
    with pytest.raises(DataError, match=said):
        rai.Attributions.load(broken(tmp_path, metadata=metadata))


def test_what_is_no_parquet_is_told(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(DataError, match=r"reading .*a\.parquet: .*; expected attributions saved by"):
        rai.Attributions.load(tmp_path / "a.parquet")
    with pytest.raises(DataError, match="no such file or directory"):
        rai.Attributions.load(tmp_path / "b.parquet")
    with pytest.raises(DataError):
        rai.Attributions.load(tmp_path)
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "c.parquet")
    with pytest.raises(DataError, match="no saved attributions"):
        rai.Attributions.load(tmp_path / "c.parquet")
