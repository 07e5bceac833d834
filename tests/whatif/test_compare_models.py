"""Models beside each other on the same rows."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import compare_models

N = 300


def made(seed=0):
    rng = np.random.default_rng(seed)
    sex = rng.choice(["F", "M"], N)
    y = rng.integers(0, 2, N)
    old = np.clip(0.3 * y + 0.6 * rng.random(N), 0, 1)
    return pd.DataFrame({
        "sex": sex, "y": y, "age": rng.integers(18, 80, N), "old": old,
        "new": np.clip(old + 0.1 * (sex == "F") + rng.normal(0, 0.05, N), 0, 1),
        "third": np.clip(old + rng.normal(0, 0.2, N), 0, 1),
    })  # fmt: skip


FRAME = made()
MODELS = {
    "old": lambda f: f["old"],
    "new": rai.load_model(lambda f: f["new"], features=["new"]),
    "third": rai.load_model(column="third"),
}
TWO = {name: MODELS[name] for name in ("old", "new")}


def test_every_pair_or_each_with_the_baseline():
    every = compare_models(MODELS, FRAME, y_true="y", sensitive_features="sex")
    assert every.models == ("old", "new", "third")
    pairs = [(row.versus, row.model) for row in every.agreement()]
    assert pairs == [("old", "new"), ("old", "third"), ("new", "third")]
    one = compare_models(MODELS, FRAME, y_true="y", baseline="new")
    assert [(row.versus, row.model) for row in one.agreement()] == [("new", "old"), ("new", "third")]
    listed = compare_models(list(MODELS.values()), FRAME)
    assert listed.models == ("model 1", "model 2", "model 3")


@pytest.mark.parametrize("polars", [False, True])
def test_metrics_are_those_of_audits_of_each(polars):
    rows = pl.from_pandas(FRAME) if polars else FRAME
    found = compare_models(TWO, rows, y_true="y", sensitive_features="sex")
    audits = {name: rai.audit(FRAME, y_true="y", y_score=name, sensitive_features="sex") for name in TWO}
    for name in ("accuracy", "true_positive_rate", "positive_predictive_value", "f1"):
        rows_of = found.differences(name)
        each = {key: audit.metrics(name) for key, audit in audits.items()}
        for row, one, other in zip(rows_of, each["old"], each["new"], strict=True):
            assert (row.of_versus, row.of_model) == (one.value, other.value)
            assert (row.group, row.n) == (one.group, one.n)
    (gap,) = found.gap_differences("equal_opportunity")
    gaps = [audits[name].gaps("equal_opportunity", along="sex")[0].value for name in ("old", "new")]
    assert (gap.of_versus, gap.of_model) == pytest.approx(gaps)


def test_who_is_decided_differently():
    found = compare_models(TWO, FRAME, sensitive_features="sex")
    decided = {name: (FRAME[name] >= 0.5).to_numpy() for name in TWO}
    flipped = np.flatnonzero(decided["old"] != decided["new"])
    assert found.flipped_rows("new", "old").tolist() == flipped.tolist()
    assert sum(flip.numerator for flip in found.flips()) == len(flipped)
    row = found.flips().where(sex="F", becomes=1)[0]
    women = (FRAME["sex"] == "F").to_numpy()
    assert row.numerator == (women & ~decided["old"] & decided["new"]).sum()
    assert row.value == row.numerator / women.sum()
    assert found.agreement()[0].value == pytest.approx(1 - len(flipped) / N)
    assert [row.name for row in found.agreement(by=None)] == ["F", "M"]


def test_thresholds_for_all_by_model_by_group_or_from_a_plan():
    def selected(**options):
        found = compare_models(TWO, FRAME, **options).differences("selection_rate")
        return (found[0].of_versus, found[0].of_model)

    both = [(FRAME[name] >= 0.7).mean() for name in TWO]
    assert selected(threshold=0.7) == pytest.approx(both)
    by_name = (FRAME["old"] >= 0.5).mean(), (FRAME["new"] >= 0.7).mean()
    assert selected(threshold={"new": 0.7}) == pytest.approx(by_name)
    cut = FRAME["sex"].map({"F": 0.6, "M": 0.4})
    by_group = [(FRAME[name] >= cut).mean() for name in TWO]
    assert selected(threshold={"F": 0.6, "M": 0.4}, along="sex") == pytest.approx(by_group)
    audit = rai.audit(FRAME, y_true="y", y_score="old", sensitive_features="sex", bins="exact")
    plan = rai.optimize_thresholds(audit, strategy="demographic_parity")
    assert selected(threshold={"old": plan, "new": 0.5})[0] == pytest.approx(
        np.mean(FRAME["old"] >= FRAME["sex"].map({key[0]: at for key, at in plan.thresholds.items()}))
    )
    with pytest.raises(ArgumentError) as caught:
        selected(threshold={"old": 0.5, "neww": 0.4})
    assert str(caught.value) == "threshold: one for 'neww'; expected names of models: 'old', 'new'."


def test_rows_without_a_label_are_left_out_and_counted():
    frame = FRAME.assign(y=FRAME["y"].where(FRAME.index >= 20).astype(object))
    found = compare_models(TWO, frame, y_true="y", sensitive_features="sex")
    assert found.dropped == {"y_true is missing": 20}
    assert found.agreement()[0].n == N - 20
    assert compare_models(TWO, FRAME, y_true="y").dropped == {}
    only = frame.assign(sex=["X"] * 20 + ["F"] * (N - 20))
    groups = [
        row.name
        for row in compare_models(TWO, only, y_true="y", sensitive_features="sex").differences(
            "accuracy"
        )
    ]
    assert groups == ["F"]


def test_labels_and_weights_may_be_arrays():
    weight = np.where(np.arange(N) % 2, 3.0, 1.0)
    named = compare_models(TWO, FRAME.assign(w=weight), y_true="y", sample_weight="w")
    given = compare_models(TWO, FRAME, y_true=FRAME["y"].to_list(), sample_weight=weight)
    right = (FRAME["old"] >= 0.5).astype(int) == FRAME["y"]
    assert named.differences("accuracy")[0].of_versus == pytest.approx(np.average(right, weights=weight))
    assert given.differences().to_dicts() == named.differences().to_dicts()


def test_scores_that_are_known_are_not_asked_for_again():
    calls = []

    def counting(frame):
        calls.append(len(frame))
        return frame["old"]

    models = {"old": counting, "new": MODELS["new"]}
    plain = compare_models(models, FRAME)
    known = compare_models(models, FRAME, y_score={"old": FRAME["old"]})
    assert calls == [N]
    assert known.agreement().to_dicts() == plain.agreement().to_dicts()


def test_text_labels_and_several_classes_in_any_order():
    rng = np.random.default_rng(3)
    p = rng.dirichlet([1, 1, 1], N)
    q = p[:, [2, 0, 1]]
    words = np.array(["a", "b", "c"])
    first = rai.load_model(lambda f: p[: len(f)], classes=["a", "b", "c"])
    turned = rai.load_model(lambda f: q[: len(f)], classes=["c", "a", "b"])
    found = compare_models({"one": first, "same": turned}, FRAME, y_true=words[rng.integers(0, 3, N)])
    assert found.agreement()[0].value == 1.0
    assert {row.group[0][1] for row in found.differences("recall")} == {"a", "b", "c", "(macro)"}
    assert found.differences("accuracy")[0].value == 0


def test_regressions():
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 1, N)
    frame = FRAME.assign(truth=truth, p=truth + 0.5, q=truth + rng.normal(0, 0.1, N))
    models = {name: rai.load_model(column=name, task="regression") for name in "pq"}
    found = compare_models(models, frame, y_true="truth", sensitive_features="sex", metrics="mae")
    assert [row.metric for row in found.differences()] == ["mean_absolute_error"] * 2
    assert all(row.high < 0 for row in found.differences())
    assert [gap.metric for gap in found.gap_differences()] == [
        "mean_error", "mean_absolute_error", "root_mean_squared_error", "r2", "mean_prediction",
    ]  # fmt: skip
    with pytest.raises(ArgumentError, match="flipped_rows: regressions, which decide nothing"):
        found.flipped_rows("p", "q")


def test_groups_can_be_cut():
    found = compare_models(TWO, FRAME, y_true="y", sensitive_features=["sex", "age"], cuts={"age": [40]})
    assert found.axes == ("sex", "age")
    assert [row.name for row in found.differences("accuracy", by="age")] == ["< 40", "≥ 40"]


def test_it_is_a_table_of_its_differences():
    found = compare_models(TWO, FRAME, y_true="y", sensitive_features="sex", metrics=["accuracy", "f1"])
    rows = found.to_dicts()
    assert [row["metric"] for row in rows] == ["accuracy", "accuracy", "f1", "f1"]
    assert list(rows[0]) == [
        "sex", "metric", "model", "versus", "value", "low", "high", "p_value", "of_model", "of_versus", "n", "note",
    ]  # fmt: skip
    json.dumps([*rows, *found.flips().to_dicts(), *found.agreement().to_dicts()], allow_nan=False)
    assert "accuracy" in str(found)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"models": {"old": MODELS["old"]}}, ArgumentError, 'compare_models: 1 of them; expected at least 2. Pass a dict of name to model, such as {"old": …, "new": …}.'),
        ({"models": {1: MODELS["old"], "b": MODELS["new"]}}, ArgumentError, "compare_models: the name 1; expected names of text."),
        ({"baseline": "olds"}, ArgumentError, "baseline: 'olds'; expected one of 'old', 'new'. Did you mean 'old'?"),
        ({"y_true": "yy"}, RoleError, "y_true: no column 'yy'; expected one of 'sex', 'y', 'age', 'old', 'new', 'third'. Did you mean 'y'?"),
        ({"sensitive_features": {"kappa": ["a"] * N}}, RoleError, "sensitive_features: rows split by 'kappa'; expected a name that no table of results uses. Copy the column under another name."),
        ({"y_true": "age"}, RoleError, None),
        ({"y_true": "old"}, RoleError, None),
        ({"y_true": [None] * N}, DataError, "y_true: no labels; expected at least one row with a label."),
        ({"y_true": [1, 0]}, DataError, None),
        ({"sample_weight": -np.ones(N)}, DataError, "sample_weight: -1 in row 1; expected finite numbers of at least 0."),
        ({"y_score": [0.5] * N}, ArgumentError, "y_score: a list; expected a dict of scores for some of 'old', 'new'."),
        ({"y_score": {"third": 1}}, ArgumentError, "y_score: 'third'; expected a dict of scores for some of 'old', 'new'."),
    ],
)  # fmt: skip
def test_what_can_not_be_compared_is_refused(options, error, message):
    with pytest.raises(error) as caught:
        compare_models(options.pop("models", TWO), FRAME, **options)
    assert message is None or str(caught.value) == message


def test_models_must_answer_the_same_question():
    other = rai.load_model(lambda f: f["new"], positive_label=0, classes=[0, 1])
    with pytest.raises(ArgumentError) as caught:
        compare_models({"old": MODELS["old"], "new": other}, FRAME)
    assert str(caught.value) == (
        "compare_models: 'new' has classes 1, 0; expected those of 'old': 0, 1. "
        "Pass classes= or positive_label= to rai.load_model."
    )
    found = compare_models(TWO, FRAME)
    with pytest.raises(ArgumentError, match="model: 'neww'; expected one of 'old', 'new'"):
        found.flipped_rows("neww", "old")
