"""The plan on a classifier, called wrongly: one sentence each, and nothing decided."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import RepeatedKFold
from threadpoolctl import threadpool_limits

import rai
from rai import ThresholdedClassifier


@pytest.fixture(autouse=True)
def one_thread():
    """Many small models learn faster when threads don't wait for each other."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def rows():
    """Two groups, one with a higher base rate: features with the group among them, and labels."""
    rng = np.random.default_rng(0)
    sex = rng.choice(["F", "M"], 600, p=[0.4, 0.6])
    income = rng.normal(size=600)
    y = (income + 0.8 * (sex == "M") + rng.normal(size=600) > 0.6).astype(int)
    return pd.DataFrame({"income": income, "sex": sex}), y


@pytest.fixture
def half():
    """A plan with the threshold 0.5 for everyone."""
    found = rai.audit(
        y_true=[0, 0, 1, 1], y_score=[0.1, 0.4, 0.5, 0.9], sensitive_features=[*"FFMM"], bins="exact"
    )
    plan = rai.optimize_thresholds(found, strategy="single_threshold", along=())
    assert plan.single == 0.5
    return plan


@pytest.mark.parametrize(
    ("options", "says"),
    {
        "strategy": (
            {"strategy": "equal_oportunity"},
            "strategy: 'equal_oportunity'; expected one of 'single_threshold', 'group_thresholds', "
            "'demographic_parity', 'equal_opportunity', 'equal_accuracy', 'predictive_equality', "
            "'equalized_odds', 'predictive_parity'. Did you mean 'equal_opportunity'?",
        ),
        "price": ({"cost_fp": -1}, "cost_fp: -1; expected a finite number of at least 0."),
        "tolerance": ({"tolerance": 2}, "tolerance: 2; expected a number between 0 and 1."),
        "limits": (
            {"max_selected": 3, "min_precision": 0.5},
            "limits: 'max_selected', 'min_precision'; expected one limit at a time.",
        ),
        "unseen": (
            {"unseen": "ignore"},
            "unseen: 'ignore'; expected one of 'error', 'single_threshold'.",
        ),
        "response": (
            {"response_method": "predict"},
            "response_method: 'predict'; expected one of 'auto', 'predict_proba', 'decision_function'.",
        ),
        "no scores": (
            {"estimator": Ridge()},
            "estimator: Ridge without predict_proba and decision_function; "
            "expected a classifier that gives scores.",
        ),
        "no column": (
            {"sensitive_features": "sx"},
            "sensitive_features: no column 'sx'; expected one of 'income', 'sex'. Did you mean 'sex'?",
        ),
        "no position": (
            {"sensitive_features": 2},
            "sensitive_features: position 2; expected one from 0 to 1.",
        ),
        "groups for names": (
            {"sensitive_features": [0.5, 1.5]},
            "sensitive_features: a list; expected names or positions of columns of X. "
            "Pass the groups themselves as sensitive_features= to fit and predict.",
        ),
        "twice": (
            {"sensitive_features": ["sex", "sex"]},
            "sensitive_features: 'sex', 'sex'; expected each column once.",
        ),
        "cv": (
            {"cv": 1},
            'cv: 1; expected a number of parts from 2, a share between 0 and 1, a splitter, or "prefit".',
        ),
        "cv word": (
            {"cv": "prefitted"},
            "cv: 'prefitted'; expected a number of parts from 2, a share between 0 and 1, a splitter, "
            'or "prefit".',
        ),
        "repeated": (
            {"cv": RepeatedKFold(n_splits=2, n_repeats=3, random_state=0)},
            "cv: row 1 is held out 3 times; expected once at most. "
            "Repeated splits would count rows several times.",
        ),
        "too many parts": (
            {"cv": 590},
            "cv: 590 parts of 600 rows; expected at least 590 rows of one of the labels. "
            'Pass fewer parts, or rows held out with cv="prefit".',
        ),
        "label": ({"pos_label": 2}, "pos_label: 2; expected one of the labels: 0, 1."),
    }.values(),
)
def test_a_wrong_argument_ends_in_one_sentence(rows, options, says):
    people, y = rows
    usual = {"estimator": LogisticRegression(), "drop_sensitive_features": True}
    usual["sensitive_features"] = "sex"
    with pytest.raises(rai.RaiError) as caught:
        ThresholdedClassifier(**{**usual, **options}).fit(people, y)
    assert str(caught.value).startswith(says)


