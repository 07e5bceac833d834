import numpy as np
import pytest
from sklearn.inspection import permutation_importance as of_scikit_learn
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier

import rai
from rai.explainers.summaries import permutation_importance
from rai.ground.errors import ArgumentError, DataError, RoleError

RNG = np.random.default_rng(3)
N = 300


@pytest.fixture(scope="module")
def people():
    import pandas as pd

    frame = pd.DataFrame(
        {"a": RNG.normal(size=N), "b": RNG.normal(size=N), "c": RNG.integers(0, 3, N) * 1.0}
    )
    frame["sex"] = np.where(RNG.uniform(size=N) < 1 / (1 + np.exp(-2 * frame["a"])), "M", "F")
    frame["y"] = (frame["a"] + 0.7 * frame["b"] + RNG.normal(size=N) > 0).astype(int)
    return frame


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression().fit(people[["a", "b", "c"]], people["y"])


def one(found, **conditions):
    (row,) = found.where(**conditions)
    return row


@pytest.mark.parametrize(("metric", "scoring"), [("accuracy", "accuracy"), ("roc_auc", "roc_auc")])
def test_agrees_with_scikit_learn(people, model, metric, scoring):
    x = people[["a", "b", "c"]]
    theirs = of_scikit_learn(model, x, people["y"], scoring=scoring, n_repeats=60, random_state=1)
    mine = permutation_importance(model, people, y_true="y", metrics=metric, repeats=60)
    for at, name in enumerate("abc"):
        row = one(mine, feature=name)
        error = np.hypot(row.standard_error, theirs.importances_std[at] / np.sqrt(60))
        assert abs(row.value - theirs.importances_mean[at]) <= 4 * error + 1e-12
        assert row.standard_error == pytest.approx(
            theirs.importances[at].std(ddof=1) / np.sqrt(60), rel=0.5
        )
        assert row.baseline - row.permuted == pytest.approx(row.value)


def test_of_a_regression_agrees_with_scikit_learn(people):
    x, y = people[["a", "b"]], 3 * people["a"] - people["b"] + RNG.normal(size=N)
    fitted = LinearRegression().fit(x, y)
    theirs = of_scikit_learn(fitted, x, y, scoring="r2", n_repeats=40, random_state=1).importances_mean
    mine = permutation_importance(
        fitted, x, y_true=y.to_numpy(), metrics=("r2", "mean_squared_error"), repeats=40
    )
    for at, name in enumerate("ab"):
        row = one(mine, feature=name, measure="r2")
        assert row.value == pytest.approx(theirs[at], abs=5 * row.standard_error)
        assert one(mine, feature=name, measure="mean_squared_error").value < 0


def test_by_brute_force_a_gap_falls_by_the_mean_over_all_permutations(people, model):
    """Each permuted table audited by itself, with the permutations drawn in the order they are drawn in."""
    names, repeats = ("a", "b", "c"), 3
    found = permutation_importance(
        model, people, y_true="y", metrics=(), gaps=("demographic_parity", "equalized_odds", "roc_auc"),
        sensitive_features="sex", repeats=repeats, rng=9,
    )  # fmt: skip
    rng = np.random.default_rng(9)

    def gaps(frame):
        score = model.predict_proba(frame[list(names)])[:, 1]
        held = rai.audit(
            y_true=people["y"], y_score=score, sensitive_features={"sex": people["sex"]}, bins="exact"
        )
        return [gap.value for gap in held.gaps("demographic_parity", "equalized_odds", "roc_auc")]

    whole = gaps(people)
    for name in names:
        fell = []
        for _ in range(repeats):
            order = np.argsort(rng.random(N), kind="stable")
            fell.append(
                np.subtract(whole, gaps(people.assign(**{name: people[name].to_numpy()[order]})))
            )
        rows = [
            one(found, feature=name, measure=m, along="sex")
            for m in ("demographic_parity", "equalized_odds", "roc_auc")
        ]
        assert [row.value for row in rows] == pytest.approx(np.mean(fell, axis=0), abs=1e-12)
        assert [row.standard_error for row in rows] == pytest.approx(
            np.std(fell, axis=0, ddof=1) / np.sqrt(repeats), abs=1e-12
        )
        assert [row.kind for row in rows] == ["gap"] * 3


def test_the_proxy_carries_the_gap(people, model):
    found = permutation_importance(
        model, people, y_true="y", gaps="demographic_parity", sensitive_features=["sex"]
    )
    gaps = [row for row in found if row.kind == "gap"]
    assert gaps[0].feature == "a"
    assert gaps[0].low > 0.5 * gaps[0].baseline > 0.1


