"""Every family of trees against Shapley's definition, asked of the model itself."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

import rai
from rai.engines.frames import open_rows
from rai.explainers.spaces import space_of
from rai.explainers.trees import Ensemble, ensemble_of, tree_values
from tests.explainers.brute_force import shapley

rng = np.random.default_rng(3)
N = 300
NUMBERS = pd.DataFrame(rng.normal(size=(N, 5)).round(2), columns=list("abcde"))
GAPS = NUMBERS.mask(rng.random(NUMBERS.shape) < 0.1)
WORDS = GAPS.assign(
    b=pd.Categorical(rng.choice(list("uvwxyz"), N)),
    c=pd.Categorical(pd.Series(rng.choice(["F", "M"], N)).where(rng.random(N) < 0.9)),
)
TEXT = WORDS.assign(b=WORDS.b.astype(object), c=WORDS.c.astype(object).fillna("none"))
TWO = (NUMBERS.a * NUMBERS.b + NUMBERS.c + rng.normal(size=N) * 0.3 > 0).astype(int)
THREE = pd.cut(NUMBERS.a + NUMBERS.b * NUMBERS.c, 3, labels=False)
VALUE = NUMBERS.a * NUMBERS.b + NUMBERS.c
BY_WORDS = ((GAPS.a > 0) ^ WORDS.b.isin(["u", "w"]) | (WORDS.c == "F") & (GAPS.d > 0)).astype(int)
THREE_BY_WORDS = BY_WORDS + (WORDS.b == "x")

FEW = {"n_estimators": 6, "random_state": 0}
HIST = {"max_iter": 8, "min_samples_leaf": 5, "random_state": 0}
XGB = {"n_estimators": 8, "max_depth": 4, "n_jobs": 1}
LGB = {"n_estimators": 8, "max_depth": 4, "verbose": -1, "n_jobs": 1, "min_child_samples": 5}
CAT = {"iterations": 8, "depth": 4, "verbose": 0, "allow_writing_files": False, "thread_count": 1}


def checked(estimator, rows, *, tolerance=1e-9, **options):
    """The ensemble, once values, base and predictions are what the model's own scores say."""
    model = rai.load_model(estimator, **options)
    ensemble = ensemble_of(model)
    assert isinstance(ensemble, Ensemble), ensemble
    space, names = space_of(ensemble.space, model), list(model.features)
    every = open_rows(rows)
    matrix = ensemble.encode(every)
    np.testing.assert_allclose(ensemble.predict(matrix), space.scores(every), atol=tolerance)
    owners = np.full(matrix.shape[1], -1)
    for place, name in enumerate(names):
        owners[ensemble.columns[name]] = place
    x, background = every.take(range(3)).select(names), every.take(range(20, 32)).select(names)
    expected, base = shapley(space.scores, x, background, names)
    asked = {"background": ensemble.encode(background), "owners": owners, "players": len(names)}
    values, found = tree_values(ensemble, ensemble.encode(x), **asked)
    np.testing.assert_allclose(values, expected, atol=tolerance)
    np.testing.assert_allclose(found, base, atol=tolerance)
    along, start = tree_values(ensemble, ensemble.encode(x), **asked, paths="path_dependent")
    np.testing.assert_allclose(start + along.sum(axis=1), space.scores(x), atol=tolerance)
    return ensemble


