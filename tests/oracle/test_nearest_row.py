"""The nearest counterfactual of the What-If Tool, over again as it was published, and where ours differs.

Its search is a loop over all rows, that keeps the first of equals; its distance is a loop over columns.
"""

import statistics

import numpy as np
import pandas as pd
import pytest

import rai
from rai.whatif import nearest_counterfactual, similarity

NUMBERS = ["age", "education_num", "capital_gain", "capital_loss", "hours_per_week"]


@pytest.fixture(scope="module")
def adult():
    """Rows of Adult with their gaps, and a score that is no simple function of them."""
    data = rai.load_dataset("adult", "test")
    frame = data.frame.drop(columns=[c for c in data.frame if c not in {*data.card.features, "income"}])
    frame = frame.iloc[:160].reset_index(drop=True)
    rng = np.random.default_rng(0)
    return frame, np.clip(frame["age"].to_numpy() / 90 + rng.normal(0, 0.2, len(frame)), 0, 1)


def plain(frame):
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def statistics_of(rows, label):
    """For each column whether it is numeric, its deviation, and the chance that two values agree."""
    found = {}
    for name in rows[0]:
        held = [row[name] for row in rows if row[name] is not None]
        numeric = name in NUMBERS
        unique = not numeric and len(set(held)) == len(rows)
        if name != label and not unique:
            deviation = statistics.stdev(held) if numeric else None
            match = None if numeric else sum((held.count(v) / len(held)) ** 2 for v in set(held))
            found[name] = (numeric, deviation, match)
    return found


def tool_distance(a, b, about, *, squared):
    total = 0.0
    for name, (numeric, deviation, match) in about.items():
        if a[name] is None or b[name] is None:
            each = 1.0
        elif numeric:
            each = abs(a[name] - b[name]) / deviation if deviation else 0.0
        else:
            each = 0.0 if a[name] == b[name] else match
        total += each * each if squared else each
    return total


def tool_nearest(rows, outcomes, place, about, *, squared):
    best, closest = float("inf"), -1
    for other, row in enumerate(rows):
        if other == place or outcomes[other] == outcomes[place]:
            continue
        apart = tool_distance(rows[place], row, about, squared=squared)
        if apart < best:
            best, closest = apart, other
    return closest, best


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_it_finds_what_the_tool_finds(adult, norm):
    frame, scores = adult
    rows, model = plain(frame), rai.load_model(lambda f: None, features=["age"])
    about = statistics_of(rows, "income")
    outcomes = (scores >= 0.5).tolist()
    for place in range(0, 160, 7):
        found = nearest_counterfactual(
            model, frame, row=place, y_score=scores, distance="what-if-tool", norm=norm, y_true="income"
        )
        closest, apart = tool_nearest(rows, outcomes, place, about, squared=norm == "l2")
        assert found.distance == pytest.approx(apart, rel=1e-12)
        assert found.row == closest
    column = similarity(model, frame, row=3, distance="what-if-tool", norm=norm, y_true="income")
    expected = [tool_distance(rows[3], row, about, squared=norm == "l2") for row in rows]
    np.testing.assert_allclose(column, expected, rtol=1e-12)


def test_of_a_regression_too(adult):
    frame, scores = adult
    rows = plain(frame)
    model = rai.load_model(lambda f: None, task="regression")
    about, apart = statistics_of(rows, "income"), statistics.stdev(scores.tolist())
    for place in (0, 50, 111):
        far = (np.abs(scores - scores[place]) >= apart).tolist()
        far[place] = False
        found = nearest_counterfactual(
            model, frame, row=place, y_score=scores, distance="what-if-tool", y_true="income"
        )
        assert found.row == tool_nearest(rows, far, place, about, squared=False)[0]


# Columns that the model never reads -----------------------------------------------------------------
#
# It counted them all, but for the truth: so who is nearest hung on columns without a say in the decision.


def test_columns_that_the_model_does_not_read_do_not_count():
    frame = pd.DataFrame(
        {"income": [40, 55, 90, 10], "shoe": [36, 46, 36, 41], "row": [1, 2, 3, 4], "city": [*"abac"]}
    )
    model = rai.load_model(lambda f: f["income"] / 100, features=["income"])
    assert nearest_counterfactual(model, frame, row=0).row == 1
    assert nearest_counterfactual(model, frame, row=0, distance="what-if-tool").row == 2
    everything = nearest_counterfactual(model, frame, row=0, distance="what-if-tool").changes.features
    assert everything == ("income", "row")
    without = ["shoe", "row", "city"]
    assert nearest_counterfactual(model, frame, row=0, distance="what-if-tool", ignore=without).row == 1
    assert similarity(model, frame, row=0).argsort(kind="stable").tolist() == [0, 1, 3, 2]
