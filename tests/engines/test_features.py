"""What each column may hold, read off all rows."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.features import feature_of, features_of
from rai.engines.frames import open_rows
from rai.ground.errors import RoleError
from rai.values.features import Feature


def read(values, **frame):
    return feature_of(open_rows(pd.DataFrame({"x": values}, **frame)), "x")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3, 1, 2], Feature(name="x", kind="integer", low=1, high=3)),
        ([3.0, 1.5], Feature(name="x", kind="number", low=1.5, high=3.0)),
        ([3.0, np.nan], Feature(name="x", kind="number", low=3.0, high=3.0, missing=True)),
        (
            ["b", "a", "b", None],
            Feature(name="x", kind="category", categories=("b", "a"), missing=True),
        ),
        ([True, False, False], Feature(name="x", kind="boolean", categories=(False, True))),
        (pd.Categorical([2, 1, 2]), Feature(name="x", kind="category", categories=(2, 1))),
        (
            pd.array([1, None], dtype="Int64"),
            Feature(name="x", kind="integer", low=1, high=1, missing=True),
        ),
        ([np.nan, np.nan], Feature(name="x", kind="number", missing=True)),
        (
            pd.to_datetime(["2024-03-01", "2024-01-01", None]),
            Feature(
                name="x",
                kind="date",
                low="2024-01-01T00:00:00",
                high="2024-03-01T00:00:00",
                missing=True,
            ),
        ),
    ],
)
def test_a_column_is_read(values, expected):
    assert read(values) == expected


def test_every_row_counts_not_only_the_first():
    values = [0] * 1000 + [99]
    assert read(values).high == 99
    assert read(["a"] * 1000 + ["z"]).categories == ("a", "z")


def test_polars_is_read_alike():
    frame = pl.DataFrame(
        {
            "n": [1, None],
            "c": pl.Series(["a", "b"], dtype=pl.Categorical),
            "e": pl.Series(["a", "a"], dtype=pl.Enum(["a", "b"])),
            "d": [dt.date(2024, 1, 1), None],
            "b": [True, None],
        }
    )
    found = features_of(open_rows(frame))
    assert [feature.kind for feature in found] == ["integer", "category", "category", "date", "boolean"]
    assert found.named("e").categories == ("a",)
    assert found.named("d").low == "2024-01-01"
    assert [feature.missing for feature in found] == [True, False, False, True, True]
    assert [f.name for f in features_of(open_rows(frame), ("b", "n"))] == ["b", "n"]


def test_a_column_of_several_kinds_is_refused():
    with pytest.raises(RoleError) as caught:
        read(["a", 1.5])
    assert str(caught.value) == (
        "rows: column 'x' with text and the number 1.5; expected values of one kind in a column."
    )
    with pytest.raises(RoleError, match=r"column 'x' with values that name nothing"):
        read([[1], [2]])
