import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from rai.measure.out_of_fold import Told, mean_of, of_codes, of_scores, r_squared


def made(n, buckets, effect, seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, buckets, n)
    chance = 1 / (1 + np.exp(-effect * np.linspace(-1, 1, buckets)[codes]))
    return codes, (rng.random(n) < chance).astype(int), rng.permutation(n) % 5


def test_one_feature_is_what_a_regression_on_its_buckets_finds():
    codes, group, fold = made(5_000, 6, 2.0, seed=0)
    x = OneHotEncoder().fit_transform(codes[:, None])
    areas = []
    for k in range(5):
        model = LogisticRegression(C=1e4).fit(x[fold != k], group[fold != k])
        areas.append(roc_auc_score(group[fold == k], model.predict_proba(x[fold == k])[:, 1]))
    found = of_codes(codes, group, fold, groups=2)[1].told(level=0.95)
    assert found.value == pytest.approx(np.mean(areas), abs=2e-3)
    assert found.n == 5_000


def test_of_two_groups_both_are_told_alike():
    codes, group, fold = made(800, 4, 1.0, seed=1)
    first, second = (area.told(level=0.9) for area in of_codes(codes, group, fold, groups=2))
    assert first.value == pytest.approx(second.value, abs=1e-12)
    assert (first.low, first.high) == pytest.approx((second.low, second.high))


def test_scores_within_parts_are_those_of_scikit_learn():
    rng = np.random.default_rng(2)
    score, member, part = rng.normal(size=600).round(1), rng.random(600) < 0.3, rng.integers(0, 3, 600)
    score += 0.5 * member + part
    found = of_scores(score, member, part, learnt=False).told(level=0.95)
    each = [(part == k) for k in range(3)]
    pairs = np.array([member[m].sum() * (~member[m]).sum() for m in each])
    areas = np.array([roc_auc_score(member[m], score[m]) for m in each])
    assert found.value == pytest.approx((pairs * areas).sum() / pairs.sum(), abs=1e-12)


def test_what_is_learnt_across_folds_is_less_sure():
    codes, group, fold = made(400, 4, 1.0, seed=3)
    score = codes.astype(float)
    learnt, given = (
        of_scores(score, group == 1, fold, learnt=kind).told(level=0.95) for kind in (True, False)
    )
    assert learnt.value == given.value
    assert learnt.high - learnt.low > 1.3 * (given.high - given.low)
    assert learnt.p_value > given.p_value


def test_a_part_without_both_sides_has_no_area():
    member, part = np.array([True, False, True, True]), np.array([0, 0, 1, 1])
    found = of_scores(np.array([2.0, 1, 5, 4]), member, part)
    assert found.told(level=0.95).value == 1.0
    assert of_scores(np.ones(2), np.array([True, True]), np.zeros(2, dtype=int)).told(
        level=0.95
    ) == Told(None, n=2)


def test_r_squared_is_that_of_scikit_learn():
    rng = np.random.default_rng(4)
    y = rng.normal(size=500)
    predicted = y + rng.normal(size=500)
    found = r_squared(y, predicted, np.full(500, y.mean()), folds=5, level=0.95)
    assert found.value == pytest.approx(r2_score(y, predicted), abs=1e-12)


def test_misleading_predictions_are_no_evidence():
    y = np.random.default_rng(5).normal(size=100)
    assert r_squared(y, -y, np.zeros(100), folds=5, level=0.95).p_value > 0.99
    assert r_squared(np.ones(9), np.ones(9), np.ones(9), folds=3, level=0.95).value is None


def test_nothing_told_is_rarely_taken_for_something():
    refused = covered = 0
    for seed in range(200):
        codes, group, fold = made(200, 5, 0.0, seed=seed)
        told = of_codes(codes, group, fold, groups=2)[1].told(level=0.95)
        refused += told.p_value < 0.05
        covered += told.low <= 0.5 <= told.high
    assert refused <= 12
    assert covered >= 184


