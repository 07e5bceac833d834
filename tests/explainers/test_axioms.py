"""One suite over explainers and models: what every Shapley value must be, whoever finds it."""

import warnings
from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeRegressor

import rai
from rai.engines.frames import open_rows
from rai.explainers.losses import Labels
from rai.explainers.spaces import space_of
from rai.explainers.table import EXPLAINERS
from rai.ground.errors import ArgumentError, ExtraError
from tests.explainers.brute_force import shapley

RNG = np.random.default_rng(0)
N = 120
NUMBERS = pd.DataFrame(
    {"a": RNG.normal(size=N), "b": RNG.normal(size=N), "c": RNG.integers(0, 3, N).astype(float)}
)
MIXED = NUMBERS.assign(
    b=np.where(RNG.random(N) < 0.2, np.nan, NUMBERS["b"]),
    job=RNG.choice(["x", "y", "zz"], N),
    sex=RNG.choice(["F", "M"], N),
)
CATEGORIES = MIXED.assign(job=MIXED["job"].astype("category"), sex=MIXED["sex"].astype("category"))
FULL = MIXED.assign(b=MIXED["b"].fillna(0.0))
CLASS = (NUMBERS["a"] * NUMBERS["b"] + (MIXED["job"] == "x") + RNG.normal(0, 0.3, N) > 0.3).astype(int)
THREE = np.array(["low", "mid", "top"])[np.digitize(NUMBERS["a"] + NUMBERS["c"], [0.5, 1.5])]
TARGET = 2 * NUMBERS["a"] - NUMBERS["b"] * NUMBERS["c"]


def one_hot(last):
    return make_pipeline(
        make_column_transformer((StandardScaler(), ["a", "b", "c"]), (OneHotEncoder(), ["job", "sex"])),
        last,
    )


def of_text(frame):
    """A function of numbers and text, of pandas and of Polars alike."""
    a, length = np.asarray(frame["a"], dtype=float), np.array([len(word) for word in frame["job"]])
    female = np.array([sex == "F" for sex in frame["sex"]])
    return 1 / (1 + np.exp(-(a * length - female * (a > 0))))


def of_three(frame):
    scores = np.exp(
        np.column_stack([frame["a"], np.asarray(frame["b"]) * np.asarray(frame["c"]), frame["c"]])
    )
    return scores / scores.sum(axis=1, keepdims=True)


MODELS = {
    "linear": lambda: (LinearRegression().fit(NUMBERS, TARGET), NUMBERS),
    "logistic": lambda: (LogisticRegression().fit(NUMBERS, CLASS), NUMBERS),
    "logistic, three classes": lambda: (LogisticRegression().fit(NUMBERS, THREE), NUMBERS),
    "one-hot, logistic": lambda: (one_hot(LogisticRegression()).fit(FULL, CLASS), FULL),
    "scaled, chosen, logistic": lambda: (
        make_pipeline(StandardScaler(), "passthrough", SelectKBest(k=2), LogisticRegression()).fit(NUMBERS, CLASS), NUMBERS
    ),
    "tree": lambda: (DecisionTreeRegressor(max_depth=4, random_state=0).fit(NUMBERS, TARGET), NUMBERS),
    "forest": lambda: (RandomForestClassifier(5, max_depth=4, random_state=0).fit(NUMBERS, THREE), NUMBERS),
    "one-hot, forest": lambda: (one_hot(RandomForestClassifier(5, max_depth=4, random_state=0)).fit(FULL, CLASS), FULL),
    "histogram boosting, categories and gaps": lambda: (
        HistGradientBoostingClassifier(max_iter=8, categorical_features="from_dtype").fit(CATEGORIES, CLASS), CATEGORIES
    ),
    "function of text": lambda: (rai.load_model(of_text, features=["a", "job", "sex"]), MIXED),
    "function of text, Polars": lambda: (rai.load_model(of_text, features=["a", "job", "sex"]), pl.from_pandas(FULL)),
    "function, three classes": lambda: (
        rai.load_model(of_three, classes=["r", "s", "t"], features=["a", "b", "c"]), pl.from_pandas(NUMBERS)
    ),
}  # fmt: skip
INTERVENTIONAL = [each for each in EXPLAINERS if each.kind == "interventional" and each.complete]
PAIRS = [(each.name, name) for each in INTERVENTIONAL for name in MODELS]


