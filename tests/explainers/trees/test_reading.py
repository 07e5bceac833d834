"""What can't be read as trees says why."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

import rai
from rai.explainers.trees import ensemble_of

rng = np.random.default_rng(9)
FRAME = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc"))
TWO = (FRAME.a + FRAME.b > 0).astype(int)
FOREST = RandomForestClassifier(n_estimators=2, random_state=0)
HIST = HistGradientBoostingClassifier(max_iter=3)


@pytest.mark.parametrize(
    ("estimator", "reason"),
    [
        (LogisticRegression(), "it is no tree ensemble"),
        (BaggingClassifier(LogisticRegression()), "in its bag there is a LogisticRegression"),
        (BaggingClassifier(HIST, n_estimators=2), "it averages what each HistGradient"),
        (
            VotingClassifier([("a", LogisticRegression())], voting="soft"),
            "it averages a LogisticRegression",
        ),
        (
            VotingClassifier([("a", HIST), ("b", FOREST)], voting="soft"),
            "it averages what its HistGradient",
        ),
        (VotingClassifier([("a", FOREST)], voting="hard"), "its members vote with labels"),
        (AdaBoostClassifier(LogisticRegression()), "it boosts a LogisticRegression"),
        (
            GradientBoostingClassifier(init=DecisionTreeClassifier(max_depth=1)),
            "it starts from a Decision",
        ),
        (make_pipeline(PCA(), FOREST), "its pipeline has steps whose columns"),
        (make_pipeline(PCA(), LogisticRegression()), "it is no tree ensemble"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_estimators_of_scikit_learn_that_are_none(estimator, reason):
    assert ensemble_of(rai.load_model(estimator.fit(FRAME, TWO))).startswith(reason)


def test_a_regression_of_exponents():
    model = HistGradientBoostingRegressor(loss="poisson", max_iter=3).fit(FRAME, np.exp(FRAME.a))
    assert ensemble_of(rai.load_model(model)).startswith("what it predicts is the exponent of a sum")


def test_a_function_and_columns_without_names():
    assert ensemble_of(rai.load_model(lambda frame: frame["a"])) == "it is no tree ensemble"
    forest = rai.load_model(FOREST.fit(FRAME.to_numpy(), TWO))
    assert ensemble_of(forest) == "it names no columns: pass features= where it is loaded"


def test_boosters_that_are_none():
    xgboost, lightgbm = pytest.importorskip("xgboost"), pytest.importorskip("lightgbm")
    linear = xgboost.XGBClassifier(booster="gblinear").fit(FRAME, TWO)
    assert ensemble_of(rai.load_model(linear)) == "its booster is linear"
    leaves = lightgbm.LGBMRegressor(linear_tree=True, n_estimators=3, verbose=-1).fit(FRAME, FRAME.a)
    assert ensemble_of(rai.load_model(leaves)) == "its leaves hold linear models"
    vectors = xgboost.XGBClassifier(multi_strategy="multi_output_tree", n_estimators=3)
    vectors.fit(FRAME, pd.cut(FRAME.a, 3, labels=False))
    assert ensemble_of(rai.load_model(vectors)) == "its leaves are vectors"


def test_categories_that_catboost_makes_numbers_of():
    catboost = pytest.importorskip("catboost")
    words = FRAME.assign(c=rng.choice(list("uvwxyz"), 200))
    said = {"iterations": 8, "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    target = words.c.isin(["u", "w"]).astype(int)
    model = catboost.CatBoostClassifier(cat_features=["c"], **said).fit(words, target)
    assert ensemble_of(rai.load_model(model)).startswith("it makes numbers of categories by the labels")