def test_learning_the_wrong_way_is_no_evidence():
    codes = np.repeat(np.arange(10), 20)
    group = np.tile([0, 1], 100)  # evenly spread, so that each fold is short of what the others have
    fold = np.random.default_rng(0).integers(0, 5, 200)
    told = of_codes(codes, group, fold, groups=2)[1].told(level=0.95)
    assert told.value < 0.4
    assert told.p_value > 0.95
    given = of_scores(-group + 0.1 * codes, group == 1, np.zeros(200), learnt=False).told(level=0.95)
    assert given.value < 0.4
    assert given.p_value < 0.05


def weighted(n, seed):
    rng = np.random.default_rng(seed)
    codes, group, fold = made(n, 5, 1.5, seed=seed)
    return codes, group, fold, rng.integers(1, 4, n).astype(float)


def test_weighted_areas_are_those_of_scikit_learn():
    codes, group, fold, weight = weighted(900, seed=6)
    score = np.random.default_rng(7).normal(size=900).round(1) + codes
    found = of_scores(score, group == 1, fold, weight=weight).told(level=0.95)
    parts = [fold == k for k in range(5)]
    areas = [roc_auc_score(group[m], score[m], sample_weight=weight[m]) for m in parts]
    pairs = [weight[m][group[m] == 1].sum() * weight[m][group[m] == 0].sum() for m in parts]
    assert found.value == pytest.approx(np.average(areas, weights=pairs), abs=1e-12)
    model = [LogisticRegression(C=1e4) for _ in parts]
    x = OneHotEncoder().fit_transform(codes[:, None])
    learnt = []
    for k, m in enumerate(parts):
        model[k].fit(x[~m], group[~m], sample_weight=weight[~m])
        chance = model[k].predict_proba(x[m])[:, 1]
        learnt.append(roc_auc_score(group[m], chance, sample_weight=weight[m]))
    one = of_codes(codes, group, fold, groups=2, weight=weight)[1].told(level=0.95)
    assert one.value == pytest.approx(np.average(learnt, weights=pairs), abs=2e-3)


def test_weights_are_repetition_and_equal_ones_are_none():
    codes, group, fold, weight = weighted(400, seed=8)
    times = weight.astype(int)
    more = [np.repeat(column, times) for column in (codes, group, fold)]
    once = of_scores(codes.astype(float), group == 1, fold, weight=weight)
    repeated = of_scores(more[0].astype(float), more[1] == 1, more[2])
    assert once.told(level=0.95).value == pytest.approx(repeated.told(level=0.95).value, abs=1e-12)
    wider = once.told(level=0.95)  # fewer effective rows than there are repeated ones
    assert wider.high - wider.low > repeated.told(level=0.95).high - repeated.told(level=0.95).low
    plain, alike = (
        of_codes(codes, group, fold, groups=2, weight=held)[1].told(level=0.95)
        for held in (None, np.full(400, 7.0))
    )
    for name in ("value", "low", "high", "p_value"):
        assert getattr(alike, name) == pytest.approx(getattr(plain, name), abs=1e-9)


def test_weighted_r_squared_is_that_of_scikit_learn():
    rng = np.random.default_rng(9)
    y, weight = rng.normal(size=500), rng.integers(1, 4, 500).astype(float)
    predicted, mean = y + rng.normal(size=500), np.full(500, np.average(y, weights=weight))
    found = r_squared(y, predicted, mean, folds=5, level=0.95, weight=weight)
    assert found.value == pytest.approx(r2_score(y, predicted, sample_weight=weight), abs=1e-12)
    plain, alike = (
        r_squared(y, predicted, mean, folds=5, level=0.95, weight=held)
        for held in (None, np.full(500, 3.0))
    )
    assert (alike.low, alike.p_value) == pytest.approx((plain.low, plain.p_value))


def test_a_mean_is_as_unsure_as_its_parts():
    found = mean_of([Told(0.6, 0.5, 0.7, 0.04, 10), Told(0.8, 0.7, 0.9, 0.01, 12), Told(None)])
    assert (found.value, found.low, found.high, found.p_value, found.n) == pytest.approx(
        (0.7, 0.6, 0.8, 0.02, 12)
    )
    assert mean_of([Told(None, n=3)]) == Told(None, n=3)
