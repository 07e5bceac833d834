"""What can't be attributed says why."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from rai.explainers.gap_parts import attribute_gap
from rai.ground.errors import ArgumentError, DataError, RoleError
from tests.explainers.gap_parts.conftest import FEATURES


def asked(model, rows, **given):
    return attribute_gap(
        model, rows, **{"metric": "selection_rate", "sensitive_features": "sex", **given}
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"metric": "selection_rat"}, "Did you mean 'selection_rate'"),
        ({"metric": "equalized_odds"}, "Ask for each of them"),
        ({"metric": "f1"}, "has no parts here"),
        ({"metric": "abroca"}, "has no parts here"),
        ({"metric": 3}, "metric: 3"),
        ({"metric": "true_positive_rate"}, "y_true: no labels"),
        ({"metric": "mean_score", "kind": "ratio"}, "the ratio of 'mean_score'"),
        ({"kind": "differences"}, "Did you mean 'difference'"),
        ({"metric": "mean_squared_error"}, "of a binary model"),
        ({"loss": "log_loss"}, 'Pass metric="mean_loss"'),
        ({"space": "margin"}, "'margin' for 'selection_rate'"),
        ({"metric": "mean_score", "threshold": 0.4}, "threshold: 0.4"),
        ({"versus": "m"}, "Did you mean 'M'"),
        ({"output": "yes"}, "output: 'yes'"),
        ({"method": "tree"}, "method: not tree"),
        ({"kind": "ratio", "method": "exact"}, "It is no mean over rows"),
        ({"budget": 0}, "budget: 0"),
        ({"level": 2}, "level: 2"),
        ({"sensitive_features": ()}, "one group"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(small, given, said):
    model, rows, _ = small(40)
    with pytest.raises(ArgumentError) as caught:
        asked(model, rows, **given)
    assert said in str(caught.value)


def test_rows_and_labels_that_do_not_fit_are_refused(small):
    model, rows, labels = small(40)
    with pytest.raises(RoleError, match="gender"):
        asked(model, rows, sensitive_features="gender")
    with pytest.raises(DataError, match="no rows"):
        asked(model, rows[:0])
    with pytest.raises(DataError, match="one for each row"):
        asked(model, rows, metric="tpr", y_true=labels[:5])
    with pytest.raises(DataError, match="no positive label"):
        asked(model, rows, metric="tpr", y_true=np.zeros(40, dtype=int))
    with pytest.raises(DataError, match="y_true"):
        asked(model, rows, metric="tpr", y_true=np.full(40, 7))
    with pytest.raises(ArgumentError, match="one group"):
        asked(model, rows.assign(sex="F"))


def test_tasks_say_what_goes_with_them(small):
    _, rows, labels = small(60)
    regression = LinearRegression().fit(rows[FEATURES], labels * 1.0)
    with pytest.raises(ArgumentError, match="mean_prediction"):
        asked(regression, rows)
    classes = labels + (rows["b"] > 0.5).to_numpy()
    several = LogisticRegression().fit(rows[FEATURES], classes)
    with pytest.raises(ArgumentError, match="positive class"):
        asked(several, rows)
    with pytest.raises(ArgumentError, match="of a multiclass model"):
        asked(several, rows, metric="roc_auc", y_true=classes)
    with pytest.raises(ArgumentError, match="threshold"):
        asked(several, rows, output=1, threshold=0.4)
    assert asked(several, rows, metric="accuracy", y_true=classes).pairs[0].value is not None


def test_a_group_without_positives_is_undefined_and_the_others_are_not(small):
    model, rows, labels = small(90)
    labels = np.where(rows["race"] == "x", 0, labels)
    found = asked(model, rows, metric="tpr", y_true=labels, sensitive_features="race", versus="pairwise")
    pair = found.pair("x", "y")
    assert pair.value is None
    assert all(part.value is None for part in pair.all_parts)
    assert "x: no rows with a positive label" in pair.note
    assert found.pair("y", "(missing)").value is not None
    assert '"value": null' in found.to_json()


def test_a_game_without_denominator_is_undefined(small):
    model, rows, labels = small(90)
    found = asked(model, rows, metric="ppv", y_true=labels, threshold=0.999, background=rows[:5])
    assert found.pairs[0].value is None
    assert "no denominator of the positive_predictive_value" in found.pairs[0].note
    ratio = asked(model, rows, kind="ratio", threshold=0.999, background=rows[:5])
    assert ratio.pairs[0].value is None
    assert "no logarithm of the selection_rate" in ratio.pairs[0].note


def test_table_says_that_no_part_is_a_cause(small):
    model, rows, _ = small(90)
    said = str(asked(model, rows))
    assert "not what causes the gap" in said
    assert "offset each other" in said
    assert "(40 rows)" not in said