@pytest.mark.parametrize("labels", [TWO, THREE], ids=["two", "three"])
@pytest.mark.parametrize(
    ("estimator", "space"),
    [
        (DecisionTreeClassifier(random_state=0), "probability"),
        (ExtraTreeClassifier(random_state=0), "probability"),
        (RandomForestClassifier(**FEW), "probability"),
        (ExtraTreesClassifier(**FEW), "probability"),
        (BaggingClassifier(max_features=0.6, max_samples=0.2, **FEW), "probability"),
        (GradientBoostingClassifier(**FEW), "margin"),
        (HistGradientBoostingClassifier(**HIST), "margin"),
        (AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), **FEW), "margin"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_classifiers(estimator, space, labels):
    ensemble = checked(estimator.fit(NUMBERS, labels), NUMBERS)
    assert (ensemble.space, ensemble.outputs) == (space, 1 if labels is TWO else 3)


@pytest.mark.parametrize(
    "estimator",
    [
        DecisionTreeRegressor(random_state=0),
        RandomForestRegressor(**FEW),
        BaggingRegressor(**FEW),
        GradientBoostingRegressor(loss="huber", **FEW),
        HistGradientBoostingRegressor(**HIST),
    ],
    ids=lambda each: type(each).__name__,
)
def test_regressors(estimator):
    assert checked(estimator.fit(NUMBERS, VALUE), NUMBERS).space == "prediction"


@pytest.mark.parametrize("estimator", [RandomForestClassifier(**FEW), GradientBoostingClassifier(**FEW)])
def test_the_positive_class_may_be_the_first(estimator):
    checked(estimator.fit(NUMBERS, TWO), NUMBERS, positive_label=0)


def test_members_that_vote_with_their_probabilities():
    members = [("forest", RandomForestClassifier(**FEW)), ("tree", DecisionTreeClassifier(max_depth=4))]
    checked(VotingClassifier(members, voting="soft", weights=[1, 3]).fit(NUMBERS, TWO), NUMBERS)


@pytest.mark.parametrize("estimator", [RandomForestClassifier(**FEW), DecisionTreeClassifier()])
def test_missing_values_in_trees(estimator):
    checked(estimator.fit(GAPS, TWO), GAPS)


def test_histogram_boosting_with_missing_values_and_categories():
    checked(HistGradientBoostingClassifier(**HIST).fit(GAPS, TWO), GAPS)
    for said in ("from_dtype", ["b", "c"]):
        estimator = HistGradientBoostingClassifier(categorical_features=said, **HIST)
        assert checked(estimator.fit(WORDS, THREE_BY_WORDS), WORDS).categories.any()


def test_histogram_boosting_sends_a_new_category_where_missing_values_go():
    estimator = HistGradientBoostingClassifier(categorical_features="from_dtype", **HIST)
    estimator.fit(WORDS, BY_WORDS)
    new = WORDS.assign(b=pd.Categorical(["new", "u", None] * (N // 3)))
    checked(estimator, new)


def test_pipelines_have_columns_of_the_rows_as_players():
    words = OneHotEncoder(handle_unknown="ignore"), ["b", "c"]
    numbers = make_pipeline(SimpleImputer(), StandardScaler()), ["a", "e"]
    encoder = make_column_transformer(words, numbers, remainder="passthrough")
    forest = checked(make_pipeline(encoder, RandomForestClassifier(**FEW)).fit(WORDS, BY_WORDS), WORDS)
    assert len(forest.columns["b"]) == 6
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["c", "b"]
    encoder = make_column_transformer((StandardScaler(), ["d"]), codes, remainder="passthrough")
    boosting = HistGradientBoostingClassifier(categorical_features=[1, 2], **HIST)
    checked(make_pipeline(encoder, boosting).fit(WORDS, BY_WORDS), WORDS)
    plain = make_pipeline(SimpleImputer(), StandardScaler(), RandomForestClassifier(**FEW))
    checked(plain.fit(GAPS, TWO), GAPS)


def test_arrays_without_names():
    forest = RandomForestClassifier(**FEW).fit(NUMBERS.to_numpy(), TWO)
    checked(forest, NUMBERS, features=list("abcde"))


def test_xgboost():
    xgboost = pytest.importorskip("xgboost")
    slack = {"tolerance": 5e-6}
    for labels in (TWO, THREE):
        checked(xgboost.XGBClassifier(**XGB).fit(GAPS, labels), GAPS, **slack)
    two = xgboost.XGBClassifier(**XGB).fit(GAPS, TWO)
    checked(two, GAPS, positive_label=0, **slack)
    checked(two.get_booster(), GAPS, **slack)
    assert checked(xgboost.XGBRegressor(**XGB).fit(GAPS, VALUE), GAPS, **slack).space == "prediction"
    counts = xgboost.XGBRegressor(objective="count:poisson", **XGB).fit(GAPS, np.exp(VALUE))
    assert checked(counts, GAPS, **slack).space == "margin"
    checked(xgboost.XGBClassifier(booster="dart", rate_drop=0.3, **XGB).fit(GAPS, TWO), GAPS, **slack)
    checked(xgboost.XGBRFClassifier(**XGB).fit(GAPS, THREE), GAPS, **slack)
    zeros = GAPS.fillna(-7.0)
    checked(xgboost.XGBClassifier(missing=-7.0, **XGB).fit(zeros, TWO), zeros, **slack)


@pytest.mark.parametrize("most_one_hot", [1, 100])
def test_xgboost_with_categories(most_one_hot):
    xgboost = pytest.importorskip("xgboost")
    said = {"enable_categorical": True, "max_cat_to_onehot": most_one_hot, **XGB}
    estimator = xgboost.XGBClassifier(**said).fit(WORDS, BY_WORDS)
    assert checked(estimator, WORDS, tolerance=5e-6).categories.any()
    checked(estimator.get_booster(), WORDS, tolerance=5e-6)


def test_xgboost_uses_the_rounds_up_to_its_best_one():
    xgboost = pytest.importorskip("xgboost")
    estimator = xgboost.XGBClassifier(**{**XGB, "n_estimators": 200}, early_stopping_rounds=3)
    held_out = [(NUMBERS[200:], TWO[200:])]
    estimator.fit(NUMBERS[:200], TWO[:200], eval_set=held_out, verbose=False)
    ensemble = checked(estimator, NUMBERS, tolerance=5e-6)
    assert len(ensemble.roots) == estimator.best_iteration + 1


def test_xgboost_takes_what_a_sparse_matrix_leaves_out_for_missing():
    xgboost = pytest.importorskip("xgboost")
    encoder = make_column_transformer((OneHotEncoder(), ["b", "c"]), remainder="passthrough")
    pipeline = make_pipeline(encoder, xgboost.XGBClassifier(**XGB)).fit(WORDS, BY_WORDS)
    checked(pipeline, WORDS, tolerance=5e-6)


def test_lightgbm():
    lightgbm = pytest.importorskip("lightgbm")
    for labels in (TWO, THREE):
        checked(lightgbm.LGBMClassifier(**LGB).fit(GAPS, labels), GAPS)
    checked(lightgbm.LGBMClassifier(**LGB).fit(GAPS, TWO), GAPS, positive_label=0)
    checked(lightgbm.LGBMClassifier(**LGB).fit(NUMBERS, TWO), GAPS)  # it never saw a missing value
    whole = GAPS.round(0)
    checked(lightgbm.LGBMClassifier(zero_as_missing=True, **LGB).fit(whole, TWO), whole)
    checked(lightgbm.LGBMClassifier(boosting_type="dart", **LGB).fit(GAPS, TWO), GAPS)
    assert checked(lightgbm.LGBMRegressor(**LGB).fit(GAPS, VALUE), GAPS).space == "prediction"
    counts = lightgbm.LGBMRegressor(objective="poisson", **LGB).fit(GAPS, np.exp(VALUE))
    assert checked(counts, GAPS).space == "margin"


def test_lightgbm_as_a_forest():
    lightgbm = pytest.importorskip("lightgbm")
    said = {**LGB, "boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}
    checked(lightgbm.LGBMClassifier(**said).fit(GAPS, THREE), GAPS)
    checked(lightgbm.LGBMRegressor(**said).fit(GAPS, VALUE), GAPS)


def test_lightgbm_with_categories():
    lightgbm = pytest.importorskip("lightgbm")
    estimator = lightgbm.LGBMClassifier(**LGB, min_data_per_group=5, cat_smooth=1)
    ensemble = checked(estimator.fit(WORDS, THREE_BY_WORDS), WORDS)
    assert ensemble.categories.any()
    checked(estimator.booster_, WORDS)


def test_catboost():
    catboost = pytest.importorskip("catboost")
    for labels in (TWO, THREE):
        checked(catboost.CatBoostClassifier(**CAT).fit(GAPS, labels), GAPS)
    most = catboost.CatBoostClassifier(nan_mode="Max", **CAT).fit(GAPS, TWO)
    checked(most, GAPS, positive_label=0)
    checked(catboost.CatBoostClassifier(grow_policy="Lossguide", **CAT).fit(GAPS, THREE), GAPS)
    assert checked(catboost.CatBoostRegressor(**CAT).fit(GAPS, VALUE), GAPS).space == "prediction"


def test_catboost_with_categories_that_are_asked_for_one_by_one():
    catboost = pytest.importorskip("catboost")
    said = {"cat_features": ["b", "c"], "one_hot_max_size": 10, **CAT}
    ensemble = checked(catboost.CatBoostClassifier(**said).fit(TEXT, BY_WORDS), TEXT)
    assert ensemble.categories.any()
