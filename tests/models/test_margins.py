"""Margins: a model's own, or else log-odds."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import rai
from rai import DataError
from rai.models.margins import LOG_ODDS, own_margins, with_margins

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 2))
Y = (X[:, 0] + RNG.normal(size=80) > 0).astype(int)
THREE = np.digitize(X[:, 1], [-0.5, 0.5])
ROWS = {"a": X[:, 0], "b": X[:, 1]}


def loaded(estimator, **options):
    return rai.load_model(estimator, features=["a", "b"], **options)


def sigmoid(margin):
    return 1 / (1 + np.exp(-margin))


@pytest.mark.parametrize("positive", [0, 1])
@pytest.mark.parametrize(
    "estimator",
    [LogisticRegression(), HistGradientBoostingClassifier(max_iter=5), make_pipeline(StandardScaler(), LogisticRegression())],
    ids=["logistic", "boosting", "pipeline"],
)  # fmt: skip
def test_margins_of_scikit_learn_are_the_positive_class_s(estimator, positive):
    model = loaded(estimator.fit(X, Y), positive_label=positive)
    margins = own_margins(model)
    assert (margins.probabilities, margins.threshold) == (False, 0.0)
    np.testing.assert_allclose(sigmoid(margins.scores(ROWS)), model.scores(ROWS))


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
@pytest.mark.parametrize("positive", [0, 1])
def test_margins_of_boosting_libraries(library, positive, needs):
    needs(find_spec(library) is not None, f"{library} is not installed")
    given = import_module(library)
    estimator = {
        "xgboost": lambda: given.XGBClassifier(n_estimators=4, max_depth=2),
        "lightgbm": lambda: given.LGBMClassifier(n_estimators=4, min_child_samples=5, verbose=-1),
        "catboost": lambda: given.CatBoostClassifier(
            iterations=4, depth=2, verbose=0, allow_writing_files=False
        ),
    }[library]()
    model = loaded(estimator.fit(X, Y), positive_label=positive)
    margins = own_margins(model).scores(ROWS)
    assert np.ptp(margins) > 0.1
    np.testing.assert_allclose(sigmoid(margins), model.scores(ROWS), atol=1e-6)


def test_several_classes_keep_their_order():
    model = loaded(LogisticRegression().fit(X, THREE))
    margins = own_margins(model).scores(ROWS)
    assert margins.shape == (80, 3)
    wide = np.exp(margins - margins.max(axis=1, keepdims=True))
    np.testing.assert_allclose(wide / wide.sum(axis=1, keepdims=True), model.scores(ROWS))


def test_a_model_without_margins_has_log_odds_of_two_classes():
    model = loaded(RandomForestClassifier(5, min_samples_leaf=20, random_state=0).fit(X, Y))
    assert own_margins(model) is None
    found = with_margins(model)
    assert found.notes == (LOG_ODDS,)
    p = model.scores(ROWS)
    np.testing.assert_allclose(found.scores(ROWS), np.log(p / (1 - p)))
    several = loaded(RandomForestClassifier(5, random_state=0).fit(X, THREE))
    assert with_margins(several) is None


def test_margins_stay_margins_and_a_regression_has_none():
    model = rai.load_model(lambda frame: frame["a"], probabilities=False)
    assert own_margins(model) is model
    assert with_margins(loaded(LinearRegression().fit(X, Y))) is None


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_infinite_log_odds_are_told(p):
    model = with_margins(rai.load_model(lambda frame: frame["p"]))
    with pytest.raises(DataError, match="margins: a probability of 0 or 1, whose log-odds are infinite"):
        model.scores({"p": [0.5, p]})