def test_of_several_features_gaps_are_told_along_each_and_their_crossing(people, model):
    groups = {"sex": people["sex"].to_numpy(), "old": np.where(people["c"] > 1, "yes", "no")}
    found = permutation_importance(
        model,
        people,
        y_true="y",
        metrics=(),
        gaps="equal_accuracy",
        sensitive_features=groups,
        repeats=2,
    )
    assert [row.along for row in found.where(feature="a")] == ["sex", "old", "sex × old"]


def test_within_groups_a_column_says_as_much_of_the_group_as_before():
    """A column that only tells the group can't lose anything within groups."""
    sex = np.repeat(["F", "M"], 50)
    rows = {"score": np.repeat([0.2, 0.8], 50), "sex": sex}
    model = rai.load_model(lambda f: f["score"], features=["score"])
    y = (RNG.uniform(size=100) < rows["score"]).astype(int)
    free, held = (
        permutation_importance(
            model, rows, y_true=y, gaps="demographic_parity", sensitive_features="sex", within=within
        )
        for within in (None, "sex")
    )
    assert [row.value for row in held] == [0.0, 0.0]
    assert one(free, kind="gap").value > 0.5


def test_columns_of_a_player_move_together():
    rows = {"a": np.arange(40.0), "b": -np.arange(40.0), "y": [0, 1] * 20}
    model = rai.load_model(lambda f: 0.25 + 0.5 * (f["a"] + f["b"] == 0), features=["a", "b"])
    together = permutation_importance(
        model, rows, y_true="y", players={"both": ["a", "b"]}, metrics="selection_rate"
    )
    apart = permutation_importance(model, rows, y_true="y", metrics="selection_rate")
    assert [(row.feature, row.value) for row in together] == [("both", 0.0)]
    assert all(row.value > 0.8 for row in apart)


def test_of_several_classes_it_is_told_class_by_class(people):
    x = people[["a", "b"]]
    y = np.array(["low", "mid", "top"])[np.digitize(people["a"], [-0.5, 0.5])]
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x, y)
    found = permutation_importance(
        tree, x, y_true=y, metrics=("accuracy", "true_positive_rate"), repeats=20
    )
    theirs = of_scikit_learn(tree, x, y, n_repeats=20, random_state=2)
    row = one(found, feature="a", measure="accuracy")
    assert row.value == pytest.approx(theirs.importances_mean[0], abs=5 * row.standard_error)
    labels = [row.label for row in found.where(feature="a", measure="true_positive_rate")]
    assert labels == ["low", "mid", "top", "(macro)", "(micro)"]


def test_the_threshold_decides(people, model):
    found = permutation_importance(
        model, people, y_true="y", metrics="selection_rate", threshold=0.9, repeats=2
    )
    score = model.predict_proba(people[["a", "b", "c"]])[:, 1]
    assert found[0].baseline == pytest.approx((score >= 0.9).mean())


def test_what_has_no_value_says_so():
    rows = {"x": [0.1, 0.2, 0.3, 0.4], "y": [0, 0, 1, 1]}
    (row,) = permutation_importance(
        lambda f: f["x"], rows, y_true="y", metrics="positive_predictive_value"
    )
    assert (row.baseline, row.value) == (None, None)
    assert row.note == "undefined: the metric has no value of the rows as they are"


def test_the_model_is_asked_in_few_calls_and_progress_is_told():
    asked, told = [], []
    model = rai.load_model(
        lambda f: asked.append(len(f["x"])) or f["x"], features=["x", "z"], task="binary"
    )
    asked.clear()
    rows = {"x": np.linspace(0, 1, 50), "z": np.zeros(50)}
    permutation_importance(
        model, rows, y_true=[0, 1] * 25, repeats=8, progress=lambda *at: told.append(at)
    )
    assert asked == [50, 400, 400]
    assert told == [(400, 800), (800, 800)]


def test_the_same_seed_gives_the_same(people, model):
    ask = {"y_true": "y", "repeats": 3}
    first, again, other = (
        permutation_importance(model, people, rng=rng, **ask).to_dicts() for rng in (1, 1, 2)
    )
    assert first == again != other


def test_what_is_refused(people, model):
    with pytest.raises(ArgumentError, match=r"^gaps: gaps without groups; expected sensitive_features="):
        permutation_importance(model, people, y_true="y", gaps="demographic_parity")
    with pytest.raises(ArgumentError, match=r"^repeats: 1; expected"):
        permutation_importance(model, people, y_true="y", repeats=1)
    with pytest.raises(ArgumentError, match=r"^metric: 'acuracy'"):
        permutation_importance(model, people, y_true="y", metrics="acuracy")
    with pytest.raises(ArgumentError, match=r"^threshold: 'low'; expected a finite number"):
        permutation_importance(model, people, y_true="y", threshold="low")
    with pytest.raises(DataError, match=r"^y_true: "):
        permutation_importance(model, people, y_true=[1, 0])
    with pytest.raises(RoleError, match=r"'z'"):
        permutation_importance(model, people, y_true="z")