@cache
def model_and_rows(name):
    model, rows = MODELS[name]()
    known, held = rai.load_model(model), open_rows(rows)
    held = held.select(known.features)
    return known, held.part(0, 4).native, held.part(40, 55).native


def explained(model, rows, background, method, **options):
    """Attributions; the test is over where the explainer says that it can't, and tells why."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return rai.explain(model, rows, background=background, method=method, **options)
    except ExtraError as error:
        return pytest.skip(str(error))
    except ArgumentError as error:
        said = str(error)
    assert said.startswith((f"method '{method}': ", "space: "))
    return None


def scores(model, space, rows, labels=None):
    return space_of(space, model, labels=labels).scores(open_rows(rows))


@pytest.mark.parametrize(("method", "name"), PAIRS)
def test_values_add_up_are_shapleys_and_start_from_the_mean(method, name):
    model, rows, background = model_and_rows(name)
    walks = {"budget": 12 * 4 * 15 * 2 * len(model.features)} if method == "sampled" else {}
    found = explained(model, rows, background, method, **walks)
    if found is None:
        return
    own = scores(model, found.space, rows)
    slack = 1e-6 * max(1.0, np.abs(own).max())
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), own, rtol=0, atol=slack)
    mean = scores(model, found.space, background).mean(axis=0)
    np.testing.assert_allclose(found.base, np.broadcast_to(mean, found.base.shape), rtol=0, atol=slack)
    held = space_of(found.space, model)
    truth, _ = shapley(held.scores, rows, background, found.names)
    if found.exact:
        np.testing.assert_allclose(
            found.values, truth, rtol=0, atol=1e-9 if not method.startswith("shap") else 1e-6
        )
    elif found.standard_errors is not None:
        assert (np.abs(found.values - truth) <= 4 * found.standard_errors + 1e-9).all()
    if method == "sampled":
        again = rai.explain(model, rows, background=background, method=method, **walks)
        assert again.values.tobytes() == found.values.tobytes()


ANSWERED = {
    "linear": {"linear", "logistic", "logistic, three classes", "one-hot, logistic", "scaled, chosen, logistic"},
    "tree": {"tree", "forest", "one-hot, forest", "histogram boosting, categories and gaps"},
    "exact": set(MODELS),
    "sampled": set(MODELS),
}  # fmt: skip


@pytest.mark.parametrize("method", ANSWERED)
def test_each_answers_where_it_should_and_nowhere_else(method):
    told = {name for name in MODELS if explained(*model_and_rows(name), method) is not None}
    assert told == ANSWERED[method]


@pytest.mark.parametrize("method", ["exact", "sampled"])
@pytest.mark.parametrize("space", ["margin", "probability", "decision", "loss"])
def test_every_space_of_a_classifier_adds_up(method, space):
    model, rows, background = model_and_rows("one-hot, logistic")
    y = np.array([0, 1, 1, 0])
    options = {"y_true": y} if space == "loss" else {}
    found = rai.explain(model, rows, background=background, method=method, space=space, **options)
    labels = Labels(y_true=y) if space == "loss" else None
    own = scores(model, space, rows, labels)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), own, rtol=0, atol=1e-9)
    for i in range(4):
        loss = labels and Labels(y_true=np.repeat(y[i], 15))
        np.testing.assert_allclose(
            found.base[i], scores(model, space, background, loss).mean(axis=0), rtol=0, atol=1e-9
        )


TWO = pd.DataFrame({"a": [0.0, 0.0, 1.0, 1.0], "b": [0.0, 1.0, 0.0, 1.0]})
ZERO = pd.DataFrame({"a": [0.0], "b": [0.0]})
GAMES = {
    "and": (lambda f: f["a"] * f["b"], [0.5, 0.5]),
    "xor": (lambda f: (f["a"] != f["b"]) * 1.0, [0.0, 0.0]),
    "max": (lambda f: np.maximum(f["a"], f["b"]), [0.5, 0.5]),
    "first alone": (lambda f: 0.5 * f["a"], [0.5, 0.0]),
}


@pytest.mark.parametrize("method", ["exact", "sampled"])
@pytest.mark.parametrize("name", GAMES)
def test_games_by_hand(method, name):
    score, wanted = GAMES[name]
    found = rai.explain(rai.load_model(score, task="regression"), TWO, background=ZERO, method=method)
    np.testing.assert_allclose(found.values[3, :, 0], wanted, rtol=0, atol=1e-15)


def test_the_glove_game():
    """One left glove (a), two right ones (b, c): a pair is worth 1."""
    ones, zeros = (
        pd.DataFrame([[1.0, 1, 1]], columns=list("abc")),
        pd.DataFrame([[0.0, 0, 0]], columns=list("abc")),
    )
    found = rai.explain(
        lambda f: np.minimum(f["a"], f["b"] + f["c"]), ones, background=zeros, method="exact"
    )
    np.testing.assert_allclose(found.values[0, :, 0], [2 / 3, 1 / 6, 1 / 6], rtol=0, atol=1e-15)


METHODS = ["exact", "sampled"]


def nonlinear(frame):
    return frame["a"] * frame["b"] + np.sin(frame["b"] + frame["c"])


def asked(score, frame=NUMBERS, method="exact", **options):
    """Attributions of a function of numbers, for five rows over ten."""
    model = rai.load_model(score, task="regression", features=list(frame))
    return rai.explain(model, frame[:5], background=frame[20:30], method=method, **options)


@pytest.mark.parametrize("method", METHODS)
def test_a_column_that_is_not_read_gets_exactly_nothing(method):
    found = asked(lambda f: f["a"] * f["b"], method=method)
    assert (found.values[:, 2] == 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_linear_in_the_model(method):
    parts = [asked(score, method=method).values for score in (nonlinear, lambda f: f["a"] ** 2 * f["c"])]
    whole = asked(lambda f: nonlinear(f) + 3 * f["a"] ** 2 * f["c"], method=method).values
    np.testing.assert_allclose(whole, parts[0] + 3 * parts[1], rtol=0, atol=1e-12)


def test_columns_that_do_the_same_get_the_same():
    twins = NUMBERS.assign(c=NUMBERS["a"])
    found = asked(lambda f: (f["a"] + f["c"]) ** 2 * f["b"], twins).values
    np.testing.assert_allclose(found[:, 0], found[:, 2], rtol=0, atol=1e-12)


def test_groups_of_columns_are_players():
    found = asked(nonlinear, players={"both": ["c", "a"]})
    truth, base = shapley(lambda f: nonlinear(f.native), NUMBERS[:5], NUMBERS[20:30], [["c", "a"], "b"])
    assert found.names == ("both", "b")
    np.testing.assert_allclose(found.values, truth, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.base[0], base, rtol=0, atol=1e-12)


def test_the_order_of_rows_and_columns_does_not_matter():
    plain, order = asked(nonlinear), ["c", "a", "b"]
    turned = NUMBERS[order]
    model = rai.load_model(nonlinear, task="regression", features=order)
    found = rai.explain(model, turned[:5][::-1], background=turned[20:30][::-1], method="exact")
    np.testing.assert_allclose(found.values[::-1][:, [1, 2, 0]], plain.values, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("background", [1, 6])
@pytest.mark.parametrize("columns", [["a"], ["a", "b"]])
def test_one_of_each_is_enough(method, rows, background, columns):
    frame = NUMBERS[columns]
    model = rai.load_model(lambda f: f["a"] ** 2, task="regression", features=columns)
    found = rai.explain(model, frame[:rows], background=frame[9 : 9 + background], method=method)
    wanted = frame["a"][:rows] ** 2 - (frame["a"][9 : 9 + background] ** 2).mean()
    np.testing.assert_allclose(found.values[:, 0, 0], wanted, rtol=0, atol=1e-12)
