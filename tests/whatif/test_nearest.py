"""The nearest row with another outcome: against looking at every row in a loop, and by known answers."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import fit_distance, nearest_counterfactual

FRAME = pd.DataFrame(
    {"income": [20, 49, 80, 55, 61], "sex": ["F", "F", "F", "M", "M"], "note": ["a", "b", "c", "d", "e"]}
)
UNIT = (80 - 20) / 2.5631031310892007


def by_income(frame):
    return frame["income"] / 100


MODEL = rai.load_model(by_income, features=["income"])

# Every row in a loop --------------------------------------------------------------------------------

value = st.one_of(st.none(), st.integers(-4, 4).map(float))
record = st.fixed_dictionaries(
    {
        "age": value,
        "hours": value,
        "sex": st.sampled_from(["F", "M", None]),
        "job": st.sampled_from(["cook", "nurse", "judge"]),
    }
)
asked = st.fixed_dictionaries(
    {
        "distance": st.sampled_from(["default", "what-if-tool"]),
        "norm": st.sampled_from(["l1", "l2"]),
        "frozen": st.sampled_from([(), "sex", ("job", "age")]),
        "k": st.integers(1, 4),
    }
)


@given(
    rows=st.lists(record, min_size=2, max_size=20),
    scores=st.lists(st.sampled_from([0.1, 0.4, 0.5, 0.9]), min_size=20, max_size=20),
    place=st.integers(0, 19),
    asked=asked,
    kind=st.sampled_from(["pandas", "polars"]),
)
def test_it_is_the_one_that_a_loop_finds(rows, scores, place, asked, kind):
    frame = pd.DataFrame(rows).astype({"age": float, "hours": float})
    frame = pl.from_pandas(frame) if kind == "polars" else frame
    scores, place = np.array(scores[: len(rows)]), place % len(rows)
    model = rai.load_model(lambda frame: None, features=["age", "hours", "sex", "job"])
    found = nearest_counterfactual(model, frame, row=place, y_score=scores, threshold=0.5, **asked)

    fixed = [asked["frozen"]] if isinstance(asked["frozen"], str) else asked["frozen"]
    fitted = fit_distance(frame, distance=asked["distance"], norm=asked["norm"])
    apart = fitted.to(place)
    others = [
        (apart[other], other)
        for other in range(len(rows))
        if (scores[other] >= 0.5) != (scores[place] >= 0.5)
        if all(rows[other][name] == rows[place][name] for name in fixed)
    ]
    expected = sorted(others)[: asked["k"]]
    everyone = [] if found.row is None else [found, *found.others]
    assert [(one.distance, one.row) for one in everyone] == expected
    for one in everyone:
        assert (one.score_from, one.score_to) == (scores[place], scores[one.row])
        assert {one.decision_from, one.decision_to} == {0, 1}
        changed = {c.feature: (c.before, c.after) for c in one.changes}
        assert changed == {
            name: (rows[place][name], rows[one.row][name])
            for name in fitted.features
            if rows[place][name] != rows[one.row][name]
        }


# Known answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_what_differs_is_told_with_its_share(frame):
    found = nearest_counterfactual(by_income, frame, row=1, ignore="note")
    assert (found.row, found.distance) == (3, 6 / UNIT + 1)
    assert found.to_dicts() == [
        {"rank": 1, "row": 3, "distance": found.distance, "feature": "income", "from": 49, "to": 55,
         "share": 6 / UNIT / found.distance},
        {"rank": 1, "row": 3, "distance": found.distance, "feature": "sex", "from": "F", "to": "M",
         "share": 1 / found.distance},
    ]  # fmt: skip
    assert (found.score_from, found.score_to, found.decision_from, found.decision_to) == (
        0.49,
        0.55,
        0,
        1,
    )
    assert found.note == "the model doesn't say which columns it reads, so all of them count"


def test_shares_of_squares_add_up_too():
    found = nearest_counterfactual(by_income, FRAME, row=1, norm="l2", ignore="note")
    assert found.distance == pytest.approx(((6 / UNIT) ** 2 + 1) ** 0.5)
    assert [change.share for change in found.changes] == pytest.approx(
        [(6 / UNIT) ** 2 / found.distance**2, 1 / found.distance**2]
    )


def test_frozen_columns_agree():
    assert nearest_counterfactual(MODEL, FRAME, row=0).row == 3
    assert nearest_counterfactual(MODEL, FRAME, row=0, frozen="sex").row == 2
    fitted = fit_distance(FRAME, ["income"], frozen="sex")
    assert nearest_counterfactual(MODEL, FRAME, row=0, distance=fitted).row == 2
    nobody = nearest_counterfactual(MODEL, FRAME, row=0, frozen=["sex", "note"])
    assert (nobody.row, nobody.distance, nobody.to_dicts()) == (None, None, [])
    assert nobody.note == "no row has 1 and agrees in sex, note"
    assert str(nobody) == "(none: no row has 1 and agrees in sex, note)"


def test_somebody_who_is_not_in_the_data():
    found = nearest_counterfactual(MODEL, FRAME, row={"income": 70})
    assert (found.row, found.changes.words, found.decision_from) == (1, "income 70 → 49", 1)
    with pytest.raises(RoleError, match="row: no column 'incom'"):
        nearest_counterfactual(MODEL, FRAME, row={"incom": 70})


def test_weights_move_what_is_near():
    frame = pd.DataFrame({"a": [0, 3, 0], "b": [0, 0, 4]})
    model = rai.load_model(lambda frame: (frame["a"] + frame["b"] > 0) * 1.0, features=["a", "b"])
    assert nearest_counterfactual(model, frame, row=0, weights={"a": 2}).row == 2
    assert nearest_counterfactual(model, frame, row=0, weights={"b": 2}).row == 1


def test_of_rows_that_are_equally_near_the_first_counts():
    frame = pd.DataFrame({"a": [0, 1, 1, 1]})
    found = nearest_counterfactual(lambda frame: frame["a"] * 1.0, frame, row=0, k=2)
    assert (found.row, [other.row for other in found.others]) == (1, [2])


def test_each_group_has_its_own_threshold():
    """Row 1 is decided at 0.6, and 55 is enough for a man, but not for a woman."""
    at = {"F": 0.6, "M": 0.5}
    assert nearest_counterfactual(MODEL, FRAME, row=1, threshold=at, along="sex").row == 3
    at = {"F": 0.6, "M": 0.58}
    assert nearest_counterfactual(MODEL, FRAME, row=1, threshold=at, along="sex").row == 4
    with pytest.raises(DataError, match="threshold: group 'M'; expected one of 'F'"):
        nearest_counterfactual(MODEL, FRAME, row=0, threshold={"F": 0.6}, along="sex")


def test_several_classes():
    frame = pd.DataFrame({"x": [0, 1, 2, 3]})
    scores = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.0, 0.1, 0.9]])
    model = rai.load_model(lambda frame: scores[frame["x"].to_numpy()], classes=["a", "b", "c"])
    found = nearest_counterfactual(model, frame, row=0)
    assert (found.row, found.score_from, found.score_to) == (1, 0.8, 0.7)
    assert (found.decision_from, found.decision_to) == ("a", "b")
    assert nearest_counterfactual(model, frame, row=0, desired="c").row == 2
    already = nearest_counterfactual(model, frame, row=0, desired="a")
    assert already.note.startswith("the row is decided 'a' already")
    assert nearest_counterfactual(model, frame.head(2), row=0, desired="c").note.startswith(
        "no row has 'c'"
    )


def test_a_regression_differs_by_its_standard_deviation_or_as_asked():
    frame = pd.DataFrame({"x": [0.0, 1.0, 2.0, 4.0]})
    model = rai.load_model(lambda frame: frame["x"] * 10, task="regression")
    deviation = np.std([0, 10, 20, 40], ddof=1)
    assert 10 < deviation < 20
    assert nearest_counterfactual(model, frame, row=0).row == 2
    assert nearest_counterfactual(model, frame, row=0, tolerance=10).row == 1
    assert nearest_counterfactual(model, frame, row=0, tolerance=0).row == 1
    assert nearest_counterfactual(model, frame, row=0, desired=(30, None)).row == 3
    assert nearest_counterfactual(model, frame, row=0, desired=(5, 10)).row == 1
    inside = nearest_counterfactual(model, frame, row=0, desired=(None, 5))
    assert inside.note.startswith("its prediction, 0, is in the desired range already")
    found = nearest_counterfactual(model, frame, row=0, tolerance=100)
    assert found.note.startswith("no row has a prediction that differs by 100 or more")
    assert (found.decision_from, found.decision_to) == (None, None)
    flat = rai.load_model(lambda frame: frame["x"] * 0, task="regression")
    assert nearest_counterfactual(flat, frame, row=0).row is None


def test_a_function_sees_only_rows_with_another_outcome():
    def by_income(person, frame):
        assert frame["income"].tolist() == [80, 55, 61]
        return (frame["income"] - person["income"]).abs()

    found = nearest_counterfactual(MODEL, FRAME, row=0, distance=by_income, k=2)
    assert (found.row, found.distance, found.others[0].row) == (3, 35, 4)
    assert found.changes.to_dicts() == [{"feature": "income", "from": 20, "to": 55, "share": None}]


def test_a_model_that_is_a_column_of_scores_will_do():
    frame = FRAME.assign(score=[0.2, 0.9, 0.1, 0.8, 0.3])
    model = rai.load_model(column="score")
    assert nearest_counterfactual(model, frame, row=0, distance="what-if-tool", ignore="score").row == 1
    with pytest.raises(ArgumentError, match="row: a column of predictions, which can't say what"):
        nearest_counterfactual(model, frame, row={"score": 0.5})


def test_fewer_than_asked_for_is_said():
    found = nearest_counterfactual(MODEL, FRAME, row=0, k=9)
    assert len(found.others) == 2
    assert found.note == "3 rows of the 9 asked for: no more have 1"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"k": 0}, "k: 0; expected a whole number of at least 1."),
        ({"row": 7}, "row: 7; expected a position from 0 to 4."),
        ({"desired": "yes"}, "desired: 'yes'; expected one of 0, 1."),
        ({"desired": (0, 1)}, "desired: (0, 1); expected one of 0, 1."),
        ({"tolerance": 1}, "tolerance: a tolerance for a binary model; expected none."),
        ({"distance": fit_distance(FRAME), "weights": {"income": 2}}, "distance: a fitted distance, and what it is to be fitted with; expected one of them. Give norm, weights, y_true and ignore to rai.whatif.fit_distance."),
        ({"distance": fit_distance(FRAME), "norm": "l2"}, "distance: a fitted distance, and what it is to be fitted with; expected one of them. Give norm, weights, y_true and ignore to rai.whatif.fit_distance."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(asked, message):
    with pytest.raises(ArgumentError) as caught:
        nearest_counterfactual(MODEL, FRAME, **{"row": 0, **asked})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"desired": 5}, "desired: 5; expected a range (low, high), in which one end may be None."),
        ({"desired": (None, None)}, "desired: (None, None); expected a range (low, high), in which one end may be None."),
        ({"desired": (3, 1)}, "desired: (3, 1); expected the lower end first."),
        ({"desired": (1, 3), "tolerance": 1}, "desired: a range and a tolerance; expected one of them."),
        ({"tolerance": -1}, "tolerance: -1; expected a number of at least 0."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_for_a_regression_is_refused(asked, message):
    model = rai.load_model(lambda frame: frame["income"], task="regression")
    with pytest.raises(ArgumentError) as caught:
        nearest_counterfactual(model, FRAME, row=0, **asked)
    assert str(caught.value) == message
