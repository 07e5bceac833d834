"""Groups: levels of every kind of column, missing values, and numbers cut into ranges."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines import count
from rai.values import Roles

ROLES = Roles(y_true="y", y_pred="p", sensitive_features=("g",))


def groups_of(values, **options):
    length = len(values)
    done = count({"y": [1] * length, "p": [1] * length, "g": values}, ROLES.replace(**options))
    return dict(zip([key[0] for key in done.tally.groups], done.tally.group_rows.tolist(), strict=True))


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (["b", "a", "b"], {"a": 1, "b": 2}),
        (["b", None, float("nan")], {"b": 1, "(missing)": 2}),
        (["b", "(missing)", None], {"b": 1, "(missing)": 2}),
        (np.array(["b", "añ", "b"]), {"añ": 1, "b": 2}),
        (np.array(["b" * 30, "名前", "名前"]), {"b" * 30: 1, "名前": 2}),
        (np.array([b"b", b"a", b"b"]), {"a": 1, "b": 2}),
        (np.array(["b", "a"], dtype=np.dtypes.StringDType()), {"a": 1, "b": 1}),
        (np.array(["ab", "ba"], dtype=">U2"), {"ab": 1, "ba": 1}),
        ([True, False, True], {False: 1, True: 2}),
        ([True, None, True], {True: 2, "(missing)": 1}),
        ([3, -2, 3], {-2: 1, 3: 2}),
        (np.array([3, -2, 3], dtype=np.int8), {-2: 1, 3: 2}),
        (np.array([200, 0], dtype=np.uint8), {0: 1, 200: 1}),
        (np.array([2**63 + 1, 0], dtype=np.uint64), {0: 1, 2**63 + 1: 1}),
        (np.array([1.0, np.nan, 2.0]), {1: 1, 2: 1, "(missing)": 1}),
        (np.array([1.0, 2.0], dtype=np.float32), {1: 1, 2: 1}),
        (np.array([10**12, 5, 5]), {5: 2, 10**12: 1}),
        ([dt.date(2024, 5, 1), None], {"2024-05-01": 1, "(missing)": 1}),
        (np.array(["2024-05-01", "NaT"], dtype="datetime64[D]"), {"2024-05-01": 1, "(missing)": 1}),
        (
            pd.Series(pd.to_datetime(["2024-05-01 12:30", None])),
            {"2024-05-01T12:30:00": 1, "(missing)": 1},
        ),
        (pd.Series(pd.to_datetime(["2024-05-01"]).tz_localize("UTC")), {"2024-05-01T00:00:00+00:00": 1}),
        (pl.Series(["2024-05-01", None]).str.to_datetime(), {"2024-05-01": 1, "(missing)": 1}),
        (pl.Series([dt.date(2024, 5, 1)]), {"2024-05-01": 1}),
        (pl.Series([dt.time(12, 30)]), {"12:30:00": 1}),
        (pl.Series([None, None]), {"(missing)": 2}),
        (pl.Series(["a", None], dtype=pl.Enum(["z", "a"])), {"a": 1, "(missing)": 1}),
        (pl.Series([1, None, 300], dtype=pl.Int16), {1: 1, 300: 1, "(missing)": 1}),
        (pd.Series(["a", None], dtype="category"), {"a": 1, "(missing)": 1}),
        (pd.Categorical(["a", None], ["z", "a"]), {"a": 1, "(missing)": 1}),
        (pd.Series([1, None], dtype="Int64"), {1: 1, "(missing)": 1}),
        (pd.Series([True, None], dtype="boolean"), {True: 1, "(missing)": 1}),
        (pd.Series([1.0, None], dtype="Float64"), {1: 1, "(missing)": 1}),
        (pd.cut(pd.Series([1, 30]), [0, 18, 65]), {"(0, 18]": 1, "(18, 65]": 1}),
        (pd.Series(pd.PeriodIndex(["2024-01"], freq="M")), {"2024-01": 1}),
        (pd.Index(["a", "b"]), {"a": 1, "b": 1}),
    ],
)
def test_levels_are_plain_python(values, levels):
    found = groups_of(values)
    assert found == levels
    assert [type(level) for level in found] == [type(level) for level in levels]


def test_unused_categories_are_no_groups():
    frame = pd.DataFrame({"y": [1, 0], "p": [1, 1], "g": pd.Categorical(["a", "b"], ["a", "b", "c"])})
    assert count(frame, ROLES).tally.groups == (("a",), ("b",))
    assert count(frame[frame.g == "b"], ROLES).tally.groups == (("b",),)
    enum = pl.Series("g", ["a", "b"], dtype=pl.Enum(["a", "b", "c"]))
    other = pl.DataFrame({"y": [1, 0], "p": [1, 1], "g": enum})
    assert count(other, ROLES).tally.groups == (("a",), ("b",))
    assert count(other.filter(pl.col("g") == "b"), ROLES).tally.groups == (("b",),)


def test_a_group_whose_rows_are_all_dropped_is_no_group():
    done = count({"y": [1, None], "p": [1, 1], "g": ["a", "b"]}, ROLES)
    assert done.tally.groups == (("a",),)


def test_no_features_make_one_group_of_everyone():
    done = count({"y": [1, 0], "p": [1, 1]}, Roles(y_true="y", y_pred="p"))
    assert (done.tally.axes, done.tally.groups) == ((), ((),))


def test_texts_that_meet_in_one_hash_stay_apart(monkeypatch):
    from rai.engines import encoding

    monkeypatch.setattr(encoding, "_MIX", np.uint64(0))  # so that only the last letters are hashed
    values = np.array(["first in line", "second in line", "first in line"])
    assert groups_of(values) == {"first in line": 2, "second in line": 1}


def test_a_range_holds_its_lower_edge():
    found = groups_of([24.999, 25, 44, 45, None, 90], cuts={"g": (25, 45)})
    assert found == {"< 25": 1, "25 to < 45": 2, "≥ 45": 2, "(missing)": 1}


def test_quantile_groups_are_found_first_and_handed_back():
    ages = list(range(20, 60))
    data = {"y": [1] * 40, "p": [1] * 40, "g": ages}
    done = count(data, ROLES.replace(cuts={"g": 4}), piece_rows=7)
    assert done.roles.cuts == {"g": (30.0, 40.0, 50.0)}
    assert done.tally.group_rows.tolist() == [10, 10, 10, 10]
    again = count(data, done.roles)
    assert (
        again.tally.groups
        == done.tally.groups
        == (("< 30",), ("30 to < 40",), ("40 to < 50",), ("≥ 50",))
    )


def test_ties_merge_quantile_groups():
    data = {"y": [1] * 10, "p": [1] * 10, "g": [0.5] * 7 + [1.5, 2.5, None]}
    done = count(data, ROLES.replace(cuts={"g": 4}))
    assert done.roles.cuts == {"g": (1.5,)}
    assert done.tally.group_rows.tolist() == [7, 2, 1]


def test_twenty_whole_numbers_are_groups():
    assert len(groups_of(list(range(20)))) == 20


@pytest.mark.parametrize("make", [pd.Series, pl.Series, np.array, list])
def test_a_cut_column_may_be_of_any_kind(make):
    found = groups_of(make([18.5, 30.0, 30.5]), cuts={"g": (30,)})
    assert found == {"< 30": 1, "≥ 30": 2}
