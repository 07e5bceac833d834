"""The rows that stand in: all that were given, or as many as are said."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai import DataError, RoleError
from rai.engines.frames import open_rows
from rai.explainers.backgrounds import background_of, digest_of, sample_background

ROWS = pd.DataFrame({"sex": ["F"] * 30 + ["M"] * 70, "age": range(100)})


def of(given=None, *, most=50, by=None, rows=ROWS, seed=0):
    rng = np.random.default_rng(seed)
    return background_of(given, open_rows(rows), read=("age",), most=most, by=by, rng=rng)


def test_what_is_given_is_used_whole_and_only_columns_that_are_read():
    found = of(ROWS, most=3)
    assert (len(found), found.said, found.rows.names) == (100, "100 given rows", ("age",))


def test_few_rows_are_their_own_background():
    found = of(most=100)
    assert (len(found), found.said) == (100, "the 100 rows themselves")


def test_of_many_rows_some_are_drawn_and_it_is_said():
    found = of()
    ages = found.rows.column("age").tolist()
    assert (len(found), found.said) == (50, "50 of the 100 rows, drawn at random")
    assert ages == sorted(set(ages))
    assert of(seed=0).digest == found.digest != of(seed=1).digest


def test_each_group_is_drawn_in_its_share():
    found = of(most=10, by="sex")
    assert found.said == "10 of the 100 rows, drawn within groups"
    assert (found.rows.column("age") < 30).sum() == 3
    odd = sample_background(ROWS.head(95), 7, by="sex")["sex"].value_counts().to_dict()
    assert odd == {"M": 5, "F": 2}  # shares of 4.79 and 2.21


def test_a_sample_stays_in_its_library():
    assert isinstance(sample_background(pl.from_pandas(ROWS), 5), pl.DataFrame)
    assert sample_background(ROWS, 500).equals(ROWS)


def test_no_rows_and_no_column_are_told():
    with pytest.raises(DataError, match="background: no rows; expected at least one"):
        of(ROWS.head(0))
    with pytest.raises(RoleError, match="background: no column 'age'"):
        of(ROWS[["sex"]])
    with pytest.raises(RoleError, match=r"by: no column 'sax'.*Did you mean 'sex'"):
        of(by="sax")


def test_a_digest_tells_values_names_and_order_apart_and_nothing_else():
    first = digest_of(open_rows(ROWS))
    assert digest_of(open_rows(ROWS.copy())) == first
    assert digest_of(open_rows(ROWS.set_axis(range(5, 105)))) == first
    for other in (
        ROWS.iloc[::-1],
        ROWS.rename(columns={"age": "years"}),
        ROWS.assign(age=ROWS["age"] + 1),
        ROWS.assign(sex=ROWS["sex"].replace("M", "m")),
        ROWS.assign(sex=ROWS["sex"].where(ROWS["age"] > 0)),
    ):
        assert digest_of(open_rows(other)) != first


def test_the_base_is_the_mean_over_the_whole_background():
    rows = {"a": np.arange(300.0)}
    found = rai.explain(lambda f: f["a"] / 1000, {"a": [500.0]}, background=rows, method="sampled")
    assert found.base[0, 0] == pytest.approx(149.5 / 1000)
    assert (found.background_n, found.background) == (300, "300 given rows")
