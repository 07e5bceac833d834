"""Rows that are taken, changed column by column, and handed on with their types."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.engines.frames import Rows, as_pandas, open_rows
from rai.ground.errors import DataError, RoleError

PANDAS = pd.DataFrame(
    {
        "age": [30, 40, 50],
        "income": [1.5, np.nan, 2.0],
        "sex": ["F", "M", None],
        "job": pd.Categorical(["clerk", "nurse", "clerk"]),
        "grade": pd.Categorical([1, 2, 1]),
        "member": [True, False, True],
        "born": pd.to_datetime(["1990-01-01", "1980-02-01", None]),
        "children": pd.array([1, None, 3], dtype="Int64"),
    },
    index=[7, 7, 9],
)
POLARS = pl.DataFrame(
    {
        "age": [30, 40, 50],
        "income": [1.5, None, 2.0],
        "sex": ["F", "M", None],
        "job": pl.Series(["clerk", "nurse", "clerk"], dtype=pl.Categorical),
        "grade": pl.Series(["a", "b", "a"], dtype=pl.Enum(["a", "b", "c"])),
        "member": [True, False, True],
        "born": [dt.datetime(1990, 1, 1), dt.datetime(1980, 2, 1), None],
        "children": [1, None, 3],
    }
)
BOTH = pytest.mark.parametrize("frame", [PANDAS, POLARS], ids=["pandas", "polars"])


def values(rows, name):
    return [rows.value(name, place) for place in range(len(rows))]


@BOTH
def test_a_record_is_plain_python(frame):
    record = open_rows(frame).record(1)
    assert record | {"grade": 0} == {
        "age": 40, "income": None, "sex": "M", "job": "nurse", "grade": 0, "member": False,
        "born": dt.datetime(1980, 2, 1), "children": None,
    }  # fmt: skip
    assert type(record["age"]) is int
    assert type(record["member"]) is bool
    assert type(open_rows(frame).record(2)["income"]) is float


@BOTH
def test_taking_keeps_values_types_and_order(frame):
    rows = open_rows(frame).take([2, 0, 0])
    assert values(rows, "age") == [50, 30, 30]
    assert [str(t) for t in rows.native.dtypes] == [str(t) for t in frame.dtypes]
    assert values(open_rows(frame).part(1, 3), "age") == [40, 50]


@BOTH
@pytest.mark.parametrize(
    ("name", "new", "type_stays"),
    [
        ("age", 41, True),
        ("age", 40.5, False),
        ("income", 7.25, True),
        ("income", None, True),
        ("sex", "X", True),
        ("sex", None, True),
        ("job", "smith", False),
        ("job", "nurse", True),
        ("member", False, True),
        ("born", dt.datetime(2000, 1, 1), True),
        ("born", None, True),
        ("children", 4, True),
        ("children", None, True),
    ],
)
def test_a_new_value_goes_in_with_the_type_kept_where_it_can_be(frame, name, new, type_stays):
    rows = open_rows(frame)
    changed = rows.with_column(name, rows.pool(name, [new]), [0, 3, 2])
    assert values(changed, name) == [rows.value(name, 0), new, rows.value(name, 2)]
    kept = changed.native[name].dtype == frame[name].dtype
    assert kept == (type_stays or (isinstance(frame, pl.DataFrame) and name == "job"))
    assert values(open_rows(frame), name) == values(rows, name)
    assert changed.names == rows.names


@BOTH
def test_a_missing_truth_value_is_not_false(frame):
    rows = open_rows(frame)
    changed = rows.with_column("member", rows.pool("member", [None]), [3, 1, 2])
    assert values(changed, "member") == [None, False, True]
    assert values(rows.of_records([{"age": 1}]), "member") == [None]


def test_a_new_category_is_added_and_the_others_stay_where_they_were():
    rows = open_rows(PANDAS)
    changed = rows.with_column("job", rows.pool("job", ["smith"]), [3, 1, 2]).native["job"]
    assert changed.cat.categories.tolist() == ["clerk", "nurse", "smith"]
    polars = open_rows(POLARS)
    grown = polars.with_column("grade", polars.pool("grade", ["d"]), [3, 1, 2]).native["grade"]
    assert grown.dtype == pl.Enum(["a", "b", "c", "d"])


def test_the_index_of_pandas_stays():
    rows = open_rows(PANDAS)
    changed = rows.with_column("age", rows.pool("age", [1]), [3, 3, 3]).native
    assert changed.index.tolist() == [7, 7, 9]
    assert changed["age"].tolist() == [1, 1, 1]


@BOTH
def test_records_become_rows_of_the_same_types(frame):
    rows = open_rows(frame)
    made = rows.of_records([rows.record(0), rows.record(1)])
    assert [made.record(0), made.record(1)] == [rows.record(0), rows.record(1)]
    assert [str(t) for t in made.native.dtypes] == [str(t) for t in frame.dtypes]
    longer = rows.append(made)
    assert values(longer, "age") == [30, 40, 50, 30, 40]
    assert values(longer, "job") == ["clerk", "nurse", "clerk", "clerk", "nurse"]


@BOTH
def test_dates_count_as_days(frame):
    born = open_rows(frame).numbers("born")
    assert born[:2].tolist() == [7305.0, 3683.0]
    assert np.isnan(born[2])


def test_dates_with_a_zone_and_without_a_time_count_as_days():
    zoned = pd.DataFrame({"t": pd.to_datetime(["2024-01-01T12:00", None]).tz_localize("UTC")})
    whole = pl.DataFrame({"t": [dt.date(2024, 1, 2), None]})
    assert open_rows(zoned).numbers("t")[0] == 19723.5
    assert open_rows(whole).numbers("t")[0] == 19724.0
    later = open_rows(whole).pool("t", [dt.date(2025, 1, 1)])
    assert later.dtype == pl.Date


@given(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1),
    st.data(),
)
def test_gathering_is_indexing_into_old_and_new(held, data):
    frame = pl.DataFrame({"x": pl.Series(held, dtype=pl.Float64)})
    new = data.draw(st.lists(st.one_of(st.none(), st.floats(-9, 9)), max_size=3))
    places = data.draw(
        st.lists(st.integers(0, len(held) + len(new) - 1), min_size=len(held), max_size=len(held))
    )
    for native in (frame, frame.to_pandas()):
        rows = open_rows(native)
        changed = rows.with_column("x", rows.pool("x", new), places)
        assert values(changed, "x") == [[*held, *new][place] for place in places]


@pytest.mark.parametrize(
    "data",
    [
        {"x": [1, 2], "s": ["a", "b"]},
        pa.table({"x": [1, 2], "s": ["a", "b"]}),
        pl.LazyFrame({"x": [1, 2], "s": ["a", "b"]}),
    ],
    ids=["dict", "arrow", "lazy"],
)
def test_anything_that_holds_rows_opens(data):
    rows = open_rows(data)
    assert [rows.record(0), rows.record(1)] == [{"x": 1, "s": "a"}, {"x": 2, "s": "b"}]


def test_rows_open_once():
    rows = open_rows(PANDAS)
    assert open_rows(rows) is rows
    assert rows.native is PANDAS


def test_csv_columns_get_their_types_from_the_whole_file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("n,x,s,b,p,e\n1,1,a,true,007,\n2,2.5, b ,false,010,\n,NA,NA,true,011,\n", "utf-8")
    rows = open_rows(path)
    words = str(pd.Series(["a"]).dtype)  # pandas 2 calls it object
    kinds = ["float64", "float64", words, "bool", words, "object"]
    assert [str(kind) for kind in rows.native.dtypes] == kinds
    assert [rows.record(i)["s"] for i in range(3)] == ["a", "b", None]
    assert [rows.record(i)["p"] for i in range(3)] == ["007", "010", "011"]
    assert values(rows, "n") == [1.0, 2.0, None]
    assert values(rows, "e") == [None, None, None]


def test_parquet_opens_with_its_types(tmp_path):
    path = tmp_path / "rows.parquet"
    POLARS.drop("grade").write_parquet(path)
    rows = open_rows(path)
    assert isinstance(rows.native, pd.DataFrame)
    assert values(rows, "sex") == ["F", "M", None]
    assert values(rows, "born")[0] == dt.datetime(1990, 1, 1)


def test_categories_of_all_pieces_of_a_file_are_one_column(tmp_path):
    rows = (1 << 18) + 5
    words = ["clerk"] * (rows - 1) + ["smith"]
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"job": pl.Series(words, dtype=pl.Categorical)}).write_parquet(path)
    job = open_rows(path).native["job"]
    assert sorted(job.cat.categories) == ["clerk", "smith"]
    assert (len(job), job.iloc[-1], job.iloc[0]) == (rows, "smith", "clerk")


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (
            pd.DataFrame([[1, 2]]),
            RoleError,
            "rows: a column named 0; expected names of text. Name the columns by strings.",
        ),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            RoleError,
            "rows: 2 columns named 'a'; expected each name once. Rename the others.",
        ),
        ({}, DataError, "data: no columns; expected at least one."),
        (
            {"a": [1], "b": [1, 2]},
            DataError,
            "b: 2 rows; expected 1 row like a.",
        ),
    ],
)
def test_what_has_no_rows_is_refused(data, error, message):
    with pytest.raises(error) as caught:
        open_rows(data)
    assert str(caught.value) == message


def test_a_column_that_is_not_there_is_named_with_its_neighbour():
    rows = open_rows(PANDAS)
    for ask in (
        lambda: rows.column("agee"),
        lambda: rows.select(["sex", "agee"]),
        lambda: rows.of_records([{"agee": 1}], where="rows"),
    ):
        with pytest.raises(RoleError, match=r"no column 'agee'; expected .* Did you mean 'age'\?"):
            ask()


def test_no_record_can_be_made_without_rows_to_take_types_from():
    empty = open_rows(PANDAS.head(0))
    with pytest.raises(
        DataError, match=r"row: no rows; expected at least one, to know the types from\."
    ):
        empty.of_records([{"age": 1}])


def test_columns_for_pandas_keep_whole_numbers_whole():
    assert as_pandas(pl.Series([1, 2])).dtype == np.int64
    assert as_pandas(pl.Series(["a", None])).tolist()[0] == "a"
    assert as_pandas(pa.chunked_array([[1], [2]])).tolist() == [1, 2]
    assert isinstance(open_rows({"x": [1]}), Rows)
