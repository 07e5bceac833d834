"""The values that features are set to."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.features import features_of
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError
from rai.whatif.grids import grids_of


def grid_of(values, *, name="x", polars=False, **options):
    rows = open_rows(pl.DataFrame({name: values}) if polars else pd.DataFrame({name: values}))
    (found,) = grids_of(rows, features_of(rows), **options)
    return found


def test_quantiles_are_values_that_occur_and_reach_both_ends():
    values = np.random.default_rng(0).normal(size=1001)
    found = grid_of(values, grid=5)
    ordered = np.sort(values)
    assert found.points == tuple(ordered[[0, 250, 500, 750, 1000]])
    assert found.deciles == pytest.approx(np.quantile(values, np.arange(1, 10) / 10))


def test_every_row_is_looked_at():
    """A tool that only looks at the first 50 rows misses both ends and the rare category."""
    n = 500
    numbers, words = np.full(n, 40), np.full(n, "common", dtype=object)
    numbers[-2:] = [17, 90]
    words[-1] = "once"
    assert grid_of(numbers).points == (17, 40, 90)
    assert grid_of(words).points == ("common", "once")


def test_ties_leave_room_for_rarer_values():
    values = np.concatenate([np.zeros(920), np.arange(1, 81)])
    found = grid_of(values, grid=20)
    assert len(found) == 20
    assert found.points[0] == 0
    assert found.points[-1] == 80
    assert sum(value > 0 for value in found.points) == 19


@pytest.mark.parametrize("polars", [False, True])
def test_whole_numbers_stay_whole(polars):
    for kind in ("quantile", "uniform"):
        found = grid_of([1, 2, 4, 8, 30], grid=3, kind=kind, polars=polars)
        assert all(type(value) is int for value in found.points)
        assert found.points[0] == 1
        assert found.points[-1] == 30
    assert grid_of([1, 2, 4, 8, 30], grid=3, kind="uniform").points == (1, 16, 30)
    assert grid_of([1.0, 2.0, None, 4.0], grid=3, kind="uniform").points == (1.0, 2.0, 4.0, None)


def test_evenly_spaced_numbers():
    assert grid_of([0.0, 0.1, 2.0], grid=5, kind="uniform").points == (0.0, 0.5, 1.0, 1.5, 2.0)


def test_missing_is_a_point_of_its_own_at_the_end():
    found = grid_of([3.0, None, 1.0, None])
    assert found.points == (1.0, 3.0, None)
    assert np.isnan(found.scale[-1])
    assert found.nearest.tolist() == [1, 2, 0, 2]
    words = grid_of(["b", None, "a", "b"])
    assert words.points == ("b", "a", None)
    assert words.nearest.tolist() == [0, 2, 1, 0]


def test_true_and_false_stand_in_their_order_and_categories_by_size():
    assert grid_of([True, True, False]).points == (False, True)
    assert grid_of(["b", "a", "b", "c", "c", "c"]).points == ("c", "b", "a")
    ordered = pd.Categorical(["low", "high", "low"], categories=["low", "mid", "high"])
    assert grid_of(ordered).points == ("low", "high")


@pytest.mark.parametrize("polars", [False, True])
def test_dates(polars):
    days = [dt.datetime(2024, 1, 1) + dt.timedelta(days=10 * k) for k in range(9)]
    found = grid_of(days, grid=3, polars=polars)
    assert [value.isoformat()[:10] for value in found.points] == [
        "2024-01-01",
        "2024-02-10",
        "2024-03-21",
    ]
    assert np.diff(found.scale).tolist() == [40, 40]
    even = grid_of([*days[:2], days[8]], grid=2, kind="uniform", polars=polars)
    assert [value.isoformat()[:10] for value in even.points] == ["2024-01-01", "2024-03-21"]


def test_shares_of_groups():
    found = grid_of([1.0, 1.2, 9.0, 10.0], grid={"x": [1.0, 10.0]})
    shares = found.shares(np.array([0, 0, 0, 1]), groups=2)
    assert shares.tolist() == [[pytest.approx(2 / 3), pytest.approx(1 / 3)], [0, 1]]


def test_values_may_be_named():
    rows = open_rows(pd.DataFrame({"age": [20, 30, 40], "sex": ["F", "M", "F"]}))
    age, sex = grids_of(rows, features_of(rows), grid={"age": [50, 25, np.int64(50)], "sex": ["M"]})
    assert age.points == (25, 50)
    assert age.nearest.tolist() == [0, 0, 1]
    assert sex.points == ("M",)
    assert sex.nearest.tolist() == [-1, 0, -1]
    assert rows.with_column("age", age.pool, [age.places[0]] * 3).record(0)["age"] == 25


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({"age": ["old"]}, "grid of 'age': 'old' for 'age'; expected a whole number."),
        ({"age": [20.5]}, "grid of 'age': 20.5 for 'age'; expected a whole number."),
        ({"age": []}, "grid of 'age': no values; expected at least one."),
        ({"age": 30}, "grid of 'age': 30; expected a list of values."),
        ({"agee": [1]}, "grid: no column 'agee'; expected one of 'age'. Did you mean 'age'?"),
        (1, "grid: 1; expected a whole number of at least 2."),
        (2.5, "grid: 2.5; expected a whole number of at least 2."),
    ],
)
def test_what_is_no_grid_is_refused(grid, message):
    with pytest.raises(ArgumentError) as caught:
        grid_of([20, 30], name="age", grid=grid)
    assert str(caught.value) == message


def test_too_many_points_and_unknown_kinds_are_refused():
    with pytest.raises(ArgumentError) as caught:
        grid_of(np.arange(1500.0), kind="every")
    assert str(caught.value) == (
        "grid: 1,500 points for 'x'; expected at most 1,000. Leave it out, or name points: grid={'x': […]}."
    )
    with pytest.raises(ArgumentError, match="grid: 1,200 points for 'x'"):
        grid_of([f"name {k}" for k in range(1200)])
    with pytest.raises(
        ArgumentError, match="grid_kind: 'even'; expected one of 'quantile', 'uniform', 'every'"
    ):
        grid_of([1, 2], kind="even")


def test_a_column_of_nothing_has_one_point():
    assert grid_of(np.array([np.nan, np.nan])).points == (None,)
    assert grid_of([5, 5]).points == (5,)