def test_quantities_are_no_groups_until_they_are_cut(rows):
    people, y = rows
    numbers = people[["income"]]
    made = ThresholdedClassifier(LogisticRegression(), sensitive_features="income")
    says = "sensitive feature 'income': 600 distinct numbers, not all whole; expected at most 20 whole"
    with pytest.raises(rai.RoleError, match=re.escape(says)):
        made.fit(numbers, y)
    made.set_params(cuts={"income": [0.0]}, strategy="group_thresholds").fit(numbers, y)
    assert list(made.plan_.thresholds) == [("< 0",), ("≥ 0",)]
    lowest = made.plan_.thresholds["< 0",]
    decided = made.predict(numbers)[numbers["income"] < 0]
    scores = made.predict_proba(numbers)[numbers["income"] < 0, 1]
    assert decided.tolist() == (scores >= lowest).astype(int).tolist()


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (
            [0, 1, 2],
            "y: Unknown label type: multiclass; expected two labels. "
            "Only binary classification is supported.",
        ),
        ([1], "y: one class, 1; expected two labels. Only binary classification is supported."),
    ],
)
def test_labels_that_are_not_two(labels, says):
    with pytest.raises(rai.DataError) as caught:
        ThresholdedClassifier(LogisticRegression()).fit(np.zeros((12, 1)), np.resize(labels, 12))
    assert str(caught.value) == says


def test_one_row_of_a_label_can_not_be_parted():
    with pytest.raises(rai.DataError) as caught:
        ThresholdedClassifier(LogisticRegression()).fit(np.arange(8.0)[:, None], [1, *[0] * 7])
    assert str(caught.value) == (
        "cv: one row of label 1; expected at least 2, to learn from and to hold out. "
        'Pass fewer parts, or rows held out with cv="prefit".'
    )


class Unsure(LogisticRegression):
    def predict_proba(self, table):
        return super().predict_proba(table) * np.where(np.arange(len(table)) == 2, np.nan, 1.0)[:, None]


def test_scores_that_are_none(rows):
    people, y = rows
    with pytest.raises(rai.DataError) as caught:
        ThresholdedClassifier(Unsure()).fit(people[["income"]], y)
    assert str(caught.value) == (
        "predict_proba: 1 score that is NaN or infinite, the first in row 3; "
        "expected a finite score for every row."
    )


def test_groups_twice_weights_of_another_length_and_arguments_without_routing(rows):
    people, y = rows
    made = ThresholdedClassifier(LogisticRegression(), sensitive_features="sex")
    with pytest.raises(rai.ArgumentError) as caught:
        made.fit(people, y, sensitive_features=people["sex"])
    assert str(caught.value) == (
        "sensitive_features: both 'sex' of X and an argument of that name; expected one of them."
    )
    plain = ThresholdedClassifier(LogisticRegression())
    with pytest.raises(rai.DataError) as caught:
        plain.fit(people[["income"]], y, sample_weight=[1.0, 2.0])
    assert str(caught.value) == (
        "sample_weight: weights of shape (2,); expected (600,), one for each row."
    )
    with pytest.raises(rai.ArgumentError) as caught:
        plain.fit(people[["income"]], y, speed=3)
    assert str(caught.value) == (
        "fit: 'speed'; expected sample_weight or sensitive_features. "
        "To pass more, call sklearn.set_config(enable_metadata_routing=True)."
    )


def test_nothing_is_decided_before_fit(half, rows):
    people, _ = rows
    for made in (
        ThresholdedClassifier(LogisticRegression()),
        ThresholdedClassifier(LogisticRegression(), plan=half),
    ):
        with pytest.raises(NotFittedError):
            made.predict(people[["income"]])
        assert not hasattr(made, "classes_")
    with pytest.raises(NotFittedError):
        ThresholdedClassifier(LogisticRegression(), cv="prefit").fit(*rows)


def test_without_scikit_learn_the_install_line_is_named():
    code = """
import sys
sys.modules["sklearn"] = None
from rai import *
import rai
try:
    rai.ThresholdedClassifier(None, strategy="equal_opportunity")
except rai.ExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "ThresholdedClassifier: scikit-learn is not installed; expected the extra 'models'. "
        'Run: pip install "rai[models]".\n'
    )
