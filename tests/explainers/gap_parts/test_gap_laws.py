"""Laws of parts: signs, chains, order, repetition, unread columns, planted bias."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import rai
from rai.explainers.gap_parts import attribute_gap
from tests.explainers.brute_force import shapley
from tests.explainers.gap_parts.conftest import FEATURES, small_score

METRICS = ["selection_rate", "accuracy", "mean_score", "positive_predictive_value"]


def values_of(pair):
    return {part.feature: part.value for part in (*pair.all_parts, pair.gap)}


def asked(model, rows, labels, **more):
    given = {"metric": "selection_rate", "sensitive_features": "sex", "background": rows[FEATURES][:9]}
    return attribute_gap(model, rows, y_true=labels, **{**given, **more})


def close(one, other):
    assert one.keys() == other.keys()
    assert [one[name] for name in other] == pytest.approx(list(other.values()), abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
def test_swapped_groups_flip_signs(small, metric):
    model, rows, labels = small(80)
    ours = asked(model, rows, labels, metric=metric, versus="M").pair("F")
    swapped = rows.assign(sex=np.where(rows["sex"] == "F", "M", "F"))
    theirs = asked(model, swapped, labels, metric=metric, versus="M").pair("F")
    close(values_of(ours), {name: -value for name, value in values_of(theirs).items()})


@pytest.mark.parametrize("metric", METRICS)
def test_order_of_rows_and_columns_does_not_matter(small, metric):
    model, rows, labels = small(80)
    order = np.random.default_rng(1).permutation(len(rows))
    turned = rows.iloc[order][rows.columns[::-1]]
    background = rows[FEATURES][:9]
    ours = asked(model, rows, labels, metric=metric, versus="M", background=background)
    theirs = asked(model, turned, labels[order], metric=metric, versus="M", background=background)
    close(values_of(ours.pair("F")), values_of(theirs.pair("F")))


@pytest.mark.parametrize("metric", METRICS)
def test_rows_told_twice_have_smaller_errors(small, metric):
    model, rows, labels = small(100)
    twice = pd.concat([rows, rows], ignore_index=True)
    one = asked(model, rows, labels, metric=metric, versus="M").pair("F")
    two = asked(
        model, twice, np.tile(labels, 2), metric=metric, versus="M", background=rows[FEATURES][:9]
    ).pair("F")
    close(values_of(one), values_of(two))
    n = np.array([one.n, one.n_versus])
    for ours, theirs in zip(one.all_parts, two.all_parts, strict=True):
        assert theirs.standard_error == pytest.approx(ours.standard_error / np.sqrt(2), rel=1 / n.min())


def test_parts_of_pairs_chain(small):
    model, rows, labels = small(90)
    for metric in METRICS:
        found = asked(model, rows, labels, metric=metric, sensitive_features="race", versus="pairwise")
        first, second, whole = (
            values_of(found.pair(*names))
            for names in (("x", "y"), ("y", "(missing)"), ("x", "(missing)"))
        )
        for name in whole:
            assert first[name] + second[name] == pytest.approx(whole[name], abs=1e-9)


def test_one_versus_the_rest_is_everyone_else(small):
    model, rows, labels = small(90)
    for metric in METRICS:
        rest = asked(model, rows, labels, metric=metric, sensitive_features="race", versus="one_vs_rest")
        two = {"race": np.where(rows["race"] == "x", "x", "other")}
        alone = asked(model, rows, labels, metric=metric, sensitive_features=two, versus="other")
        assert [pair.group for pair in rest.pairs] == ["x", "y", "(missing)"]
        close(values_of(rest.pair("x")), values_of(alone.pair("x")))


def test_between_groups_is_the_widest_pair(small):
    model, rows, labels = small(90)
    pairs = asked(model, rows, labels, sensitive_features="race", versus="pairwise").pairs
    [widest] = asked(model, rows, labels, sensitive_features="race").pairs
    assert widest.value == pytest.approx(max(abs(pair.value) for pair in pairs))
    assert widest.gap.low <= widest.value <= widest.gap.high


def test_a_column_that_is_not_read_gets_exactly_nothing(small):
    _, rows, labels = small(80)
    coded = rows[FEATURES].assign(sex=(rows["sex"] == "F") * 1.0)
    groups = {"sex": rows["sex"]}
    model = rai.load_model(small_score, features=[*FEATURES, "sex"])
    for method, metric in (("auto", "mean_score"), ("sampled", "selection_rate"), ("auto", "ppv")):
        [pair] = attribute_gap(
            model, coded, metric=metric, sensitive_features=groups, y_true=labels, method=method,
            budget=2000 if method == "sampled" else None,
        ).pairs  # fmt: skip
        assert values_of(pair)["sex"] == pytest.approx(0.0, abs=0.0 if method == "sampled" else 1e-15)
    fitted = LogisticRegression().fit(coded[FEATURES], labels)
    assert "sex" not in attribute_gap(fitted, coded, metric="mean_score", sensitive_features="sex").names


def test_planted_bias_is_carried_by_its_column():
    rng = np.random.default_rng(5)
    n = 2000
    women = rng.random(n) < 0.4
    rows = pd.DataFrame({name: rng.normal(size=n) for name in "abcd"})
    rows["c"] -= 1.0 * women
    labels = (rows.sum(axis=1) + rng.normal(size=n) > 0).astype(int)
    model = LogisticRegression().fit(rows, labels)
    for metric in ("selection_rate", "mean_score"):
        found = attribute_gap(
            model, rows, metric=metric, sensitive_features={"woman": women}, budget=100_000
        )
        [pair] = found.pairs
        assert pair.parts[0].feature == "c"
        assert pair.parts[0].share >= 0.9
        assert pair.parts[0].is_beyond_chance


@pytest.mark.parametrize("metric", ["selection_rate", "mean_score"])
def test_with_the_other_group_as_background_parts_turn_with_the_groups(small, metric):
    model, rows, labels = small(60)
    women, men = (rows.loc[rows["sex"] == level, FEATURES] for level in ("F", "M"))
    ours = asked(model, rows, labels, metric=metric, versus="M", background=men).pair("F")
    theirs = asked(model, rows, labels, metric=metric, versus="F", background=women).pair("M")
    close(values_of(ours), {name: -value for name, value in values_of(theirs).items()})
    each, _ = shapley(
        lambda held: (
            (small_score(held.native) >= (0.5 if metric == "selection_rate" else -1))
            * (1.0 if metric == "selection_rate" else small_score(held.native))
        ),
        women,
        men,
        FEATURES,
    )
    parts = values_of(ours)
    assert [parts[name] for name in FEATURES] == pytest.approx(each[:, :, 0].mean(axis=0), abs=1e-9)


def test_same_seed_same_parts(small):
    model, rows, labels = small(80)
    given = {"method": "sampled", "budget": 2000, "versus": "M"}
    ours, theirs, other = (asked(model, rows, labels, rng=seed, **given) for seed in (1, 1, 2))
    assert ours.to_dicts() == theirs.to_dicts()
    assert ours.to_dicts() != other.to_dicts()


def test_players_of_several_columns_move_together(small):
    model, rows, labels = small(60)
    both = {"b and c": ["b", "c"]}
    exact = asked(model, rows, labels, players=both, versus="M").pair("F")
    assert set(values_of(exact)) == {"a", "b and c", "gap"}
    walked = asked(model, rows, labels, players=both, versus="M", method="sampled").pair("F")
    close(values_of(exact), values_of(walked))  # there and back are both orders of two players


@pytest.mark.parametrize("metric", ["selection_rate", "roc_auc"])
def test_progress_is_told(small, metric):
    model, rows, labels = small(60)
    told = []
    asked(model, rows, labels, metric=metric, progress=lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1]
