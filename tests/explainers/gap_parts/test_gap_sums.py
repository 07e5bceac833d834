"""Parts sum to the gap that the metrics module gives, and each is what its definition says."""

from itertools import chain, combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

import rai
from rai.explainers.gap_parts import GAP_METRICS, attribute_gap
from tests.explainers.brute_force import shapley
from tests.explainers.gap_parts.conftest import FEATURES, small_score

THRESHOLD = 0.45
MEANS = [
    *("selection_rate", "rejection_rate", "true_positive_rate", "false_negative_rate"),
    *("false_positive_rate", "true_negative_rate", "accuracy", "error_rate", "brier_score"),
]
GAMES = [
    *("positive_predictive_value", "negative_predictive_value", "false_discovery_rate"),
    *("false_omission_rate", "roc_auc"),
]


def decided(metric):
    return {"threshold": THRESHOLD} if metric not in ("brier_score", "roc_auc") else {}


def parts_of(pair):
    return {part.feature: part.value for part in pair.all_parts}


@pytest.mark.parametrize("metric", MEANS + GAMES)
@pytest.mark.parametrize("method", ["auto", "sampled"])
def test_parts_sum_to_the_gap_of_the_metrics_module(small, metric, method):
    if method == "sampled" and metric in GAMES:
        method = "auto"
    model, rows, labels = small(90, 3)
    found = attribute_gap(
        model, rows, metric=metric, sensitive_features="sex", y_true=labels, versus="M",
        method=method, budget=3000 if method == "sampled" else None, **decided(metric),
    )  # fmt: skip
    audit = rai.audit(
        y_true=labels, y_score=small_score(rows), sensitive_features={"sex": rows["sex"]},
        thresholds=(THRESHOLD,), bins="exact",
    )  # fmt: skip
    values = {row.to_dict()["sex"]: row.value for row in audit.metrics(metric)}
    pair = found.pair("F")
    assert pair.value == pytest.approx(values["F"] - values["M"], abs=1e-9)
    assert (pair.group_value, pair.versus_value) == pytest.approx((values["F"], values["M"]))
    assert sum(part.value for part in pair.all_parts) == pytest.approx(pair.value, abs=1e-9)
    worst = audit.gaps(metric)[0].value
    [between] = attribute_gap(
        model, rows, metric=metric, sensitive_features="sex", y_true=labels, **decided(metric)
    ).pairs
    assert between.value == pytest.approx(worst, abs=1e-9)


def test_ratio_is_that_of_the_metrics_module(small):
    model, rows, labels = small(90, 3)
    found = attribute_gap(
        model, rows, metric="disparate_impact", sensitive_features="sex", threshold=THRESHOLD
    )
    audit = rai.audit(
        y_true=labels, y_score=small_score(rows), sensitive_features={"sex": rows["sex"]},
        thresholds=(THRESHOLD,), bins="exact",
    )  # fmt: skip
    [pair] = found.pairs
    assert found.kind == "ratio"
    assert 1 / pair.gap.factor == pytest.approx(audit.gaps("disparate_impact")[0].value, abs=1e-9)
    assert np.prod([part.factor for part in pair.all_parts]) == pytest.approx(pair.gap.factor)
    assert not pair.residuals


@pytest.mark.parametrize(
    ("metric", "score", "kept"),
    [
        ("selection_rate", lambda s, y: s >= 0.5, lambda y: y >= 0),
        ("true_positive_rate", lambda s, y: s >= 0.5, lambda y: y == 1),
        ("false_positive_rate", lambda s, y: s >= 0.5, lambda y: y == 0),
        ("mean_score", lambda s, y: s, lambda y: y >= 0),
    ],
)
def test_means_are_differences_of_brute_force_means(small, metric, score, kept):
    model, rows, labels = small(40, 1)
    background = rows[FEATURES].iloc[:7]
    found = attribute_gap(
        model, rows, metric=metric, sensitive_features="sex", y_true=labels, background=background,
        versus="M",
    )  # fmt: skip
    at = kept(labels)
    values, _ = shapley(
        lambda held: score(small_score(held.native), None) * 1.0,
        rows.loc[at, FEATURES],
        background,
        FEATURES,
    )
    women = (rows["sex"] == "F").to_numpy()[at]
    expected = values[women, :, 0].mean(axis=0) - values[~women, :, 0].mean(axis=0)
    parts = parts_of(found.pair("F"))
    assert [parts[name] for name in FEATURES] == pytest.approx(expected, abs=1e-9)
    assert found.exact
    assert not found.pair("F").residuals


def test_loss_has_a_row_for_the_labels(small):
    model, rows, labels = small(40, 1)
    background = rows[FEATURES].iloc[:7]
    found = attribute_gap(
        model, rows, metric="log_loss", sensitive_features="sex", y_true=labels,
        background=background, versus="M",
    ).pair("F")  # fmt: skip
    behind = small_score(background)
    base = np.where(labels == 1, -np.log(behind).mean(), -np.log(1 - behind).mean())
    women = (rows["sex"] == "F").to_numpy()
    assert parts_of(found)["(labels)"] == pytest.approx(base[women].mean() - base[~women].mean())
    own = small_score(rows)
    loss = -np.log(np.where(labels == 1, own, 1 - own))
    assert found.value == pytest.approx(loss[women].mean() - loss[~women].mean(), abs=1e-12)


def worths(rows, background, rate):
    """The worth of every coalition by its definition: {coalition: worth}."""
    n, b = len(rows), len(background)
    found = {}
    for coalition in chain.from_iterable(combinations(range(3), size) for size in range(4)):
        held = {
            name: np.repeat(rows[name], b) if at in coalition else np.tile(background[name], n)
            for at, name in enumerate(FEATURES)
        }
        found[coalition] = rate(small_score(held).reshape(n, b))
    return found


