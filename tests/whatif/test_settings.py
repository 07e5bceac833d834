"""What every what-if question starts from."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif.settings import setting_of

FRAME = pd.DataFrame({"age": [20, 40, 60], "sex": ["F", "M", "F"]})


def by_age(frame):
    return frame["age"] / 100


def test_a_model_may_be_given_as_it_is():
    setting = setting_of(by_age, FRAME, threshold=0.3)
    scores = setting.scores(setting.rows)
    assert scores.tolist() == [0.2, 0.4, 0.6]
    assert setting.decide(scores, setting.rows).tolist() == [0, 1, 1]
    assert setting.read == ("age", "sex")
    assert setting_of(rai.load_model(by_age, features=["age"]), FRAME).read == ("age",)
    assert [f.name for f in setting.features()] == ["age", "sex"]


def test_a_row_is_picked_by_position_or_given():
    setting = setting_of(by_age, FRAME)
    assert setting.picked(-1).record(0) == {"age": 60, "sex": "F"}
    assert setting.picked({"age": 33, "sex": "X"}).record(0) == {"age": 33, "sex": "X"}
    assert setting.place(np.int64(2)) == 2
    for row in (3, -4, 1.0, True, "1", None):
        with pytest.raises(ArgumentError) as caught:
            setting.picked(row)
        assert str(caught.value) == f"row: {row!r}; expected a position from 0 to 2."


def test_scores_that_are_known_are_checked_like_the_models():
    setting = setting_of(by_age, FRAME)
    assert setting.given_scores(None).tolist() == [0.2, 0.4, 0.6]
    assert setting.given_scores([0.1, 0.2, 0.3]).tolist() == [0.1, 0.2, 0.3]
    with pytest.raises(DataError, match=r"it returned shape \(2,\) for 3 rows"):
        setting.given_scores([0.1, 0.2])
    with pytest.raises(DataError, match="it returned 1 missing or infinite value, the first in row 3"):
        setting.given_scores([0.1, 0.2, np.nan])


def test_rows_come_in_batches():
    sizes = []

    def count(frame):
        sizes.append(len(frame))
        return frame["age"] / 100

    setting = setting_of(count, pl.from_pandas(FRAME))
    small = type(setting)(model=setting.model, rows=setting.rows, cutoffs=setting.cutoffs, batch_rows=2)
    seen = []
    scores = small.scores(small.rows, progress=lambda done, total: seen.append((done, total)))
    assert scores.tolist() == [0.2, 0.4, 0.6]
    assert sizes == [2, 1]
    assert seen == [(2, 3), (3, 3)]


def test_what_cannot_be_asked_is_refused_at_the_door():
    with pytest.raises(RoleError) as caught:
        setting_of(rai.load_model(by_age, features=["agee"]), FRAME)
    assert str(caught.value) == (
        "model (callable): no column 'agee'; expected one of 'age', 'sex'. Did you mean 'age'?"
    )
    with pytest.raises(DataError) as caught:
        setting_of(by_age, FRAME.head(0))
    assert str(caught.value) == "rows: 0 rows; expected at least one."
    with pytest.raises(RoleError, match="threshold: no column 'gender'"):
        setting_of(by_age, FRAME, threshold={"F": 0.5, "M": 0.5}, along="gender")
    replayed = rai.load_model(column="age", probabilities=False)
    assert setting_of(replayed, FRAME).scores(setting_of(replayed, FRAME).rows).tolist() == [20, 40, 60]
    with pytest.raises(ArgumentError) as caught:
        setting_of(replayed, FRAME, edits="flip test")
    assert str(caught.value) == (
        "flip test: a column of predictions, which can't say what the model would have said; expected a "
        "model. Load the model itself, with rai.load_model."
    )
