"""Columns of every library and type, against pandas and Polars."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.columns import summarise

nan, none = np.nan, None
moments = pd.to_datetime(["2024-01-01", None, "2024-05-01", "1969-12-31"])

# Column, kind, rows, missing, unique, mean of the numbers or the most frequent level.
COLUMNS = {
    "float": (pd.Series([1.5, 2, nan, 4]), "number", 4, 1, 3, 2.5),
    "int": (pd.Series(range(5)), "integer", 5, 0, 5, 2.0),
    "objects of text": (pd.Series(["a", "b", None, "a", nan], dtype=object), "category", 5, 2, 2, "a"),
    "default text": (pd.Series(["a", "b", None, "a"]), "category", 4, 1, 2, "a"),
    "string": (pd.Series(["a", None, "", "a"], dtype="string"), "category", 4, 1, 2, "a"),
    "bool": (pd.Series([True, False, True]), "boolean", 3, 0, 2, True),
    "category": (pd.Series(["b", "a", None, "b"], dtype="category"), "category", 4, 1, 2, "b"),
    "category of numbers": (pd.Series([3, 1, 3], dtype="category"), "category", 3, 0, 2, 3),
    "nullable int": (pd.Series([1, None, 3], dtype="Int64"), "integer", 3, 1, 2, 2.0),
    "nullable bool": (pd.Series([True, None, True], dtype="boolean"), "boolean", 3, 1, 1, True),
    "naive dates": (pd.Series(moments), "date", 4, 1, 3, (19723 + 19844 - 1) / 3),
    "dates in a zone": (pd.Series(moments).dt.tz_localize("Europe/Berlin"), "date", 4, 1, 3, (19723 + 19844 - 1 - 4 / 24) / 3),
    "lists": (pd.Series([[1, 2], [3], [], None]), "list", 4, 1, 3, 2.0),
    "all missing": (pd.Series([nan] * 3), "number", 3, 3, 0, None),
    "no rows": (pd.Series([], dtype=float), "number", 0, 0, 0, None),
    "constant": (pd.Series([7] * 3), "integer", 3, 0, 1, 7.0),
    "infinite": (pd.Series([1, np.inf, -np.inf, 3, np.inf]), "number", 5, 0, 4, 2.0),
    "nothing": (pd.Series([None] * 3, dtype=object), "empty", 3, 3, 0, None),
    "mixed": (pd.Series([1, "a", 2.5, None, "a"], dtype=object), "mixed", 5, 1, 3, "a"),
    "decimals": (pd.Series([Decimal("1.25"), Decimal("1.75")]), "number", 2, 0, 2, 1.5),
    "durations": (pd.Series(pd.to_timedelta([1, 3, None], unit="h")), "duration", 3, 1, 2, 7200.0),
    "periods": (pd.Series(pd.PeriodIndex(["2024-01", None, "2024-01"], freq="M")), "category", 3, 1, 1, "2024-01"),
    "intervals": (pd.Series(pd.interval_range(0, 1)), "category", 1, 0, 1, "(0, 1]"),
    "complex": (pd.Series([1j, 1j]), "other", 2, 0, 1, "1j"),
    "python dates": (pd.Series([dt.date(2024, 1, 1)] * 2), "date", 2, 0, 1, 19723.0),
    "dicts": (pd.Series([{"a": 1}]), "other", 1, 0, 0, None),
    "bytes": (pd.Series([b"ab"]), "other", 1, 0, 0, None),
    "sparse": (pd.Series(pd.arrays.SparseArray([0, 0, 3.0, nan])), "number", 4, 1, 2, 1.0),
    "arrow in pandas": (pd.Series([1, None], dtype=pd.ArrowDtype(pa.int32())), "integer", 2, 1, 1, 1.0),
    "arrow": (pa.array(["x", None, "x"]), "category", 3, 1, 1, "x"),
    "arrow in chunks": (pa.chunked_array([[1, 2], [3, None]]), "integer", 4, 1, 3, 2.0),
    "arrow dictionary": (pa.array(["x", "y", "x"]).dictionary_encode(), "category", 3, 0, 2, "x"),
    "times": (pl.Series([dt.time(1), dt.time(3)]), "duration", 2, 0, 2, 7200.0),
    "polars floats": (pl.Series([1.0, None, nan, 3.0]), "number", 4, 2, 2, 2.0),
    "polars arrays": (pl.Series([[1, 2], [3, 6]], dtype=pl.Array(pl.Int64, 2)), "list", 2, 0, 4, 3.0),
    "polars words in lists": (pl.Series([["a", "b"], ["a"], None]), "list", 3, 1, 2, "a"),
    "polars enum": (pl.Series(["lo", "hi", "lo"], dtype=pl.Enum(["lo", "mid", "hi"])), "category", 3, 0, 2, "lo"),
    "polars null": (pl.Series([None, None]), "empty", 2, 2, 0, None),
    "polars structs": (pl.Series([{"a": 1}]), "other", 1, 0, 0, None),
    "polars objects": (pl.Series([object, 1], dtype=pl.Object), "mixed", 2, 0, 2, 1),
    "half floats": (np.array([1, 2, 3], dtype=np.float16), "number", 3, 0, 3, 2.0),
    "long floats": (np.array([1, 2, 3], dtype=np.longdouble), "number", 3, 0, 3, 2.0),
    "fixed-width text": (np.array(["a", "bc", "a"]), "category", 3, 0, 2, "a"),
    "masked": (np.ma.masked_array([1, 2, 3], [0, 1, 0]), "integer", 3, 1, 2, 2.0),
    "numpy dates": (np.array(["2024-01-01", "NaT"], dtype="M8[D]"), "date", 2, 1, 1, 19723.0),
    "a python list": ([1, None, 3], "integer", 3, 1, 2, 2.0),
    "wide unsigned": (pl.Series([2**64 - 1, 0], dtype=pl.UInt64), "integer", 2, 0, 2, 2.0**63),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_every_type_is_described(name):
    column, kind, rows, missing, unique, centre = COLUMNS[name]
    found = summarise(column)
    assert (found.kind, found.rows, found.missing, found.unique) == (kind, rows, missing, unique)
    if isinstance(centre, float):
        assert found.numbers.plain.mean == pytest.approx(centre, rel=1e-12)
    elif centre is not None:
        assert found.levels.levels[0] == centre


@pytest.mark.parametrize("name", COLUMNS)
def test_every_type_adds_up(name):
    """A column twice is two columns added, with and without weights."""
    column = COLUMNS[name][0]
    once = summarise(column)
    twice = once + summarise(column)
    assert (twice.rows, twice.missing, twice.unique) == (2 * once.rows, 2 * once.missing, once.unique)
    assert twice.kind == once.kind
    heavy = summarise(column, np.full(once.rows, 2.0))
    assert heavy.weight == twice.weight
    assert heavy.missing_weight == twice.missing_weight
    if once.numbers is not None:
        assert heavy.numbers.weight.tolist() == twice.numbers.n.tolist()
    if once.levels is not None:
        assert heavy.levels.weight.tolist() == twice.levels.n.tolist()


def test_infinities_are_counted_apart():
    found = summarise([1.0, np.inf, -np.inf, np.inf])
    assert (found.below, found.above, len(found.numbers), found.count) == (1, 2, 1, 4)


def test_types_of_mixed_values_are_counted():
    found = summarise(pd.Series([1, "a", True, 2.5, None, "1"], dtype=object))
    assert found.types == (("number", 2), ("text", 2), ("true/false", 1))


def test_lengths_of_text_and_of_lists():
    assert summarise(["a", "bcd", None]).lengths.plain.mean == 2.0
    assert summarise(["ä", "日本"]).lengths.high == 2.0
    assert summarise(pl.Series([[1], [1, 2, 3], [], None])).lengths.points.tolist() == [0.0, 1.0, 3.0]


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [
        ([1.0, 2.0], (2, 0, 0, 0, 0, 0, 0, 0)),
        ([0.1, 0.25, 3.0, 1 / 3], (1, 1, 1, 0, 0, 0, 0, 1)),
        ([0.1 + 0.2], (0, 1, 0, 0, 0, 0, 0, 0)),
        ([1e300, 123456.789], (1, 0, 0, 1, 0, 0, 0, 0)),
    ],
)
def test_digits_after_the_point(numbers, decimals):
    assert summarise(np.array(numbers)).decimals == decimals


def test_an_ordered_category_keeps_its_order():
    column = pd.Series(pd.Categorical(["hi", "lo"], categories=["lo", "mid", "hi"], ordered=True))
    assert summarise(column).levels.ordered == ("lo", "mid", "hi")
    assert summarise(column.cat.as_unordered()).levels.ordered == ()


cells = st.one_of(
    st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32), st.integers(-3, 3).map(float)
)


@given(st.lists(cells, max_size=40))
def test_floats_are_described_as_by_pandas_and_polars(values):
    series = pd.Series([nan if v is None else v for v in values], dtype=float)
    finite = series[np.isfinite(series)]
    for column in (
        series,
        pl.Series(values, dtype=pl.Float64, strict=False),
        pa.array(values, pa.float64()),
    ):
        found = summarise(column)
        assert found.missing == series.isna().sum()
        assert found.unique == series.nunique()
        assert found.numbers.zeros == (finite == 0).sum()
        assert found.below + found.above == np.isinf(series).sum()
        if len(finite):
            assert found.numbers.quantile(0.5) == pytest.approx(finite.median(), rel=1e-12, abs=1e-30)
            assert found.numbers.plain.mean == pytest.approx(finite.mean(), rel=1e-9, abs=1e-9)
        if len(finite) > 1:
            assert found.numbers.plain.std == pytest.approx(finite.std(), rel=1e-6, abs=1e-9)


@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "ccc", ""])), max_size=40))
def test_words_are_described_as_by_pandas(values):
    series = pd.Series(values, dtype=object)
    found = summarise(pl.Series(values, dtype=pl.String))
    for other in (summarise(pd.Series(values, dtype="string")), summarise(series.astype("category"))):
        assert (other.missing, other.unique) == (found.missing, found.unique)
        if other.levels is not None and found.levels is not None:
            assert other.levels.levels == found.levels.levels
    assert found.unique == series.nunique()
    if series.notna().any():
        assert found.levels.n[0] == series.value_counts().iloc[0]
        assert found.lengths.plain.mean == pytest.approx(series.dropna().str.len().mean())


@given(
    st.lists(
        st.one_of(st.none(), st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))), max_size=20
    )
)
def test_dates_are_days_since_1970(values):
    found = summarise(pl.Series(values, dtype=pl.Datetime("us")))
    known = [(value - dt.datetime(1970, 1, 1)).total_seconds() / 86_400 for value in values if value]
    assert found.missing == len(values) - len(known)
    if known:
        assert (found.numbers.low, found.numbers.high) == pytest.approx((min(known), max(known)))