def shapley_of(worth):
    phi = np.zeros(3)
    for coalition, value in worth.items():
        for player in set(range(3)) - set(coalition):
            joined = tuple(sorted((*coalition, player)))
            phi[player] += (worth[joined] - value) / (3 * comb(2, len(coalition)))
    return phi


@pytest.mark.parametrize("metric", ["positive_predictive_value", "roc_auc", "disparate_impact"])
def test_games_are_brute_force_games(small, metric):
    model, rows, labels = small(40, 1)
    background = rows[FEATURES].iloc[:6]
    found = attribute_gap(
        model, rows, metric=metric, sensitive_features="sex", y_true=labels, background=background,
        versus="M",
    )  # fmt: skip

    def rate(scores, y):
        chosen = (scores >= 0.5).mean(axis=1)
        if metric == "disparate_impact":
            return np.log(chosen.mean())
        if metric == "roc_auc":
            ours, theirs = scores[y == 1].ravel()[:, None], scores[y == 0].ravel()
            return ((ours > theirs) + 0.5 * (ours == theirs)).mean()
        return (chosen * y).sum() / chosen.sum()

    sides = []
    for level in ("F", "M"):
        at = (rows["sex"] == level).to_numpy()
        sides.append(worths(rows[at], background, lambda scores, at=at: rate(scores, labels[at])))
    parts = parts_of(found.pair("F"))
    expected = shapley_of(sides[0]) - shapley_of(sides[1])
    assert [parts[name] for name in FEATURES] == pytest.approx(expected, abs=1e-9)
    start = sides[0][()] - sides[1][()]
    assert parts.get("(base rate)", 0.0) == pytest.approx(start, abs=1e-9)


def test_linear_model_is_weights_times_differences_of_means(small):
    _, rows, labels = small(200, 2)
    model = LogisticRegression().fit(rows[FEATURES], labels)
    found = attribute_gap(
        model, rows, metric="mean_score", space="margin", sensitive_features="sex", versus="M"
    )
    means = rows.groupby("sex")[FEATURES].mean()
    expected = model.coef_[0] * (means.loc["F"] - means.loc["M"])
    parts = parts_of(found.pair("F"))
    assert found.method == "linear"
    assert [parts[name] for name in FEATURES] == pytest.approx(expected.tolist(), abs=1e-10)


def test_regressions_have_predictions_and_losses(small):
    _, rows, labels = small(120, 2)
    target = labels + rows["a"].to_numpy()
    forest = RandomForestRegressor(n_estimators=10, random_state=0).fit(rows[FEATURES], target)
    audit = rai.audit(
        y_true=target, y_pred=forest.predict(rows[FEATURES]), sensitive_features={"sex": rows["sex"]}
    )
    for metric in ("mean_prediction", "mean_squared_error", "mean_absolute_error"):
        found = attribute_gap(forest, rows, metric=metric, sensitive_features="sex", y_true=target)
        [pair] = found.pairs
        assert pair.value == pytest.approx(audit.gaps(metric)[0].value, abs=1e-9)
        assert sum(part.value for part in pair.all_parts) == pytest.approx(pair.value, abs=1e-9)
    assert found.method == "sampled" or found.exact
    linear = LinearRegression().fit(rows[FEATURES], target)
    assert (
        attribute_gap(linear, rows, metric="mean_prediction", sensitive_features="sex").method
        == "linear"
    )


def test_one_of_several_classes_is_the_positive_one(small):
    _, rows, labels = small(150, 2)
    classes = np.array(["no", "yes", "maybe"])[labels + (rows["b"] > 1).to_numpy()]
    model = LogisticRegression().fit(rows[FEATURES], classes)
    chosen = model.predict(rows[FEATURES]) == "no"
    women = (rows["sex"] == "F").to_numpy()
    at = classes == "no"
    found = attribute_gap(
        model, rows, metric="tpr", sensitive_features="sex", y_true=classes, output="no", versus="M"
    )
    expected = chosen[at & women].mean() - chosen[at & ~women].mean()
    assert found.pair("F").value == pytest.approx(expected)
    assert sum(p.value for p in found.pair("F").all_parts) == pytest.approx(expected, abs=1e-9)
    assert found.output == "no"


def test_every_metric_of_the_table_is_tested_or_named_here():
    elsewhere = {"log_loss", "mean_loss", "mean_score", "mean_prediction"}
    elsewhere |= {"mean_squared_error", "mean_absolute_error"}
    assert {metric.name for metric in GAP_METRICS} == {*MEANS, *GAMES} | elsewhere


def test_mean_loss_is_the_loss_that_is_asked_for(small):
    model, rows, labels = small(60, 2)
    asked = {"sensitive_features": "sex", "y_true": labels, "versus": "M"}
    ours = attribute_gap(model, rows, metric="mean_loss", loss="squared_error", **asked)
    brier = attribute_gap(model, rows, metric="brier_score", **asked)
    assert parts_of(ours.pair("F")) == parts_of(brier.pair("F"))


def test_groups_on_missing_values_are_groups(small):
    model, rows, _ = small(90, 3)
    found = attribute_gap(
        model, rows, metric="selection_rate", sensitive_features="race", versus="pairwise"
    )
    named = {name for pair in found.pairs for name in (pair.group, pair.versus)}
    assert named == {"x", "y", "(missing)"}
    assert isinstance(found.to_pandas(), pd.DataFrame)
