"""What the door is handed, however odd: an answer that adds up, or one sentence."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.ground.errors import RaiError

FRAME = pd.DataFrame({"a": [1.0, 2, 3], "b": ["x", "y", "x"]})
POLARS = pl.from_pandas(FRAME)
MODEL = rai.load_model(lambda frame: np.asarray(frame["a"], dtype=float) * 0.1, features=["a", "b"])
TWO = pl.DataFrame({"a": [1.0, 2.0]})

ODD = {
    "other categories": (
        FRAME.assign(b=pd.Categorical(["x", "y", "x"])),
        FRAME.assign(b=pd.Categorical(["z", "q", "x"])),
    ),
    "Polars, then pandas": (POLARS, FRAME),
    "pandas, then Polars": (FRAME, POLARS),
    "dates with a gap": (FRAME.assign(b=pd.to_datetime(["2020-01-01"] * 2 + [None])), None),
    "dates of Polars": (TWO.with_columns(b=pl.Series([datetime.date(2020, 1, 1), None])), None),
    "true and false": (FRAME.assign(b=[True, False, True]), None),
    "true and a gap": (TWO.with_columns(b=pl.Series([True, None])), None),
    "huge numbers": (FRAME.assign(b=[2**63 + 1, 2**64 + 5, 3]), None),
    "another type": (FRAME, FRAME.assign(b=[1, 2, 3])),
    "an index that repeats": (FRAME.set_index(pd.Index([5, 5, 7])), None),
    "columns in another order": (FRAME, FRAME[["b", "a"]]),
    "nullable": (FRAME.assign(b=pd.array([1, None, 2], dtype="Int64")), None),
    "lists of Polars": (TWO.with_columns(b=pl.Series([[1], [2]])), None),
}


@pytest.mark.parametrize("method", ["exact", "sampled"])
@pytest.mark.parametrize("name", ODD)
def test_odd_columns_that_are_not_read_get_nothing(method, name):
    rows, background = ODD[name]
    found = rai.explain(MODEL, rows, background=background, method=method)
    own = np.asarray(rows["a"], dtype=float) * 0.1
    other = rows if background is None else background
    wanted = own - np.mean(np.asarray(other["a"], dtype=float) * 0.1)
    np.testing.assert_allclose(found.values[:, 0, 0], wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.values[:, 1, 0], 0, rtol=0, atol=1e-15)


def infinite(frame):
    return np.full(len(frame), np.inf)


REFUSED = {
    "a column is missing": ({"rows": FRAME[["a"]]}, "model (callable): no column 'b'; "),
    "no rows": ({"rows": FRAME[:0]}, "rows: no rows; "),
    "another background": ({"background": FRAME[["a"]]}, "background: no column 'b'; "),
    "an empty background": ({"background": FRAME[:0]}, "background: no rows; "),
    "one name twice": (
        {"rows": pd.DataFrame([[1, 2]], columns=["a", "a"])},
        "rows: 2 columns named 'a'; ",
    ),
    "lists": ({"rows": FRAME.assign(b=[[1], [2], [3]])}, "column 'b': values that can't be told apart "),
    "infinite scores": ({"model": rai.load_model(infinite, task="regression")}, "model: it returned "),
    "another method": ({"method": "shapp"}, "method: 'shapp'; "),
    "players without columns": ({"players": {"q": []}}, "players: no columns for 'q'; "),
    "players of one name": ({"players": {"a": ["b"]}}, "players: several columns called 'a'; "),
    "strange players": ({"players": {"q": ["zz"]}}, "players: column 'zz'; "),
    "no players": ({"players": 3}, "players: 3; "),
    "a column twice": ({"players": {"q": ["a", "a"]}}, "players: column 'a' named twice; "),
    "losses without labels": ({"space": "loss"}, "space: 'loss' without labels; "),
    "few labels": ({"space": "loss", "y_true": [1, 0]}, "y_true: 2 labels for 3 rows; "),
    "a strange label": ({"space": "loss", "y_true": [1, 0, 2]}, "y_true: 2; "),
    "a frame of labels": (
        {"space": "loss", "y_true": FRAME[["a"]]},
        "y_true: a DataFrame of shape (3, 1); ",
    ),
    "one label": ({"space": "loss", "y_true": 1}, "y_true: a int; "),
    "labels without losses": ({"y_true": [1, 0, 1]}, "y_true: labels in the space of 'probability'; "),
    "a threshold for nothing": ({"threshold": 0.5}, "threshold: 0.5 in the space of 'probability'; "),
    "no budget": ({"budget": 0}, "budget: 0; "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_answered_is_one_sentence(name):
    given, words = REFUSED[name]
    asked = {"model": MODEL, "rows": FRAME, "method": "exact", **given}
    with pytest.raises(RaiError) as caught:
        rai.explain(asked.pop("model"), asked.pop("rows"), **asked)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_auto_says_why_and_falls_on():
    found = rai.explain(MODEL, FRAME)
    assert found.method == "exact"
    assert "not linear: " in found.why
    assert "not tree: " in found.why
