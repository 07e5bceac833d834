"""Codes: the bucket of each row, the same as a summary says, whatever the rows are held in."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.binning import METHODS, binning_of, counted_in
from rai.explore.coded import codes
from rai.explore.columns import summarise
from rai.explore.placing import HEAD
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.values.binning import Intervals, TopLevels

RNG = np.random.default_rng(3)
N = 3 * HEAD
WORDS = np.array(["Private", "Self-emp", "", "(missing)", None], dtype=object)

COLUMNS = {
    "floats": RNG.normal(size=N),
    "gaps": np.where(RNG.random(N) < 0.2, np.nan, RNG.normal(size=N)),
    "infinite": np.where(RNG.random(N) < 0.1, np.inf, RNG.normal(size=N)),
    "both infinite": np.select([RNG.random(N) < 0.1, RNG.random(N) < 0.1], [np.inf, -np.inf], np.round(9 * RNG.normal(size=N))),
    "whole floats": np.floor(100 * RNG.random(N)),
    "one fraction": np.append(np.floor(100 * RNG.random(N)), 0.5),
    "far out at the end": np.append(np.floor(100 * RNG.random(N)), 1e6),
    "few": RNG.integers(0, 4, N),
    "few at first": np.append(np.zeros(2 * HEAD), RNG.normal(size=99)),
    "integers": RNG.integers(-5, 90, N, dtype=np.int8),
    "large": RNG.integers(0, 2**63, N, dtype=np.uint64),
    "float32": RNG.normal(size=N).astype(np.float32),
    "true and false": RNG.random(N) < 0.5,
    "words": WORDS[RNG.integers(0, 5, N)],
    "pandas words": pd.Series(WORDS[RNG.integers(0, 5, N)]),
    "pandas categories": pd.Series(WORDS[RNG.integers(0, 5, N)], dtype="category"),
    "pandas numbers as categories": pd.Series(RNG.integers(0, 30, N), dtype="category"),
    "pandas Int64": pd.Series(RNG.integers(0, 90, N), dtype="Int64").mask(RNG.random(N) < 0.1),
    "pandas boolean": pd.Series(RNG.random(N) < 0.5, dtype="boolean").mask(RNG.random(N) < 0.1),
    "polars words": pl.Series(WORDS[RNG.integers(0, 5, N)].tolist()),
    "polars categories": pl.Series(WORDS[RNG.integers(0, 5, N)].tolist()).cast(pl.Categorical),
    "polars enum": pl.Series(RNG.choice(["low", "high"], N).tolist(), dtype=pl.Enum(["low", "mid", "high"])),
    "arrow words": pa.array(WORDS[RNG.integers(0, 5, N)].tolist()),
    "identifiers": np.array([f"id {i}" for i in range(N)], dtype=object),
    "dates": np.datetime64("2019-02-28") + RNG.integers(0, 900, N),
    "moments": np.datetime64("2020-02-29T23:00:00") + RNG.integers(0, 10**5, N).astype("timedelta64[s]"),
    "time zones": pd.Series(pd.date_range("2020-03-01", periods=N, freq="h", tz="Europe/Berlin")),
    "durations": RNG.integers(0, 10**5, N).astype("timedelta64[s]"),
    "decimals": pa.array([None, *RNG.integers(0, 99, N - 1)]).cast(pa.decimal128(30, 2)),
    "mixed": np.array([1, "1", True, None, 2.5, "x"] * 50, dtype=object),
    "nothing": pl.Series([None] * 9),
    "no rows": np.empty(0),
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bins", [1, 3, 10, 300])
@pytest.mark.parametrize("name", COLUMNS)
def test_codes_are_what_a_summary_counts(name, bins, method):
    column = COLUMNS[name]
    found, summary = codes({"x": column}, "x", bins, method=method), summarise(column)
    binning = binning_of(summary, bins, method=method)
    assert found.binning == binning
    assert found.kind == summary.kind
    assert len(found) == len(column) == found.n.sum()
    assert found.n.tolist() == np.bincount(found.codes, minlength=len(found.labels)).tolist()
    assert found.n[found.missing] == summary.missing
    assert found.codes.dtype == (np.uint8 if len(binning) < 256 else np.uint16)
    n = counted_in(summary, binning)[0]
    if summary.numbers is None or summary.numbers.exact or method == "quantile":
        assert found.n.tolist() == n.tolist()
    else:
        assert np.abs(found.n - n).max() <= 0.001 * len(column)


def test_each_row_has_its_own_bucket():
    ages = codes({"age": [17, 44, None, 90, 25]}, "age", [25, 45])
    assert ages.codes.tolist() == [0, 1, 3, 2, 1]
    assert ages.edges.tolist() == [-np.inf, 25, 45, np.inf]
    assert ages.to_dicts() == [
        {"code": 0, "label": "< 25", "n": 1},
        {"code": 1, "label": "25 to < 45", "n": 2},
        {"code": 2, "label": "≥ 45", "n": 1},
        {"code": 3, "label": "(missing)", "n": 1},
    ]
    jobs = codes({"job": ["a", "b", "a", None, "c"]}, "job", 1)
    assert (jobs.codes.tolist(), jobs.edges, jobs.kind) == ([0, 1, 0, 2, 1], None, "category")
    mixed = codes({"x": np.array([1, "1", True, None, 1], dtype=object)}, "x")
    assert [mixed.labels[code] for code in mixed.codes] == ["1", "'1'", "True", "(missing)", "1"]


@pytest.mark.parametrize("name", ["gaps", "pandas words", "dates", "integers", "true and false"])
def test_the_same_from_any_rows(name, tmp_path):
    column = COLUMNS[name]
    frame = pd.DataFrame({"x": column})
    expected = codes(frame, "x", 5)
    polars = pl.from_pandas(frame)
    polars.write_parquet(tmp_path / "rows.parquet")
    sources = [polars, polars.lazy(), polars.to_arrow(), {"x": column}, tmp_path / "rows.parquet"]
    if name not in {"dates", "pandas words"}:  # text and blanks in a CSV file are no dates and no values
        polars.write_csv(tmp_path / "rows.csv")
        sources.append(tmp_path / "rows.csv")
    for source in sources:
        found = codes(source, "x", 5)
        assert found.codes.tolist() == expected.codes.tolist()
        assert found.labels == expected.labels


@given(
    st.lists(st.floats(), min_size=1, max_size=40),
    st.lists(st.sampled_from([0.0, 1.0, 2.5, np.nan, np.inf]), max_size=3),
    st.integers(1, 12),
)
def test_a_long_column_is_outlined_by_what_decides(values, head, bins):
    """Numbers anywhere in a long column decide its bins, not those in front only."""
    column = np.concatenate((np.resize(np.array([*head, 3.0]), HEAD + 1), values))
    found = codes({"x": column}, "x", bins)
    assert found.binning == binning_of(summarise(column), bins)
    assert found.n.tolist() == counted_in(summarise(column), found.binning)[0].tolist()


def test_the_binning_of_another_column():
    train = codes({"age": [20, 30, 40, 60, 71]}, "age", 3)
    test = codes({"age": [25, None, 70]}, "age", train.binning)
    assert test.labels == train.labels == ("20 to 39", "40 to 59", "60 to 80", "(missing)")
    assert test.codes.tolist() == [0, 3, 2]
    with pytest.raises(DataError) as error:
        codes({"age": [25, None, 170, 180]}, "age", train.binning)
    assert str(error.value) == (
        "column 'age': 2 rows without a bucket, such as 170; expected values that the bins hold. "
        "Bin all data sets together, or pass edges."
    )
    with pytest.raises(DataError) as error:
        codes({"sex": [None, "F", "X"]}, "sex", TopLevels(("F", "M")))
    assert "1 row without a bucket, such as 'X'" in str(error.value)
    with pytest.raises(DataError) as error:
        codes({"x": np.array([1, None, "a"], dtype=object)}, "x", TopLevels((1,)))
    assert "1 row without a bucket, such as 'a'" in str(error.value)
    with pytest.raises(DataError) as error:
        codes({"sex": ["F"]}, "sex", Intervals(np.array([0.0, 1])))
    assert "1 row without a bucket, such as 'F'" in str(error.value)
    elsewhere = pd.DataFrame({"sex": pd.Series(["F", None, "X"], index=[7, 8, 9], dtype="category")})
    with pytest.raises(DataError) as error:
        codes(elsewhere, "sex", TopLevels(("F", "M")))
    assert "1 row without a bucket, such as 'X'" in str(error.value)
    with pytest.raises(DataError) as error:
        codes({"when": [date(2020, 5, 1)]}, "when", Intervals(np.array([0.0, 1]), dates=True))
    assert "1 row without a bucket, such as '2020-05-01'" in str(error.value)
    assert codes({"sex": ["F", "X"]}, "sex", TopLevels(("F",), others=3)).codes.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("column", "values", "error", "message"),
    [
        ("agee", [1], RoleError, "codes: no column 'agee'; expected one of 'age'. Did you mean 'age'?"),
        (None, [1], ArgumentError, "codes: column None; expected a column's name."),
        ("age", [[1], [2, 3]], RoleError, "column 'age': lists; expected numbers, text, true/false values, dates or categories."),
        ("age", [b"a", b"b"], RoleError, "column 'age': values that can't be compared; expected numbers, text, true/false values, dates or categories."),
        ("age", [{"a": 1}], RoleError, "column 'age': values that can't be compared; expected numbers, text, true/false values, dates or categories."),
    ],
)  # fmt: skip
def test_columns_without_buckets(column, values, error, message):
    with pytest.raises(error) as raised:
        codes(pl.DataFrame({"age": values}), column)
    assert str(raised.value) == message


def test_edges_of_dates_and_durations():
    when = codes({"when": [date(2019, 5, 1), date(2020, 2, 29), None]}, "when", ["2020-01-01"])
    assert (when.labels, when.codes.tolist()) == (("< 2020", "≥ 2020", "(missing)"), [0, 1, 2])
    moments = codes({"when": [datetime(2020, 2, 29, 12, 30)]}, "when")
    assert moments.labels == ("2020-02-29 12:30:00", "(missing)")
    took = codes({"took": [timedelta(minutes=1), timedelta(minutes=5)]}, "took", [120])
    assert took.codes.tolist() == [0, 1]
